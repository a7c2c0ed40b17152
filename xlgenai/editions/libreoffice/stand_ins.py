"""Functions of Excel's that the model needs and Calc lacks before 24.8, under the extension's own name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xlgenai.cells.function import describe

if TYPE_CHECKING:
    from xlgenai.cells.function import Function

Rows = list[list[Any]]


def filter(array: Any, include: Any) -> Rows:  # noqa: A001 - the name is Excel's
    """Rows or columns of a range that meet a condition, as Excel's FILTER gives them.

    Parameters
    ----------
    array : table
        The range.
    include : table
        For each row, or for each column, whether it is to be kept: 0 for no.
    """
    if len(include) == len(array) and len(include[0]) == 1:
        kept = [row for row, (keep,) in zip(array, include, strict=True) if _holds(keep)]
    elif len(include) == 1 and len(include[0]) == len(array[0]):
        kept = _turned([column for column, keep in zip(_turned(array), include[0], strict=True) if _holds(keep)])
    else:
        raise ValueError("the condition is neither as long nor as wide as the range")
    if not kept:
        raise ValueError("nothing meets the condition")
    return _without_gaps(kept)


def unique(array: Any) -> Rows:
    """Rows of a range, each once, as Excel's UNIQUE gives them.

    Parameters
    ----------
    array : table
        The range.
    """
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in array:
        found.setdefault(tuple(cell.casefold() if isinstance(cell, str) else cell for cell in row), row)
    return _without_gaps(list(found.values()))


def _holds(condition: Any) -> bool:
    if isinstance(condition, str):
        raise TypeError("a condition is a number")
    return bool(condition)


def _turned(rows: Any) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def _without_gaps(rows: Rows) -> Rows:
    """An empty cell is a 0 in the result of a formula."""
    return [[0.0 if cell is None else cell for cell in row] for row in rows]


STAND_INS: Final[dict[str, Function]] = {record.name: record for record in (describe(filter), describe(unique))}
"""By their names in Excel."""
