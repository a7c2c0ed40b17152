"""Rules that hold for any workbook: errors, unknown functions, hidden numbers, odd cells, links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from openpyxl.formula.tokenizer import Token

from xlgenai.cells.built_in import BUILT_IN, VOLATILE
from xlgenai.cells.formula import calls, function_names, literals, tokens
from xlgenai.cells.values import CellError
from xlgenai.checks import rules
from xlgenai.checks.patterns import check_patterns
from xlgenai.checks.report import Finding
from xlgenai.checks.roots import reads

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from xlgenai.cells.function import Function
    from xlgenai.checks.view import View
    from xlgenai.workbook.sheet import StoredCell

NUMBER: Final = re.compile(r"\s*[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][-+]?\d+)?%?\s*")
UNREMARKABLE: Final = frozenset({"0", "1"})
LOCAL: Final = "_XLPM."
"""Begins a name that LET or LAMBDA defines inside the formula."""


def check_formulas(
    view: View, functions: Mapping[str, Function], known: Container[tuple[str, str]]
) -> Iterator[Finding]:
    """Look at every cell of the workbook.

    Parameters
    ----------
    view : View
        The file.
    functions : mapping of str to Function
        Our functions by name in capitals.
    known : container of (sheet, address)
        Cells that the layout has been held against: what the model itself says is not questioned again.

    Yields
    ------
    Finding
        Each breach.
    """
    wrong = {(sheet, c.address) for sheet, cells in view.cells.items() for c in cells.values() if _is_error(c)}
    for sheet, cells in view.cells.items():
        for cell in cells.values():
            if cell.formula:
                yield from _formula(view, sheet, cell, functions, wrong)
                if (sheet, cell.address) not in known:
                    yield from _style_of_formula(sheet, cell)
            elif isinstance(cell.value, str) and (sheet, cell.address) not in known and is_number(cell.value):
                yield Finding(rules.TEXT, sheet, cell.address, f"The number {cell.value!r} is stored as text.")
        yield from check_patterns(sheet, cells, known)


def _is_error(cell: StoredCell) -> bool:
    return bool(cell.formula) and isinstance(cell.value, CellError)


def is_number(text: str) -> bool:
    """Whether a text is a number that Excel would have read as one, had it been typed into a plain cell."""
    return any(digit.isdigit() for digit in text) and NUMBER.fullmatch(text) is not None


def _formula(
    view: View, sheet: str, cell: StoredCell, functions: Mapping[str, Function], wrong: set[tuple[str, str]]
) -> Iterator[Finding]:
    where = cell.address
    try:
        names = function_names(cell.formula)
    except ValueError:
        yield Finding(rules.UNKNOWN, sheet, where, f"The formula {cell.formula} cannot be read.")
        return
    unknown = [name for name in names if name not in functions and name not in BUILT_IN and not _is_name(view, name)]
    explained = []
    if unknown:
        explained.append(Finding(rules.UNKNOWN, sheet, where, f"The function {', '.join(unknown)} is unknown."))
    elif any(name in functions for name in names):
        explained += _argument_counts(sheet, cell, functions)
    yield from explained
    if cell.value is None:
        yield Finding(rules.VALUE, sheet, where, f"The formula {cell.formula} has no value in the file.")
    elif (sheet, where) in wrong and not explained and not reads(view, sheet, cell, wrong):
        yield Finding(rules.ERROR, sheet, where, f"The formula {cell.formula} gives {cell.value}.")


def _is_name(view: View, name: str) -> bool:
    """A name may stand for a LAMBDA; a call into an add-in carries its file in brackets."""
    return "!" in name or name.startswith(LOCAL) or bool(view.meaning(name))


def _argument_counts(sheet: str, cell: StoredCell, functions: Mapping[str, Function]) -> Iterator[Finding]:
    for call in calls(cell.formula):
        function = functions.get(call.name)
        if function is None:
            continue
        count = len(call.arguments)
        if not function.min_args <= count <= function.max_args:
            yield Finding(rules.ARGUMENTS, sheet, cell.address, f"{function.syntax} is called with {count} arguments.")


def _style_of_formula(sheet: str, cell: StoredCell) -> Iterator[Finding]:
    """What the model may do on purpose, but a user's own formula better does not."""
    try:
        numbers = [number for number in literals(cell.formula) if number not in UNREMARKABLE]
        volatile = [name for name in function_names(cell.formula) if name in VOLATILE]
    except ValueError:
        return
    if numbers:
        found = f"The formula {cell.formula} has the number {', '.join(numbers)} in it."
        yield Finding(rules.LITERAL, sheet, cell.address, found)
    if volatile:
        found = f"The formula {cell.formula} calls {', '.join(volatile)}, which changes by itself."
        yield Finding(rules.VOLATILE, sheet, cell.address, found)
    if _reads_another_file(cell.formula):
        yield Finding(rules.LINK, sheet, cell.address, f"The formula {cell.formula} reads another workbook.")


def _reads_another_file(formula: str) -> bool:
    """A file's name or number stands in brackets before the exclamation mark; a table's column has none behind it."""
    operands = (token.value for token in tokens(formula) if token.type in {Token.OPERAND, Token.FUNC})
    return any("[" in operand.rpartition("!")[0] for operand in operands if not operand.startswith('"'))
