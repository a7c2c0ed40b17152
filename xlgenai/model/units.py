"""What numbers are counted in, and how cells show them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlgenai.model.placed import Content

DECIMALS: Final = re.compile(r"0(?:\.0+)?")
MOST_DECIMALS: Final = 6


@dataclass(frozen=True)
class Unit:
    """What a number is counted in, and how a cell shows it."""

    name: str
    number_format: str


PERCENT = Unit("%", "0.0%")
MULTIPLE = Unit("x", '#,##0.00"x"')
USD_BILLION = Unit("USD billion", "#,##0.0")
USD_MILLION = Unit("USD million", "#,##0")
INDEX = Unit("index", "#,##0.0")
AMOUNT = Unit("as stated", "#,##0.00")
POINTS = Unit("points", "#,##0")
YEARS = Unit("years", "0.0")
YEAR = Unit("year", "0")
COUNT = Unit("number", "0")
DATE = Unit("date", "yyyy-mm-dd")
TEXT = Unit("text", "@")
NAME = Unit("", "General")
FLAG = Unit("OK?", '"TRUE";"TRUE";"FALSE";@')


def bound_format(number_format: str, bound: float) -> str:
    """Show a bound of an input with as many decimals as it has, where the input itself has a fixed number.

    Parameters
    ----------
    number_format : str
        Of the input.
    bound : float
        The lowest or highest value that it may take.

    Returns
    -------
    str
        A number format.

    Examples
    --------
    >>> bound_format("#,##0.0", 0.001), bound_format("#,##0.0", 1e6), bound_format("0.0%", 0.5)
    ('#,##0.000', '#,##0', '0%')
    """
    if "E" in number_format:
        return "General"
    shown = bound * 100 if "%" in number_format else bound
    places = range(MOST_DECIMALS + 1)
    decimals = next((d for d in places if math.isclose(round(shown, d), shown, abs_tol=1e-9)), MOST_DECIMALS)
    return DECIMALS.sub("0." + "0" * decimals if decimals else "0", number_format, count=1)


def data_format(kind: str, values: Iterable[Content]) -> str:
    """Show money without decimals where the source has none, dates and years as such.

    Parameters
    ----------
    kind : str
        What the column of a data table holds.
    values : iterable
        Its values.

    Returns
    -------
    str
        A number format.
    """
    if kind == "number":
        return "#,##0" if all(float(v).is_integer() for v in values if isinstance(v, float | int)) else "#,##0.00"
    return {"integer": "0", "date": "yyyy-mm-dd"}.get(kind, "General")
