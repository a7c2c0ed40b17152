"""Capital: where the money goes round, and what it must earn."""

from xlgenai import finance
from xlgenai.cells.expose import function

compute_spend = function(finance.compute_spend)
circular_revenue_share = function(finance.circular_revenue_share)
required_end_revenue = function(finance.required_end_revenue)
breakeven_growth = function(finance.breakeven_growth)
venture_npv = function(finance.venture_npv)
venture_irr = function(finance.venture_irr)
