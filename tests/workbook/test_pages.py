"""The sheets as pages: one page wide at a size that can be read, rows as high as their text, nothing parted or cut."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest

import xlgenai
from xlgenai.data import bundled
from xlgenai.model.layout import place
from xlgenai.model.parts import Model, Section, Sheet
from xlgenai.model.placed import Role
from xlgenai.model.value_chain import value_chain_model
from xlgenai.workbook.lettering import count_lines, measure
from xlgenai.workbook.pages import ROW_HEIGHT, column_widths, page_of, row_heights

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from xlgenai.model.placed import Layout

SMALLEST: Final = 0.7
"""Of the printed scale: letters of 10 points are then printed with 7."""
KINDS: Final = (
    {"Cover", "Dashboard", "Checks", "Sources"},
    {"Claims", "Inputs", "ValueChain", "Margins"},
    {"Projection", "Nvidia", "Capital"},
)


@pytest.fixture(scope="module")
def layout() -> Layout:
    return place(value_chain_model(bundled.nvidia_quarters(), bundled.value_chain(), bundled.benchmarks()))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> openpyxl.Workbook:
    return openpyxl.load_workbook(xlgenai.build(tmp_path_factory.mktemp("pages") / "model.xlsx").path)


def test_every_sheet_is_printed_at_a_size_that_can_be_read(layout: Layout) -> None:
    scales = {sheet.name: page_of(sheet, column_widths(sheet)).scale for sheet in layout.sheets}
    assert {name: scale for name, scale in scales.items() if not SMALLEST <= scale <= 1} == {}


def test_sheets_of_one_kind_have_the_same_first_columns(layout: Layout) -> None:
    widths = {sheet.name: tuple(column_widths(sheet)[:4]) for sheet in layout.sheets}
    assert [len({widths[name] for name in names}) for names in KINDS] == [1, 1, 1]
    assert len({widths[name] for names in KINDS for name in names}) == len(KINDS)


def test_a_sheet_is_one_page_wide_and_sections_stay_whole(book: openpyxl.Workbook) -> None:
    for sheet in book.worksheets:
        fit = sheet.sheet_properties.pageSetUpPr
        assert fit is not None
        assert (sheet.page_setup.fitToWidth, fit.fitToPage) == (1, True)
    breaks = {sheet.title: [at.id + 1 for at in sheet.row_breaks.brk] for sheet in book.worksheets}
    assert {title for title, rows in breaks.items() if rows} == {"Projection", "Nvidia"}
    starts = {title: [book[title].cell(row, 1).value for row in rows] for title, rows in breaks.items() if rows}
    assert starts == {"Projection": ["Scenarios side by side"], "Nvidia": ["By fiscal quarter"]}
    parted = {sheet.title for sheet in book.worksheets if sheet.page_setup.fitToHeight != 1}
    assert parted == {*starts, "Data_ValueChain", "Data_Nvidia"}


def height(sheet: Worksheet, row: int) -> float:
    return float(sheet.row_dimensions[row].height or ROW_HEIGHT)


def test_rows_are_as_high_as_their_text_and_no_higher(book: openpyxl.Workbook) -> None:
    inputs = book["Inputs"]
    rows = {inputs.cell(row, 1).value: row for row in range(5, inputs.max_row + 1)}
    one, two = rows["Base year"], rows["Share of infrastructure revenue that serves applications"]
    assert height(inputs, one) == ROW_HEIGHT
    assert ROW_HEIGHT + 10 < height(inputs, two) < 2 * ROW_HEIGHT
    for sheet in book.worksheets:
        widths = sheet.column_dimensions
        for row in range(5, sheet.max_row + 1):
            fullest = max(len(str(sheet[f"{at}{row}"].value or "")) / widths[at].width for at in "ABCD")
            assert (height(sheet, row) > ROW_HEIGHT) <= (fullest > 1.1), (sheet.title, row)


@pytest.mark.parametrize("sections", [(), (Section("Nothing yet", ()),)])
def test_a_sheet_that_is_empty_so_far_is_a_page(sections: tuple[Section, ...], tmp_path: Path) -> None:
    model = Model("Test", (Sheet("Draft", "Draft", "To be filled.", sections),))
    built = xlgenai.build(tmp_path / "draft.xlsx", model=model)
    assert built.report.findings == ()
    assert openpyxl.load_workbook(built.path)["Draft"].page_setup.fitToWidth == 1


def test_a_long_note_of_ones_own_gets_its_lines(layout: Layout) -> None:
    (sheet,) = (sheet for sheet in layout.sheets if sheet.name == "Checks")
    long = {(6, Role.NOTE): "words " * 60}
    cells = tuple(cell._replace(content=long.get((cell.row, cell.role), cell.content)) for cell in sheet.cells)
    assert row_heights(replace(sheet, cells=cells), column_widths(sheet))[6] > 4 * ROW_HEIGHT


def test_lines_are_counted_word_by_word() -> None:
    assert count_lines("one", 10, 20) == 1
    assert count_lines("one two three", 10, measure("one two", 10) + 1) == 2
    assert count_lines("one two three", 10, measure("one two", 10) - 1) == 3
    assert count_lines("", 10, 50) == 1


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("Infrastructure: share of revenue", 173.4),
        ("0 to 10,000; above 1,800 counts as highly concentrated", 299.5),
        ("Models and applications account for only 10% of revenue", 310.9),
        ("FY2024 Q1", 58.4),
    ],
)
def test_a_text_is_measured_as_the_font_draws_it(text: str, pixels: float) -> None:
    assert measure(text, 10) == pytest.approx(pixels, rel=0.02)
