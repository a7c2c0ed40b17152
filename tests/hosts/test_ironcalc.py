"""The portable workbook as IronCalc calculates it: from its stored formulas alone, our functions as LAMBDA names."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import ironcalc
import pytest

from tests.support.agreement import agree
from tests.support.compared import calculated, uncalculated
from xlgenai.cells.boundary import call
from xlgenai.cells.twins import stored_lambda
from xlgenai.cells.values import CellError
from xlgenai.data.bundled import nvidia_quarters
from xlgenai.data.nvidia import METRICS
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.cells.function import Function
    from xlgenai.cells.values import Scalar
    from xlgenai.workbook.package import Package

ERRORS = frozenset(CellError)
PERIODS: list[str | float] = [
    "", "FY2024Q3", "fy2024 q3", " FY2025Q4 ", "FY2024  Q1", "FY2023", "FY2024", "FY2026", "FY2027", "FY2027Q1",
    "FY2022Q4", "FY2028Q1", "FY2024Q5", "FY2024Q3x", "FY 2024", "FY24", "2024", "Q3", "abc", "FY", "FY2024Q", "5",
    *(45228.0 + step for step in (-1, 0, 0.5, 1, 90)), 1.0, 0.0, -5.0, 44682.0, 46137.0, 46138.0, 60000.0, 1e6,
    *(f"FY{year}{quarter}" for year in range(2023, 2028) for quarter in ("", "Q1", "Q2", "Q3", "Q4")),
]  # fmt: skip
KEYS = [*METRICS, "Revenue", " net_income ", "NET_MARGIN", "margin", "", "revenue_usd_m"]


def opened(package: Package, folder: Path) -> tuple[Any, list[str]]:
    """Open a copy without any calculated value: what shows one must have calculated it."""
    path = folder / "model.xlsx"
    path.write_bytes(uncalculated(package).to_bytes())
    return ironcalc.load_from_xlsx(str(path), "en", "UTC"), list(package.sheets)


def same(ours: Any, theirs: Any) -> bool:
    return agree(ours, CellError(theirs) if theirs in ERRORS else theirs) or (ours == "" and theirs is None)


def differences(package: Package, folder: Path) -> list[tuple[str, str]]:
    """Name each cell whose value is not what IronCalc calculates."""
    model, sheets = opened(package, folder)
    model.evaluate()
    values = calculated(package)
    assert len(values) > 600
    return [
        (sheet, address)
        for (sheet, address), value in values.items()
        if not same(value, model.get_cell_value(sheets.index(sheet), *position(address)))
    ]


@pytest.mark.parametrize("which", ["built", "other"])
def test_every_cell_of_the_workbook(which: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    assert differences(request.getfixturevalue(which), tmp_path) == []


def test_a_slip_in_a_twin_is_found_in_the_workbook(
    built: Package, functions: dict[str, Function], tmp_path: Path
) -> None:
    margin = functions["IMPLIED_GROSS_MARGIN"]
    slip = replace(margin, twin=f"({margin.twin})*1.000000001")
    package = built.copy()
    workbook = package.read(package.workbook_part).decode()
    slipped = workbook.replace(escape(stored_lambda(margin)), escape(stored_lambda(slip)))
    assert slipped != workbook
    package.write(package.workbook_part, slipped.encode())
    assert {sheet for sheet, _ in differences(package, tmp_path)} >= {"Margins"}


def test_nvidia_finds_what_python_finds(built: Package, functions: dict[str, Function], tmp_path: Path) -> None:
    """All metrics against all periods, looked up in the workbook's own table."""
    model, sheets = opened(built, tmp_path)
    sheet = sheets.index("Cover")
    cases = list(itertools.product(KEYS, PERIODS))
    assert len(cases) > 900
    for row, (metric, period) in enumerate(cases, start=100):
        shown = f'"{period}"' if isinstance(period, str) else repr(period)
        model.set_user_input(sheet, row, 30, f'=NVIDIA("{metric}",{shown})')
        model.set_user_input(sheet, row, 31, f"=NVIDIA_NET_MARGIN({shown})")
    model.evaluate()
    table = nvidia_quarters().matrix()
    wrong: list[Any] = []
    for row, (metric, period) in enumerate(cases, start=100):
        ours = [
            call(functions["NVIDIA"], [metric, period, table]),
            call(functions["NVIDIA_NET_MARGIN"], [period, table]),
        ]
        theirs = [model.get_cell_value(sheet, row, column) for column in (30, 31)]
        wrong += [(metric, period, a, b) for a, b in zip(ours, theirs, strict=True) if not same(a, b)]
    assert wrong == []


def test_nvidia_reads_blanks_errors_and_ranges_as_python_does(
    built: Package, functions: dict[str, Function], tmp_path: Path
) -> None:
    model, sheets = opened(built, tmp_path)
    sheet = sheets.index("Cover")
    for row, text in enumerate(["FY2024Q3", "FY2024", "", "nothing"], start=100):
        model.set_user_input(sheet, row, 30, text)
    for column, text in enumerate(["revenue", "net_margin"], start=31):
        model.set_user_input(sheet, 99, column, text)
    model.set_user_input(sheet, 200, 30, "=NVIDIA(AE99:AF99,AD100:AD103)")
    model.set_user_input(sheet, 210, 30, '=NVIDIA("revenue",AD102)')
    model.set_user_input(sheet, 211, 30, "=NVIDIA(NA(),1/0)")
    model.set_user_input(sheet, 212, 30, "=NVIDIA()")
    model.evaluate()
    table = nvidia_quarters().matrix()
    periods: list[list[Scalar]] = [["FY2024Q3"], ["FY2024"], [None], ["nothing"]]
    ours = call(functions["NVIDIA"], [[["revenue", "net_margin"]], periods, table])
    theirs = [[model.get_cell_value(sheet, 200 + down, 30 + across) for across in range(2)] for down in range(4)]
    assert isinstance(ours, list)
    assert all(same(a, b) for x, y in zip(ours, theirs, strict=True) for a, b in zip(x, y, strict=True)), (ours, theirs)
    assert model.get_cell_value(sheet, 210, 30) == call(functions["NVIDIA"], ["revenue", None, table])
    assert model.get_cell_value(sheet, 211, 30) == CellError.NA
    assert model.get_cell_value(sheet, 212, 30) == CellError.VALUE
