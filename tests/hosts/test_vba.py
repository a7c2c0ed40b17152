"""The VBA of the macro workbook, run: LibreOffice imports the project as Excel would read it, and calls into it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyopenvba import ExcelFile

import xlgenai

if TYPE_CHECKING:
    from tests.support.rig import Rig

NUMBERS = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
}
"""Excel's own numbers of its errors (XlCVError)."""
ASKING = """
Public Function Described(ByVal text As String) As String
    Described = Shown(XlgenaiResult(text))
End Function

Public Function DescribedInArray(ByVal text As String) As String
    Dim given(0 To 1, 0 To 2) As Variant
    Dim result As Variant
    Dim row As Long
    Dim column As Long
    given(0, 0) = text
    given(0, 1) = 1.5
    given(0, 2) = "text"
    given(1, 0) = True
    given(1, 2) = text
    result = XlgenaiResult(given)
    For row = LBound(result, 1) To UBound(result, 1)
        For column = LBound(result, 2) To UBound(result, 2)
            DescribedInArray = DescribedInArray & Shown(result(row, column)) & "|"
        Next column
    Next row
End Function

Public Function Failed() As String
    Failed = Shown(XlgenaiFailure("LAYER_SHARE", "no Python" & vbCrLf & "here"))
End Function

Private Function Shown(ByVal value As Variant) As String
    Shown = TypeName(value) & " " & IsError(value) & " " & CStr(value)
End Function
"""
CALLS: list[tuple[str, str, list[Any]]] = [
    *(("asking", "Described", [text]) for text in [*NUMBERS, "text", "#SPILL!", "#n/a", ""]),
    *(("asking", "DescribedInArray", [text]) for text in NUMBERS),
    ("asking", "Failed", []),
]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The macro workbook, with a module that asks the others."""
    path = xlgenai.build(tmp_path_factory.mktemp("vba") / "model.xlsm").path
    with ExcelFile(path) as file:
        file.vba_project().add_module("asking", ASKING.replace("\n", "\r\n"))
        file.save()
    return str(path)


@pytest.fixture(scope="module")
def answers(workbook: str, rig: Rig) -> dict[tuple[str, ...], str]:
    """What the workbook's own modules answer."""
    rig("open", workbook, True)
    keys = [(function, *arguments) for _, function, arguments in CALLS]
    return dict(zip(keys, rig("basic", workbook, CALLS), strict=True))


@pytest.mark.usefixtures("answers")
def test_libreoffice_imports_every_module(workbook: str, rig: Rig) -> None:
    sheets = {f"Sheet{number}" for number in range(1, 15)}
    assert set(rig("modules", workbook)) == {
        "ThisWorkbook",
        *sheets,
        "xlgenai_cells",
        "xlgenai_ribbon",
        "xlwings_udfs",
        "asking",
    }


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_the_text_of_an_error_becomes_the_error(text: str, number: int, answers: dict[tuple[str, ...], str]) -> None:
    assert answers["Described", text] == f"Error True Error {number}"


@pytest.mark.parametrize("text", ["text", "#SPILL!", "#n/a", ""])
def test_any_other_text_stays(text: str, answers: dict[tuple[str, ...], str]) -> None:
    assert answers["Described", text] == f"String False {text}"


@pytest.mark.parametrize(("text", "number"), NUMBERS.items())
def test_so_does_it_inside_an_array_whose_other_cells_stay(
    text: str, number: int, answers: dict[tuple[str, ...], str]
) -> None:
    error = f"Error True Error {number}"
    others = ["Double False 1.5", "String False text", "Boolean False True", "Empty False "]
    assert answers["DescribedInArray", text].split("|") == [error, *others, error, ""]


def test_a_failure_is_an_error_whose_reason_is_in_the_log(rig: Rig, answers: dict[tuple[str, ...], str]) -> None:
    assert answers[("Failed",)] == f"Error True Error {NUMBERS['#VALUE!']}"
    log = Path(f"{rig.temp}\\xlgenai.log").read_text(encoding="ascii")  # a backslash is no separator here
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d LAYER_SHARE: no Python  here\n", log)
