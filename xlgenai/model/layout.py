"""The layout engine: gives every part of a model its cells. The one place that knows addresses.

Columns are the same on every sheet: label, unit, value, note or source, then the further columns or the timeline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xlgenai.cells.formula import CELL, R1C1
from xlgenai.errors import ModelError
from xlgenai.model import placing
from xlgenai.model.anchors import HEADING_ROW, SPECIAL, Anchor, nearest
from xlgenai.model.charts import ChartPlace
from xlgenai.model.parts import Chart, Grid, Input, Line, Model, Section, Sentence, Sheet, Spill, Table, Text
from xlgenai.model.placed import Headline, InputCell, Layout, PlacedSheet, Role
from xlgenai.model.placing import EXTRA, NOTE, TEXT_WIDTH, Canvas, further_columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.model.parts import Part
    from xlgenai.model.placed import Side

CHART_ROWS: Final = 12
WIDE_CHART_ROWS: Final = 16
LANDSCAPE_CHART_ROWS: Final = 20
"""Rows of a chart that shares the width of the sheet, that has all of it, and that has all of a sheet in landscape."""


def place(model: Model, *, spills: bool = True, stores_values: bool = True) -> Layout:
    """Place a model on the grid.

    Parameters
    ----------
    model : Model
        The workbook as data.
    spills : bool, optional
        Whether the program that opens the workbook lets a formula fill as many cells as it needs; where it does not,
        each cell of a block picks its own row of the result.
    stores_values : bool, optional
        Whether the file is to hold the values of its formulas.

    Returns
    -------
    Layout
        Every cell, table, chart and name with its address.

    Raises
    ------
    ModelError
        When a name is used twice or a key is unknown, or a formula asks for something that its line does not have.
    """
    _check_names(model)
    anchors: dict[str, Anchor] = {}
    starts: dict[tuple[str, int, int], int] = {}
    for sheet in model.sheets:
        for index, part, row in _rows(sheet):
            starts[sheet.name, *index] = row
            _anchor(model, sheet, part, row, anchors)
    sheets = tuple(_place_sheet(model, sheet, anchors, starts, spills=spills) for sheet in model.sheets)
    inputs = tuple(_input_cells(model, anchors))
    headlines = tuple(_headlines(model, anchors))
    names = {
        **{f"input_{item.key}": placing.absolute(item.sheet, item.address) for item in inputs},
        **{item.key: placing.absolute(item.sheet, item.address) for item in headlines},
    }
    return Layout(
        title=model.title,
        as_of=model.as_of,
        sheets=sheets,
        names=names,
        inputs=inputs,
        headlines=headlines,
        scenario=model.selector if model.scenarios else "",
        keywords=model.keywords,
        stores_values=stores_values,
    )


def _check_names(model: Model) -> None:
    """Refuse what Excel would not open: two sheets, or two of its names, that differ in capitals at most."""
    parts = [part for sheet in model.sheets for section in sheet.sections for part in section.parts]
    tables = [part.data.name for part in parts if isinstance(part, Table)]
    keys = dict.fromkeys(part.key for part in parts if not isinstance(part, Text | Table | Chart))  # see _check_key
    for names in ([sheet.name for sheet in model.sheets], [*tables, *keys]):
        seen: dict[str, str] = {}
        for name in names:
            if name.casefold() in seen:
                raise ModelError(f"{seen[name.casefold()]!r} and {name!r} are one name for Excel: rename one.")
            seen[name.casefold()] = name


def _width(sheet: Sheet) -> int:
    """How many columns a sheet fills beside the four that every sheet has."""
    parts = [part for section in sheet.sections for part in section.parts]
    widest = max((len(part.columns) for part in parts if isinstance(part, Grid)), default=0)
    tables = max((len(part.data.columns) - NOTE for part in parts if isinstance(part, Table)), default=0)
    return max(widest, tables, further_columns(sheet))


def _rows(sheet: Sheet) -> Iterator[tuple[tuple[int, int], Part | Section, int]]:
    """Every section and part of a sheet with its first row; (section, -1) is the section's own heading."""
    row = HEADING_ROW + 1
    for i, section in enumerate(sheet.sections):
        row += i > 0
        yield (i, -1), section, row
        row += 1
        charts = 0
        for j, part in enumerate(section.parts):
            if isinstance(part, Chart):
                yield (i, j), part, row + 1 + (_chart_rows(sheet, section) + 1) * (charts // 2)
                charts += 1
                continue
            if charts:
                raise ModelError(f"{sheet.name}, {section.title}: charts come last in a section.")
            yield (i, j), part, row
            row += _height(part)
        if charts:
            row += (_chart_rows(sheet, section) + 1) * ((charts + 1) // 2)


def _charts(section: Section) -> int:
    return sum(isinstance(part, Chart) for part in section.parts)


def _chart_rows(sheet: Sheet, section: Section) -> int:
    """How many rows each chart of a section covers: one that stands alone is as wide as the sheet."""
    if _charts(section) > 1:
        return CHART_ROWS
    return LANDSCAPE_CHART_ROWS if NOTE + _width(sheet) > placing.WIDEST_UPRIGHT else WIDE_CHART_ROWS


def _height(part: Part) -> int:
    match part:
        case Text():
            return len(placing.wrap(part.text, TEXT_WIDTH))
        case Grid():
            return len(part.rows) + 2
        case Spill():
            return part.rows + 1
        case Table():
            return len(part.data.rows) + 1
    return 1


def _anchor(model: Model, sheet: Sheet, part: Part | Section, row: int, anchors: dict[str, Anchor]) -> None:
    """Note where the key of a part is."""
    if isinstance(part, Section | Text | Table | Chart):
        return
    _check_key(sheet, part.key, anchors)
    first = last = None
    if isinstance(part, Line) and part.across:
        if not further_columns(sheet):
            raise ModelError(f"{sheet.name}: {part.key} runs across further columns, but the sheet has none.")
        first, last = EXTRA, EXTRA + further_columns(sheet) - 1
    match part:
        case Grid():
            edge = {"rows": placing.VALUE}
            anchors[part.key] = Anchor(
                sheet.name, row + 2, row + 1 + len(part.rows), None, EXTRA, EXTRA + len(part.columns) - 1, edge
            )
        case Spill():
            parts = {heading: i for i, heading in enumerate(part.headings, start=1) if heading}
            slugs = {placing.slug(heading): column for heading, column in parts.items()}
            anchors[part.key] = Anchor(sheet.name, row + 1, row + part.rows, parts=slugs)
        case Input(scenarios=(_, *_)):
            columns = {name: placing.column_of(sheet, name) for name in model.scenarios}
            slugs = {placing.slug(name): column for name, column in columns.items()}
            anchors[part.key] = Anchor(sheet.name, row, row, placing.VALUE, parts=slugs)
        case Sentence():
            anchors[part.key] = Anchor(sheet.name, row, row, placing.LABEL)
        case Line(formula="", beside=(_, *_)):
            last = EXTRA + len(part.beside) - 1
            anchors[part.key] = Anchor(sheet.name, row, row, None, EXTRA, last)
        case Line(formula="", beside=()):
            anchors[part.key] = Anchor(sheet.name, row, row, None, first, last)
        case _:
            parts = {placing.slug(name): column for column, name in enumerate(sheet.columns, start=EXTRA)}
            anchors[part.key] = Anchor(sheet.name, row, row, placing.VALUE, first, last, parts)


def _check_key(sheet: Sheet, key: str, anchors: dict[str, Anchor]) -> None:
    if key in anchors:
        raise ModelError(f"The key {key!r} is used on {anchors[key].sheet} and again on {sheet.name}: rename one.")
    if not key.isidentifier() or CELL.fullmatch(key) or R1C1.fullmatch(key) or key in SPECIAL:
        raise ModelError(f"{sheet.name}: {key!r} cannot be a key: write a word that is no cell address.")


def _place_sheet(
    model: Model,
    sheet: Sheet,
    anchors: dict[str, Anchor],
    starts: dict[tuple[str, int, int], int],
    *,
    spills: bool,
) -> PlacedSheet:
    canvas = Canvas(model, sheet, anchors, spills=spills)
    width = _width(sheet)
    canvas.head(width)
    for i, section in enumerate(sheet.sections):
        canvas.put(starts[sheet.name, i, -1], 1, Role.SECTION, section.title)
        for column in range(2, EXTRA + width):
            canvas.put(starts[sheet.name, i, -1], column, Role.SECTION, None)
        charts = 0
        for j, part in enumerate(section.parts):
            row = starts[sheet.name, i, j]
            if isinstance(part, Chart):
                side: Side = "whole" if _charts(section) == 1 else "right" if charts % 2 else "left"
                canvas.chart(part, ChartPlace(row, _chart_rows(sheet, section), side))
                charts += 1
            else:
                canvas.part(part, row)
    return canvas.finished(NOTE + width)


def _input_cells(model: Model, anchors: dict[str, Anchor]) -> Iterator[InputCell]:
    for sheet in model.sheets:
        for section in sheet.sections:
            for part in section.parts:
                if isinstance(part, Input):
                    yield placing.input_cell(model, sheet, part, anchors)
    if model.scenarios and model.selector not in anchors:
        raise ModelError(
            f"There is no input {model.selector!r} to pick the scenario; {nearest(model.selector, anchors)}"
        )


def _headlines(model: Model, anchors: dict[str, Anchor]) -> Iterator[Headline]:
    for sheet in model.sheets:
        for section in sheet.sections:
            for part in section.parts:
                if isinstance(part, Line) and part.headline:
                    cell = placing.value_address(anchors[part.key])
                    yield Headline(part.key, part.label, part.unit.name, sheet.name, cell, part.unit.number_format)
