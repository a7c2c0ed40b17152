"""The model placed on the grid: records that the writer writes, the checks compare with, and the file carries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple, TypeAlias

Side: TypeAlias = Literal["whole", "left", "right"]
"""The part of a sheet's width that a chart has."""
Content: TypeAlias = bool | float | int | str | dt.date | None


class Role(StrEnum):
    """What a cell is for; each role has one look."""

    TITLE = "title"
    PURPOSE = "purpose"
    HEADING = "heading"
    SECTION = "section"
    LABEL = "label"
    CAPTION = "caption"  # of a paragraph
    UNIT = "unit"
    INPUT = "input"
    FORMULA = "formula"
    LINK = "link"  # a formula that reads another sheet
    STATED = "stated"  # a number taken over from a source
    NOTE = "note"
    TEXT = "text"
    JUMP = "jump"  # a click leads to another sheet
    CHECK = "check"
    DATA = "data"

    __hash__ = str.__hash__  # Enum's own is written in Python, and every cell of a workbook is sorted by its role


CALCULATED = frozenset({Role.FORMULA, Role.LINK, Role.CHECK})
MAY_CALCULATE = CALCULATED | {Role.HEADING}
"""Roles whose content may be a formula; in any other cell an equals sign is a text's first letter."""


class Cell(NamedTuple):
    """One cell.

    Attributes
    ----------
    row, column : int
        Counted from 1.
    role : Role
        What it is for.
    content : object
        A constant, or a formula with its equals sign.
    number_format : str
        How a number is shown.
    array : bool
        Whether the formula is stored as a dynamic array.
    """

    row: int
    column: int
    role: Role
    content: Content
    number_format: str = "General"
    array: bool = False

    @property
    def is_formula(self) -> bool:
        """Whether the content is calculated; a label, note or fact that begins with an equals sign is not."""
        return isinstance(self.content, str) and self.content.startswith("=") and self.role in MAY_CALCULATE


@dataclass(frozen=True)
class PlacedTable:
    """An Excel table: its name, its top left corner, its columns, and how many rows of data it has."""

    name: str
    row: int
    column: int
    columns: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class PlacedSeries:
    """One series of a chart, as references with their sheet."""

    title: str
    values: str
    categories: str
    reference: bool = False


@dataclass(frozen=True)
class PlacedChart:
    """A chart and where it is: the rows that it covers, and which part of the sheet's width."""

    key: str
    title: str
    kind: Literal["bar", "line", "combination", "scatter"]
    row: int
    series: tuple[PlacedSeries, ...]
    overlay: tuple[PlacedSeries, ...]
    x_title: str
    y_title: str
    overlay_title: str
    x_format: str
    y_format: str
    overlay_format: str
    x_max: float | None
    y_max: float | None
    rows: int = 15
    side: Side = "whole"
    x_turned: bool = False


@dataclass(frozen=True)
class Validation:
    """What an input cell accepts: a number in a range, or a text from a list (texts, or a reference)."""

    cells: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    options: str = ""
    prompt: str = ""


@dataclass(frozen=True)
class InputCell:
    """Where an input is and what it accepts.

    Attributes
    ----------
    key, label : str
        Its name in formulas and on the sheet.
    sheet, address : str
        Its cell; for an input with scenarios the cell that shows the live value.
    scenarios : dict of str to str
        The cell of each scenario's value; empty for a plain input.
    low, high : float or None
        The allowed range.
    choices : tuple of str
        The allowed texts.
    options : str
        A reference to the allowed texts, where they follow the data.
    text : bool
        Whether the input is a text.
    """

    key: str
    label: str
    sheet: str
    address: str
    scenarios: dict[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    options: str = ""
    text: bool = False


@dataclass(frozen=True)
class Headline:
    """A number worth reporting: what it is called, where it is and how it is shown."""

    key: str
    label: str
    unit: str
    sheet: str
    address: str
    number_format: str


@dataclass(frozen=True)
class PlacedSheet:
    """One sheet with everything on it."""

    name: str
    colour: str
    last_column: int
    landscape: bool
    freeze: str
    cells: tuple[Cell, ...]
    jumps: dict[str, str] = field(default_factory=dict)
    swatches: dict[str, str] = field(default_factory=dict)
    tables: tuple[PlacedTable, ...] = ()
    charts: tuple[PlacedChart, ...] = ()
    validations: tuple[Validation, ...] = ()


@dataclass(frozen=True)
class Layout:
    """A whole model on the grid.

    Attributes
    ----------
    title, as_of : str
        The file's properties.
    sheets : tuple of PlacedSheet
        In the order of the tabs.
    names : dict of str to str
        Defined names and the cells that they mean.
    inputs : tuple of InputCell
        Every input.
    headlines : tuple of Headline
        Every number worth reporting.
    scenario : str
        The key of the input that picks the scenario; empty without scenarios.
    keywords : tuple of str
        What the model is about.
    stores_values : bool
        Whether the file holds the values of its formulas; False leaves all of them to the program that opens it.
    """

    title: str
    as_of: str
    sheets: tuple[PlacedSheet, ...]
    names: dict[str, str]
    inputs: tuple[InputCell, ...]
    headlines: tuple[Headline, ...]
    scenario: str = ""
    keywords: tuple[str, ...] = ()
    stores_values: bool = True
