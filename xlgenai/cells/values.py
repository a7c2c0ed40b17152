"""What a cell can hold: numbers, texts, booleans, dates, nothing, or one of Excel's seven errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import Enum, StrEnum
from itertools import chain
from typing import Final, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

EPOCH: Final = dt.datetime(1899, 12, 30)


class CellError(StrEnum):
    """The seven errors of Excel; each is equal to the text that a cell shows."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"


class Omitted(Enum):
    """The argument between two commas of ``F(1,,2)``: left out, so the default stands."""

    OMITTED = "omitted"

    def __repr__(self) -> str:
        return "OMITTED"


OMITTED: Final = Omitted.OMITTED

Scalar: TypeAlias = float | int | str | bool | dt.date | dt.datetime | CellError | None
Matrix: TypeAlias = Sequence[Sequence[Scalar]]
Range: TypeAlias = Matrix | NDArray[np.float64]
"""The cells of a range: rows of values, or one array with two axes where all of them are numbers."""
Argument: TypeAlias = Scalar | Range | Omitted
Result: TypeAlias = Scalar | list[list[Scalar]]
RANGES: Final = (list, tuple, np.ndarray)
"""The types of a range; a tuple, since a union would be made anew at each look at an argument."""


def serial(day: dt.date) -> float:
    """Excel's serial number of a date (1900 system), with the time of day as the fraction.

    Parameters
    ----------
    day : date or datetime
        From 1 March 1900 on; a time zone is dropped, as a cell has none.

    Returns
    -------
    float
        Days since 30 December 1899.

    Examples
    --------
    >>> serial(dt.date(2023, 10, 29))
    45228.0
    """
    moment = day if isinstance(day, dt.datetime) else dt.datetime(day.year, day.month, day.day)
    return (moment.replace(tzinfo=None) - EPOCH) / dt.timedelta(days=1)


def types_in(matrix: Sequence[Sequence[object]]) -> set[type]:
    """Return the types that occur in a range: one pass without a line of Python for each cell."""
    return set(map(type, chain.from_iterable(matrix)))


def is_range(argument: Argument) -> TypeGuard[Range]:
    """Whether the argument is a range or an array, not one value."""
    return isinstance(argument, RANGES)
