"""Margins and the TAM multiple."""

from xlgenai import finance
from xlgenai.cells.expose import function

implied_gross_margin = function(finance.implied_gross_margin)
implied_tam_multiple = function(finance.implied_tam_multiple)
net_margin = function(finance.net_margin)
