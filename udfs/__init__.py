"""What Excel imports: one module per topic, one line per function."""

# ruff: noqa: I001 - in the order of the catalogue, which every list of functions follows

from udfs.value_capture import capture_index, concentration, layer_share
from udfs.margins import implied_gross_margin, implied_tam_multiple, net_margin
from udfs.growth import crossover_years, projected_tam_multiple, required_growth
from udfs.capital import (
    breakeven_growth,
    circular_revenue_share,
    compute_spend,
    required_end_revenue,
    venture_irr,
    venture_npv,
)
from udfs.nvidia import nvidia, nvidia_net_margin

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
    "nvidia",
    "nvidia_net_margin",
    "projected_tam_multiple",
    "required_end_revenue",
    "required_growth",
    "venture_irr",
    "venture_npv",
]
