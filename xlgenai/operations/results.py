"""What the operations return: small records, ready to print or to compute with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.cells.values import Scalar
    from xlgenai.checks.report import Report
    from xlgenai.model.placed import Layout
    from xlgenai.workbook.calculator import Calculation


@dataclass(frozen=True)
class Reading:
    """One headline number.

    Attributes
    ----------
    key, label : str
        Its name in formulas and on the sheet.
    unit : str
        What it is counted in.
    value : Scalar
        The number itself.
    text : str
        The number as the workbook shows it.
    """

    key: str
    label: str
    unit: str
    value: Scalar
    text: str


@dataclass(frozen=True)
class BuildResult:
    """A workbook just built: where it is, its headline numbers, what the check found, what its user must know."""

    path: Path
    headlines: tuple[Reading, ...]
    report: Report
    notes: tuple[str, ...] = ()

    def __getitem__(self, key: str) -> Scalar:
        """Return a headline number by its key, with or without ``headline_`` in front."""
        return _by_key(self.headlines)[key.removeprefix("headline_")]


@dataclass(frozen=True)
class PreviewResult:
    """A workbook just rendered: the files written, how many pages they show, what was not calculated and why."""

    paths: tuple[Path, ...]
    pages: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """One headline number or one cell before and after."""

    key: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RefreshResult:
    """A workbook just refreshed.

    Attributes
    ----------
    path : Path
        The workbook.
    writes : tuple of Change
        The inputs and tables that were changed.
    headlines : tuple of Change
        Every headline number before and after.
    report : Report
        What the check found afterwards.
    saved : bool
        False after a dry run.
    """

    path: Path
    writes: tuple[Change, ...]
    headlines: tuple[Change, ...]
    report: Report
    saved: bool


@dataclass(frozen=True)
class LiveRefresh:
    """A workbook just refreshed while it is open in Excel.

    Attributes
    ----------
    name : str
        The workbook.
    writes : tuple of Change
        The inputs and tables that were changed.
    headlines : tuple of Change
        Every headline number before and after.
    """

    name: str
    writes: tuple[Change, ...]
    headlines: tuple[Change, ...]


def _by_key(readings: tuple[Reading, ...]) -> dict[str, Scalar]:
    return {reading.key.removeprefix("headline_"): reading.value for reading in readings}


def read_headlines(layout: Layout, calculation: Calculation) -> tuple[Reading, ...]:
    """Read the headline numbers of a calculated workbook."""
    readings = []
    for item in layout.headlines:
        value = calculation.values[item.sheet].get(item.address)
        readings.append(Reading(item.key, item.label, item.unit, value, shown(value, item.number_format)))
    return tuple(readings)


def shown(value: Scalar, number_format: str) -> str:
    """Write a value as a cell of the workbook shows it.

    Parameters
    ----------
    value : Scalar
        The value.
    number_format : str
        One of the formats that the model uses: percent or not, decimals, thousands, a quoted suffix.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> shown(0.9, "0.0%"), shown(6.9231, '0.00"x"'), shown(1234.5, "#,##0"), shown("never", "0.0")
    ('90.0%', '6.92x', '1,234', 'never')
    """
    if value is None:
        return ""
    if isinstance(value, bool | str) or not isinstance(value, float | int):
        return str(value).upper() if isinstance(value, bool) else str(value)
    if number_format in {"General", "@"}:
        return f"{value:g}"
    decimals = re.search(r"\.(0+)", number_format)
    digits = len(decimals[1]) if decimals else 0
    if "%" in number_format:
        return f"{value:.{digits}%}"
    quoted = re.search(r'"([^"]*)"$', number_format)
    comma = "," if "," in number_format else ""
    return f"{value:{comma}.{digits}f}{quoted[1] if quoted else ''}"
