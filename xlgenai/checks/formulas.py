"""Rules that hold for any workbook: errors, unknown functions, hidden numbers, odd cells, links."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

from openpyxl.utils import range_boundaries

from xlgenai.cells.formula import BUILT_IN, CELLS, VOLATILE, calls, function_names, literals, references, relative
from xlgenai.cells.values import CellError
from xlgenai.checks import rules
from xlgenai.checks.report import Finding
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from xlgenai.cells.function import Function
    from xlgenai.checks.view import View
    from xlgenai.workbook.sheet import StoredCell

EXTERNAL: Final = re.compile(r"\[\d+\]|\[[^\[\]]+\.xl\w+\]", re.IGNORECASE)
NUMBER: Final = re.compile(r"\s*[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][-+]?\d+)?%?\s*")
UNREMARKABLE: Final = frozenset({"0", "1"})
SHORTEST_ROW: Final = 3
"""Fewer formulas side by side make no pattern."""


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
            elif isinstance(cell.value, str) and (sheet, cell.address) not in known and _is_number(cell.value):
                yield Finding(rules.TEXT, sheet, cell.address, f"The number {cell.value!r} is stored as text.")
        yield from _patterns(sheet, cells, known)


def _is_error(cell: StoredCell) -> bool:
    return bool(cell.formula) and isinstance(cell.value, CellError)


def _is_number(text: str) -> bool:
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
    if unknown:
        yield Finding(rules.UNKNOWN, sheet, where, f"The function {', '.join(unknown)} is unknown.")
    elif any(name in functions for name in names):
        yield from _argument_counts(sheet, cell, functions)
    if cell.value is None:
        yield Finding(rules.VALUE, sheet, where, f"The formula {cell.formula} has no value in the file.")
    elif (sheet, where) in wrong and not unknown and not _reads(sheet, cell, wrong):
        yield Finding(rules.ERROR, sheet, where, f"The formula {cell.formula} gives {cell.value}.")


def _is_name(view: View, name: str) -> bool:
    """A name may stand for a LAMBDA; a call into an add-in carries its file in brackets."""
    return "!" in name or name in {known.upper() for known in view.names}


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
    if EXTERNAL.search(cell.formula):
        yield Finding(rules.LINK, sheet, cell.address, f"The formula {cell.formula} reads another workbook.")


def _reads(sheet: str, cell: StoredCell, cells: set[tuple[str, str]]) -> bool:
    """Whether a formula refers to one of the cells, other than its own."""
    for reference in references(cell.formula):
        name, _, area = reference.rpartition("!")
        if not CELLS.fullmatch(area):
            continue
        target = name.strip("'").replace("''", "'") or sheet
        left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(area))
        for other_sheet, other in cells:
            row, column = position(other)
            inside = other_sheet == target and left <= column <= right and top <= row <= bottom
            if inside and (other_sheet, other) != (sheet, cell.address):
                return True
    return False


def _patterns(sheet: str, cells: Mapping[str, StoredCell], known: Container[tuple[str, str]]) -> Iterator[Finding]:
    """Find cells that differ from the formula that most of their neighbours in the row have."""
    rows: dict[int, list[tuple[int, StoredCell]]] = {}
    for cell in cells.values():
        if (cell.formula or cell.value is not None) and (sheet, cell.address) not in known:
            row, column = position(cell.address)
            rows.setdefault(row, []).append((column, cell))
    for row, entries in rows.items():
        entries.sort(key=lambda entry: entry[0])
        numbered = enumerate(entries)
        for _, run in groupby(numbered, key=lambda item: item[1][0] - item[0]):
            yield from _odd_ones(sheet, row, [entry for _, entry in run])


def _odd_ones(sheet: str, row: int, run: list[tuple[int, StoredCell]]) -> Iterator[Finding]:
    while run and not run[0][1].formula:  # labels and notes before the formulas
        run = run[1:]
    while run and not run[-1][1].formula:
        run = run[:-1]
    if len(run) < SHORTEST_ROW:
        return
    forms = [relative(cell.formula, row, column) if cell.formula else "" for column, cell in run]
    usual = max(set(forms), key=forms.count)
    if forms.count(usual) * 2 <= len(forms) or not usual:
        return
    for form, (_, cell) in zip(forms, run, strict=True):
        if form != usual:
            shown = cell.formula or repr(cell.value)
            yield Finding(rules.PATTERN, sheet, cell.address, f"{shown} differs from the formula of its row.")
