"""Nvidia's figures, from the workbook's table or the bundled one."""

from xlgenai.cells.expose import function
from xlgenai.data import nvidia as data

nvidia = function(data.nvidia)
nvidia_net_margin = function(data.nvidia_net_margin)
