"""The workbook as pandas reads it, with either of its engines, without Excel ever having opened it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from tests.support.compared import calculated, same
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from xlgenai.workbook.package import Package

ENGINES = [
    "openpyxl",
    pytest.param("calamine", marks=pytest.mark.skipif(find_spec("python_calamine") is None, reason="not installed")),
]
TABLES = Path(__file__).parents[2] / "xlgenai" / "data" / "tables"
READ: dict[Any, Any] = {"sheet_name": None, "header": None, "keep_default_na": False}


@pytest.fixture(scope="module", params=ENGINES)
def frames(request: pytest.FixtureRequest, workbook: Path) -> dict[str, pd.DataFrame]:
    frames: dict[str, pd.DataFrame] = pd.read_excel(workbook, engine=request.param, **READ)
    return frames


def at(frames: dict[str, pd.DataFrame], sheet: str, cell: str) -> Any:
    """Return what pandas read; it leaves out the rows and columns at the end in which every cell is empty."""
    row, column = position(cell)
    height, width = frames[sheet].shape
    if row > height or column > width:
        return ""
    value: Any = frames[sheet].iat[row - 1, column - 1]
    return value.item() if hasattr(value, "item") else value


def test_every_sheet_has_its_values(frames: dict[str, pd.DataFrame], built: Package) -> None:
    assert list(frames) == list(built.sheets)
    expected = calculated(built)
    assert len(expected) > 550
    wrong = [
        (sheet, cell, value, at(frames, sheet, cell))
        for (sheet, cell), value in expected.items()
        if not same(value, at(frames, sheet, cell))
    ]
    assert wrong == []


def test_the_dashboard_says_what_the_post_and_the_filings_give(frames: dict[str, pd.DataFrame]) -> None:
    """Worked out by hand: 10% and 13% of the post, 1 - 1/multiple, Nvidia's quarter of October 2023."""
    shown = {row[0]: row[2] for row in frames["Dashboard"].itertuples(index=False)}
    expected = {
        "Infrastructure: share of revenue": 0.9,
        "Infrastructure: share of funding": 0.13,
        "Infrastructure: capture index": 0.9 / 0.13,
        "Concentration of revenue (HHI)": 90.0**2 + 10.0**2,
        "Implied gross margin at the low multiple": 0.5,
        "Implied gross margin at the middle multiple": 2 / 3,
        "Implied gross margin at the high multiple": 0.75,
        "Nvidia: net margin, quarter of the post": 9243 / 18120,
        "Nvidia: data-center share, quarter of the post": 14514 / 18120,
        "Circularity": 29.1 * 0.7 * 0.8 / (4.284 + 10.323 + 14.514 + 18.404),
        "Required end-user revenue": 4 * 75.246 / 0.5 / 0.5,
        "Master check": "OK",
    }
    assert {label: shown[label] for label in expected} == pytest.approx(expected)


@pytest.mark.parametrize(
    ("sheet", "file"), [("Data_ValueChain", "value_chain.csv"), ("Data_Nvidia", "nvidia_quarterly.csv")]
)
def test_data_tables_hold_what_the_files_hold(sheet: str, file: str, frames: dict[str, pd.DataFrame]) -> None:
    facts = pd.read_csv(TABLES / file, keep_default_na=False)
    grid = frames[sheet]
    start = next(row for row in range(len(grid)) if grid.iat[row, 0] == facts.columns[0])
    table = grid.iloc[start + 1 :].set_axis(grid.iloc[start].tolist(), axis=1)
    assert len(table) == len(facts)
    for column in table.columns:
        assert (table[column] != "").any(), f"{column} is empty"
    for column in facts.columns:
        assert [plain(cell) for cell in table[column]] == [plain(cell) for cell in facts[column]]


def plain(cell: object) -> object:
    """Return a cell as the file's text gives it: a number where it is one, a date as ISO text."""
    if hasattr(cell, "isoformat"):
        return cell.isoformat()[:10]
    try:
        return float(str(cell))
    except ValueError:
        return str(cell)


def test_nothing_in_the_workbook_is_an_error(frames: dict[str, pd.DataFrame]) -> None:
    for name, frame in frames.items():
        for cell in frame.to_numpy().ravel():
            assert not str(cell).startswith("#"), name
