"""Hold a workbook against the layout that it carries: what is gone, moved or overwritten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xlgenai.cells.formula import address, sheet_prefix
from xlgenai.checks import rules
from xlgenai.checks.report import Finding
from xlgenai.checks.structure import check_structure
from xlgenai.model.placed import CALCULATED, Role
from xlgenai.workbook.styles import style_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.checks.view import View
    from xlgenai.model.placed import Cell, InputCell, Layout, PlacedSheet
    from xlgenai.workbook.sheet import StoredCell

ANCHORS: Final = frozenset({Role.LABEL, Role.SECTION, Role.HEADING, Role.JUMP})
STYLED: Final = frozenset({Role.INPUT, Role.FORMULA, Role.LINK, Role.STATED, Role.CHECK})
STORED: Final = re.compile(r"_xl(?:fn|ws|pm|udf)\.", re.IGNORECASE)
ALIKE: Final = 0.8
"""Share of labels that must agree for a sheet to count as the missing one under another name."""


def check_layout(view: View, layout: Layout) -> Iterator[Finding]:
    """Compare every sheet of the layout with the file.

    Parameters
    ----------
    view : View
        The file.
    layout : Layout
        What it should hold.

    Yields
    ------
    Finding
        Each difference.
    """
    renamed = dict(_renamed(view, layout))
    for sheet in layout.sheets:
        here = renamed.get(sheet.name, sheet.name)
        if here != sheet.name:
            yield Finding(rules.SHEET, sheet.name, "", f"The sheet {sheet.name} is now called {here}.")
        if here not in view.cells:
            yield Finding(rules.SHEET, sheet.name, "", f"The sheet {sheet.name} is gone.")
            continue
        moved = {finding.cell: finding for finding in _labels(view, sheet, here)}
        yield from moved.values()
        yield from _cells(
            view, sheet, here, {int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) for cell in moved}, renamed
        )
        yield from check_structure(view, sheet, here, renamed)
    yield from _inputs(view, layout, renamed)
    yield from _names(view, layout, renamed)


def moved_anchors(view: View, layout: Layout) -> list[str]:
    """Say for each sheet and label that a refresh relies on where it is not in its place."""
    anchored = {cell.sheet for cell in layout.inputs}
    found = []
    for sheet in layout.sheets:
        if sheet.name not in view.cells:
            found.append(f"the sheet {sheet.name} is gone or renamed")
        elif sheet.name in anchored or sheet.tables:
            found += [f"{finding.place}: {finding.message.rstrip('.')}" for finding in _labels(view, sheet, sheet.name)]
    return found


def _renamed(view: View, layout: Layout) -> Iterator[tuple[str, str]]:
    """Find each missing sheet under another name, by its labels."""
    known = {sheet.name for sheet in layout.sheets}
    strangers = [name for name in view.cells if name not in known]
    for sheet in layout.sheets:
        if sheet.name in view.cells:
            continue
        labels = [cell for cell in sheet.cells if cell.role in ANCHORS and not cell.is_formula and cell.content]
        for stranger in strangers:
            same = sum(_value(view, stranger, cell) == cell.content for cell in labels)
            if labels and same >= ALIKE * len(labels):
                yield sheet.name, stranger
                break


def _value(view: View, sheet: str, cell: Cell) -> object:
    stored = view.cells[sheet].get(address(cell.row, cell.column))
    return stored.value if stored else None


def _labels(view: View, sheet: PlacedSheet, here: str) -> Iterator[Finding]:
    columns: dict[int, dict[object, list[int]]] = {}
    for cell in sheet.cells:
        if cell.role not in ANCHORS or cell.is_formula or cell.content in {None, ""}:
            continue
        if _value(view, here, cell) == cell.content:
            continue
        if cell.column not in columns:
            columns[cell.column] = _column(view, here, cell.column)
        where = address(cell.row, cell.column)
        rows = columns[cell.column].get(cell.content, [])
        found = _value(view, here, cell)
        now = f"is now at {address(rows[0], cell.column)}" if rows else f"was replaced by {found!r}"
        yield Finding(rules.LABEL, here, where, f"The label {cell.content!r} {now}.")


def _column(view: View, sheet: str, column: int) -> dict[object, list[int]]:
    letters = address(1, column)[:-1]
    rows: dict[object, list[int]] = {}
    for where, stored in view.cells[sheet].items():
        if where.rstrip("0123456789") == letters:
            rows.setdefault(stored.value, []).append(int(where[len(letters) :]))
    return rows


def _cells(view: View, sheet: PlacedSheet, here: str, moved: set[int], renamed: dict[str, str]) -> Iterator[Finding]:
    """Compare formulas and looks, but for rows whose label moved: what stands there belongs to another line."""
    for cell in sheet.cells:
        if cell.row in moved:
            continue
        where = address(cell.row, cell.column)
        stored = view.cells[here].get(where)
        if cell.is_formula:
            yield from _formula(here, where, cell, stored, renamed)
        if cell.role in STYLED and not (cell.role in CALCULATED and cell.content is None):
            yield from _look(view, here, where, cell, stored)


def _formula(
    sheet: str, where: str, cell: Cell, stored: StoredCell | None, renamed: dict[str, str]
) -> Iterator[Finding]:
    now = STORED.sub("", stored.formula) if stored else ""
    expected = rename_sheets(str(cell.content), renamed)
    if now == expected:
        return
    if now:
        yield Finding(rules.FORMULA, sheet, where, f"The formula is {now}, where the model has {expected}.")
    else:
        found = "nothing" if stored is None or stored.value is None else repr(stored.value)
        yield Finding(rules.FORMULA, sheet, where, f"The cell holds {found}, where the model has {expected}.")


def rename_sheets(text: str, renamed: dict[str, str]) -> str:
    """Write the references of a formula with the names that sheets have now."""
    for old, new in renamed.items():
        text = text.replace(sheet_prefix(old), sheet_prefix(new))
    return text


def _look(view: View, sheet: str, where: str, cell: Cell, stored: StoredCell | None) -> Iterator[Finding]:
    look = view.formats[stored.style] if stored and stored.style < len(view.formats) else None
    style = style_name(cell.role)
    if look is None or look.style != style:
        yield Finding(rules.STYLE, sheet, where, f"The style is {look.style if look else 'none'!r}, not {style!r}.")
    elif look.number_format != cell.number_format:
        found = f"The number format is {look.number_format}, not {cell.number_format}."
        yield Finding(rules.FORMAT, sheet, where, found)


def _inputs(view: View, layout: Layout, renamed: dict[str, str]) -> Iterator[Finding]:
    for item in layout.inputs:
        sheet = renamed.get(item.sheet, item.sheet)
        for where in item.scenarios.values() or [item.address]:
            stored = view.cells.get(sheet, {}).get(where)
            if stored is None:
                continue
            if stored.formula:
                yield Finding(rules.INPUT, sheet, where, f"{item.label} is the formula {stored.formula}.")
            elif problem := _out_of_range(item, stored):
                yield Finding(rules.RANGE, sheet, where, f"{item.label} is {stored.value}, but {problem}.")


def _out_of_range(item: InputCell, stored: StoredCell) -> str:
    if item.text:
        allowed = ", ".join(item.choices)
        return f"may only be {allowed}" if item.choices and stored.value not in item.choices else ""
    if not isinstance(stored.value, float):
        return ""
    if item.low is not None and stored.value < item.low:
        return f"must be at least {item.low:g}"
    if item.high is not None and stored.value > item.high:
        return f"must be at most {item.high:g}"
    return ""


def _names(view: View, layout: Layout, renamed: dict[str, str]) -> Iterator[Finding]:
    for name, reference in layout.names.items():
        expected = rename_sheets(reference, renamed)
        sheet, _, cell = expected.replace("$", "").replace("'", "").rpartition("!")
        if sheet not in view.cells:
            continue
        found = view.names.get(name)
        if found is None:
            yield Finding(rules.NAME, sheet, cell, f"The name {name} is gone.")
        elif found != expected:
            yield Finding(rules.NAME, sheet, cell, f"The name {name} refers to {found}, not to {expected}.")
