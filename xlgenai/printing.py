"""What the commands print: tables for people, JSON for programs."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from xlgenai.cells.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlgenai.cells.values import Scalar
    from xlgenai.checks.report import Report
    from xlgenai.operations.results import BuildResult, Change, PreviewResult, RefreshResult
    from xlgenai.workbook.calculator import Calculation

CONSOLE = Console(soft_wrap=True, highlight=False)


def built(result: BuildResult) -> None:
    """Print the headline numbers of a workbook and the result of its check."""
    table = _table("", "", "")
    for reading in result.headlines:
        _add(table, reading.label, reading.text, "" if reading.unit in {"%", "x", "OK?"} else reading.unit)
    CONSOLE.print(table)
    _findings(result.report)
    CONSOLE.print(f"Written to {result.path}", markup=False)
    for note in result.notes:
        CONSOLE.print(note, markup=False)


def refreshed(result: RefreshResult) -> None:
    """Print what a refresh changed, and the headline numbers that moved."""
    _changes("Changed", result.writes)
    moved = [change for change in result.headlines if change.before != change.after]
    _changes("Headline numbers", moved)
    if not moved:
        CONSOLE.print("No headline number moved.")
    _findings(result.report)
    CONSOLE.print(
        f"Written to {result.path}" if result.saved else f"Dry run: {result.path} was not changed", markup=False
    )


def previewed(result: PreviewResult) -> None:
    """Print what a preview wrote, and what it could not calculate."""
    for path in result.paths:
        CONSOLE.print(f"Written to {path}", markup=False)
    CONSOLE.print(f"Pages: {result.pages}")
    for note in result.notes:
        CONSOLE.print(f"  {note}", markup=False)


def calculated(calculation: Calculation, name: str, *, as_json: bool) -> None:
    """Print the values of a workbook; beside JSON, the notes go to the error output."""
    if as_json:
        for note in calculation.notes:
            print(f"{name}: {note}", file=sys.stderr)
        values = {sheet: {a: _json(v) for a, v in cells.items()} for sheet, cells in calculation.values.items()}
        print(json.dumps({sheet: cells for sheet, cells in values.items() if cells}, indent=1))
        return
    count = sum(len(cells) for cells in calculation.values.values())
    errors = [
        (f"{sheet}!{address}", value)
        for sheet, cells in calculation.values.items()
        for address, value in cells.items()
        if isinstance(value, CellError)
    ]
    CONSOLE.print(f"{name}: {count} values calculated, {len(errors)} of them errors", markup=False)
    for place, error in errors:
        CONSOLE.print(f"  {place}  {error.value}", markup=False)
    for note in calculation.notes:
        CONSOLE.print(f"  {note}", markup=False)


def checked(report: Report, *, as_json: bool) -> None:
    """Print a report."""
    if as_json:
        summary = {"workbook": report.name, "errors": report.errors, "warnings": report.warnings}
        findings = [finding.as_dict() for finding in report.findings]
        print(json.dumps({**summary, "layout_checked": report.layout_checked, "findings": findings}, indent=1))
        return
    _findings(report)


def _findings(report: Report) -> None:
    for finding in report.findings:
        colour = "red" if finding.rule.severity == "error" else "yellow"
        CONSOLE.print(f"[{colour}]{finding.rule.id}[/] {finding.rule.name}", end="  ")
        CONSOLE.print(f"{finding.place}: {finding.message} {finding.rule.mend}", markup=False)
    CONSOLE.print(f"Check: {report.summary}", markup=False)


def _changes(title: str, changes: Iterable[Change]) -> None:
    rows = list(changes)
    if not rows:
        return
    table = _table(title, "before", "after")
    for change in rows:
        _add(table, change.label, change.before, change.after)
    CONSOLE.print(table)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, show_header=any(headings))
    table.add_column(headings[0])
    for heading in headings[1:]:
        table.add_column(heading, justify="right")
    return table


def _add(table: Table, *texts: str) -> None:
    """Add a row; a label such as ``Price [x]`` is text, not markup."""
    table.add_row(*(Text(text) for text in texts))


def _json(value: Scalar) -> float | int | str | bool | None:
    if isinstance(value, CellError):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value
