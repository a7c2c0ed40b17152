"""Any workbook is calculated, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.table import Table

import xlgenai
from xlgenai.cells.values import CellError

if TYPE_CHECKING:
    from pathlib import Path

FORMULAS = {
    "D1": ("=LAYER_SHARE(A2,A2:A3)", 0.9),
    "D2": ("=IMPLIED_GROSS_MARGIN(3,,0.6)", 0.8),
    "D3": ("=IMPLIED_GROSS_MARGIN(0)", CellError.DIV0),
    "D4": ('=NET_MARGIN("x",1)', CellError.VALUE),
    "D5": ("=NET_MARGIN(1,-1)", CellError.NUM),
    "D6": ('=NVIDIA("net_margin","FY1999")', CellError.NA),
    "D7": ("=CAPTURE_INDEX(Shares[revenue],B9)", CellError.DIV0),
    "D8": ("=SUM(Shares[revenue])+COUNTBLANK(Shares[[#All],[funding]])", 101.0),
    "D9": ("=REQUIRED_GROWTH(1.6,26.2451,5)", pytest.approx(0.749789, abs=1e-6)),
    "D10": ('=IFERROR(NET_MARGIN(1,0),"none")', "none"),
    "D11": ("=NET_MARGIN(NA(),1)", CellError.NA),
    "D12": ("=CONCENTRATION(A2:A3,TRUE)", pytest.approx(0.64)),
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (["revenue", "funding"], [90, 13], [10, None]):
        sheet.append(row)
    sheet.add_table(Table(displayName="Shares", ref="A1:B3"))
    for cell, (formula, _) in FORMULAS.items():
        sheet[cell] = formula
    made.save(tmp_path / "any.xlsx")
    return tmp_path / "any.xlsx"


@pytest.mark.parametrize("cell", [cell for cell in FORMULAS if cell != "D7"])
def test_each_formula(cell: str, book: Path) -> None:
    assert xlgenai.calculate(book).values["Sheet"][cell] == FORMULAS[cell][1]


def test_the_file_stays_as_it_is(book: Path) -> None:
    before = book.read_bytes()
    xlgenai.calculate(book)
    assert book.read_bytes() == before


def test_spilled_cells_are_values_too(tmp_path: Path) -> None:
    path = tmp_path / "spill.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("S")
        sheet.write_column("A1", [90, 10, 0, "x"])
        sheet.write_dynamic_array_formula("C1:C3", "=LAYER_SHARE(A1:A3,A1:A2)")
        sheet.write_dynamic_array_formula("D1", "=_xlfn.SEQUENCE(2)")
    values = xlgenai.calculate(path).values["S"]
    assert values == {"C1": 0.9, "C2": 0.1, "C3": 0.0, "D1": 1.0, "D2": 2.0}


def test_what_cannot_be_calculated_is_said(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet["A1"], sheet["A2"], sheet["A3"] = "=A2+1", "=A1+1", "=NO_SUCH_FUNCTION(1)"
    made.save(tmp_path / "odd.xlsx")
    result = xlgenai.calculate(tmp_path / "odd.xlsx")
    assert result.values["Sheet"]["A3"] is CellError.NAME
    assert any("Sheet!A1" in note and "itself" in note for note in result.notes)


def test_the_workbooks_own_table_stands_for_a_table_left_out(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    header = ["fiscal_year", "fiscal_quarter", "period_end", "revenue_usd_m", "data_center_revenue_usd_m"]
    sheet.append([*header, "net_income_usd_m", "cost_of_revenue_usd_m"])
    sheet.append([2030, "Q1", 47600, 1000, 900, 250, 400])
    sheet["A5"], sheet["A6"] = '=NVIDIA("net_margin")', '=NVIDIA("net_margin","FY2030Q1",A1:G2)'
    made.save(tmp_path / "bundled.xlsx")
    assert xlgenai.calculate(tmp_path / "bundled.xlsx").values["Sheet"]["A5"] == pytest.approx(58321 / 81615)
    sheet.add_table(Table(displayName="NvidiaQuarters", ref="A1:G2"))
    made.save(tmp_path / "own.xlsx")
    assert xlgenai.calculate(tmp_path / "own.xlsx").values["Sheet"] == {"A5": 0.25, "A6": 0.25}


@pytest.mark.parametrize(
    ("revenue", "income", "margin"),
    [
        (1000, 250, 0.25),
        ("=2*H1", "=H1/2", 0.25),
        ("=2*H1", 250, 0.25),
        (1000, None, 0.0),
        ("n/a", 250, CellError.VALUE),
        ("=1/0", 250, CellError.DIV0),
        (1000, "#N/A", CellError.NA),
    ],
)
def test_a_table_is_read_as_it_is_whether_or_not_formulas_stand_in_it(
    revenue: object, income: object, margin: object, tmp_path: Path
) -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    header = ["fiscal_year", "fiscal_quarter", "period_end", "revenue_usd_m", "data_center_revenue_usd_m"]
    sheet.append([*header, "net_income_usd_m", "cost_of_revenue_usd_m", 500])
    sheet.append([2030, "Q1", 47600, revenue, 900, income, 400])
    sheet["A5"] = '=NVIDIA("net_margin")'
    sheet["A6"] = '=NVIDIA("net_margin",,NvidiaQuarters[#All])'
    sheet["A7"] = '=NVIDIA("net_margin","FY2030Q1",IF(TRUE,NvidiaQuarters[#All]))'
    sheet["A8"] = '=NVIDIA("net_margin",,NvidiaQuarters[#All])&ROWS(NvidiaQuarters[#All])'
    sheet.add_table(Table(displayName="NvidiaQuarters", ref="A1:G2"))
    made.save(tmp_path / "own.xlsx")
    values = xlgenai.calculate(tmp_path / "own.xlsx").values["Sheet"]
    assert [values[cell] for cell in ("A5", "A6", "A7")] == [margin] * 3
    assert values["A8"] == (margin if isinstance(margin, CellError) else f"{margin:g}2")
