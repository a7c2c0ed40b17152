"""The refresh of an open workbook through xlwings' own remote engine: the same cells as the refresh of its file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

import xlgenai
from tests.checks.editing import type_formula, type_value
from tests.support import remote
from tests.support.quarters import write_csv
from xlgenai.checks.view import View
from xlgenai.errors import AnchorError, InputError, WorkbookError, XlgenaiError
from xlgenai.operations.live import LiveView, help_clicked, refresh_book
from xlgenai.operations.refresh import own_layout
from xlgenai.workbook.calculator import calculate
from xlgenai.workbook.finishing import put_values
from xlgenai.workbook.package import Package
from xlgenai.workbook.tables import table_ranges

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlgenai.cells.function import Function
    from xlgenai.operations.results import LiveRefresh, RefreshResult
    from xlgenai.workbook.sheet import StoredCell

pytestmark = pytest.mark.skipif(
    not os.environ.get("XLWINGS_LICENSE_KEY"), reason="xlwings' remote engine needs a licence key"
)


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    """Another value chain: fewer rows, a blank amount, and texts that Excel would read as something else."""
    header = ["vintage", "as_of", "layer", "metric", "usd_b", "share", "basis", "source", "note"]
    rows = [
        ["Mu 2023", "2023-11", "infrastructure", "funding", "", "0.2", "stated", "=post", "-"],
        ["Mu 2023", "2023-11", "applications", "funding", "", "0.8", "stated", "+post", "1/2"],
        ["Mu 2023", "2023-11", "infrastructure", "revenue", "", "0.7", "stated", "@post", "'quoted'"],
        ["Mu 2023", "2023-11", "applications", "revenue", "", "0.3", "stated", "TRUE", "12:30"],
    ]
    return write_csv(tmp_path / "facts.csv", [header, *rows])


def cells(package: Package) -> dict[tuple[str, str], StoredCell]:
    return {(name, cell.address): cell for name in package.sheets for cell in package.sheet(name).cells()}


def with_files(changes: dict[str, Any], request: pytest.FixtureRequest) -> dict[str, Any]:
    """Put the file in the place of its fixture's name."""
    names = {"longer", "shorter", "facts"}
    return {
        key: request.getfixturevalue(value) if isinstance(value, str) and value in names else value
        for key, value in changes.items()
    }


def in_the_file(package: Package, path: Path, **changes: Any) -> RefreshResult:
    path.write_bytes(package.to_bytes())
    return xlgenai.refresh(path, **changes)


def live(package: Package, functions: dict[str, Function], **changes: Any) -> tuple[LiveRefresh, list[remote.Action]]:
    """Refresh a package as if it were open in Excel, which calculates it."""
    with remote.opened(package) as book:
        result = refresh_book(book, own_layout(package), **changes)
        actions: list[remote.Action] = book.json()["actions"]
    remote.apply(package, actions)
    put_values(package, calculate(package, functions))
    return result, actions


def test_an_open_workbook_is_read_as_its_file_is(built: Package) -> None:
    view = View(built)
    with remote.opened(built) as book:
        read = LiveView(book, own_layout(built))
    for sheet, held in view.cells.items():
        values = {where: cell.value for where, cell in held.items() if cell.value not in {None, ""}}
        assert {where: cell.value for where, cell in read.cells[sheet].items()} == values
    assert read.cells.keys() == view.cells.keys()
    assert read.tables == view.tables


CASES: dict[str, dict[str, Any]] = {
    "inputs": {"inputs": {"serving_share": 0.5, "application_growth[Bear]": 0.7, "revenue_vintage": "Agrawal 2026"}},
    "scenario": {"scenario": "Bull", "inputs": {"company_growth": 2}},
    "one more quarter": {"nvidia": "longer"},
    "a shorter table": {"nvidia": "shorter", "scenario": "Bear"},
    "other facts": {"value_chain": "facts", "nvidia": "longer", "inputs": {"serving_share": "40%"}},
}


@pytest.mark.parametrize("case", CASES)
def test_the_same_cells_as_in_the_file(
    case: str, built: Package, functions: dict[str, Function], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    changes = with_files(CASES[case], request)
    expected = in_the_file(built, tmp_path / "model.xlsx", **changes)
    refreshed = built.copy()
    result, _ = live(refreshed, functions, **changes)
    file = Package.open(expected.path)
    assert cells(refreshed) == cells(file)
    assert table_ranges(refreshed) == table_ranges(file)
    assert (result.writes, result.headlines) == (expected.writes, expected.headlines)
    assert cells(refreshed) != cells(built)


def test_what_the_user_typed_before_counts(
    built: Package, functions: dict[str, Function], longer: Path, tmp_path: Path
) -> None:
    typed = built.copy()
    type_value(typed, "Inputs", "C6", "Bear")
    type_value(typed, "Inputs", "C27", 0.3)
    type_value(typed, "Data_Nvidia", "D8", 7000.0)
    expected = in_the_file(typed, tmp_path / "model.xlsx", inputs={"company_growth": 2}, nvidia=longer)
    result, _ = live(typed, functions, inputs={"company_growth": 2}, nvidia=longer)
    assert cells(typed) == cells(Package.open(expected.path))
    assert (result.writes, result.headlines) == (expected.writes, expected.headlines)
    margin = next(change for change in result.headlines if change.key == "headline_margin_mid")
    assert margin.before == "90.0%"


def test_one_write_for_each_block_while_the_screen_stands_still(
    built: Package, functions: dict[str, Function], longer: Path, facts: Path
) -> None:
    changes: dict[str, Any] = {"inputs": {"serving_share": 0.5}, "nvidia": longer, "value_chain": facts}
    _, actions = live(built.copy(), functions, **changes)
    assert [(action["func"], action["args"]) for action in actions] == [
        ("setScreenUpdating", [False]),
        ("setValues", [None]),
        ("resizeTable", [0, "$A$6:$I$24"]),
        ("copyRange", [5, "$A$24:$I$24"]),
        ("setValues", [None]),
        ("resizeTable", [0, "$A$6:$J$10"]),
        ("setValues", [None]),
        ("rangeClearContents", [None]),
        ("setScreenUpdating", [True]),
    ]
    blocks = [len(action["values"]) for action in actions if action["func"] == "setValues"]
    assert blocks == [1, 18, 4]


def label_overwritten(package: Package) -> None:
    type_value(package, "Inputs", "A10", "a row of mine")


def header_renamed(package: Package) -> None:
    type_value(package, "Data_Nvidia", "C6", "end")


def own_note_below(package: Package) -> None:
    type_value(package, "Data_Nvidia", "B24", "my note")


def own_formula_below(package: Package) -> None:
    type_formula(package, "Data_Nvidia", "D24", "=SUM(D7:D23)", 1.0)


def total_row(package: Package) -> None:
    part = package.related(package.sheets["Data_Nvidia"], "table")[0]
    root = package.xml(part)
    root.set("totalsRowCount", "1")
    package.write_xml(part, root)


def unchanged(package: Package) -> None:
    """Leave the workbook as it was built."""


REFUSALS: dict[str, tuple[Callable[[Package], None], type[XlgenaiError], dict[str, Any]]] = {
    "a label moved": (label_overwritten, AnchorError, {"inputs": {"serving_share": 0.5}}),
    "a header renamed": (header_renamed, AnchorError, {"nvidia": "longer"}),
    "a note in the way": (own_note_below, WorkbookError, {"nvidia": "longer", "inputs": {"serving_share": 0.5}}),
    "a formula in the way": (own_formula_below, WorkbookError, {"nvidia": "longer"}),
    "a total row": (total_row, WorkbookError, {"nvidia": "longer"}),
    "no such input": (unchanged, InputError, {"inputs": {"serving_share": 0.5, "servingshare": 1}}),
    "out of range": (unchanged, InputError, {"inputs": {"serving_share": 7}}),
    "not a scenario": (unchanged, InputError, {"scenario": "Bullish"}),
    "not in the data": (unchanged, InputError, {"inputs": {"revenue_vintage": "Nobody 2020"}}),
    "no longer in the data": (
        unchanged,
        InputError,
        {"value_chain": "facts", "inputs": {"revenue_vintage": "Agrawal 2026"}},
    ),
    "no data": (unchanged, XlgenaiError, {"nvidia": "nowhere.csv"}),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_the_same_refusals_as_of_the_file(
    case: str, built: Package, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    edit, kind, changes = REFUSALS[case]
    changes = with_files(changes, request)
    package = built.copy()
    edit(package)
    with pytest.raises(kind) as expected:
        in_the_file(package, tmp_path / "model.xlsx", **changes)
    with remote.opened(package) as book:
        with pytest.raises(kind) as refusal:
            refresh_book(book, own_layout(package), **changes)
        assert book.json()["actions"] == []
    assert str(refusal.value) == str(expected.value)


def test_the_help_is_an_alert(built: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    with remote.opened(built) as book:
        monkeypatch.setattr("xlwings.Book.caller", lambda: book)
        help_clicked()
        (action,) = book.json()["actions"]
    assert action["func"] == "alert"
    assert "IMPLIED_GROSS_MARGIN" in action["args"][0]
