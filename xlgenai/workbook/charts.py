"""Native Excel charts, drawn alike: titles, axes and legend always there, colours for the colour-blind."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from openpyxl.chart import BarChart, LineChart, ScatterChart
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as ChartSeries
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from xlgenai.model.placed import PlacedChart, PlacedSeries

PALETTE: Final = ("0072B2", "E69F00", "009E73", "D55E00", "CC79A7", "56B4E9")
"""Okabe and Ito's colours, which the colour-blind can tell apart."""
PER_CHARACTER: Final = 7 * 9525
"""English metric units in a character of a column's width: seven pixels of a screen."""
GAP: Final = 3.0
"""Between two charts side by side, in characters: about as much as the empty row between two rows of charts."""
SECOND_AXES: Final = (500, 200)


class Drawer:
    """Puts charts on sheets; one that stands on two sheets is drawn, and later written, once."""

    def __init__(self) -> None:
        self._drawings: dict[PlacedChart, _Drawing] = {}

    def put(self, sheet: Worksheet, chart: PlacedChart, widths: Sequence[float]) -> None:
        """Put a chart on a sheet.

        Parameters
        ----------
        sheet : Worksheet
            The sheet that it stands on.
        chart : PlacedChart
            What it shows, and where.
        widths : sequence of float
            The widths of the sheet's columns in characters, which a chart is aligned with.
        """
        drawing = self._drawings.setdefault(dataclasses.replace(chart, row=1, rows=1, side="whole"), _Drawing(chart))
        sheet.add_chart(_OnSheet(drawing, _anchor(chart, widths)))


class _Drawing:
    """What a chart shows, without its place."""

    def __init__(self, chart: PlacedChart) -> None:
        self._chart = chart

    @cached_property
    def tree(self) -> Any:
        return draw(self._chart)._write()


class _OnSheet(ChartBase):
    """A chart at its place, as openpyxl writes it."""

    def __init__(self, drawing: _Drawing, anchor: TwoCellAnchor) -> None:
        super().__init__()
        self._drawing = drawing
        self.anchor: Any = anchor

    def _write(self) -> Any:
        return self._drawing.tree


def draw(chart: PlacedChart) -> Any:
    """Draw a chart that has no place yet.

    Parameters
    ----------
    chart : PlacedChart
        What it shows.

    Returns
    -------
    ChartBase
        openpyxl's chart.
    """
    colours = cycle(PALETTE)
    make = {"bar": _bars, "combination": _bars, "line": _lines, "scatter": _scatter}[chart.kind]
    drawn = make(chart.series, colours)
    drawn.title = chart.title
    drawn.legend.position = "b"
    _axis(drawn.x_axis, chart.x_title, chart.x_format)
    _axis(drawn.y_axis, chart.y_title, chart.y_format)
    drawn.x_axis.majorGridlines = None
    drawn.x_axis.scaling.max, drawn.y_axis.scaling.max = chart.x_max, chart.y_max
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9", w=6350))
    for run in drawn.title.tx.rich.p[0].r:
        run.rPr = CharacterProperties(sz=1200, b=True)
    if chart.kind == "combination":
        drawn += _overlay(chart, colours)
    return drawn


def _bars(series: Sequence[PlacedSeries], colours: Iterator[str]) -> Any:
    chart = BarChart()
    chart.type, chart.gapWidth = "col", 60
    for item in series:
        bar = ChartSeries(idx=0, order=0, tx=_label(item), cat=_categories(item), val=_values(item))
        bar.graphicalProperties = GraphicalProperties(solidFill=next(colours))
        chart.series.append(bar)
    return chart


def _lines(series: Sequence[PlacedSeries], colours: Iterator[str]) -> Any:
    chart = LineChart()
    for item in series:
        line = ChartSeries(idx=0, order=0, tx=_label(item), cat=_categories(item), val=_values(item))
        chart.series.append(_stroked(line, next(colours)))
    return chart


def _scatter(series: Sequence[PlacedSeries], colours: Iterator[str]) -> Any:
    chart = ScatterChart()
    chart.scatterStyle = "lineMarker"
    for item in series:
        line = XYSeries(
            idx=0, order=0, tx=_label(item), xVal=AxDataSource(numRef=NumRef(f=item.categories)), yVal=_values(item)
        )
        chart.series.append(_stroked(line, next(colours)))
    return chart


def _overlay(chart: PlacedChart, colours: Iterator[str]) -> Any:
    """Lines against a second axis at the right."""
    lines = _lines(chart.overlay, colours)
    lines.x_axis.axId, lines.y_axis.axId = SECOND_AXES
    lines.y_axis.crossAx, lines.x_axis.crossAx = SECOND_AXES
    lines.x_axis.delete = True  # a second axis needs a second horizontal one, which nobody is to see
    lines.y_axis.crosses = "max"
    if "%" in chart.overlay_format:
        lines.y_axis.scaling.min, lines.y_axis.scaling.max = 0, 1
    lines.y_axis.majorGridlines = None
    _axis(lines.y_axis, chart.overlay_title, chart.overlay_format)
    return lines


def _label(item: PlacedSeries) -> SeriesLabel:
    return SeriesLabel(strRef=StrRef(f=item.title)) if "!" in item.title else SeriesLabel(v=item.title)


def _categories(item: PlacedSeries) -> AxDataSource:
    return AxDataSource(strRef=StrRef(f=item.categories))


def _values(item: PlacedSeries) -> NumDataSource:
    return NumDataSource(numRef=NumRef(f=item.values))


def _stroked(series: Any, colour: str) -> Any:
    series.smooth = False
    series.marker = Marker(symbol="none")
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, w=25400))
    return series


def _axis(axis: Any, title: str, number_format: str) -> None:
    axis.delete = False  # openpyxl would hide it
    axis.title = title
    axis.number_format = number_format
    small = CharacterProperties(sz=800)
    axis.txPr = RichText(
        bodyPr=RichTextProperties(), p=[Paragraph(pPr=ParagraphProperties(defRPr=small), endParaRPr=small)]
    )
    for run in axis.title.tx.rich.p[0].r:
        run.rPr = CharacterProperties(sz=900, b=False)


def _anchor(chart: PlacedChart, widths: Sequence[float]) -> TwoCellAnchor:
    """Hold a chart's edges to cells, so that it ends where the table above it ends, whatever draws the columns."""
    half = (sum(widths) - GAP) / 2
    left = _marker(widths, half + GAP if chart.side == "right" else 0.0, chart.row)
    right = _marker(widths, half if chart.side == "left" else sum(widths), chart.row + chart.rows)
    return TwoCellAnchor(editAs="oneCell", _from=left, to=right)


def _marker(widths: Sequence[float], characters: float, row: int) -> AnchorMarker:
    """Find the cell at a distance from the left edge: Excel cuts an offset that is wider than its column."""
    column = 0
    while column < len(widths) and characters >= widths[column]:
        characters -= widths[column]
        column += 1
    return AnchorMarker(col=column, colOff=int(characters * PER_CHARACTER), row=row - 1)
