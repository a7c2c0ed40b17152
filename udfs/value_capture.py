"""Value capture: who is paid, who is funded."""

from xlgenai import finance
from xlgenai.cells.expose import function

layer_share = function(finance.layer_share)
capture_index = function(finance.capture_index)
concentration = function(finance.concentration)
