"""Native Excel charts, drawn alike: titles, axes and legend always there, colours for the colour-blind."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any, Final

from openpyxl.chart import BarChart, LineChart, ScatterChart
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as ChartSeries
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RichTextProperties

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlgenai.model.placed import PlacedChart, PlacedSeries

PALETTE: Final = ("0072B2", "E69F00", "009E73", "D55E00", "CC79A7", "56B4E9")
"""Okabe and Ito's colours, which the colour-blind can tell apart."""
MARKERS: Final = ("circle", "square", "triangle", "diamond", "x", "plus")
DASHES: Final = ("dash", "sysDash")
GREY: Final = "595959"
"""Markers tell lines apart where nothing is printed in colour; dashes are for what lines are compared with."""
FIFTH: Final = 0.2
"""Between two marks of an axis that ends at 100%."""
SECOND_AXES: Final = (500, 200)
TITLE_SIZE: Final = 1200
AXIS_SIZE: Final = 900
LABEL_SIZE: Final = 800
LEGEND_SIZE: Final = 800
"""Hundredths of a point."""
UPWARDS: Final = -5_400_000
"""A quarter of a turn, in sixty-thousandths of a degree."""


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
    for run in drawn.title.tx.rich.p[0].r:
        run.rPr = CharacterProperties(sz=TITLE_SIZE, b=True)
    drawn.legend.position = "b"
    drawn.title.overlay = drawn.legend.overlay = drawn.roundedCorners = False  # unsaid, a program decides
    drawn.legend.txPr = _letters(LEGEND_SIZE)
    drawn.layout = Layout(ManualLayout(layoutTarget="outer", xMode="edge", yMode="edge", x=0, y=0, w=1, h=1))
    _set_axes(drawn, chart)
    if chart.kind == "combination":
        drawn += _overlay(chart, colours)
    return drawn


def _set_axes(drawn: Any, chart: PlacedChart) -> None:
    _axis(drawn.x_axis, chart.x_title, chart.x_format)
    _axis(drawn.y_axis, chart.y_title, chart.y_format)
    if chart.x_turned:
        drawn.x_axis.txPr = _letters(LABEL_SIZE, UPWARDS)
    drawn.x_axis.majorGridlines = None
    drawn.x_axis.scaling.max, drawn.y_axis.scaling.max = chart.x_max, chart.y_max
    if "%" in chart.y_format and chart.y_max == 1:
        drawn.y_axis.majorUnit = FIFTH
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9", w=6350))


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
        chart.series.append(_stroked(line, item, chart.series, colours))
    return chart


def _scatter(series: Sequence[PlacedSeries], colours: Iterator[str]) -> Any:
    chart = ScatterChart()
    chart.scatterStyle = "lineMarker"
    for item in series:
        line = XYSeries(
            idx=0, order=0, tx=_label(item), xVal=AxDataSource(numRef=NumRef(f=item.categories)), yVal=_values(item)
        )
        chart.series.append(_stroked(line, item, chart.series, colours))
    return chart


def _overlay(chart: PlacedChart, colours: Iterator[str]) -> Any:
    """Lines against a second axis at the right."""
    lines = _lines(chart.overlay, colours)
    lines.x_axis.axId, lines.y_axis.axId = SECOND_AXES
    lines.y_axis.crossAx, lines.x_axis.crossAx = SECOND_AXES
    lines.x_axis.delete = True  # a second axis needs a second horizontal one, which nobody is to see
    lines.y_axis.crosses = "max"
    if "%" in chart.overlay_format:
        lines.y_axis.scaling.min, lines.y_axis.scaling.max, lines.y_axis.majorUnit = 0, 1, FIFTH
    lines.y_axis.majorGridlines = None
    _axis(lines.y_axis, chart.overlay_title, chart.overlay_format)
    return lines


def _label(item: PlacedSeries) -> SeriesLabel:
    return SeriesLabel(strRef=StrRef(f=item.title)) if "!" in item.title else SeriesLabel(v=item.title)


def _categories(item: PlacedSeries) -> AxDataSource:
    return AxDataSource(strRef=StrRef(f=item.categories))


def _values(item: PlacedSeries) -> NumDataSource:
    return NumDataSource(numRef=NumRef(f=item.values))


def _stroked(line: Any, item: PlacedSeries, before: Sequence[Any], colours: Iterator[str]) -> Any:
    """Give a line its colour and its marker by how many of its kind stand before it."""
    line.smooth = False
    if item.reference:
        number = sum(other.marker.symbol is None for other in before)
        line.marker = Marker(symbol="none")
        stroke = LineProperties(solidFill=GREY, w=15875, prstDash=DASHES[number % len(DASHES)])
    else:
        colour = next(colours)
        stroke = LineProperties(solidFill=colour, w=22225)
        line.marker = Marker(symbol=MARKERS[len(before) % len(MARKERS)], size=5)
        line.marker.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))
    line.graphicalProperties = GraphicalProperties(ln=stroke)
    return line


def _letters(size: int, turn: int = 0) -> RichText:
    look = CharacterProperties(sz=size)
    return RichText(
        bodyPr=RichTextProperties(rot=turn, vert="horz"),
        p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)],
    )


def _axis(axis: Any, title: str, number_format: str) -> None:
    axis.delete = False  # openpyxl would hide it
    axis.title = title
    axis.title.overlay = False
    axis.number_format = number_format
    axis.txPr = _letters(LABEL_SIZE)
    for run in axis.title.tx.rich.p[0].r:
        run.rPr = CharacterProperties(sz=AXIS_SIZE, b=False)
