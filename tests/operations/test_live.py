"""The refresh of an open workbook, told by a stand-in for Excel that notes every call."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.fake_book import FakeBook, FakeTable
from xlgenai.cells.structured import TableRange
from xlgenai.cells.values import CellError
from xlgenai.checks.view import View
from xlgenai.errors import InputError, WorkbookError
from xlgenai.model.placed import Layout, PlacedSheet
from xlgenai.operations.live import LiveView, refresh_book
from xlgenai.workbook.sheet import StoredCell

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.workbook.package import Package

ON, OFF = ("screen_updating", True), ("screen_updating", False)
BLANK: Any = Layout("", "", (PlacedSheet("Sheet1", "", 1, False, "A1", ()),), {}, (), ())
"""A layout of one sheet with nothing on it."""


def one_sheet(**values: Any) -> Any:
    book = FakeBook("Book1.xlsx", ["Sheet1", "Another"])
    book.sheets["Sheet1"].values.update(values)
    return book


def test_values_are_read_as_a_file_holds_them() -> None:
    day = dt.datetime(2023, 10, 29, 12)
    book = one_sheet(B2=1, C2=decimal.Decimal("2.5"), D2=True, B3="text", C3="#N/A", D3=day, E3=0.5)
    book.sheets["Another"].values["A1"] = "not of the model"
    values: dict[str, Any] = {
        "B2": 1.0,
        "C2": 2.5,
        "D2": True,
        "B3": "text",
        "C3": CellError.NA,
        "D3": 45228.5,
        "E3": 0.5,
    }
    read = LiveView(book, BLANK)
    assert read.cells == {"Sheet1": {where: StoredCell(where, "", value, 0) for where, value in values.items()}}
    assert {where: type(cell.value) for where, cell in read.cells["Sheet1"].items()} == {
        where: type(value) for where, value in values.items()
    }
    assert read.name == "Book1.xlsx"


def test_a_formula_that_shows_nothing_is_read() -> None:
    book = one_sheet()
    book.sheets["Sheet1"].formulas["C4"] = '=""'
    assert LiveView(book, BLANK).cells == {"Sheet1": {"C4": StoredCell("C4", '=""', None, 0)}}


def test_an_empty_sheet_and_a_table() -> None:
    assert LiveView(one_sheet(), BLANK).cells == {"Sheet1": {}}
    book = one_sheet(B2="year", C2="revenue")
    book.sheets["Sheet1"].tables.append(FakeTable(book.sheets["Sheet1"], "Sales", "$B$2:$C$4"))
    assert LiveView(book, BLANK).tables == {"sales": TableRange("Sales", "Sheet1", "B2:C4", ("year", "revenue"))}


def test_the_model_is_read_as_its_file_is(book: Any, package: Package, layout: Layout) -> None:
    view, read = View(package), LiveView(book, layout)
    for sheet, held in view.cells.items():
        full = {where: cell for where, cell in held.items() if cell.value is not None or cell.formula}
        assert {w: (c.formula, c.value) for w, c in read.cells[sheet].items()} == {
            w: (c.formula, c.value) for w, c in full.items()
        }
    assert read.tables == view.tables


def test_one_write_for_each_block(book: Any, layout: Layout, longer: Path) -> None:
    refresh_book(book, layout, inputs={"serving_share": 0.5}, scenario="Bull", nvidia=longer)
    assert book.calls == [
        OFF,
        ("value", "Inputs", "C6"),
        ("value", "Inputs", "C27"),
        ("resize", "Data_Nvidia", "A6:I24"),
        ("copy", "Data_Nvidia", "A7:I7", "A24:I24"),
        ("value", "Data_Nvidia", "A7:I24"),
        ON,
    ]
    inputs, data = book.sheets["Inputs"].values, book.sheets["Data_Nvidia"].values
    assert (inputs["C6"], inputs["C27"]) == ("Bull", 0.5)
    assert [data[f"{column}24"] for column in "ABCD"] == [2027.0, "Q2", 46229.0, 90000.0]


def test_rows_too_many_are_emptied_at_once(book: Any, layout: Layout, shorter: Path) -> None:
    refresh_book(book, layout, nvidia=shorter)
    assert book.calls == [
        OFF,
        ("resize", "Data_Nvidia", "A6:I21"),
        ("value", "Data_Nvidia", "A7:I21"),
        ("clear", "Data_Nvidia", "A22:I23"),
        ON,
    ]
    assert "A22" not in book.sheets["Data_Nvidia"].values


def test_a_formula_of_the_users_own_is_in_the_way(book: Any, layout: Layout, longer: Path) -> None:
    book.sheets["Data_Nvidia"].formulas["D24"] = '=IF(FALSE,1,"")'
    with pytest.raises(WorkbookError, match="Data_Nvidia!D24"):
        refresh_book(book, layout, inputs={"serving_share": 0.5}, nvidia=longer)
    assert book.calls == []


def test_what_follows_is_known_before_anything_is_written(book: Any, layout: Layout) -> None:
    with pytest.raises(InputError, match="revenue_vintage takes one of Mu 2023"):
        refresh_book(book, layout, inputs={"serving_share": 0.5, "revenue_vintage": "Nobody"})
    assert book.calls == []
    result = refresh_book(book, layout, inputs={"serving_share": 0.5})
    moved = {change.key: (change.before, change.after) for change in result.headlines}
    assert moved["headline_margin_mid"] == ("66.7%", "83.3%")


def test_a_block_that_excel_refuses_undoes_the_others(book: Any, layout: Layout, longer: Path) -> None:
    inputs, data = book.sheets["Inputs"], book.sheets["Data_Nvidia"]
    inputs.formulas["C27"] = "=1/2"
    before = dict(inputs.values)
    del before["C27"]  # what a formula gives is Excel's to calculate
    data.protected = True
    with pytest.raises(WorkbookError, match="Data_Nvidia, so it is as it was: unprotect the sheet"):
        refresh_book(book, layout, inputs={"serving_share": 0.5, "scenario": "Bull"}, nvidia=longer)
    assert (inputs.values, inputs.formulas["C27"]) == (before, "=1/2")
    assert [call[2] for call in book.writes] == ["C27", "C6", "C6", "C27"]
    assert (book.calls[0], book.calls[-1]) == (OFF, ON)
    assert data.tables[0].range.ref == "A6:I23"


def test_a_table_that_was_written_is_put_back(book: Any, layout: Layout, shorter: Path, tmp_path: Path) -> None:
    data = book.sheets["Data_Nvidia"]
    before = dict(data.values)
    header = "vintage,as_of,layer,metric,usd_b,share"
    facts = tmp_path / "facts.csv"
    rows = ["Mu 2023,2023-11,infrastructure,revenue,,0.7", "Mu 2023,2023-11,applications,revenue,,0.3"]
    facts.write_text("\n".join([header, *rows]), encoding="utf-8")
    book.sheets["Data_ValueChain"].protected = True
    with pytest.raises(WorkbookError, match="Data_ValueChain"):
        refresh_book(book, layout, nvidia=shorter, value_chain=facts)
    dates = {
        where: (value - dt.datetime(1899, 12, 30)).days for where, value in before.items() if hasattr(value, "year")
    }
    assert data.values == before | dates
    assert data.tables[0].range.ref == "A6:I23"


def test_what_cannot_be_put_back_is_said(
    book: Any, layout: Layout, longer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.sheets["Data_Nvidia"].protected = True
    original = type(book.sheets["Inputs"]).did

    def once(sheet: Any, *call: Any) -> None:
        original(sheet, *call)
        sheet.protected = True

    monkeypatch.setattr("tests.support.fake_book.FakeSheet.did", once)
    with pytest.raises(WorkbookError, match="close the workbook without saving it"):
        refresh_book(book, layout, inputs={"serving_share": 0.5}, nvidia=longer)
    assert book.calls[-1] == ON
