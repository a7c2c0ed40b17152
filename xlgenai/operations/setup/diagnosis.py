"""What a look at the machine or at a workbook found, and the settings that are in force where it looks."""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from xlgenai.errors import XlgenaiError
from xlgenai.operations.setup.configuration import decode, settings
from xlgenai.operations.setup.steps import read
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from xlgenai.operations.setup.machine import Machine

SHEET: Final = "xlwings.conf"
"""The sheet that xlwings reads before all other settings."""


class Status(StrEnum):
    """How a thing is: in order, to be mended, or not to be seen from here."""

    OK = "ok"
    MEND = "mend"
    UNSEEN = "unseen"


@dataclass(frozen=True)
class Diagnosis:
    """One line of the doctor's report.

    Attributes
    ----------
    name : str
        What was looked at.
    status : Status
        How it is.
    message : str
        What was found, or why nothing could be.
    mend : str
        How to mend it; empty when there is nothing to mend.
    """

    name: str
    status: Status
    message: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the line as JSON shows it."""
        return {key: str(value) for key, value in asdict(self).items()}


def ok(name: str, message: str) -> Diagnosis:
    """Report a thing that is in order."""
    return Diagnosis(name, Status.OK, message)


def to_mend(name: str, message: str, mend: str) -> Diagnosis:
    """Report a thing that is to be mended, and how."""
    return Diagnosis(name, Status.MEND, message, mend)


def unseen(name: str, why: str) -> Diagnosis:
    """Report a thing that could not be looked at here."""
    return Diagnosis(name, Status.UNSEEN, why)


@dataclass(frozen=True)
class Setting:
    """A setting that is in force, and where it was found; the source is empty where nothing sets it."""

    value: str
    source: str


@dataclass(frozen=True)
class Case:
    """What the doctor looks at: a machine, and perhaps a workbook on it."""

    machine: Machine
    file: Path | None = None

    @cached_property
    def package(self) -> Package:
        """The workbook, opened; a file that is no workbook raises a `WorkbookError`."""
        if self.file is None:
            raise ValueError("no workbook was given")
        return Package.open(self.file)

    @cached_property
    def sheet(self) -> Mapping[str, str] | None:
        """The settings on the workbook's own sheet, by key in capitals; None without such a sheet.

        xlwings reads down to the first empty row, and takes a key without a value for a setting that is empty.
        """
        if SHEET not in self.package.sheets:
            return None
        cells = {cell.address: cell.value for cell in self.package.sheet(SHEET).cells()}
        found: dict[str, str] = {}
        for row in range(1, len(cells) + 1):
            key = _text(cells.get(f"A{row}"))
            if not key:
                break
            found[key.upper()] = _text(cells.get(f"B{row}"))
        return found

    def setting(self, key: str) -> Setting:
        """Find the setting that is in force."""
        return next(self.settings(key), Setting("", ""))

    def settings(self, key: str) -> Iterator[Setting]:
        """Find a setting as xlwings does: the workbook's sheet, a file beside the workbook, the user's own file.

        The first is in force, even when it has no value, and hides the others.
        """
        for source, found in self._layers():
            if key in found:
                yield Setting(self.machine.expand(found[key]), source)

    def _layers(self) -> Iterator[tuple[str, Mapping[str, str]]]:
        paths = [self.machine.configuration]
        if self.file is not None:
            with contextlib.suppress(XlgenaiError):  # no workbook: another line of the report says so
                yield f"the sheet {SHEET} of {self.file.name}", self.sheet or {}
            paths.insert(0, self.file.absolute().parent / SHEET)
        for path in paths:
            content = read(path)
            if content is not None:
                yield str(path), settings(decode(content, self.machine.encoding))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()
