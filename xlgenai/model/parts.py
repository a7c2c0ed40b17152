"""The vocabulary in which a model is written: sheets, sections and what stands in them.

Nothing here knows a cell address. A formula names other lines by their key: ``{key}`` is the same column of the
timeline (or the single value), ``{key[-1]}`` the column before, ``{key[:]}`` the whole row, ``{key[:0]}`` the row up
to this column, ``{key[first]}`` and ``{key[last]}`` its ends, ``{key.bull}`` the value of one scenario, ``{one:two}``
the block from one line to another. In the further columns ``{heading}`` is the column's heading, ``{position}`` its
running number and ``{count}`` how many there are. Tables are used by structured reference: ``Table[column]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from xlgenai.model.blocks import Grid, Sentence, Spill
from xlgenai.model.drawn import Chart, Series
from xlgenai.model.units import (
    AMOUNT,
    COUNT,
    DATE,
    FLAG,
    INDEX,
    MULTIPLE,
    NAME,
    PERCENT,
    POINTS,
    TEXT,
    USD_BILLION,
    USD_MILLION,
    YEAR,
    YEARS,
    Unit,
)

if TYPE_CHECKING:
    from xlgenai.data.table import DataTable

__all__ = [
    "AMOUNT",
    "COUNT",
    "DATE",
    "FLAG",
    "INDEX",
    "MULTIPLE",
    "NAME",
    "PERCENT",
    "POINTS",
    "TEXT",
    "USD_BILLION",
    "USD_MILLION",
    "YEAR",
    "YEARS",
    "Chart",
    "Check",
    "Grid",
    "Input",
    "Line",
    "Model",
    "Part",
    "Section",
    "Sentence",
    "Series",
    "Sheet",
    "Spill",
    "Table",
    "Text",
    "Timeline",
    "Unit",
    "Value",
]

Value: TypeAlias = float | int | str


@dataclass(frozen=True)
class Text:
    """A paragraph, which may lead to another sheet.

    Attributes
    ----------
    text : str
        What it says.
    label : str
        What stands in front of it.
    link : str
        The sheet that a click leads to; empty for none.
    swatch : str
        The style that the label shows, for a colour key; empty for none.
    """

    text: str
    label: str = ""
    link: str = ""
    swatch: str = ""


@dataclass(frozen=True)
class Input:
    """An assumption: the only kind of cell that a user changes.

    Attributes
    ----------
    key, label : str
        Its name in formulas and on the sheet.
    unit : Unit
        What it is counted in.
    value : float or str
        Its starting value.
    source : str
        Where the value comes from.
    low, high : float or None
        The allowed range; None where there is no bound.
    choices : tuple of str
        The allowed texts, for a text input.
    options : str
        The key of a column of allowed texts that follow the data, instead of `choices`.
    scenarios : tuple of float
        One value for each scenario; the input is then the one that the selector picks, and `value` is not used.
    """

    key: str
    label: str
    unit: Unit
    value: Value = 0
    source: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    options: str = ""
    scenarios: tuple[float, ...] = ()


@dataclass(frozen=True)
class Line:
    """One row: a quantity as a single value, along the timeline, or both.

    Attributes
    ----------
    key, label : str
        Its name in formulas and on the sheet.
    unit : Unit
        What it is counted in.
    formula : str
        The single value, without the equals sign; empty for none.
    note : str
        What a reader should know beside the number.
    across : str
        The one formula of every further column (mostly a timeline); empty for none.
    beside : tuple of str or float
        What stands in the sheet's further columns one by one: a number, or a formula with its equals sign.
    headline : bool
        Whether the number is printed after a build and reported by a refresh.
    array : bool
        Whether the formula computes with whole ranges, so that it must be stored as a dynamic array.
    """

    key: str
    label: str
    unit: Unit
    formula: str = ""
    note: str = ""
    across: str = ""
    beside: tuple[Value, ...] = ()
    headline: bool = False
    array: bool = False


@dataclass(frozen=True)
class Check:
    """A statement that must be true of the model; a formula that gives TRUE or FALSE."""

    key: str
    label: str
    formula: str
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A data table, placed as an Excel table under its own name."""

    data: DataTable


Part: TypeAlias = Text | Input | Line | Check | Sentence | Spill | Grid | Table | Chart


@dataclass(frozen=True)
class Section:
    """A titled group of parts; its charts stand side by side at its end."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Timeline:
    """The further columns of a sheet as points in time.

    Attributes
    ----------
    count : int
        How many columns.
    heading : str
        The formula of each column's heading.
    unit : Unit
        How a heading is shown.
    """

    count: int
    heading: str
    unit: Unit = NAME


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Attributes
    ----------
    name, title, purpose : str
        Its tab, its heading, and one sentence on what it shows.
    sections : tuple of Section
        What stands on it.
    timeline : Timeline or None
        Its further columns as points in time.
    columns : tuple of str
        Its further columns by name, where they are no timeline.
    headed : bool
        Whether the columns carry their headings; not needed where there is only text or a data table.
    colour : str
        Colour of its tab.
    """

    name: str
    title: str
    purpose: str
    sections: tuple[Section, ...]
    timeline: Timeline | None = None
    columns: tuple[str, ...] = ()
    headed: bool = True
    colour: str = "1F3864"


@dataclass(frozen=True)
class Model:
    """A whole workbook.

    Attributes
    ----------
    title : str
        What the file's properties call it.
    sheets : tuple of Sheet
        In the order of the tabs.
    scenarios : tuple of str
        The names of the scenarios; empty for a model without.
    selector : str
        The key of the text input that picks the scenario.
    as_of : str
        The day that the data reach to, as ISO text; it dates the file.
    """

    title: str
    sheets: tuple[Sheet, ...]
    scenarios: tuple[str, ...] = ()
    selector: str = "scenario"
    as_of: str = "2023-11-30"
    keywords: tuple[str, ...] = field(default=("generative AI", "value chain"))
