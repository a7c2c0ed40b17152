"""The tables declared once: their columns, the limits of each field, and the rules between fields.

Reading a bundled file (`xlgenai.data.bundled`) and the pandera schema for a user's own (`xlgenai.data.contract`) are
both derived from here. Nothing here imports pandas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xlgenai.data import rules
from xlgenai.data.layers import GROUPS, group_of
from xlgenai.data.table import Column, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd


@dataclass(frozen=True)
class Field:
    """One column and what its values may be.

    Attributes
    ----------
    column : Column
        The column itself.
    low, high : float or None
        The smallest and the largest number.
    choices : tuple of str
        The texts that it takes; empty for any text.
    derive : callable or None
        How its value follows from the rest of the row; a source need not have it, and is not asked for it.
    """

    column: Column
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    derive: Callable[[Mapping[str, Value]], Value] | None = None

    @property
    def limits(self) -> str:
        """What its values may be, in words; empty when anything goes."""
        if self.choices:
            return f"must be one of {', '.join(self.choices)}"
        if self.low is not None and self.high is not None:
            return f"must lie between {self.low:g} and {self.high:g}"
        return "must not be negative" if self.low is not None else ""


@dataclass(frozen=True)
class Rule:
    """A rule between fields, or between rows.

    Attributes
    ----------
    columns : tuple of str
        The columns that it reads; a problem is shown at the first.
    words : str
        The rule in words.
    find : callable
        From a frame to what it found, by row number.
    """

    columns: tuple[str, ...]
    words: str
    find: Callable[[pd.DataFrame], rules.Findings]


@dataclass(frozen=True)
class TableSchema:
    """A table as it should be.

    Attributes
    ----------
    name : str
        Name of the Excel table.
    file : str
        Name of the bundled file.
    fields : tuple of Field
        In column order.
    rules : tuple of Rule
        What must hold between fields.
    order : tuple of str
        The columns that the rows are sorted by; empty to keep the order of the source.
    provenance : str
        Where the bundled rows come from.
    """

    name: str
    file: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    order: tuple[str, ...]
    provenance: str

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, in order."""
        return tuple(field.column for field in self.fields)


def _money(name: str, label: str, *, low: float | None = 0) -> Field:
    return Field(Column(name, "number", label, "USD million"), low=low)


def _text(name: str, label: str, *, required: bool = True, choices: tuple[str, ...] = ()) -> Field:
    return Field(Column(name, "text", label, required=required), choices=choices)


NVIDIA: Final = TableSchema(
    name="NvidiaQuarters",
    file="nvidia_quarterly.csv",
    fields=(
        Field(Column("fiscal_year", "integer", "Fiscal year"), low=rules.FIRST_YEAR, high=rules.LAST_YEAR),
        _text("fiscal_quarter", "Fiscal quarter", choices=rules.QUARTERS),
        Field(Column("period_end", "date", "Period end")),
        _money("revenue_usd_m", "Revenue"),
        _money("data_center_revenue_usd_m", "Data-center revenue"),
        _money("net_income_usd_m", "Net income", low=None),
        _money("cost_of_revenue_usd_m", "Cost of revenue"),
        _text("data_center_basis", "Basis of data-center revenue", required=False),
        _text("source", "Source", required=False),
    ),
    rules=(
        Rule(
            ("fiscal_quarter", "fiscal_year"),
            "a quarter must stand in one row only",
            rules.repeated(("fiscal_year", "fiscal_quarter")),
        ),
        Rule(
            ("fiscal_quarter", "fiscal_year"),
            "the quarter before this one is missing, and growth needs every quarter between the first and the last",
            rules.gaps,
        ),
        Rule(
            ("period_end", "fiscal_year", "fiscal_quarter"),
            "must be later than the end of the quarter before",
            rules.out_of_order,
        ),
        Rule(
            ("data_center_revenue_usd_m", "revenue_usd_m"),
            "must not be above revenue_usd_m, of which it is a part",
            rules.part_above_whole,
        ),
    ),
    order=("fiscal_year", "fiscal_quarter"),
    provenance=(
        "Revenue, net income and cost of revenue: SEC XBRL company facts of Nvidia (CIK 0001045810), recorded July "
        "2026; data-center revenue: Nvidia's quarterly results releases."
    ),
)
"""Nvidia's fiscal quarters."""

VALUE_CHAIN: Final = TableSchema(
    name="ValueChain",
    file="value_chain.csv",
    fields=(
        _text("vintage", "Vintage"),
        _text("as_of", "As of"),
        _text("layer", "Layer", choices=tuple(GROUPS)),
        Field(Column("group", "text", "Group", required=False), derive=lambda row: group_of(str(row["layer"]))),
        _text("metric", "Metric", choices=("revenue", "funding")),
        Field(Column("usd_b", "number", "Amount", "USD billion", required=False), low=0),
        Field(Column("share", "number", "Share", "ratio", required=False), low=0, high=1),
        _text("basis", "Basis", required=False),
        _text("source", "Source", required=False),
        _text("note", "Note", required=False),
    ),
    rules=(
        Rule(
            ("layer", "vintage", "as_of", "metric"),
            "a layer must stand in one row only of a vintage, date and metric",
            rules.repeated(("vintage", "as_of", "layer", "metric")),
        ),
        Rule(("usd_b", "share"), "exactly one of usd_b and share must be filled in", rules.not_one_of_two),
        Rule(
            ("usd_b", "share", "vintage", "metric"),
            "one vintage and metric must be given in usd_b throughout or in share throughout",
            rules.mixed_units,
        ),
        Rule(
            ("share", "vintage", "as_of", "metric"),
            f"the shares of a vintage, date and metric must add up to 1, within {rules.SHARE_TOLERANCE}",
            rules.sums_off,
        ),
    ),
    order=(),
    provenance="Published estimates of who earns and who funds what in generative AI; the source stands in each row.",
)
"""Revenue and funding by layer of the value chain."""

BENCHMARKS: Final = TableSchema(
    name="Benchmarks",
    file="benchmarks.csv",
    fields=(
        _text("benchmark", "Benchmark"),
        Field(Column("low", "number", "Low", required=False)),
        Field(Column("high", "number", "High", required=False)),
        _text("unit", "Unit"),
        _text("as_of", "As of"),
        _text("source", "Source"),
    ),
    rules=(Rule(("benchmark",), "a benchmark must stand in one row only", rules.repeated(("benchmark",))),),
    order=(),
    provenance="Published ranges; the source stands in each row.",
)
"""Ranges that the model sets its results beside."""
