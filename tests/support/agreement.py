"""When two results of one call are the same."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from xlgenai.cells.values import is_range

if TYPE_CHECKING:
    from xlgenai.cells.values import Argument, Matrix, Result, Scalar

CLOSE: Final = 1e-12
"""Relative difference that counts as none: the last digits of a double differ with the order of the steps."""


def agree(ours: Result, theirs: Result) -> bool:
    """Whether two results have one shape, and in each cell the same error, or numbers equal but for rounding.

    Parameters
    ----------
    ours, theirs : Result
        One value or rows of values; one row of one cell is that value.
    """
    left, right = matrix(ours), matrix(theirs)
    if [len(row) for row in left] != [len(row) for row in right]:
        return False
    pairs = [pair for rows in zip(left, right, strict=True) for pair in zip(*rows, strict=True)]
    return all(_same(one, other) for one, other in pairs)


def _same(ours: Scalar, theirs: Scalar) -> bool:
    if type(ours) is float and type(theirs) is float:
        return math.isclose(ours, theirs, rel_tol=CLOSE)
    return type(ours) is type(theirs) and ours is not None and ours == theirs


def matrix(value: Argument) -> Matrix:
    """Return an argument or a result as rows of values."""
    return value if is_range(value) else [[value]]  # type: ignore[list-item, return-value]
