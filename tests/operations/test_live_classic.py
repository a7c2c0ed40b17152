"""The refresh of an open workbook through xlwings' own Windows code, with objects in Excel's place below it."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def refreshed(path: Path, **changes: Any) -> tuple[list[Any], dict[str, dict[str, Any]]]:
    """Refresh in a process of its own; return the calls that reach Excel, and what the cells hold then."""
    command = [sys.executable, "-m", "tests.support.classic_book"]
    done = subprocess.run(command, input=pickle.dumps((path, changes)), capture_output=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr.decode()
    answer: tuple[list[Any], dict[str, dict[str, Any]]] = pickle.loads(done.stdout)
    return answer


def test_each_block_is_one_call(model: Path, longer: Path) -> None:
    changes: dict[str, Any] = {"inputs": {"serving_share": 0.5}, "scenario": "Bull", "nvidia": longer}
    calls, held = refreshed(model, **changes)
    assert calls == [
        ("ScreenUpdating", False),
        ("Value", "Inputs", "C6"),
        ("Value", "Inputs", "C27"),
        ("Resize", "Data_Nvidia", "A6:I24"),
        ("Copy", "Data_Nvidia", "A7:I7", "A24:I24"),
        ("Value", "Data_Nvidia", "A7:I24"),
        ("ScreenUpdating", True),
    ]
    assert (held["Inputs"]["C6"], held["Inputs"]["C27"]) == ("Bull", 0.5)
    row = [held["Data_Nvidia"][f"{column}24"] for column in "ABCDEFGHI"]
    assert row == [2027.0, "'Q2", 46229.0, 90000.0, 84000.0, 50000.0, 25000.0, "'as reported", "'made up for the test"]


def test_rows_too_many_are_emptied_at_once(model: Path, shorter: Path) -> None:
    calls, held = refreshed(model, nvidia=shorter)
    assert calls[1:-1] == [
        ("Resize", "Data_Nvidia", "A6:I21"),
        ("Value", "Data_Nvidia", "A7:I21"),
        ("ClearContents", "Data_Nvidia", "A22:I23"),
    ]
    assert "A22" not in held["Data_Nvidia"]
