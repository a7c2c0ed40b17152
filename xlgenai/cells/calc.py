"""What LibreOffice Calc hands over and takes, for the cell boundary.

Calc gives numbers and texts only: TRUE and dates are numbers, an empty cell is 0 when it stands alone and an empty text
in a range. It takes arrays of rows, and an error as a number that is none, with the error's code inside.
"""

from __future__ import annotations

import datetime as dt
import struct
from typing import TYPE_CHECKING, Any, Final

from xlgenai.cells.boundary import call
from xlgenai.cells.function import Function, Kind
from xlgenai.cells.values import OMITTED, CellError, types_in
from xlgenai.cells.values import serial as serial_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlgenai.cells.values import Argument, Result, Scalar

Rows = tuple[tuple[float | str, ...], ...]
"""What a function gives to Calc: always rows, because one that is declared to give one value cannot give more."""
CODES: Final = {
    CellError.NULL: 521,
    CellError.DIV0: 532,
    CellError.VALUE: 519,
    CellError.REF: 524,
    CellError.NAME: 525,
    CellError.NUM: 503,
    CellError.NA: 32767,
}
"""Calc's own numbers of the seven errors."""
QUIET_NAN: Final = 0x7FF80000
"""The upper half of a number that is none; Calc reads the lower half as the code of an error."""
ERRORS: Final[dict[CellError, float]] = {
    error: struct.unpack("<d", struct.pack("<II", code, QUIET_NAN))[0] for error, code in CODES.items()
}
ZERO_IS_BLANK: Final = frozenset({Kind.TEXT, Kind.DATE})
"""Kinds for which 0 is no value, so that it can only be an empty cell."""


def callback(function: Function) -> Callable[..., Rows]:
    """Return what Calc calls for a function.

    Parameters
    ----------
    function : Function
        Its record.

    Returns
    -------
    callable
        From the arguments as Calc hands them over to rows of numbers and texts; it raises nothing.

    Examples
    --------
    >>> from xlgenai.cells.function import describe
    >>> from xlgenai.finance import net_margin
    >>> callback(describe(net_margin))(((9.2,), (4.6,)), 18.4)
    ((0.5,), (0.25,))
    """
    zero_is_blank = [parameter.kind in ZERO_IS_BLANK for parameter in function.parameters]

    def from_calc(*arguments: Any) -> Rows:
        return shown(call(function, [_taken(a) if type(a) is not float else a for a in arguments]))

    def with_texts(*arguments: Any) -> Rows:
        pairs = zip(arguments, zero_is_blank, strict=False)
        return shown(call(function, [None if blank and a == 0.0 else _taken(a) for a, blank in pairs]))

    return with_texts if any(zero_is_blank) else from_calc


def shown(result: Result) -> Rows:
    """Turn what the boundary gives into what Calc takes."""
    if type(result) is float:
        return ((result,),)
    if not isinstance(result, list):
        return ((_cell(result),),)
    if types_in(result) == {float}:
        return tuple(tuple(row) for row in result)  # type: ignore[arg-type] # floats and nothing else
    return tuple(tuple(map(_cell, row)) for row in result)


def _taken(argument: Any) -> Argument:
    if argument is None:
        return OMITTED
    if not isinstance(argument, tuple):
        return argument  # type: ignore[no-any-return]
    return argument if str not in types_in(argument) else [[_blank(cell) for cell in row] for row in argument]


def _blank(cell: Scalar) -> Scalar:
    """Calc does not tell an empty cell of a range from an empty text; the former is far more frequent."""
    return None if cell == "" else cell


def _cell(value: Scalar) -> float | str:
    if isinstance(value, CellError):
        return ERRORS[value]
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date):
        return serial_number(value)
    return ERRORS[CellError.NA] if value is None else float(value)
