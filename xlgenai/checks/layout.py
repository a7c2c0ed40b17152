"""Hold a workbook against the layout that it carries: what is gone, moved or overwritten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xlgenai.cells.formula import address
from xlgenai.cells.spelling import typed
from xlgenai.cells.values import CellError
from xlgenai.checks import rules
from xlgenai.checks.formulas import is_number
from xlgenai.checks.report import Finding
from xlgenai.checks.rows import find_rows, labels
from xlgenai.checks.structure import check_structure, check_table
from xlgenai.checks.view import plain_reference
from xlgenai.model.placed import CALCULATED, Role
from xlgenai.workbook.sheet import members
from xlgenai.workbook.styles import style_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xlgenai.checks.followed import Followed
    from xlgenai.checks.view import Contents, View
    from xlgenai.model.placed import Cell, InputCell, Layout, PlacedSheet
    from xlgenai.workbook.sheet import StoredCell

STYLED: Final = frozenset({Role.INPUT, Role.FORMULA, Role.LINK, Role.STATED, Role.CHECK})
LETTER: Final = re.compile(r'"([^"])"')
BRACKETED: Final = re.compile(r"\b(TRUE|FALSE)\(\)")
QUOTED: Final = re.compile(r"'((?:[^']|'')+)'!")


def check_layout(view: View, layout: Layout, followed: Followed) -> Iterator[Finding]:
    """Compare every sheet of the layout with the file.

    Parameters
    ----------
    view : View
        The file.
    layout : Layout
        What it should hold.
    followed : Followed
        Where its sheets and rows are now.

    Yields
    ------
    Finding
        Each difference.
    """
    for sheet in layout.sheets:
        here = followed.sheet(sheet.name)
        if here != sheet.name:
            yield Finding(rules.SHEET, sheet.name, "", f"The sheet {sheet.name} is now called {here}.")
        if here not in view.cells:
            yield Finding(rules.SHEET, sheet.name, "", f"The sheet {sheet.name} is gone.")
            continue
        yield from _labels(view, sheet, here, followed)
        yield from _tables(view, sheet, here, followed)
        yield from _cells(view, sheet, here, followed)
        yield from check_structure(view, sheet, here, followed)
    yield from _inputs(view, layout, followed)
    yield from _names(view, layout, followed)


def moved_anchors(view: Contents, layout: Layout) -> list[str]:
    """Say for each sheet and label that a refresh relies on where it is not in its place."""
    anchored = {cell.sheet for cell in layout.inputs}
    found = []
    for sheet in layout.sheets:
        if sheet.name not in view.cells:
            found.append(f"the sheet {sheet.name} is gone or renamed")
        elif sheet.name in anchored or sheet.tables:
            displaced = (
                *find_rows(view.cells[sheet.name], sheet).displaced,
                *((cell, None) for cell in _wrong_headers(view, sheet, sheet.name, 0)),
            )
            found += [
                f"{sheet.name}!{address(cell.row, cell.column)}: {_displaced(view, sheet.name, cell, row)}"
                for cell, row in displaced
            ]
    return found


def _labels(view: View, sheet: PlacedSheet, here: str, followed: Followed) -> Iterator[Finding]:
    """One finding for labels that moved together: it was one insertion or deletion that moved them."""
    rows = followed.rows[sheet.name]
    displaced = sorted(rows.displaced, key=lambda entry: (entry[0].row, entry[0].column))
    groups: dict[object, list[tuple[Cell, int | None]]] = {}
    deleted: list[tuple[Cell, int | None]] = []
    for cell, row in displaced:
        if row is None and rows.now.get(cell.row, cell.row) is None:
            deleted.append((cell, row))  # the labels below it will tell by how much they moved
            continue
        key = (cell.row, cell.column) if row is None else row - cell.row
        groups.setdefault(key, []).extend([*deleted, (cell, row)] if row is not None else [(cell, row)])
        deleted = [] if row is not None else deleted
    for (cell, row), *others in [*groups.values(), *([entry] for entry in deleted)]:
        message = _displaced(view, here, cell, row)
        if others:
            message += f"; {len(others)} more label{'s' if len(others) > 1 else ''} moved with it"
        yield Finding(rules.LABEL, here, address(cell.row, cell.column), f"{message}.")


def _displaced(view: Contents, here: str, cell: Cell, row: int | None) -> str:
    if row is not None:
        return f"The label {cell.content!r} is now at {address(row, cell.column)}"
    stored = view.cells[here].get(address(cell.row, cell.column))
    return f"The label {cell.content!r} was replaced by {stored.value if stored else None!r}"


def _tables(view: View, sheet: PlacedSheet, here: str, followed: Followed) -> Iterator[Finding]:
    """Compare the tables, and the cells of their headings where the tables are sound."""
    broken = [finding for table in sheet.tables if (finding := check_table(view, sheet, table, followed))]
    yield from broken
    if broken:
        return
    for table in sheet.tables:
        offset = (followed.rows[sheet.name].find(table.row) or table.row) - table.row
        for cell in _wrong_headers(view, sheet, here, offset):
            where = address(cell.row + offset, cell.column)
            yield Finding(rules.LABEL, here, where, f"{_displaced(view, here, cell, None)}.")


def _wrong_headers(view: Contents, sheet: PlacedSheet, here: str, offset: int) -> Iterator[Cell]:
    headers = {(table.row, table.column + number) for table in sheet.tables for number in range(len(table.columns))}
    for cell in labels(sheet):
        if (cell.row, cell.column) in headers:
            stored = view.cells[here].get(address(cell.row + offset, cell.column))
            if stored is None or stored.value != cell.content:
                yield cell


def _cells(view: View, sheet: PlacedSheet, here: str, followed: Followed) -> Iterator[Finding]:
    """Compare formulas and looks where their rows are now; a row that is gone is said by its label."""
    for cell in sheet.cells:
        where = followed.cell(sheet.name, address(cell.row, cell.column))
        if not where:
            continue
        stored = view.cells[here].get(where)
        if cell.is_formula:
            yield from _formula(here, where, stored, followed.formula(str(cell.content), sheet.name))
        if cell.role in STYLED and not (cell.role in CALCULATED and cell.content is None):
            yield from _look(view, here, where, cell, stored)


def _formula(sheet: str, where: str, stored: StoredCell | None, expected: str) -> Iterator[Finding]:
    if stored and stored.formula == expected:
        return
    now = _typed(stored.formula) if stored else ""
    if _unquoted(now) == _unquoted(_typed(expected)):
        return
    if now:
        yield Finding(rules.FORMULA, sheet, where, f"The formula is {now}, where the model has {expected}.")
    else:
        found = "nothing" if stored is None or stored.value is None else repr(stored.value)
        yield Finding(rules.FORMULA, sheet, where, f"The cell holds {found}, where the model has {expected}.")


def _typed(formula: str) -> str:
    try:
        return typed(formula)
    except ValueError:  # no formula that can be read, so none of the model's
        return formula


def _unquoted(formula: str) -> str:
    """Programs differ in which sheet names they put in quotes, and whether TRUE has brackets."""
    return BRACKETED.sub(r"\1", QUOTED.sub(r"\1!", formula))


def _look(view: View, sheet: str, where: str, cell: Cell, stored: StoredCell | None) -> Iterator[Finding]:
    look = view.formats[stored.style] if stored and stored.style < len(view.formats) else None
    style = style_name(cell.role)
    if look is None or look.style != style:
        yield Finding(rules.STYLE, sheet, where, f"The style is {look.style if look else 'none'!r}, not {style!r}.")
    elif _escaped(look.number_format) != _escaped(cell.number_format):
        found = f"The number format is {look.number_format}, not {cell.number_format}."
        yield Finding(rules.FORMAT, sheet, where, found)


def _escaped(number_format: str) -> str:
    """One letter in quotes is the same as one behind a backslash, as LibreOffice writes it."""
    return LETTER.sub(r"\\\1", number_format)


def _inputs(view: View, layout: Layout, followed: Followed) -> Iterator[Finding]:
    for item in layout.inputs:
        sheet = followed.sheet(item.sheet)
        if sheet not in view.cells:
            continue
        choices = _choices(view, item, followed)
        for placed in item.scenarios.values() or [item.address]:
            where = followed.cell(item.sheet, placed)
            if not where:
                continue
            stored = view.cells[sheet].get(where)
            value = stored.value if stored else None
            if stored and stored.formula:
                yield Finding(rules.INPUT, sheet, where, f"{item.label} is the formula {stored.formula}.")
            elif problem := _out_of_range(item, value, choices):
                shown = "empty" if value is None else value
                yield Finding(rules.RANGE, sheet, where, f"{item.label} is {shown}, but {problem}.")


def _choices(view: View, item: InputCell, followed: Followed) -> list[object]:
    """The texts that an input may be: a list of its own, or cells that follow the data."""
    if not item.options:
        return list(item.choices)
    sheet, _, cells = followed.reference(item.options).replace("$", "").rpartition("!")
    stored = view.cells.get(sheet.strip("'").replace("''", "'"), {})
    texts = [stored[cell].value for cell in members(cells) if cell in stored]
    return [text for text in texts if text is not None and text != "" and not isinstance(text, CellError)]


def _out_of_range(item: InputCell, value: object, choices: Iterable[object]) -> str:
    if item.text:
        allowed = list(choices)
        return f"may only be {', '.join(map(str, allowed))}" if allowed and value not in allowed else ""
    if not isinstance(value, float):
        return "" if isinstance(value, str) and is_number(value) else "must be a number"  # F206 says that of the text
    if item.low is not None and value < item.low:
        return f"must be at least {item.low:g}"
    if item.high is not None and value > item.high:
        return f"must be at most {item.high:g}"
    return ""


def _names(view: View, layout: Layout, followed: Followed) -> Iterator[Finding]:
    for name, reference in layout.names.items():
        old_sheet, _, old_cell = reference.replace("$", "").rpartition("!")
        old_sheet = old_sheet.strip("'").replace("''", "'")
        sheet, cell = followed.sheet(old_sheet), followed.cell(old_sheet, old_cell)
        if sheet not in view.cells or not cell:
            continue
        expected = followed.reference(reference)
        found = view.meaning(name)
        if not found:
            yield Finding(rules.NAME, sheet, cell, f"The name {name} is gone.")
        elif plain_reference(found) != plain_reference(expected):
            yield Finding(rules.NAME, sheet, cell, f"The name {name} refers to {found}, not to {expected}.")
