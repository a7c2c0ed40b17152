"""The twin of a function: the same quantity as a formula that any Excel 365 or 2024 calculates, without Python.

The docstring gives the formula in terms of the arguments, and the domain in which it holds. Here it is completed to the
contract of the cell boundary: an argument left out is its default, a blank 0, a text ``#VALUE!``; of several errors the
leftmost comes out; outside of the domain stands the error that the docstring names, each only in the cell concerned.
Where one that is required was left out, or ranges do not fit one another, the whole is ``#VALUE!``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from openpyxl.formula.tokenizer import Token

from xlgenai.cells.built_in import stored_name
from xlgenai.cells.formula import CELL, R1C1, plain_name, tokens
from xlgenai.cells.function import WHOLE, Function, Kind, Parameter
from xlgenai.errors import FunctionError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

LOCAL: Final = re.compile(r"[A-Za-z_]\w*")
"""A name that LAMBDA or LET gives inside a formula; a table's has brackets behind it."""
MARK: Final = "_"
"""Ends the name of an argument once it has been read."""


def twin(function: Function) -> str:
    """Write the completed twin in terms of the arguments, as it is typed.

    Parameters
    ----------
    function : Function
        Its record.

    Returns
    -------
    str
        A formula without its equals sign: one ``LET`` whose steps read the arguments one by one.

    Raises
    ------
    FunctionError
        When the docstring gives no formula, or one that Excel cannot hold.
    """
    if not function.twin:
        raise FunctionError(
            f"{function.name} has no formula, so that Excel cannot calculate it without Python: write one under"
            " Formula:: in its docstring, or build a desktop workbook (.xlsm)."
        )
    _refuse_cells(function)
    result = _marked(function.twin, function)
    for condition, error in reversed(function.domain):
        result = f"IF({_all(condition, function)},{result},{error})"
    lines = [f"{p.name}{MARK},{_read(p)}" for p in function.parameters]
    lines.append(f"wrong,{'+'.join(f'0*{_size(p)}' for p in function.parameters)}")
    result = f"IF(wrong=0,{result},wrong)"  # as wide as all ranges together, also where the result alone is one value
    broadcast = [p for p in function.parameters if p.kind not in WHOLE]
    if len(broadcast) > 1:
        lines.append(f"fits,SUM({'+'.join(f'IFERROR(0*{_size(p)},0)' for p in broadcast)})")  # else #N/A
        result = f"IF(ISERROR(fits),#VALUE!,{result})"
    return _unless_left_out(function, f"LET({','.join(lines)},{result})")


def typed_lambda(function: Function) -> str:
    """Write the twin as a user pastes it into Excel's name manager."""
    names = [p.name if p.required else f"[{p.name}]" for p in function.parameters]
    return f"=LAMBDA({','.join([*names, twin(function)])})"


@cache
def stored_lambda(function: Function) -> str:
    """Write the twin as a file stores it: newer functions, and the names that LAMBDA and LET give, carry prefixes."""
    names = [f"{'_xlpm' if p.required else '_xlop'}.{p.name}" for p in function.parameters]
    return f"{stored_name('LAMBDA')}({','.join([*names, _stored(twin(function))])})"


def _refuse_cells(function: Function) -> None:
    """Refuse names that Excel reads as cells: a file that holds one is repaired when it is opened."""
    used = [token.value for token in tokens(function.twin) if _is_operand(token)]
    for name in (function.name, *(parameter.name for parameter in function.parameters), *used):
        if CELL.fullmatch(name) or R1C1.fullmatch(name):
            raise FunctionError(f"{function.name} uses {name}, which Excel reads as a cell: give it another name.")


def _unless_left_out(function: Function, formula: str) -> str:
    left_out = [f"ISOMITTED({p.name})" for p in function.parameters if p.required]
    if not left_out:
        return formula
    condition = left_out[0] if len(left_out) == 1 else f"OR({','.join(left_out)})"
    return f"IF({condition},#VALUE!,{formula})"


def _read(parameter: Parameter) -> str:
    """How an argument is read from cells, as `xlgenai.cells.operands` does it."""
    name = parameter.name
    match parameter.kind:
        case Kind.VECTOR:
            # Added up cell by cell, so that the first text or error in it is the answer.
            count = f'REDUCE(0,{name},LAMBDA(count,cell,count+IF(ISTEXT(cell),#VALUE!,(cell<>"")*1)))'
            text = f"IF({count}=0,{{0}},TOCOL({name},1)+0)"
        case Kind.TABLE:
            text = name
        case Kind.TEXT:
            text = f'{name}&""'
        case Kind.DATE:
            text = f'IF({name}="","",{name})'
        case _:
            text = f"MAP({name},LAMBDA(cell,IF(ISTEXT(cell),#VALUE!,cell+0)))"
    return text if parameter.required else f"IF(ISOMITTED({name}),{_default(parameter)},{text})"


def _default(parameter: Parameter) -> str:
    if parameter.table:
        return f"{parameter.table}[#All]"
    match parameter.default:
        case bool():
            return str(int(parameter.default))
        case str():
            return '"' + parameter.default.replace('"', '""') + '"'
        case None:
            raise FunctionError(
                f"A formula cannot tell {parameter.name} left out from a 0: give it a default that a cell can hold."
            )
    return f"{parameter.default:.15g}"


def _size(parameter: Parameter) -> str:
    """Something finite of an argument that is an error where the argument is one."""
    name = f"{parameter.name}{MARK}"
    if parameter.kind in WHOLE:
        return f"ROWS({name})"
    return f"LEN({name})" if parameter.kind in {Kind.TEXT, Kind.DATE} else name


def _all(condition: str, function: Function) -> str:
    """Join conditions so that they hold cell by cell, where AND would take a whole range together."""
    return "*".join(f"({_marked(part.strip(), function)})" for part in condition.split(" and "))


def _marked(formula: str, function: Function) -> str:
    names = {parameter.name for parameter in function.parameters}
    return "".join(
        f"{token.value}{MARK}" if _is_operand(token) and token.value in names else token.value
        for token in _without_blanks(tokens(" ".join(formula.split())))
    )


def _stored(formula: str) -> str:
    parts = tokens(formula)
    local = {token.value for token in parts if _is_operand(token) and LOCAL.fullmatch(token.value)}
    return "".join(_stored_token(token, local) for token in parts)


def _stored_token(token: Token, local: Collection[str]) -> str:
    if _is_operand(token) and token.value in local:
        return f"_xlpm.{token.value}"
    if token.type == Token.FUNC and token.subtype == Token.OPEN:
        if token.value.rstrip("(") in local:  # a name that LET gives to a LAMBDA
            return f"_xlpm.{token.value}"
        return f"{stored_name(plain_name(token.value))}("
    return str(token.value)


def _is_operand(token: Token) -> bool:
    return bool(token.type == Token.OPERAND and token.subtype == Token.RANGE)


def _without_blanks(parts: Iterable[Token]) -> Iterable[Token]:
    return (token for token in parts if token.type != Token.WSPACE)
