"""Where IronCalc departs from what Excel documents, and what exactly it shows instead: nothing else is excused."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.support.agreement import agree, matrix
from tests.support.cases import bounds
from xlgenai.cells.function import WHOLE
from xlgenai.cells.values import OMITTED, CellError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.cases import Case
    from xlgenai.cells.function import Function
    from xlgenai.cells.values import Result

DENOMINATOR: Final = re.compile(r"(?:\w+\()?(\w+)\)?\s*<>\s*(-?[\d.]+)")
"""One condition of a domain that keeps a denominator from zero."""


@dataclass(frozen=True)
class Departure:
    """One way in which IronCalc departs from Excel; a case is excused only if it explains the result to the digit.

    Attributes
    ----------
    name : str
        What the table shows.
    reason : str
        What Excel does, and what IronCalc does instead.
    link : str
        Where Excel's behaviour is documented.
    shows : callable
        The result as IronCalc shows it, from the function, its arguments, Python's result and IronCalc's.
    """

    name: str
    reason: str
    link: str
    shows: Callable[[Function, Case, Result, Result], Result]


def explain(function: Function, case: Case, ours: Result, theirs: Result) -> str | None:
    """Name the departure with which Python's result is what IronCalc shows."""
    for departure in DEPARTURES:
        if agree(departure.shows(function, case, ours, theirs), theirs):
            return departure.name
    return None


def _overflowing(function: Function, case: Case, ours: Result, theirs: Result) -> Result:
    """Return what IronCalc shows where a power overflows: inside of the domain nothing else can fail."""
    if "^" not in function.twin or _shape(ours) != _shape(theirs):
        return ours
    return [
        [
            there if (here, there) == (CellError.NUM, CellError.DIV0) and _inside(function, case, i, j) else here
            for j, (here, there) in enumerate(zip(*rows, strict=True))
        ]
        for i, rows in enumerate(zip(matrix(ours), matrix(theirs), strict=True))
    ]


def _inside(function: Function, case: Case, row: int, column: int) -> bool:
    """Whether the arguments of one cell of the result are in the domain, and no denominator is zero."""
    found = (match for condition, _ in function.domain for match in DENOMINATOR.finditer(condition))
    zeros = {match[1]: float(match[2]) for match in found}
    limits = bounds(function)
    for parameter, given in zip(function.parameters, case, strict=False):
        if given.value is OMITTED:
            continue
        cells = matrix(given.value)
        low, high = -math.inf, math.inf
        if parameter.kind not in WHOLE:
            low, high = limits[parameter.name]
            line = cells[row if len(cells) > 1 else 0]
            cells = [[line[column if len(line) > 1 else 0]]]
        for value in (cell or 0.0 for line in cells for cell in line):
            if not isinstance(value, float | int) or value == zeros.get(parameter.name) or not low <= value <= high:
                return False
    return True


def _shape(result: Result) -> list[int]:
    return [len(row) for row in matrix(result)]


DEPARTURES: Final = (
    Departure(
        name="power overflows",
        reason="Excel turns a number that is too large into #NUM!, IronCalc's operator ^ into #DIV/0!.",
        link="https://support.microsoft.com/kb/214373",
        shows=_overflowing,
    ),
)
