"""Turn a Python function into one that Excel can call through xlwings and that every other host finds by its record."""

from __future__ import annotations

import inspect
import sys
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xlgenai.cells.boundary import call
from xlgenai.cells.function import Function, describe
from xlgenai.cells.values import OMITTED, Argument, CellError, Result, is_range, types_in

if TYPE_CHECKING:
    from collections.abc import Callable

RECORD: Final = "__xlgenai_function__"
CATEGORY: Final = "xlgenai"
ERROR_TEXTS: Final = {error.value: error for error in CellError}
ERROR_CODES: Final = range(-2146826288, -2146825988)
"""What Excel hands over for an error; xlwings leaves those beside the seven, such as ``#SPILL!``, as numbers."""


def function(python_function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a Python function available in cells, under its name in capitals.

    The docstring gives the help in Excel's function wizard. A parameter of type ``float`` gets one number at a time,
    one of type ``array_like`` all numbers of a range at once, one of type ``sequence`` the whole range as a vector.

    Parameters
    ----------
    python_function : callable
        With plain positional parameters and a numpydoc docstring that documents each of them.

    Returns
    -------
    callable
        What xlwings calls: it takes and returns what cells hold.

    Raises
    ------
    FunctionError
        When the signature or the docstring cannot serve a cell.

    Examples
    --------
    >>> @function
    ... def payback_years(price, saving):
    ...     '''Years until a purchase has paid for itself.
    ...
    ...     Parameters
    ...     ----------
    ...     price : float
    ...         What it costs, in USD.
    ...     saving : float
    ...         What it saves in a year, in USD.
    ...     '''
    ...     return price / saving
    >>> payback_years(90.0, 30.0), payback_years(90.0, 0.0)
    (3.0, '#DIV/0!')
    """
    record = describe(python_function)

    def cell(*arguments: Any) -> Any:
        return _to_xlwings(call(record, [_from_xlwings(argument) for argument in arguments]))

    cell.__name__ = cell.__qualname__ = python_function.__name__
    cell.__module__ = python_function.__module__
    cell.__doc__ = record.summary
    cell.__annotations__ = {}
    cell.__signature__ = _signature(record)  # type: ignore[attr-defined]
    setattr(cell, RECORD, record)
    return _decorate(cell, record)


def record_of(candidate: object) -> Function | None:
    """Return the record of an object that `function` has made, None for any other object."""
    record = getattr(candidate, RECORD, None)
    return record if isinstance(record, Function) else None


def _signature(record: Function) -> inspect.Signature:
    """The same parameters without type hints, which classic xlwings cannot take; left out is told from blank."""
    return inspect.Signature(
        [
            inspect.Parameter(
                parameter.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=inspect.Parameter.empty if parameter.required else OMITTED,
            )
            for parameter in record.parameters
        ]
    )


def _decorate(cell: Callable[..., Any], record: Function) -> Callable[..., Any]:
    """Apply xlwings' decorators where they do something: on Windows, or where a host has loaded xlwings already.

    Elsewhere they return the function as it is, and importing xlwings takes longer than building the workbook.
    """
    if sys.platform != "win32" and "xlwings" not in sys.modules:
        return cell
    import xlwings as xw  # noqa: PLC0415

    from xlgenai.cells.fast_ranges import NumberRange  # noqa: PLC0415

    if sys.platform == "win32" and xw.func.__module__ == "xlwings.udfs":  # Excel itself, not a server
        from xlgenai.cells.failure_log import keep_failures  # noqa: PLC0415

        keep_failures()
    for parameter in record.parameters:
        cell = xw.arg(parameter.name, NumberRange, doc=parameter.help, ndim=2, err_to_str=True)(cell)
    decorated: Callable[..., Any] = xw.func(category=CATEGORY)(cell)  # outermost: arg resets what func sets
    return decorated


def _from_xlwings(argument: Any) -> Argument:
    """Errors arrive as text or number; a bare None is a required argument left out, for a blank cell has two axes."""
    if argument is None:
        return OMITTED
    if not is_range(argument):
        return _from_cell(argument)  # type: ignore[no-any-return]
    if isinstance(argument, np.ndarray):  # nothing but numbers, as its accessor has seen
        return argument
    try:
        types = types_in(argument)
    except TypeError:  # a flat list, which is no range: the boundary refuses it
        return argument
    if types.isdisjoint((str, int)):
        return argument
    return [[_from_cell(cell) for cell in row] for row in argument]


def _from_cell(cell: Any) -> Any:
    if isinstance(cell, str):
        return ERROR_TEXTS.get(cell, cell)
    return CellError.VALUE if isinstance(cell, int) and cell in ERROR_CODES else cell


def _to_xlwings(result: Result) -> Any:
    """Errors leave as their plain text, which the host's wrapper turns into real errors."""
    if isinstance(result, list):
        return [[_to_xlwings(cell) for cell in row] for row in result] if _has_error(result) else result
    return result.value if isinstance(result, CellError) else result


def _has_error(result: list[list[Any]]) -> bool:
    return any(isinstance(cell, CellError) for row in result for cell in row)
