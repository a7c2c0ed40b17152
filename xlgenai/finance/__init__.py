"""The economics of generative AI as pure functions: numbers in, numbers out.

Scalars and arrays alike, element by element, with NumPy's own values at the edges: inf means a zero denominator and nan
any other leaving of the domain; nothing warns. Rates, shares and margins are decimals.
"""

from __future__ import annotations

from xlgenai.finance.capital import circular_revenue_share, compute_spend, required_end_revenue
from xlgenai.finance.growth import crossover_years, projected_tam_multiple, required_growth
from xlgenai.finance.margins import implied_gross_margin, implied_tam_multiple, net_margin
from xlgenai.finance.returns import breakeven_growth, venture_irr, venture_npv
from xlgenai.finance.value_capture import capture_index, concentration, layer_share

__all__ = [
    "breakeven_growth",
    "capture_index",
    "circular_revenue_share",
    "compute_spend",
    "concentration",
    "crossover_years",
    "implied_gross_margin",
    "implied_tam_multiple",
    "layer_share",
    "net_margin",
    "projected_tam_multiple",
    "required_end_revenue",
    "required_growth",
    "venture_irr",
    "venture_npv",
]
