"""The boundary between cells and Python functions, alike for every host.

A host hands over what its cells hold (`xlgenai.cells.values`) and gets back what a cell can show. Inside, a function
sees NumPy's own values: inf means a zero denominator and nan any other leaving of the domain. No NaN, no None and no
Python message leaves here.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xlgenai.cells import operands
from xlgenai.cells.function import ONE_NUMBER, Function, Kind, Parameter
from xlgenai.cells.operands import Operand
from xlgenai.cells.results import lone, rows, show
from xlgenai.cells.values import OMITTED, Argument, CellError, Result, Scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LOG: Final = logging.getLogger("xlgenai.functions")
READERS: Final = {
    Kind.VECTOR: operands.vector,
    Kind.TABLE: operands.table,
    Kind.TEXT: operands.texts,
    Kind.DATE: operands.moments,
}


def call(function: Function, arguments: Sequence[Argument]) -> Result:
    """Call a function as a cell does.

    Parameters
    ----------
    function : Function
        The record of the function.
    arguments : sequence of Argument
        What the formula gives, in its order: one value, a range as rows of values or, where all of them are numbers,
        as an array with two axes, or `OMITTED`.

    Returns
    -------
    Result
        One value, or rows of values when an argument that stands for one number was a range.

    Examples
    --------
    >>> from xlgenai.cells.function import describe
    >>> from xlgenai.finance import net_margin
    >>> call(describe(net_margin), [[[9.2], [1.0], ["n/a"]], [[18.4], [None], [1.0]]])
    [[0.5], [<CellError.DIV0: '#DIV/0!'>], [<CellError.VALUE: '#VALUE!'>]]
    """
    if len(arguments) > len(function.parameters):
        return CellError.VALUE
    if function.takes_numbers and len(arguments) == len(function.parameters) and _plain_numbers(arguments):
        return show(_attempt(function, arguments))  # what most cells ask for, at half the cost of all that follows
    given = [*arguments, *[OMITTED] * (function.max_args - len(arguments))]
    try:
        taken = list(map(_take, function.parameters, given))
        shapes = [operand.shape for operand in taken if operand.shape]
        shape = np.broadcast_shapes(*shapes) if shapes else ()
    except (TypeError, ValueError):  # a required argument left out, no such thing in a cell, or shapes that do not fit
        return CellError.VALUE
    if all(operand.plain for operand in taken):
        return show(_attempt(function, [operand.values for operand in taken]))
    errors = _first_errors(taken, shape)
    if errors is not None and all(error is not None for error in errors.flat):
        return errors.tolist()  # type: ignore[no-any-return]  # rows of errors, or the one error
    return _over_ranges(function, taken, shape, errors)


def _plain_numbers(arguments: Sequence[Argument]) -> bool:
    for argument in arguments:  # noqa: SIM110 - all() over a generator would take as long again
        if type(argument) is not float or not math.isfinite(argument):
            return False
    return True


def _take(parameter: Parameter, argument: Argument) -> Operand:
    """Read one argument in the way that its parameter asks for; ValueError when a required one is left out."""
    if type(argument) is float and parameter.kind in ONE_NUMBER and math.isfinite(argument):
        return Operand(argument)  # by far the most frequent, so it comes first
    if argument is OMITTED:
        if parameter.required:
            raise ValueError(parameter.name)
        return Operand(parameter.default)
    operand = READERS.get(parameter.kind, operands.numbers)(operands.unwrap(argument))
    if not operand.plain:
        return operand
    if parameter.kind is Kind.FLAG:
        return Operand(bool(operand.values))
    return Operand(int(operand.values)) if parameter.kind is Kind.INTEGER else operand


def _first_errors(taken: Sequence[Operand], shape: tuple[int, ...]) -> NDArray[np.object_] | None:
    """Beside each element of the result the error of the leftmost argument that has one there."""
    merged: NDArray[np.object_] | None = None
    for operand in taken:
        if operand.errors is None:
            continue
        here = np.broadcast_to(operand.errors, shape)
        merged = here if merged is None else np.where(np.equal(merged, None), here, merged)  # type: ignore[call-overload]
    return merged


def _over_ranges(
    function: Function, taken: Sequence[Operand], shape: tuple[int, ...], errors: NDArray[np.object_] | None
) -> list[list[Scalar]]:
    """Evaluate where ranges stand for single numbers: in one call if the function takes arrays, else one by one."""
    cells = _in_one_call(function, taken, shape)
    if cells is None:
        cells = _one_by_one(function, taken, shape, errors)
    if errors is None:
        return cells
    return [
        [cell if error is None else error for cell, error in zip(row, wrong, strict=True)]
        for row, wrong in zip(cells, errors.tolist(), strict=True)
    ]


def _in_one_call(function: Function, taken: Sequence[Operand], shape: tuple[int, ...]) -> list[list[Scalar]] | None:
    """Call once with whole arrays; None when the function does not take them, or fails for some element."""
    for parameter, operand in zip(function.parameters, taken, strict=True):
        if operand.shape and parameter.kind is not Kind.ARRAY:
            return None
    try:
        with np.errstate(all="ignore"):
            result = np.asarray(function.call(*(operand.values for operand in taken)))
        return rows(np.broadcast_to(result, shape))
    except Exception:
        return None  # one by one, so that only the elements concerned show an error


def _one_by_one(
    function: Function, taken: Sequence[Operand], shape: tuple[int, ...], errors: NDArray[np.object_] | None
) -> list[list[Scalar]]:
    skipped = [False] * int(np.prod(shape)) if errors is None else [error is not None for error in errors.flat]
    elements = zip(*(_elements(p, o, shape) for p, o in zip(function.parameters, taken, strict=True)), strict=True)
    cells = [
        None if skip else lone(_attempt(function, element)) for skip, element in zip(skipped, elements, strict=True)
    ]
    width = shape[1]
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def _elements(parameter: Parameter, operand: Operand, shape: tuple[int, ...]) -> list[Any]:
    """One argument for each element of the result, in row order."""
    if not operand.shape:
        return [operand.values] * int(np.prod(shape))
    values: list[Any] = np.broadcast_to(operand.values, shape).ravel().tolist()
    convert = {Kind.FLAG: bool, Kind.INTEGER: int}.get(parameter.kind)
    if convert is None:
        return values
    return [value if math.isnan(value) else convert(value) for value in values]  # nan stands where an error is


def _attempt(function: Function, arguments: Sequence[Any]) -> Any:
    """Call once; an exception becomes the error of the contract, and its reason goes to the log."""
    try:
        with np.errstate(all="ignore"):
            return function.call(*arguments)
    except ZeroDivisionError:
        return CellError.DIV0
    except OverflowError:
        return CellError.NUM
    except LookupError as reason:
        LOG.info("%s: %s", function.name, reason)
        return CellError.NA
    except Exception:
        LOG.warning("%s failed", function.name, exc_info=True)
        return CellError.VALUE
