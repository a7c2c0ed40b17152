"""Growth: multiples over time, and when they cross."""

from xlgenai import finance
from xlgenai.cells.expose import function

projected_tam_multiple = function(finance.projected_tam_multiple)
crossover_years = function(finance.crossover_years)
required_growth = function(finance.required_growth)
