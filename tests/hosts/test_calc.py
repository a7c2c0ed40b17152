"""The libreoffice edition in Calc itself: every cell of the workbook, as built and after one input after another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import xlgenai
from tests.support.printed import ERROR, words
from xlgenai.cells.formula import address, function_names
from xlgenai.cells.values import CellError
from xlgenai.workbook.calculator import calculate
from xlgenai.workbook.carried import read_layout
from xlgenai.workbook.package import Package
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.support.rig import Rig
    from xlgenai.cells.function import Function
    from xlgenai.cells.values import Scalar

CLOSE = 1e-12
CHANGES: list[tuple[str, float | str]] = [
    ("revenue_vintage", "Agrawal 2026"),
    ("scenario", "Bull"),
    ("serving_share", 0.4),
    ("infrastructure_markup", 1.5),
    ("hosting_share", 0.0),
    ("tam_multiple_low", 0.0),
    ("post_fiscal_quarter", "Q1"),
    ("exit_years", 7.0),
    ("company_revenue", 0.0),
    ("hosting_share", 0.8),
]
"""Ten inputs, one after another: three layers in place of two, another quarter, and zeros that give errors."""
Values = dict[tuple[str, str], "Scalar"]


def headless(package: Package, functions: Mapping[str, Function]) -> Values:
    """What our calculator gives for each formula."""
    values = calculate(package, functions).values
    return {(sheet, cell): value for sheet, cells in values.items() for cell, value in cells.items()}


def in_calc(rig: Rig, path: Path, package: Package) -> Values:
    """What Calc shows in every cell of the sheets."""
    found: Values = {}
    for sheet in package.sheets:
        cells = [position(cell.address) for cell in package.sheet(sheet).cells()]
        bottom, right = (max(edges) for edges in zip(*cells, strict=True))
        for row, values in enumerate(rig.read(str(path), sheet, f"A1:{address(bottom, right)}"), start=1):
            found.update({(sheet, address(row, column)): value for column, value in enumerate(values, start=1)})
    return found


def differences(ours: Values, theirs: Values) -> list[str]:
    return [
        f"{sheet}!{cell}: {value!r} here, {theirs[sheet, cell]!r} in Calc"
        for (sheet, cell), value in ours.items()
        if not same(value, theirs[sheet, cell])
    ]


def same(ours: Scalar, theirs: Scalar) -> bool:
    """Calc does not tell TRUE from 1."""
    if isinstance(ours, bool | int | float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=CLOSE)
    return type(ours) is type(theirs) and ours == theirs


def test_the_file_holds_no_values_of_formulas_and_no_name_that_calc_lacks(
    libreoffice_workbook: Path, functions: dict[str, Function]
) -> None:
    package = Package.open(libreoffice_workbook)
    formulas = [cell for sheet in package.sheets for cell in package.sheet(sheet).formulas()]
    assert len(formulas) > 600
    assert [cell.address for cell in formulas if cell.value is not None or cell.dynamic] == []
    calling = [cell for cell in formulas if set(function_names(cell.formula)) & set(functions)]
    assert len(calling) > 300
    assert all("XLG." in cell.formula for cell in calling)
    assert xlgenai.check(libreoffice_workbook).findings == ()


def test_the_pages_that_calc_prints_show_no_error(libreoffice_workbook: Path, rig: Rig, tmp_path: Path) -> None:
    """Of what Calc has calculated itself, where a preview prints values of ours."""
    printed = tmp_path / "printed.pdf"
    rig("open", str(libreoffice_workbook))
    rig("save", str(libreoffice_workbook), str(printed))
    rig("close", str(libreoffice_workbook))
    pages = words(printed)
    assert len(pages) >= 13
    assert [page for page in pages if ERROR.search(page)] == []
    assert any("Infrastructure: capture index x 6.92x" in page for page in pages)


def test_what_calc_saved_can_be_checked_refreshed_and_opened_again(
    libreoffice_workbook: Path, rig: Rig, functions: dict[str, Function], tmp_path: Path
) -> None:
    saved = tmp_path / "saved.xlsx"
    rig("open", str(libreoffice_workbook))
    rig("save", str(libreoffice_workbook), str(saved))
    rig("close", str(libreoffice_workbook))
    unframed = {finding.rule.name for finding in xlgenai.check(saved).findings}
    assert unframed <= {"panes-not-frozen"}  # in 7.4 a hidden window has none to save
    result = xlgenai.refresh(saved, inputs={"serving_share": 0.5}, scenario="Bull")
    assert {change.key: change.after for change in result.headlines}["headline_margin_mid"] == "83.3%"
    package = Package.open(saved)
    rig("open", str(saved))
    assert differences(headless(package, functions), in_calc(rig, saved, package)) == []
    rig("close", str(saved))


def test_calc_calculates_every_cell_and_follows_ten_inputs(
    libreoffice_workbook: Path, rig: Rig, functions: dict[str, Function]
) -> None:
    package = Package.open(libreoffice_workbook)
    layout = read_layout(package)
    assert layout is not None
    assert layout.sheets
    inputs = {item.key: item for item in layout.inputs}
    rig("open", str(libreoffice_workbook))
    before = headless(package, functions)
    assert differences(before, in_calc(rig, libreoffice_workbook, package)) == []
    errors = set[CellError]()
    for key, value in CHANGES:
        item = inputs[key]
        package.sheet(item.sheet).set_constant(item.address, value)
        rig("set", str(libreoffice_workbook), item.sheet, item.address, [[value]])
        rig("recalculate", str(libreoffice_workbook), False)
        after = headless(package, functions)
        assert differences(after, in_calc(rig, libreoffice_workbook, package)) == [], key
        assert after != before, key
        errors |= {found for found in after.values() if isinstance(found, CellError)}
        before = after
    assert errors >= {CellError.DIV0}
    rig("close", str(libreoffice_workbook))
