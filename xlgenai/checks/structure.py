"""What a sheet is beside its cells, held against the layout: tables, charts, validation, panes, print set-up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from openpyxl.utils import range_boundaries

from xlgenai.cells.formula import address
from xlgenai.checks import rules
from xlgenai.checks.report import Finding
from xlgenai.checks.view import plain_reference
from xlgenai.model.anchors import HEADING_ROW
from xlgenai.workbook.sheet import members
from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element

    from xlgenai.checks.followed import Followed
    from xlgenai.checks.view import View
    from xlgenai.model.placed import PlacedSheet, PlacedTable, Validation

X14: Final = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
XM: Final = "{http://schemas.microsoft.com/office/excel/2006/main}"


def check_structure(view: View, sheet: PlacedSheet, here: str, followed: Followed) -> Iterator[Finding]:
    """Compare one sheet's structure with the layout.

    Parameters
    ----------
    view : View
        The file.
    sheet : PlacedSheet
        What the sheet should be.
    here : str
        The name that it has now.
    followed : Followed
        Where the model's sheets and rows are now.

    Yields
    ------
    Finding
        Each difference.
    """
    yield from _charts(view, sheet, here, followed)
    yield from _validations(view, sheet, here, followed)
    yield from _panes(view, sheet, here)
    yield from _print(view, sheet, here)


def check_table(view: View, sheet: PlacedSheet, table: PlacedTable, followed: Followed) -> Finding | None:
    """Return what is wrong with a table of the layout.

    Parameters
    ----------
    view : View
        The file.
    sheet : PlacedSheet
        The sheet that the table is on.
    table : PlacedTable
        What it should be.
    followed : Followed
        Where the model's sheets and rows are now.

    Returns
    -------
    Finding or None
        None when it is as it should be.
    """
    here = followed.sheet(sheet.name)
    where = followed.cell(sheet.name, address(table.row, table.column))
    found = followed.table(sheet.name, table)
    if found is None:
        elsewhere = view.tables.get(table.name.casefold())
        now = f"has moved to the sheet {elsewhere.sheet}" if elsewhere else "is gone"
        return Finding(rules.TABLE, here, where, f"The table {table.name} {now}.")
    if found.name != table.name:
        return Finding(rules.TABLE, here, where, f"The table {table.name} is now called {found.name}.")
    missing = [column for column in table.columns if column not in found.columns]
    if missing:
        header = table.column + table.columns.index(missing[0])
        where = followed.cell(sheet.name, address(table.row, header))
        return Finding(rules.TABLE, here, where, f"The table {table.name} has no column {', '.join(missing)}.")
    left, top, _, _ = range_boundaries(found.ref)
    if address(int(top or 0), int(left or 0)) != where:
        return Finding(rules.TABLE, here, where, f"The table {table.name} has moved to {found.ref}.")
    return None


def _charts(view: View, sheet: PlacedSheet, here: str, followed: Followed) -> Iterator[Finding]:
    drawn = view.chart_references(here) if sheet.charts else []
    for chart in sheet.charts:
        series = (*chart.series, *chart.overlay)
        shown = {plain_reference(followed.reference(one.values)) for one in series}
        if not any(shown <= references for references in drawn):
            where = followed.cell(sheet.name, address(chart.row, 1))
            yield Finding(rules.CHART, here, where, f"The chart {chart.title!r} is gone or shows other cells.")


def _validations(view: View, sheet: PlacedSheet, here: str, followed: Followed) -> Iterator[Finding]:
    if not sheet.validations:
        return
    rules_of: dict[str, list[_Element]] = {}
    for cells, rule in (*_plain_rules(view.root(here)), *_extended_rules(view.root(here))):
        for cell in cells:
            rules_of.setdefault(cell, []).append(rule)
    for validation in sheet.validations:
        for placed in members(validation.cells):
            cell = followed.cell(sheet.name, placed)
            if cell and not any(_guards(rule, validation) for rule in rules_of.get(cell, ())):
                yield Finding(rules.VALIDATION, here, cell, f"{validation.prompt} takes any value now.")
                break


def _plain_rules(root: _Element) -> Iterator[tuple[list[str], _Element]]:
    for rule in root.iter(f"{NS}dataValidation"):
        yield _cells(rule.get("sqref")), rule


def _extended_rules(root: _Element) -> Iterator[tuple[list[str], _Element]]:
    """Excel keeps a list that stands on another sheet apart from the other rules."""
    for rule in root.iter(f"{X14}dataValidation"):
        yield _cells(rule.findtext(f"{XM}sqref")), rule


def _cells(sqref: str | None) -> list[str]:
    return [cell for cells in (sqref or "").split() for cell in members(cells)]


def _guards(rule: _Element, validation: Validation) -> bool:
    """Whether a rule refuses what the layout's rule refuses; a stricter one is as good."""
    if rule.get("showErrorMessage") not in {"1", "true"} or rule.get("errorStyle", "stop") != "stop":
        return False
    kind = rule.get("type", "none")
    if validation.low is None and validation.high is None:
        return kind not in {"none", "decimal", "whole"}
    low, high = _bounds(rule) if kind in {"decimal", "whole"} else (None, None)
    return _as_tight(validation.low, low, 1) and _as_tight(validation.high, high, -1)


def _as_tight(wanted: float | None, bound: float | None, sign: int) -> bool:
    """Whether a bound refuses what the wanted one refuses; the writer rounds them to six digits."""
    if wanted is None or bound is None:
        return wanted is None
    return sign * bound >= sign * wanted or math.isclose(bound, wanted, rel_tol=1e-5)


def _bounds(rule: _Element) -> tuple[float | None, float | None]:
    first, second = _bound(rule, "formula1"), _bound(rule, "formula2")
    match rule.get("operator", "between"):
        case "between":
            return first, second
        case "greaterThanOrEqual":
            return first, None
        case "lessThanOrEqual":
            return None, first
    return None, None


def _bound(rule: _Element, name: str) -> float | None:
    text = rule.findtext(f"{NS}{name}") or rule.findtext(f"{X14}{name}/{XM}f") or ""
    try:
        return float(text)
    except ValueError:
        return None


def _panes(view: View, sheet: PlacedSheet, here: str) -> Iterator[Finding]:
    pane = next(view.root(here).iter(f"{NS}pane"), None)
    if pane is None or "frozen" not in (pane.get("state") or ""):
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
    found = "portrait" if setup is None else setup.get("orientation", "portrait").replace("default", "portrait")
    if found != orientation:
        wrong.append(orientation)
    if (
        fit is None
        or fit.get("fitToPage") not in {"1", "true"}
        or (setup is not None and setup.get("fitToWidth", "1") != "1")
    ):
        wrong.append("one page wide")
    titles = view.sheet_names.get((view.tabs.index(here), "_xlnm.Print_Titles"), "")
    if not plain_reference(titles).endswith(f"1:{HEADING_ROW}"):
        wrong.append(f"rows 1 to {HEADING_ROW} on every page")
    if wrong:
        yield Finding(rules.PRINT, here, "", f"The print set-up no longer says {', '.join(wrong)}.")
