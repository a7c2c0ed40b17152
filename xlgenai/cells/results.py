"""From what a function returns to what a cell can show."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xlgenai.cells.values import CellError, Result, Scalar

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOMENT: Final = "datetime64[us]"
"""The finest time that Python's datetime holds; NumPy hands over anything finer as a bare integer."""
LONGEST_TEXT: Final = 32_767
"""More characters than this do not fit into a cell."""


def show(result: Any) -> Result:
    """Turn whatever a function returned into what a cell can show.

    Parameters
    ----------
    result : object
        A number, text, boolean or date, or an array of them; a flat array is a column.

    Returns
    -------
    Result
        One value, or rows of values to spill.
    """
    if isinstance(result, float):
        return _number(result)  # by far the most frequent, so it comes first
    if hasattr(result, "to_numpy"):
        result = result.to_numpy()
    if isinstance(result, list | tuple):
        try:
            result = np.array(result, dtype=object)
        except ValueError:  # rows of different lengths
            return CellError.VALUE
        if result.ndim == 1 and any(isinstance(row, list | tuple) for row in result):  # the same, as NumPy takes it
            return CellError.VALUE
    if not isinstance(result, np.ndarray):
        return scalar(result)
    if result.ndim == 0:
        return scalar(result[()])
    if result.ndim > 2:
        return CellError.VALUE
    if not result.size:
        return CellError.NA
    return rows(result.reshape(-1, 1) if result.ndim == 1 else result)


def rows(values: NDArray[Any]) -> list[list[Scalar]]:
    """Turn a two-dimensional array into rows of cells, in one go when all of it is finite."""
    if isinstance(values, np.ma.MaskedArray):
        values = np.array(values.tolist(), dtype=object)  # None where an element is masked
    if values.dtype.kind in "fiu":
        with np.errstate(over="ignore"):
            values = values.astype(float, copy=False)
        if np.isfinite(values).all():
            finite: list[list[Scalar]] = values.tolist()
            return finite
    if values.dtype.kind == "M":
        values = values.astype(MOMENT)
    return [[scalar(value) for value in row] for row in values.tolist()]


def lone(result: Any) -> Scalar:
    """Turn what a function returned for one element of a range into one value; an array does not fit there."""
    shown = show(result)
    if not isinstance(shown, list):
        return shown
    return shown[0][0] if len(shown) == len(shown[0]) == 1 else CellError.VALUE


def scalar(value: Any) -> Scalar:
    """Turn one value into what a cell can show; inf is a zero denominator, nan any other leaving of the domain."""
    if isinstance(value, np.datetime64):
        value = value.astype(MOMENT)
    if isinstance(value, np.generic):
        value = float(value) if isinstance(value, np.floating) else value.item()
    match value:
        case None:
            return CellError.NA
        case CellError() | bool():
            return value
        case dt.date():
            return value if value == value else CellError.NA  # noqa: PLR0124 - pandas' missing date differs from itself
        case str():
            return value if len(value) <= LONGEST_TEXT else CellError.VALUE
        case int() | float() | Decimal():
            return _number(value)
        case complex():
            return CellError.NUM
    return CellError.VALUE


def _number(value: float | Decimal) -> float | CellError:
    try:
        number = float(value)
    except (OverflowError, ValueError):  # too large, or a signaling nan
        return CellError.NUM
    if math.isnan(number):
        return CellError.NUM
    return CellError.DIV0 if math.isinf(number) else number
