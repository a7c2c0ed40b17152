"""The generative-AI value-chain model, sheet by sheet, in the vocabulary of `xlgenai.model.parts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.model.parts import Model
from xlgenai.model.value_chain import capital, chain, checks, claims, data, front, inputs, margins, nvidia, projection

if TYPE_CHECKING:
    from xlgenai.data.table import DataTable

SCENARIOS = ("Bear", "Base", "Bull")


def value_chain_model(quarters: DataTable, chain_facts: DataTable, benchmarks: DataTable, edition: str = "") -> Model:
    """Describe the value-chain workbook for the given data.

    Parameters
    ----------
    quarters : DataTable
        Nvidia's quarters; the Nvidia sheet shows each one that has a quarter a year before.
    chain_facts : DataTable
        Revenue and funding by layer.
    benchmarks : DataTable
        The figures of the post and of others that the results are set beside.
    edition : str, optional
        What the cover says about where the functions run.

    Returns
    -------
    Model
        The workbook as data.
    """
    return Model(
        title="The generative-AI value chain",
        as_of=max(str(day) for day in quarters.column("period_end")),
        scenarios=SCENARIOS,
        sheets=(
            front.cover(edition),
            front.dashboard(),
            claims.claims(benchmarks),
            inputs.inputs(chain_facts),
            data.value_chain_data(chain_facts),
            data.nvidia_data(quarters),
            chain.value_chain(),
            margins.margins(),
            projection.projection(),
            nvidia.nvidia(quarters, benchmarks),
            capital.capital(benchmarks),
            checks.checks(),
            data.sources(quarters, chain_facts, benchmarks),
        ),
    )
