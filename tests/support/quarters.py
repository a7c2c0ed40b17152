"""Nvidia's quarters as a user's own file holds them."""

from __future__ import annotations

import csv
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NEW_QUARTER = [
    "2027",
    "Q2",
    "2026-07-26",
    "90000",
    "84000",
    "50000",
    "25000",
    "as reported",
    "made up for the test",
]


def bundled_rows() -> list[list[str]]:
    text = (resources.files("xlgenai.data") / "tables" / "nvidia_quarterly.csv").read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))


def write_csv(path: Path, rows: list[list[str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path
