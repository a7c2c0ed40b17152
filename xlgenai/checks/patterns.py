"""Rows of formulas that are copies of one another, and the cells in them that are not."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from openpyxl.utils import range_boundaries

from xlgenai.cells.formula import CELLS, references, relative
from xlgenai.checks import rules
from xlgenai.checks.report import Finding
from xlgenai.workbook.sheet import members, position

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

    from xlgenai.workbook.sheet import StoredCell

SHORTEST_ROW: Final = 3
"""Fewer formulas side by side make no pattern."""


def check_patterns(sheet: str, cells: Mapping[str, StoredCell], known: Container[tuple[str, str]]) -> Iterator[Finding]:
    """Find cells that differ from the formula that most of their neighbours in the row have.

    Parameters
    ----------
    sheet : str
        Name of the sheet.
    cells : mapping of str to StoredCell
        What it holds.
    known : container of (sheet, address)
        Cells that the layout has been held against.

    Yields
    ------
    Finding
        Each odd cell.
    """
    spilled = {
        where for cell in cells.values() if ":" in cell.ref for where in members(cell.ref) if where != cell.address
    }
    rows: dict[int, list[tuple[int, StoredCell]]] = {}
    for cell in cells.values():
        if _may_be_odd(cell) and cell.address not in spilled and (sheet, cell.address) not in known:
            row, column = position(cell.address)
            rows.setdefault(row, []).append((column, cell))
    for row, entries in rows.items():
        entries.sort(key=lambda entry: entry[0])
        for _, run in groupby(enumerate(entries), key=lambda item: item[1][0] - item[0]):
            yield from _odd_ones(sheet, row, [entry for _, entry in run])


def _may_be_odd(cell: StoredCell) -> bool:
    """A text between formulas says something on purpose; a number there may have been typed over a formula."""
    return bool(cell.formula) or isinstance(cell.value, float | bool)


def _odd_ones(sheet: str, row: int, run: list[tuple[int, StoredCell]]) -> Iterator[Finding]:
    while run and not run[0][1].formula:  # numbers before the formulas
        run = run[1:]
    while run and not run[-1][1].formula:
        run = run[:-1]
    if len(run) < SHORTEST_ROW:
        return
    forms = [_form(cell, row, column) for column, cell in run]
    usual = max(dict.fromkeys(forms), key=forms.count)
    if forms.count(usual) * 2 <= len(forms) or not usual:
        return
    columns = {column for column, _ in run}
    for place, (form, (column, cell)) in enumerate(zip(forms, run, strict=True)):
        at_an_end = place in {0, len(run) - 1}
        opens = place == 0 and "R[0]C[-1]" in usual
        odd = form is not None and form != usual
        if odd and not opens and not (at_an_end and _totals(cell.formula, row, columns - {column})):
            shown = cell.formula or f"{cell.value:g}"
            yield Finding(rules.PATTERN, sheet, cell.address, f"{shown} differs from the formula of its row.")


def _form(cell: StoredCell, row: int, column: int) -> str | None:
    """The formula as its copies share it; empty for a number, None where it cannot be read, which F202 reports."""
    try:
        return relative(cell.formula, row, column) if cell.formula else ""
    except ValueError:
        return None


def _totals(formula: str, row: int, columns: set[int]) -> bool:
    """Whether a formula takes the rest of its row together, as a total before or after the row does."""
    for reference in _references(formula):
        if ":" in reference and CELLS.fullmatch(reference):
            left, top, right, bottom = (int(edge or 0) for edge in range_boundaries(reference))
            if top == row == bottom and columns <= set(range(left, right + 1)):
                return True
    return False


def _references(formula: str) -> list[str]:
    try:
        return references(formula)
    except ValueError:
        return []
