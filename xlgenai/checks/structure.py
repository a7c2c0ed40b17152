"""What a sheet is beside its cells: tables, charts, validation, frozen panes and print set-up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import range_boundaries

from xlgenai.cells.formula import address
from xlgenai.checks import rules
from xlgenai.checks.report import Finding
from xlgenai.checks.view import plain_reference
from xlgenai.model.anchors import HEADING_ROW
from xlgenai.workbook.sheet import NS, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.checks.view import View
    from xlgenai.model.placed import PlacedSheet, PlacedTable


def check_structure(view: View, sheet: PlacedSheet, here: str, renamed: dict[str, str]) -> Iterator[Finding]:
    """Compare one sheet's structure with the layout.

    Parameters
    ----------
    view : View
        The file.
    sheet : PlacedSheet
        What the sheet should be.
    here : str
        The name that it has now.
    renamed : dict of str to str
        Sheets under another name.

    Yields
    ------
    Finding
        Each difference.
    """
    for table in sheet.tables:
        yield from _table(view, here, table)
    yield from _charts(view, sheet, here, renamed)
    yield from _validations(view, sheet, here)
    yield from _panes(view, sheet, here)
    yield from _print(view, sheet, here)


def _table(view: View, here: str, table: PlacedTable) -> Iterator[Finding]:
    where = address(table.row, table.column)
    found = view.tables.get(table.name.casefold())
    if found is None or found.sheet != here:
        yield Finding(rules.TABLE, here, where, f"The table {table.name} is gone.")
        return
    left, top, _, _ = range_boundaries(found.ref)
    missing = [column for column in table.columns if column not in found.columns]
    if missing:
        yield Finding(rules.TABLE, here, where, f"The table {table.name} has no column {', '.join(missing)}.")
    elif (top, left) != (table.row, table.column):
        yield Finding(rules.TABLE, here, where, f"The table {table.name} has moved to {found.ref}.")


def _charts(view: View, sheet: PlacedSheet, here: str, renamed: dict[str, str]) -> Iterator[Finding]:
    drawn = view.chart_references(here) if sheet.charts else []
    for chart in sheet.charts:
        shown = set()
        for series in (*chart.series, *chart.overlay):
            name, _, cells = plain_reference(series.values).rpartition("!")
            shown.add(f"{renamed.get(name, name)}!{cells}")
        if not any(shown <= references for references in drawn):
            where = address(chart.row, 1)
            yield Finding(rules.CHART, here, where, f"The chart {chart.title!r} is gone or shows other cells.")


def _validations(view: View, sheet: PlacedSheet, here: str) -> Iterator[Finding]:
    guarded: set[str] = set()
    for rule in view.root(here).iter(f"{NS}dataValidation"):
        for cells in (rule.get("sqref") or "").split():
            guarded.update(members(cells))
    for validation in sheet.validations:
        for cell in members(validation.cells):
            if cell not in guarded:
                yield Finding(rules.VALIDATION, here, cell, f"{validation.prompt} takes any value now.")
                break


def _panes(view: View, sheet: PlacedSheet, here: str) -> Iterator[Finding]:
    pane = next(view.root(here).iter(f"{NS}pane"), None)
    if pane is None or pane.get("topLeftCell") is None or "frozen" not in (pane.get("state") or ""):
        yield Finding(rules.FREEZE, here, sheet.freeze, f"The panes are not frozen at {sheet.freeze}.")
        return
    columns, rows = int(float(pane.get("xSplit", 0))), int(float(pane.get("ySplit", 0)))
    if address(rows + 1, columns + 1) != sheet.freeze:
        found = f"The panes are frozen at {address(rows + 1, columns + 1)}, not at {sheet.freeze}."
        yield Finding(rules.FREEZE, here, sheet.freeze, found)


def _print(view: View, sheet: PlacedSheet, here: str) -> Iterator[Finding]:
    root = view.root(here)
    setup = next(root.iter(f"{NS}pageSetup"), None)
    fit = next(root.iter(f"{NS}pageSetUpPr"), None)
    wrong = []
    orientation = "landscape" if sheet.landscape else "portrait"
    if setup is None or setup.get("orientation") != orientation:
        wrong.append(orientation)
    if (
        fit is None
        or fit.get("fitToPage") not in {"1", "true"}
        or (setup is not None and setup.get("fitToWidth", "1") != "1")
    ):
        wrong.append("one page wide")
    titles = view.sheet_names.get((list(view.package.sheets).index(here), "_xlnm.Print_Titles"), "")
    if not plain_reference(titles).endswith(f"1:{HEADING_ROW}"):
        wrong.append(f"rows 1 to {HEADING_ROW} on every page")
    if wrong:
        yield Finding(rules.PRINT, here, "", f"The print set-up no longer says {', '.join(wrong)}.")
