"""Ranges of plain numbers through xlwings in one go, where its own conversion looks at each cell in Python.

Import it only where xlwings is loaded.
"""

# mypy: allow-untyped-calls
# This part of xlwings has no types.

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from xlwings.conversion import Accessor, CleanDataFromReadStage, Pipeline, ValueAccessor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from xlwings.conversion import ConversionContext

CLASSIC: Final = "excel"
"""What xlwings calls Excel on Windows: there a number is always a float, and an int is the code of an error."""
FLOATS: Final = frozenset({float})
NUMBERS: Final = frozenset({float, int})


class NumberRange(Accessor):
    """What xlwings asks for an argument: a range of plain numbers is one array, anything else what it ever was.

    It goes by the types of the cells and never by their values. A blank, a text, a boolean, a date, a currency or an
    error anywhere in the range, and a single value, take xlwings' own way. It is made for the two options with which
    our functions ask: ``xw.arg("values", NumberRange, ndim=2, err_to_str=True)``.
    """

    @classmethod
    def reader(cls, options: dict[str, Any]) -> Pipeline:
        """Return xlwings' own steps from a range to a value, the one that looks at each cell behind ours."""
        steps = ValueAccessor.reader(options)
        return Pipeline([NumbersStage(step) if isinstance(step, CleanDataFromReadStage) else step for step in steps])


class NumbersStage:
    """The step in which each cell becomes a Python value, spared where all of them are numbers.

    Attributes
    ----------
    stock : callable
        The step of xlwings' own, for all other ranges.
    """

    def __init__(self, stock: Callable[[ConversionContext], None]) -> None:
        self.stock = stock

    def __call__(self, context: ConversionContext) -> None:
        """Replace the rows that Excel has handed over."""
        if "scalar" not in context.meta:  # as xlwings marks one value, which is quicker without an array
            numbers = in_one_go(context.value, FLOATS if context.engine.name == CLASSIC else NUMBERS)
            if numbers is not None:
                context.value = numbers
                return
        self.stock(context)


def in_one_go(rows: Sequence[Sequence[Any]], numeric: frozenset[type]) -> NDArray[np.float64] | None:
    """Convert a range of plain numbers to an array.

    Parameters
    ----------
    rows : sequence of sequences
        The cells as the host hands them over.
    numeric : frozenset of type
        The types that only a number has there.

    Returns
    -------
    ndarray of float or None
        None when a cell is of another type, and when there are none or rows differ in length.

    Examples
    --------
    >>> in_one_go(((1.0, 2.0), (3.0, 4.0)), FLOATS)
    array([[1., 2.],
           [3., 4.]])
    >>> in_one_go(((1.0,), (-2146826246,)), FLOATS) is None
    True
    """
    cells = _cells(rows)
    if not cells or not numeric.issuperset(map(type, cells)):
        return None
    return np.fromiter(cells, float, len(cells)).reshape(len(rows), -1)


def _cells(rows: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the cells row by row; none of them when the rows differ in length."""
    if rows and len(rows[0]) == 1:
        try:
            return [cell for (cell,) in rows]  # a column, the longest of ranges, in half the time of the way below
        except ValueError:
            return []
    return list(chain.from_iterable(rows)) if len(set(map(len, rows))) == 1 else []
