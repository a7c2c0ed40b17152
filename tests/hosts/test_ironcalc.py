"""The whole workbook in IronCalc, which calls no Python: our functions are LAMBDA names, made from their docstrings."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.agreement import agree
from tests.support.compared import calculated, uncalculated, without
from tests.support.ironcalc_book import FAULTS, Fault, around, recalculated, with_lambdas
from xlgenai.cells.formula import function_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from xlgenai.cells.function import Function
    from xlgenai.workbook.package import Package

ROUNDING = 1e-15
"""Absolute difference that counts as none: some numbers of the model are differences of two that are alike."""


def twinned(functions: Mapping[str, Function]) -> list[Function]:
    """Those whose docstring gives the whole contract; a cell that calls another holds its value."""
    return [function for function in functions.values() if function.domain]


def differences(
    package: Package, functions: Mapping[str, Function], path: Path, faults: Iterable[Fault] = FAULTS
) -> list[str]:
    """Name each cell whose value is not what IronCalc calculates from the formulas alone."""
    twins = twinned(functions)
    package = without(package, set(functions) - {function.name for function in twins})
    ours = calculated(package)
    assert len(ours) > 400
    theirs = recalculated(around(faults, with_lambdas(uncalculated(package), twins), twins), ours, path)
    return [
        f"{sheet}!{cell}: {value!r} here, {theirs[sheet, cell]!r} there"
        for (sheet, cell), value in ours.items()
        if not agree(value, theirs[sheet, cell], ROUNDING)
    ]


@pytest.mark.parametrize("name", ["built", "other"])
def test_ironcalc_calculates_the_same_from_every_formula(
    name: str, functions: dict[str, Function], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    assert not differences(request.getfixturevalue(name), functions, tmp_path / "bare.xlsx")


def test_the_workbook_calls_functions_that_are_judged(built: Package, functions: dict[str, Function]) -> None:
    formulas = [cell.formula for name in built.sheets for cell in built.sheet(name).cells() if cell.formula]
    called = {name for formula in formulas for name in function_names(formula)}
    assert len(called & {function.name for function in twinned(functions)}) > 5


def test_a_slip_in_a_twin_is_found_in_the_workbook(
    built: Package, functions: dict[str, Function], tmp_path: Path
) -> None:
    margin = functions["IMPLIED_GROSS_MARGIN"]
    slipped = functions | {margin.name: replace(margin, twin=f"({margin.twin})*1.000000001")}
    found = differences(built, slipped, tmp_path / "bare.xlsx")
    assert any(difference.startswith("Margins!") for difference in found)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_each_fault_that_the_copy_keeps_clear_of_is_still_one(
    fault: Fault, built: Package, functions: dict[str, Function], tmp_path: Path
) -> None:
    assert fault.reason
    assert fault.link.startswith("https://")
    others = [other for other in FAULTS if other is not fault]
    assert differences(built, functions, tmp_path / "bare.xlsx", others)
