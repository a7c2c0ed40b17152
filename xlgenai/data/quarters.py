"""Nvidia's quarters and years as figures that can be looked up, read from a table as a cell range holds it."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xlgenai.data.parsing import serial
from xlgenai.data.rules import QUARTERS

if TYPE_CHECKING:
    from collections.abc import Sequence

FLOWS: Final = ("revenue_usd_m", "data_center_revenue_usd_m", "net_income_usd_m", "cost_of_revenue_usd_m")
COLUMNS: Final = ("fiscal_year", "fiscal_quarter", "period_end", *FLOWS)
"""The columns that a table of quarters must have."""
QUARTER_NUMBERS: Final = {name: number for number, name in enumerate(QUARTERS, start=1)}


@dataclass(frozen=True)
class Figures:
    """What was reported for one quarter, or for the four quarters of a year, in USD million.

    Attributes
    ----------
    year : int
        Fiscal year.
    quarter : int or None
        1 to 4; None for a whole year.
    end : float
        Excel's serial number of its last day.
    revenue, data_center, net_income, cost : float
        Sums over the period.
    last_data_center : float
        Data-center revenue of the last quarter in it.
    """

    year: int
    quarter: int | None
    end: float
    revenue: float
    data_center: float
    net_income: float
    cost: float
    last_data_center: float

    @property
    def name(self) -> str:
        """The period as a user writes it."""
        return f"FY{self.year}" if self.quarter is None else f"FY{self.year}Q{self.quarter}"


class History:
    """The quarters of a table, found by period.

    Parameters
    ----------
    quarters : iterable of Figures
        In any order, each period once, at least one.
    """

    def __init__(self, quarters: Sequence[Figures]) -> None:
        self._quarters = {(figures.year, figures.quarter): figures for figures in quarters}

    def quarter(self, year: int, quarter: int) -> Figures:
        """Return one quarter; LookupError when it is not in the table."""
        if (year, quarter) not in self._quarters:
            raise LookupError(f"The table has no FY{year}Q{quarter}; it holds {self._span}.")
        return self._quarters[year, quarter]

    def year(self, year: int) -> Figures:
        """Return the sums of a year; LookupError when one of its four quarters is not in the table."""
        missing = [number for number in QUARTER_NUMBERS.values() if (year, number) not in self._quarters]
        if missing:
            names = ", ".join(f"FY{year}Q{number}" for number in missing)
            raise LookupError(f"The table has not all of FY{year}: {names} missing; it holds {self._span}.")
        parts = [self._quarters[year, number] for number in QUARTER_NUMBERS.values()]
        return Figures(
            year,
            None,
            parts[-1].end,
            revenue=sum(part.revenue for part in parts),
            data_center=sum(part.data_center for part in parts),
            net_income=sum(part.net_income for part in parts),
            cost=sum(part.cost for part in parts),
            last_data_center=parts[-1].data_center,
        )

    def ended_by(self, day: float) -> Figures:
        """Return the latest quarter that ended by a serial number; LookupError when there is none."""
        ended = [figures for figures in self._quarters.values() if figures.end <= day]
        if not ended:
            raise LookupError(f"No quarter of the table ended by the day {day:.15g}; for a fiscal year write FY2024.")
        return max(ended, key=lambda figures: figures.end)

    def latest(self) -> Figures:
        """Return the last quarter."""
        return self.ended_by(math.inf)

    @property
    def _span(self) -> str:
        ordered = sorted(self._quarters.values(), key=lambda figures: figures.end)
        return f"{ordered[0].name} to {ordered[-1].name}"


def read_history(table: Sequence[Sequence[object]]) -> History:
    """Read a table of quarters, header row first.

    Parameters
    ----------
    table : sequence of sequence
        Rows of cells. Columns are found by name; dates are dates or serial numbers; blank rows are skipped.

    Returns
    -------
    History
        Its quarters.

    Raises
    ------
    ValueError
        When a column is missing, a cell is of the wrong kind, a quarter stands twice, or there is none.
    """
    header = [str(cell).strip().casefold() for cell in table[0]] if len(table) else []
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise ValueError(f"The table of quarters has no column {', '.join(missing)}: give it with its header row.")
    places = {name: header.index(name) for name in COLUMNS}
    rows = [row for row in table[1:] if any(cell is not None and cell != "" for cell in row)]
    if any(len(row) != len(header) for row in rows):
        raise ValueError("The table of quarters has rows of different length: give one rectangular range.")
    quarters = [_figures({name: row[place] for name, place in places.items()}) for row in rows]
    if not quarters:
        raise ValueError("The table of quarters has no row below its header.")
    (name, times), *_ = Counter(figures.name for figures in quarters).most_common(1)
    if times > 1:
        raise ValueError(f"The table of quarters has {name} in {times} rows: keep one of them.")
    return History(quarters)


def _figures(row: dict[str, object]) -> Figures:
    year = _number(row, "fiscal_year")
    quarter = QUARTER_NUMBERS.get(str(row["fiscal_quarter"]).strip().upper())
    if not year.is_integer() or quarter is None:
        raise ValueError(
            f"The table of quarters has year {row['fiscal_year']!r} and quarter {row['fiscal_quarter']!r} in one row: "
            "write a whole year, and Q1, Q2, Q3 or Q4."
        )
    revenue, data_center, net_income, cost = (_number(row, name) for name in FLOWS)
    end = _number(row, "period_end")
    return Figures(int(year), quarter, end, revenue, data_center, net_income, cost, data_center)


def _number(row: dict[str, object], name: str) -> float:
    """Read a cell as Excel's arithmetic does: a blank is 0, a date its serial number, a text an error."""
    match row[name]:
        case None | "":
            return 0.0
        case dt.date() as day:
            return float(serial(day))
        case int() | float() as number:
            return float(number)
    raise ValueError(f"The table of quarters has {row[name]!r} in {name}, which must be a number.")
