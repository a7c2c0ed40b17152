"""From what a cell holds to what NumPy computes with; errors are kept beside the numbers, element by element."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from xlgenai.cells.values import Argument, CellError, Matrix, Range, Scalar, is_range, serial, types_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

NUMERIC: Final = "fiub"
"""The NumPy kinds that need no second look: floats, integers and booleans."""


class Operand(NamedTuple):
    """One argument, ready for a function.

    Attributes
    ----------
    values : object
        A scalar, a two-dimensional array to be broadcast, or whatever a function takes whole.
    errors : ndarray of object or None
        Beside each element the error that it holds, else None; without axes when it concerns the whole argument.
    shape : tuple of int
        Rows and columns of a range that stands where one number is expected; empty otherwise.
    """

    values: Any
    errors: NDArray[np.object_] | None = None
    shape: tuple[int, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it can be handed over as it is: no range to broadcast over, and no error in it."""
        return not self.shape and self.errors is None


def numbers(argument: Argument) -> Operand:
    """Read an argument that stands for one number; a range becomes an array to broadcast over.

    Parameters
    ----------
    argument : Argument
        One value or rows of values. Nothing is 0, TRUE is 1, a date its serial number, any text ``#VALUE!``.

    Returns
    -------
    Operand
        Floats, nan where an error stands.
    """
    if not is_range(argument):
        return _each(argument, _number)
    fast = _all_numeric(argument)
    if fast is None:
        return _each(argument, _number, dtype=float)
    finite = np.isfinite(fast)
    if finite.all():
        return Operand(fast, None, fast.shape)
    errors = np.full(fast.shape, None)
    errors[~finite] = CellError.NUM
    return Operand(fast, errors, fast.shape)


def texts(argument: Argument) -> Operand:
    """Read an argument that stands for one text; a range becomes an array to broadcast over."""
    return _each(argument, _text)


def moments(argument: Argument) -> Operand:
    """Read an argument that stands for one date, given as text or as a serial number; nothing is an empty text."""
    return _each(argument, _moment)


def vector(argument: Argument) -> Operand:
    """Read a whole range of numbers: blanks are skipped, the first error or text is the answer; blanks alone are one 0.

    Parameters
    ----------
    argument : Argument
        Rows of values, or one value.

    Returns
    -------
    Operand
        A one-dimensional array of floats, in row order.
    """
    if not is_range(argument):
        lone = _number(argument)  # type: ignore[arg-type]  # a lone blank is no gap in a range: it is 0
        return _failed(lone) if isinstance(lone, CellError) else Operand(np.array([lone]))
    fast = _all_numeric(argument)
    if fast is not None and np.isfinite(fast).all():
        return Operand(fast.ravel())
    cells = [_number(cell) for row in _rows(argument) for cell in row if cell is not None]
    error = next((cell for cell in cells if isinstance(cell, CellError)), None)
    return _failed(error) if error else Operand(np.array(cells or [0.0], dtype=float))


def table(argument: Argument) -> Operand:
    """Read a whole range as it stands, header row included; the first error in it is the answer."""
    rows: Any = _rows(argument) if is_range(argument) else [[argument]]
    if CellError not in types_in(rows):
        return Operand(rows)
    return _failed(next(cell for row in rows for cell in row if isinstance(cell, CellError)))


def _rows(cells: Range) -> Matrix:
    """Return a range as rows of Python's own values."""
    return cells.tolist() if isinstance(cells, np.ndarray) else cells


def _all_numeric(cells: Range) -> NDArray[np.float64] | None:
    """Convert a range in one go; None when it holds anything but numbers, as NumPy would read "5" as 5."""
    try:
        array = np.array(cells)  # of an array a copy, so that no function can change what its caller holds
    except ValueError:
        return None
    if array.dtype.kind not in NUMERIC or array.ndim != 2:
        return None
    return array.astype(float, copy=False)


def _each(argument: Argument, read: Callable[[Scalar], Any], dtype: type = object) -> Operand:
    """Read cell by cell: the slow path, for anything that is not plainly numeric."""
    if not is_range(argument):
        value = read(argument)  # type: ignore[arg-type]
        return _failed(value) if isinstance(value, CellError) else Operand(value)
    matrix = _rows(argument)
    cells = np.empty((len(matrix), len(matrix[0])), dtype=object)
    for i, row in enumerate(matrix):
        for j, cell in enumerate(row):
            cells[i, j] = read(cell)
    wrong = np.array([isinstance(cell, CellError) for cell in cells.flat]).reshape(cells.shape)
    if not wrong.any():
        return Operand(cells.astype(dtype), None, cells.shape)
    errors = cells.copy()
    errors[~wrong] = None
    return Operand(np.where(wrong, np.nan, cells).astype(dtype), errors, cells.shape)


def _failed(error: CellError) -> Operand:
    lone = np.empty((), dtype=object)
    lone[()] = error
    return Operand(np.nan, lone)


def _number(cell: Scalar) -> float | CellError:
    match cell:
        case CellError():
            return cell
        case None:
            return 0.0
        case str():
            return CellError.VALUE
        case dt.date():
            return serial(cell)
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return CellError.VALUE
    except OverflowError:
        return CellError.NUM
    return number if np.isfinite(number) else CellError.NUM


def _text(cell: Scalar) -> str | CellError:
    match cell:
        case CellError():
            return cell
        case None:
            return ""
        case bool():
            return str(cell).upper()
        case dt.date():
            return _text(serial(cell))
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell)


def _moment(cell: Scalar) -> str | float | CellError:
    match cell:
        case CellError():
            return cell
        case None:
            return ""
        case str():
            return cell
    return _number(cell)


def unwrap(argument: Argument) -> Argument:
    """Turn a range of one cell into its value, so that every host gives the same.

    Parameters
    ----------
    argument : Argument
        One value, or rows of values.

    Returns
    -------
    Argument
        The value when there is only one, otherwise the argument as it is.

    Raises
    ------
    ValueError
        When the rows differ in length, or there are none.
    """
    if not is_range(argument):
        return argument
    if isinstance(argument, np.ndarray):
        if argument.ndim != 2 or not argument.size:
            raise ValueError("a range has rows and columns")
        return argument.item() if argument.size == 1 else argument
    width = len(argument[0]) if argument else 0
    if not width or set(map(len, argument)) != {width}:
        raise ValueError("a range has rows of one length")
    return argument[0][0] if len(argument) == width == 1 else argument
