"""What the repository promises of itself: pages without drift, small rooms, floors that hold, a workbook rebuilt."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import xlgenai
from xlgenai import reference
from xlgenai.workbook.package import Package

ROOT = Path(__file__).parents[1]
MODULES = sorted([*(ROOT / "xlgenai").rglob("*.py"), *(ROOT / "udfs").rglob("*.py")])
FLOORS = ["errors", "finance", "data", "cells", "model", "workbook", "checks", "editions", "operations"]
"""From the ground up; a room imports only from its own floor and those below."""


def test_the_page_of_functions_is_the_one_that_the_functions_give() -> None:
    assert (ROOT / "docs" / "functions.md").read_text(encoding="utf-8") == reference.show(None, "markdown")


def test_the_page_of_rules_is_the_one_that_the_rules_give() -> None:
    assert (ROOT / "docs" / "checks.md").read_text(encoding="utf-8") == reference.show_rules(None, "markdown")


@pytest.mark.parametrize("name", ["genai_value_chain.xlsx", "genai_value_chain.xlsm"])
def test_the_committed_workbooks_are_the_ones_that_a_build_gives(name: str, tmp_path: Path) -> None:
    built = xlgenai.build(tmp_path / name).path
    committed = ROOT / "workbooks" / name
    ours, theirs = Package.open(built), Package.open(committed)
    assert list(ours.parts) == list(theirs.parts)
    assert [part for part, data in ours.parts.items() if theirs.parts[part] != data] == []
    assert built.read_bytes() == committed.read_bytes()


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(ROOT)) for path in MODULES])
def test_no_room_is_larger_than_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("floor", FLOORS)
def test_a_room_imports_only_from_floors_below(floor: str) -> None:
    allowed = {*FLOORS[: FLOORS.index(floor) + 1], "_version"}
    if floor in {"data", "cells"}:  # side by side: neither needs the other
        allowed -= {"data", "cells"} - {floor}
    place = ROOT / "xlgenai" / floor
    for path in sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]:
        assert imported(path) <= allowed, path


def imported(path: Path) -> set[str]:
    """Rooms that a module imports when it runs; what it names in type hints only is left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hints = {id(node) for block in ast.walk(tree) if is_type_checking(block) for node in ast.walk(block)}
    names = [
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in hints
    ]
    return {name.split(".")[1] for name in names if name.startswith("xlgenai.")}


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
