"""The small tree of exceptions: each message is one sentence that says what, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class XlgenaiError(Exception):
    """Anything that xlgenai refuses to do; the message is meant for the user."""


class FunctionError(XlgenaiError):
    """A Python function that cannot become a cell function as it is written."""


class ModelError(XlgenaiError):
    """A model that does not hold together: an unknown key, a key used twice, a formula that cannot be placed."""


class InputError(XlgenaiError):
    """A value that the model does not take: an unknown key, or a number outside its range."""


class WorkbookError(XlgenaiError):
    """A workbook that cannot be read, changed or written."""


class LockedError(WorkbookError):
    """The workbook is open in Excel, so it was left as it is."""


class SetupError(XlgenaiError):
    """A machine that could not be set up for Excel, or not be put back as it was."""


class OfficeError(XlgenaiError):
    """LibreOffice is missing, or did not do what it was asked to."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a data table.

    Attributes
    ----------
    row : int or None
        Row in the source, counted as a spreadsheet shows it (the header is row 1); None for the whole table.
    column : str
        Name of the column; empty for the whole table.
    value : str
        The offending value as text.
    rule : str
        What the value should have been, as a sentence.
    """

    row: int | None
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        place = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column) if part)
        found = f" (found {self.value!r})" if self.value else ""
        return f"{place}: {self.rule}{found}" if place else f"{self.rule}{found}"


class DataError(XlgenaiError):
    """A data table that does not fit its schema, with every problem at once.

    Attributes
    ----------
    problems : tuple of Problem
        Each rule that is broken, with its place.
    """

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        what = "; ".join(str(problem) for problem in self.problems)
        super().__init__(f"{source} was not used: {what}.")


class AnchorError(WorkbookError):
    """A workbook whose cells are no longer where the model put them, so nothing was written.

    Attributes
    ----------
    moved : tuple of str
        One sentence for each cell that moved, with its sheet and address.
    """

    def __init__(self, name: str, moved: Sequence[str]) -> None:
        self.moved = tuple(moved)
        super().__init__(
            f"{name} was left as it is, because the model is no longer where it was built: {'; '.join(self.moved)}."
        )
