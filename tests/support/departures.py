"""Where IronCalc departs from what Excel documents, and what exactly it shows instead: nothing else is excused."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Final

from tests.support.agreement import agree, matrix
from xlgenai.cells.boundary import call
from xlgenai.cells.function import WHOLE, Kind
from xlgenai.cells.values import OMITTED, CellError, Scalar, is_range

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.cases import Case, Given
    from xlgenai.cells.function import Function, Parameter
    from xlgenai.cells.values import Result

DENOMINATOR: Final = re.compile(r"(?:\w+\()?(\w+)\)?\s*<>\s*(-?[\d.]+)")
"""One condition of a domain that keeps a denominator from zero."""


def _unread(function: Function, case: Case) -> Case:
    """Take arguments as they are."""
    return case


def _unchanged(function: Function, case: Case, ours: Result, theirs: Result) -> Result:
    """Take a result as it is."""
    return ours


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
    reads : callable
        The arguments as IronCalc takes them.
    shows : callable
        The result as IronCalc shows it, from the function, its arguments, Python's result and IronCalc's.
    """

    name: str
    reason: str
    link: str
    reads: Callable[[Function, Case], Case] = _unread
    shows: Callable[[Function, Case, Result, Result], Result] = _unchanged


def explain(function: Function, case: Case, theirs: Result, rounding: float) -> str | None:
    """Name the departure, or the few, with which Python gives what IronCalc gives."""
    for size in range(1, len(DEPARTURES) + 1):
        for chosen in combinations(DEPARTURES, size):
            taken = case
            for departure in chosen:
                taken = departure.reads(function, taken)
            ours = call(function, [given.value for given in taken])
            for departure in chosen:
                ours = departure.shows(function, taken, ours, theirs)
            if agree(ours, theirs, rounding):
                return " and ".join(departure.name for departure in chosen)
    return None


def _texts_as_numbers(function: Function, case: Case) -> Case:
    return tuple(_read(p, given) for p, given in zip(function.parameters, case, strict=False))


def _read(parameter: Parameter, given: Given) -> Given:
    cells = matrix(given.value)
    one_reference = len(cells) == len(cells[0]) == 1 and not given.typed
    if not is_range(given.value) or one_reference:
        return given
    nothing = parameter.kind is Kind.VECTOR and all(cell is None or cell == "" for row in cells for cell in row)
    return replace(given, value=[[None if nothing else _converted(cell) for cell in row] for row in cells])


def _converted(cell: Scalar) -> Scalar:
    return float(cell) if isinstance(cell, str) and cell.isdigit() else cell


def _overflowing(function: Function, case: Case, ours: Result, theirs: Result) -> Result:
    """Return what IronCalc shows where a power overflows and no denominator is zero."""
    if "^" not in function.twin or _shape(ours) != _shape(theirs):
        return ours
    return [
        [
            there if (here, there) == (CellError.NUM, CellError.DIV0) and not _vanishes(function, case, i, j) else here
            for j, (here, there) in enumerate(zip(*rows, strict=True))
        ]
        for i, rows in enumerate(zip(matrix(ours), matrix(theirs), strict=True))
    ]


def _vanishes(function: Function, case: Case, row: int, column: int) -> bool:
    """Whether a denominator is zero for one cell of the result."""
    found = (match for condition, _ in function.domain for match in DENOMINATOR.finditer(condition))
    zeros = {match[1]: float(match[2]) for match in found}
    for parameter, given in zip(function.parameters, case, strict=False):
        if parameter.name not in zeros or given.value is OMITTED:
            continue
        cells = matrix(given.value)
        if parameter.kind not in WHOLE:
            line = cells[row if len(cells) > 1 else 0]
            cells = [[line[column if len(line) > 1 else 0]]]
        if any((cell or 0.0) == zeros[parameter.name] for line in cells for cell in line):
            return True
    return False


def _shape(result: Result) -> list[int]:
    return [len(row) for row in matrix(result)]


DEPARTURES: Final = (
    Departure(
        name="text in range",
        reason="Excel's IS functions answer for each cell of a range, IronCalc's with one FALSE for the whole of it; "
        "so the twin's ISTEXT finds no text in a range, and one that looks like a number becomes that number.",
        link="https://support.microsoft.com/en-us/office/"
        "guidelines-and-examples-of-array-formulas-7d94a64e-3ff3-4686-9372-ecfd5caa57c7",
        reads=_texts_as_numbers,
    ),
    Departure(
        name="power overflows",
        reason="Excel turns a number that is too large into #NUM!, IronCalc's operator ^ into #DIV/0!.",
        link="https://support.microsoft.com/kb/214373",
        shows=_overflowing,
    ),
)
