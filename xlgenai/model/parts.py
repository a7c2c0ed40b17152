"""The vocabulary in which a model is written: sheets, sections and what stands in them.

Nothing here knows a cell address. A formula names other lines by their key: ``{key}`` is the same column of the
timeline (or the single value), ``{key[-1]}`` the column before, ``{key[:]}`` the whole row, ``{key[:0]}`` the row up
to this column, ``{key[first]}`` and ``{key[last]}`` its ends, ``{key.bull}`` the value of one scenario, ``{one:two}``
the block from one line to another. In the further columns ``{heading}`` is the column's heading, ``{position}`` its
running number and ``{count}`` how many there are. Tables are used by structured reference: ``Table[column]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from xlgenai.data.table import DataTable

Value: TypeAlias = float | int | str


@dataclass(frozen=True)
class Unit:
    """What a number is counted in, and how a cell shows it."""

    name: str
    number_format: str


PERCENT = Unit("%", "0.0%")
MULTIPLE = Unit("x", '0.00"x"')
USD_BILLION = Unit("USD billion", "#,##0.0")
USD_MILLION = Unit("USD million", "#,##0")
INDEX = Unit("index", "#,##0.0")
AMOUNT = Unit("as stated", "#,##0.00")
POINTS = Unit("points", "#,##0")
YEARS = Unit("years", "0.0")
YEAR = Unit("year", "0")
COUNT = Unit("number", "0")
DATE = Unit("date", "yyyy-mm-dd")
TEXT = Unit("text", "@")
NAME = Unit("", "General")
FLAG = Unit("OK?", '"TRUE";"TRUE";"FALSE";@')


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
class Spill:
    """A block whose number of rows follows the data: each column is one formula that spills down.

    Attributes
    ----------
    key : str
        Its name; ``{key.heading}`` is the column under that heading, down to the last row kept free.
    headings : tuple of str
        Of the sheet's columns from the first on.
    formulas : tuple of str
        One for each heading; empty leaves the column empty. One that begins with ``@`` does not spill: it stands in
        every row that the first column fills, with ``{row}`` for the row's first cell.
    units : tuple of Unit
        One for each heading.
    rows : int
        How many rows are kept free for it.
    """

    key: str
    headings: tuple[str, ...]
    formulas: tuple[str, ...]
    units: tuple[Unit, ...]
    rows: int


@dataclass(frozen=True)
class Grid:
    """A sensitivity table: one formula over a row and a column of values.

    Attributes
    ----------
    key, label : str
        Its name in charts and on the sheet.
    unit : Unit
        Of the results.
    formula : str
        With ``{row}`` and ``{column}`` for the values at its edges.
    row_label, column_label : str
        What runs down the side, and what runs along the top.
    row_unit, column_unit : Unit
        Their units.
    rows, columns : tuple of float
        The values at the edges, which a user may change.
    """

    key: str
    label: str
    unit: Unit
    formula: str
    row_label: str
    column_label: str
    row_unit: Unit
    column_unit: Unit
    rows: tuple[float, ...]
    columns: tuple[float, ...]


@dataclass(frozen=True)
class Table:
    """A data table, placed as an Excel table under its own name."""

    data: DataTable


@dataclass(frozen=True)
class Series:
    """One series of a chart: the key of its values, and the name that the legend shows (the line's label if empty)."""

    key: str
    name: str = ""


@dataclass(frozen=True)
class Chart:
    """A native Excel chart over lines or a grid of the model.

    Attributes
    ----------
    key, title : str
        Its name, and what stands above it.
    kind : {"bar", "line", "combination", "scatter"}
        A combination draws its series as columns and its `overlay` as lines against a second axis.
    series : tuple of Series
        What it shows.
    categories : str
        The key (or block of keys) along the horizontal axis; empty for the headings of the timeline.
    x_title, y_title, overlay_title : str
        Titles of the axes, with units.
    x_format, y_format, overlay_format : str
        Number formats of the axes.
    overlay : tuple of Series
        The lines of a combination; the second axis runs from 0 to 1 when it shows percent.
    x_max, y_max : float or None
        Where the axes end; None leaves it to the program.
    """

    key: str
    title: str
    kind: Literal["bar", "line", "combination", "scatter"]
    series: tuple[Series, ...]
    x_title: str
    y_title: str
    categories: str = ""
    x_format: str = "General"
    y_format: str = "0%"
    overlay: tuple[Series, ...] = ()
    overlay_title: str = ""
    overlay_format: str = "0%"
    x_max: float | None = None
    y_max: float | None = None


Part: TypeAlias = Text | Input | Line | Check | Spill | Grid | Table | Chart


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
