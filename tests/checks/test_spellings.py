"""A formula of a model that a program spells in its own way is still the model's formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import xlgenai
from xlgenai.model.parts import AMOUNT, MULTIPLE, Line, Model, Section, Sheet
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from pathlib import Path

LINES = (
    Line("step", "Step", AMOUNT, "LET(x,1,x+1)"),
    Line("flag", "Flag", MULTIPLE, "IF(TRUE,{step},0)"),
)
MODEL = Model("Test", (Sheet("Model", "Model", "", (Section("One", LINES),)),))


@pytest.mark.parametrize(
    ("stored", "spelled"),
    [
        ("_xlfn.LET(x,1,x+1)", "_xlfn.LET(_xlpm.x,1,_xlpm.x+1)"),
        ("IF(TRUE,", "IF(TRUE(),"),
    ],
)
def test_the_spelling_of_another_program_is_no_finding(stored: str, spelled: str, tmp_path: Path) -> None:
    path = xlgenai.build(tmp_path / "model.xlsx", model=MODEL).path
    package = Package.open(path)
    part = package.sheets["Model"]
    before = package.read(part)
    assert stored.encode() in before
    package.write(part, before.replace(stored.encode(), spelled.encode()))
    path.write_bytes(package.to_bytes())
    assert xlgenai.check(path).findings == ()


def test_another_formula_is_one(tmp_path: Path) -> None:
    path = xlgenai.build(tmp_path / "model.xlsx", model=MODEL).path
    package = Package.open(path)
    part = package.sheets["Model"]
    package.write(part, package.read(part).replace(b"_xlfn.LET(x,1,x+1)", b"_xlfn.LET(_xlpm.y,1,_xlpm.y+1)"))
    path.write_bytes(package.to_bytes())
    assert [(finding.rule.id, finding.cell) for finding in xlgenai.check(path).findings] == [("L103", "C6")]
