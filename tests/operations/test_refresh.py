"""A refresh changes inputs, data and values, and nothing else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import openpyxl
import pytest

import xlgenai
from tests.checks.editing import type_value
from tests.support.quarters import bundled_rows, write_csv
from xlgenai.data.bundled import nvidia_quarters
from xlgenai.errors import AnchorError, DataError, WorkbookError
from xlgenai.workbook.package import Package
from xlgenai.workbook.tables import table_ranges
from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from pathlib import Path

SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def cells(path: Path) -> dict[tuple[str, str], object]:
    package = Package.open(path)
    return {
        (name, cell.address): cell.value
        for name in package.sheets
        for cell in package.sheet(name).cells()
        if cell.value is not None
    }


def test_one_more_quarter_another_share_another_scenario(model: Path, longer: Path) -> None:
    result = xlgenai.refresh(model, nvidia=longer, inputs={"serving_share": 0.5}, scenario="Bull")
    after = {change.key.removeprefix("headline_"): change.after for change in result.headlines}
    assert [after[f"margin_{end}"] for end in ("low", "mid", "high")] == ["75.0%", "83.3%", "87.5%"]
    assert after["required"] == "1,344.0"
    assert result.report.findings == ()
    assert {change.key: (change.before, change.after) for change in result.writes} == {
        "serving_share": ("1", "0.5"),
        "scenario": ("Base", "Bull"),
        "NvidiaQuarters": ("17 rows", "18 rows"),
    }
    assert table_ranges(Package.open(model))["nvidiaquarters"].ref == "A6:I24"
    book = openpyxl.load_workbook(model, data_only=True)
    assert [cell.value for cell in book["Nvidia"][4]][-1] == "FY2027 Q2"
    assert xlgenai.check(model).findings == ()


def test_a_refreshed_workbook_holds_what_a_built_one_does(model: Path, longer: Path, tmp_path: Path) -> None:
    inputs: dict[str, float | str] = {"tam_multiple_mid": 3.5, "revenue_vintage": "Agrawal 2026"}
    built = xlgenai.build(tmp_path / "built.xlsx", inputs=inputs, scenario="Bear").path
    xlgenai.refresh(model, inputs=inputs, scenario="Bear")
    assert cells(model) == cells(built)


def test_there_and_back(built: Path, model: Path, shorter: Path) -> None:
    xlgenai.refresh(model, nvidia=shorter, inputs={"serving_share": 0.4})
    assert table_ranges(Package.open(model))["nvidiaquarters"].ref == "A6:I21"
    assert xlgenai.check(model).findings == ()
    rows = bundled_rows()
    original = write_csv(model.parent / "original.csv", rows)
    xlgenai.refresh(model, nvidia=original, inputs={"serving_share": 1})
    before, after = cells(built), cells(model)
    assert {key: value for key, value in after.items() if before.get(key) != value} == {}
    assert before.keys() == after.keys()
    assert len(rows) - 1 == len(nvidia_quarters().rows)


def test_a_second_refresh_with_the_same_data_changes_no_byte(model: Path, longer: Path) -> None:
    xlgenai.refresh(model, nvidia=longer)
    once = model.read_bytes()
    xlgenai.refresh(model, nvidia=longer)
    assert model.read_bytes() == once


def test_a_dry_run_reports_and_writes_nothing(model: Path, longer: Path) -> None:
    before = model.read_bytes()
    result = xlgenai.refresh(model, nvidia=longer, inputs={"serving_share": 0.5}, dry_run=True)
    assert not result.saved
    assert any(change.before != change.after for change in result.headlines)
    assert model.read_bytes() == before


def with_things_of_the_users_own(path: Path) -> None:
    """Give a workbook an extra sheet, a comment on a cell of the model, and a name."""
    package = Package.open(path)
    own = f'<worksheet xmlns="{NS[1:-1]}"><sheetData><row r="1"><c r="A1"><v>42</v></c></row></sheetData></worksheet>'
    package.add_part("xl/worksheets/sheet99.xml", own.encode(), SHEET_TYPE)
    relation = package.add_relationship(package.workbook_part, f"{OFFICE}/worksheet", "xl/worksheets/sheet99.xml")
    root = package.xml(package.workbook_part)
    sheets = next(root.iter(f"{NS}sheets"))
    attributes = {"name": "My notes", "sheetId": "99", f"{{{OFFICE}}}id": relation}
    sheets.append(sheets.makeelement(f"{NS}sheet", attributes))
    names = next(root.iter(f"{NS}definedNames"))
    names.append(names.makeelement(f"{NS}definedName", {"name": "my_number"}))
    names[-1].text = "'My notes'!$A$1"
    package.write_xml(package.workbook_part, root)
    comments = (
        f'<comments xmlns="{NS[1:-1]}"><authors><author>me</author></authors>'
        '<commentList><comment ref="C10" authorId="0">'
        "<text><t>check this with finance</t></text></comment></commentList></comments>"
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
    package.add_part("xl/comments99.xml", comments.encode(), kind)
    package.add_relationship(package.sheets["Inputs"], f"{OFFICE}/comments", "xl/comments99.xml")
    path.write_bytes(package.to_bytes())


def test_what_the_user_added_stays_byte_for_byte(model: Path, longer: Path) -> None:
    with_things_of_the_users_own(model)
    before = dict(Package.open(model).parts)
    result = xlgenai.refresh(model, nvidia=longer, inputs={"serving_share": 0.5})
    after = Package.open(model)
    changed = {part for part, data in after.parts.items() if before[part] != data}
    of_the_model = {part for name, part in after.sheets.items() if name != "My notes"}
    tables = {part for part in after.parts if part.startswith("xl/tables/")}
    assert changed <= of_the_model | tables
    assert {"xl/worksheets/sheet99.xml", "xl/comments99.xml", "xl/workbook.xml", "xl/styles.xml"}.isdisjoint(changed)
    assert list(after.parts) == list(before)
    assert result.report.findings == ()


def moved_down(path: Path) -> None:
    """Insert a row above row 10 of Inputs, as far as labels are concerned."""
    package = Package.open(path)
    sheet = package.sheet("Inputs")
    labels = {cell.address: cell.value for cell in sheet.cells() if cell.address in {"A10", "A11"}}
    sheet.set_constant("A10", "a row of mine")
    sheet.set_constant("A11", labels["A10"])
    package.write_xml(sheet.part, sheet.root)
    path.write_bytes(package.to_bytes())


def test_moved_anchors_are_named_and_nothing_is_written(model: Path) -> None:
    moved_down(model)
    before = model.read_bytes()
    with pytest.raises(AnchorError, match="Inputs!A10") as refusal:
        xlgenai.refresh(model, inputs={"serving_share": 0.5})
    assert any("A11" in place for place in refusal.value.moved)
    assert model.read_bytes() == before


def test_something_of_the_users_own_below_a_table_is_not_overwritten(model: Path, longer: Path) -> None:
    package = Package.open(model)
    type_value(package, "Data_Nvidia", "B24", "my note")
    model.write_bytes(package.to_bytes())
    before = model.read_bytes()
    with pytest.raises(WorkbookError, match="Data_Nvidia!B24"):
        xlgenai.refresh(model, nvidia=longer)
    assert model.read_bytes() == before


def test_bad_data_and_foreign_workbooks_are_refused(model: Path, tmp_path: Path) -> None:
    before = model.read_bytes()
    bad = write_csv(tmp_path / "bad.csv", [*bundled_rows(), ["2027", "Q2", "2026-07-26", "-1", "5", "x", "1", "", ""]])
    with pytest.raises(DataError) as refusal:
        xlgenai.refresh(model, nvidia=bad)
    assert {problem.column for problem in refusal.value.problems} >= {"revenue_usd_m", "net_income_usd_m"}
    assert model.read_bytes() == before
    foreign = tmp_path / "foreign.xlsx"
    openpyxl.Workbook().save(foreign)
    with pytest.raises(WorkbookError, match="was not built by xlgenai"):
        xlgenai.refresh(foreign, inputs={"serving_share": 0.5})
    shutil.copy(model, tmp_path / "copy.xlsx")
    assert xlgenai.check(tmp_path / "copy.xlsx").ok
