"""How Calc knows the functions: by name in files and while typing, with help, and what of Excel's it lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from xlgenai.cells.built_in import BUILT_IN, stored_name
from xlgenai.cells.values import CellError
from xlgenai.editions.libreoffice.extension import STATUS
from xlgenai.editions.libreoffice.names import LACKING, STOOD_IN_FOR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.rig import Rig
    from xlgenai.cells.function import Function

FINANCIAL = 3
"""Calc's number of the category."""


@pytest.fixture
def sheet(rig: Rig) -> Iterator[Rig]:
    rig("open", "names")
    yield rig
    rig("close", "names")


def test_the_wizard_shows_the_help_of_every_function(rig: Rig, functions: dict[str, Function]) -> None:
    for function in functions.values():
        shown = rig("wizard", function.name)
        assert shown["category"] == FINANCIAL
        assert shown["description"] == function.summary
        assert shown["arguments"] == [[parameter.name, parameter.help] for parameter in function.parameters]


def test_a_user_types_the_plain_name(sheet: Rig) -> None:
    assert sheet("type", "names", "", "A1", "=implied_gross_margin(2)") == "=XLG.IMPLIED_GROSS_MARGIN(2)"
    assert sheet.read("names", "", "A1") == [[0.5]]


def test_calc_says_which_xlgenai_runs(sheet: Rig) -> None:
    sheet("formulas", "names", "", "A1", [[f"=XLG.{STATUS}()"]])
    ((told,),) = sheet.read("names", "", "A1")
    assert str(told).startswith("xlgenai ")
    assert "17 functions, in Python 3." in str(told)


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_calc_finds_every_name_again_in_a_file_of_its_own(suffix: str, sheet: Rig, tmp_path: Path) -> None:
    sheet("formulas", "names", "", "A1", [["=XLG.NET_MARGIN(9.2;18.4)"]])
    sheet("array", "names", "", "B1:B2", "=XLG.IMPLIED_GROSS_MARGIN({2|4})")
    path = str(tmp_path / f"saved.{suffix}")
    sheet("save", "names", path)
    sheet("open", path)
    sheet("recalculate", path)
    assert sheet.read(path, "", "A1:B2") == [[0.5, 0.5], ["", 0.75]]
    assert sheet("formula", path, "", "A1") == "=XLG.NET_MARGIN(9.2;18.4)"
    sheet("close", path)


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("FILTER({1|2|3};{1|0|1})", [[1.0], [3.0]]),
        ("FILTER({1;2;3|4;5;6};{0;1;0})", [[2.0], [5.0]]),
        ("FILTER({1|2|3};{0|0|0})", [[CellError.VALUE], [CellError.VALUE]]),
        ("FILTER({1|2|3};{1|0})", [[CellError.VALUE], [CellError.VALUE]]),
        ('FILTER({1|2|3};{"a"|0|1})', [[CellError.VALUE], [CellError.VALUE]]),
        ('UNIQUE({"b"|"a"|"B"})', [["b"], ["a"]]),
        ("UNIQUE({2|1|2})", [[2.0], [1.0]]),
        ("FILTER($C$1:$C$2;{1|1})", [[0.0], [0.0]]),
    ],
)
def test_functions_of_excel_that_the_extension_stands_in_for(
    formula: str, shown: list[list[object]], sheet: Rig
) -> None:
    sheet("array", "names", "", "A1:A2", f"=XLG.{formula}")
    assert sheet.read("names", "", "A1:A2") == shown


def test_what_calc_lacks_of_excel_is_known(rig: Rig, tmp_path: Path) -> None:
    """Each of Excel's functions is called from a file, without arguments: an unknown name is another error."""
    book, names = openpyxl.Workbook(), sorted(BUILT_IN)
    for row, name in enumerate(names, start=1):
        book.worksheets[0].cell(row, 1, f"={stored_name(name)}()")
    path = tmp_path / "names.xlsx"
    book.save(path)
    rig("open", str(path))
    rig("recalculate", str(path))
    shown = rig.read(str(path), "", f"A1:A{len(names)}")
    lacking = {name for name, (value,) in zip(names, shown, strict=True) if value is CellError.NAME}
    rig("close", str(path))
    assert lacking <= LACKING | STOOD_IN_FOR
    if rig("version").startswith("7.4"):
        assert lacking == LACKING | STOOD_IN_FOR
