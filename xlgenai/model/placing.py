"""How each kind of part becomes cells."""

from __future__ import annotations

import re
import textwrap
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from openpyxl.utils import absolute_coordinate

from xlgenai.cells.formula import address, sheet_prefix
from xlgenai.errors import ModelError
from xlgenai.model.anchors import HEADING_ROW, Anchor, Place, nearest, resolve
from xlgenai.model.blocks import picked
from xlgenai.model.charts import place_chart
from xlgenai.model.parts import FLAG, NAME, Check, Grid, Input, Line, Sentence, Spill, Table, Text
from xlgenai.model.placed import Cell, InputCell, PlacedSheet, PlacedTable, Role, Validation
from xlgenai.model.units import bound_format, data_format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.model.charts import ChartPlace
    from xlgenai.model.parts import Chart, Model, Part, Sheet, Unit
    from xlgenai.model.placed import Content, PlacedChart

LABEL: Final = 1
UNIT: Final = 2
VALUE: Final = 3
NOTE: Final = 4
EXTRA: Final = 5
LOWEST: Final = "Lowest"
HIGHEST: Final = "Highest"
HEADINGS: Final = ("Item", "Unit", "Value", "Note / source")
WIDEST_UPRIGHT: Final = 9
"""Columns that a page in portrait still shows at a readable size."""
TEXT_WIDTH: Final = 82
"""Characters of a paragraph that fit beside its label."""


def further_columns(sheet: Sheet) -> int:
    """Return how many columns a sheet declares beside the four that every sheet has."""
    return sheet.timeline.count if sheet.timeline else len(sheet.columns)


def slug(text: str) -> str:
    """Return a name as a formula writes it after the dot: ``Net margin`` is ``net_margin``."""
    return re.sub(r"\W+", "_", text.strip().lower())


@lru_cache(maxsize=256)
def wrap(text: str, width: int) -> tuple[str, ...]:
    """Part a paragraph into lines; an empty one is one empty line."""
    return tuple(textwrap.wrap(text, width)) or ("",)


def absolute(sheet: str, cell: str) -> str:
    """Return a cell's address with its sheet, fixed, as a defined name holds it."""
    return f"{sheet_prefix(sheet)}{absolute_coordinate(cell)}"


def value_address(anchor: Anchor) -> str:
    """Return the address of a line's single value."""
    if anchor.value is None:
        raise ModelError(f"{anchor.sheet} row {anchor.row}: a headline needs a single value, not a row.")
    return address(anchor.row, anchor.value)


def column_of(sheet: Sheet, name: str) -> int:
    """Return the column of a sheet's further column by its name."""
    if name not in sheet.columns:
        raise ModelError(f"{sheet.name} has no column {name!r}; {nearest(name, sheet.columns)}")
    return EXTRA + sheet.columns.index(name)


def input_cell(model: Model, sheet: Sheet, part: Input, anchors: Mapping[str, Anchor]) -> InputCell:
    """Describe an input's cell for those who set it by key."""
    anchor = anchors[part.key]
    return InputCell(
        key=part.key,
        label=part.label,
        sheet=sheet.name,
        address=value_address(anchor),
        scenarios={name: address(anchor.row, anchor.parts[slug(name)]) for name in model.scenarios if part.scenarios},
        low=part.low,
        high=part.high,
        choices=part.choices,
        options=_options(part, anchors),
        text=isinstance(part.value, str),
    )


def _options(part: Input, anchors: Mapping[str, Anchor]) -> str:
    if not part.options:
        return ""
    return resolve(f"{{{part.options}}}", anchors, Place("", 0, 0))


class Canvas:
    """One sheet while it is being filled."""

    def __init__(self, model: Model, sheet: Sheet, anchors: Mapping[str, Anchor], *, spills: bool) -> None:
        self.spills = spills
        self.model = model
        self.sheet = sheet
        self.anchors = anchors
        self.cells: list[Cell] = []
        self.tables: list[PlacedTable] = []
        self.charts: list[PlacedChart] = []
        self.validations: list[Validation] = []
        self.jumps: dict[str, str] = {}
        self.swatches: dict[str, str] = {}

    def put(
        self,
        row: int,
        column: int,
        role: Role,
        content: Content,
        number_format: str = "General",
        *,
        array: bool = False,
    ) -> None:
        """Place one cell."""
        self.cells.append(Cell(row, column, role, content, number_format, array))

    def formula(self, row: int, column: int, text: str, unit: Unit, *, array: bool = False) -> None:
        """Place one formula; green if it reads another sheet."""
        resolved = resolve(text, self.anchors, self._place(row, column))
        role = Role.CHECK if unit is FLAG else Role.LINK if "!" in resolved else Role.FORMULA
        self.put(row, column, role, f"={resolved}", unit.number_format, array=array)

    def head(self, width: int) -> None:
        """Place the title, the purpose and the row of headings."""
        self.put(1, 1, Role.TITLE, self.sheet.title)
        self.put(2, 1, Role.PURPOSE, self.sheet.purpose)
        for column, heading in enumerate(HEADINGS if self.sheet.headed else (), start=1):
            self.put(HEADING_ROW, column, Role.HEADING, heading)
        if (timeline := self.sheet.timeline) is not None:
            for column in range(EXTRA, EXTRA + timeline.count):
                text = resolve(timeline.heading, self.anchors, self._place(HEADING_ROW, column))
                self.put(HEADING_ROW, column, Role.HEADING, f"={text}", timeline.unit.number_format)
        for column in range(EXTRA, EXTRA + width):
            if self.sheet.timeline is None and self.sheet.headed:
                names = self.sheet.columns
                self.put(
                    HEADING_ROW, column, Role.HEADING, names[column - EXTRA] if column - EXTRA < len(names) else None
                )

    def part(self, part: Part, row: int) -> None:
        """Place any part but a chart."""
        match part:
            case Text():
                self._text(part, row)
            case Input():
                self._input(part, row)
            case Line():
                self._line(part, row)
            case Check():
                self._row(row, part.label, FLAG, part.note)
                self.formula(row, VALUE, part.formula, FLAG)
            case Sentence():
                self.formula(row, LABEL, part.formula, NAME)
                for column in (UNIT, VALUE, NOTE):
                    self.put(row, column, Role.UNIT, None)
            case Spill():
                self._spill(part, row)
            case Grid():
                self._grid(part, row)
            case Table():
                self._table(part, row)

    def chart(self, part: Chart, place: ChartPlace) -> None:
        """Place a chart."""
        self.charts.append(place_chart(part, self.anchors, place))

    def finished(self, last_column: int) -> PlacedSheet:
        """Return the sheet with everything on it."""
        return PlacedSheet(
            name=self.sheet.name,
            colour=self.sheet.colour,
            last_column=last_column,
            landscape=last_column > WIDEST_UPRIGHT or bool(self.tables),
            freeze=address(max((t.row for t in self.tables), default=HEADING_ROW) + 1, LABEL + 1),
            cells=tuple(sorted(self.cells, key=lambda cell: (cell.row, cell.column))),
            jumps=self.jumps,
            swatches=self.swatches,
            tables=tuple(self.tables),
            charts=tuple(self.charts),
            validations=tuple(self.validations),
        )

    def _place(self, row: int, column: int) -> Place:
        if column < EXTRA:
            return Place(self.sheet.name, row, column)
        return Place(self.sheet.name, row, column, EXTRA, EXTRA + further_columns(self.sheet) - 1)

    def _row(self, row: int, label: str, unit: Unit, note: str) -> None:
        self.put(row, LABEL, Role.LABEL, label)
        self.put(row, UNIT, Role.UNIT, unit.name or None)
        self.put(row, NOTE, Role.NOTE, note or None)

    def _text(self, part: Text, row: int) -> None:
        if part.label:
            self.put(row, LABEL, Role.JUMP if part.link else Role.CAPTION, part.label)
        if part.link:
            self.jumps[address(row, LABEL)] = f"#{sheet_prefix(part.link)}A1"
        if part.swatch:
            self.swatches[address(row, LABEL)] = part.swatch
        for offset, line in enumerate(wrap(part.text, TEXT_WIDTH)):
            self.put(row + offset, UNIT, Role.TEXT, line)

    def _input(self, part: Input, row: int) -> None:
        self._row(row, part.label, part.unit, part.source)
        shown = part.unit.number_format
        cells = address(row, VALUE)
        if part.scenarios:
            columns = [column_of(self.sheet, name) for name in self.model.scenarios]
            for column, value in zip(columns, part.scenarios, strict=True):
                self.put(row, column, Role.INPUT, value, shown)
            values, names = (
                f"{address(r, columns[0], fixed=True)}:{address(r, columns[-1], fixed=True)}"
                for r in (row, HEADING_ROW)
            )
            picked = f"INDEX({values},MATCH({{{self.model.selector}}},{names},0))"
            self.formula(row, VALUE, picked, part.unit)
            cells = f"{address(row, columns[0])}:{address(row, columns[-1])}"
        else:
            self.put(row, VALUE, Role.INPUT, part.value, shown)
        for name, bound in ((LOWEST, part.low), (HIGHEST, part.high)):
            if name in self.sheet.columns and bound is not None:
                self.put(row, column_of(self.sheet, name), Role.STATED, bound, bound_format(shown, bound))
        if part.choices or part.options or part.low is not None or part.high is not None:
            options = _options(part, self.anchors)
            self.validations.append(Validation(cells, part.low, part.high, part.choices, options, part.label))

    def _line(self, part: Line, row: int) -> None:
        self._row(row, part.label, part.unit, part.note)
        if part.formula:
            self.formula(row, VALUE, part.formula, part.unit, array=part.array)
        else:
            self.put(row, VALUE, Role.UNIT, None)
        if part.across:
            for column in range(EXTRA, EXTRA + further_columns(self.sheet)):
                self.formula(row, column, part.across, part.unit, array=part.array)
        for column, content in enumerate(part.beside, start=EXTRA):
            if isinstance(content, str) and content.startswith("="):
                self.formula(row, column, content[1:], part.unit)
            elif content != "":
                self.put(row, column, Role.STATED, content, part.unit.number_format)

    def _spill(self, part: Spill, row: int) -> None:
        for column, (heading, formula, unit) in enumerate(
            zip(part.headings, part.formulas, part.units, strict=True), 1
        ):
            self.put(row, column, Role.HEADING, heading or None)
            for free in range(row + 1, row + 1 + part.rows):
                if formula.startswith("@"):
                    first = f"${address(free, 1)}"
                    text = formula[1:].replace("{row}", first)
                    self.formula(free, column, f'IF({first}="","",{text})', unit)
                elif formula and not self.spills:
                    above = f"{address(row, column).replace(str(row), f'${row}')}:{address(free - 1, column)}"
                    self.formula(free, column, picked(formula, above), unit, array=True)
                elif formula and free == row + 1:
                    self.formula(free, column, formula, unit, array=True)
                elif formula:
                    self.put(free, column, self.cells[-1].role, None, unit.number_format)  # as the one above

    def _grid(self, part: Grid, row: int) -> None:
        self._row(row, part.label, part.unit, f"across: {part.column_label}")
        self.put(row + 1, LABEL, Role.LABEL, f"down: {part.row_label}")
        self.put(row + 1, UNIT, Role.UNIT, part.row_unit.name)
        for empty in ((row, VALUE), (row + 1, VALUE), (row + 1, NOTE)):
            self.put(*empty, Role.UNIT, None)
        for column, value in enumerate(part.columns, start=EXTRA):
            self.put(row + 1, column, Role.INPUT, value, part.column_unit.number_format)
        for down, value in enumerate(part.rows, start=row + 2):
            self.put(down, VALUE, Role.INPUT, value, part.row_unit.number_format)
            for column in range(EXTRA, EXTRA + len(part.columns)):
                edges = {
                    "row": f"${address(down, VALUE)}",
                    "column": address(row + 1, column).replace(str(row + 1), f"${row + 1}"),
                }
                text = part.formula.replace("{row}", edges["row"]).replace("{column}", edges["column"])
                self.formula(down, column, text, part.unit)

    def _table(self, part: Table, row: int) -> None:
        data = part.data
        for column, heading in enumerate(data.columns, start=1):
            self.put(row, column, Role.HEADING, heading.name)
        formats = [data_format(heading.kind, data.column(heading.name)) for heading in data.columns]
        for down, values in enumerate(data.rows, start=row + 1):
            for column, value in enumerate(values, start=1):
                self.put(down, column, Role.DATA, value, formats[column - 1])
        names = tuple(column.name for column in data.columns)
        self.tables.append(PlacedTable(data.name, row, 1, names, len(data.rows)))
