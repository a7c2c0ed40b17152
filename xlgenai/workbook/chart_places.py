"""Where charts stand on a sheet, and how much of a chart its plot gets."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl.chart._chart import ChartBase
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

from xlgenai.workbook.charts import draw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from xlgenai.model.placed import PlacedChart

BESIDE_AXIS: Final = 32.0
BESIDE_NOTHING: Final = 8.0
ABOVE_PLOT: Final = 36.0
BELOW_PLOT: Final = 54.0
LEGEND_ROW: Final = 16.0
"""Pixels that the titles and the legend take from the plot and the labels of its axes."""
SERIES_IN_A_ROW: Final = 4
"""Of the legend of a chart that shares the width of the sheet."""
PIXELS: Final = 7
PER_PIXEL: Final = 9525
"""Of a character of a column's width, and the English metric units in one."""
ROW_PIXELS: Final = 22
GAP: Final = 3.0
"""Between two charts side by side, in characters: about as much as the empty row between two rows of charts."""


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
        width = (sum(widths) if chart.side == "whole" else (sum(widths) - GAP) / 2) * PIXELS
        plot = _plot(chart, width, chart.rows * ROW_PIXELS)
        sheet.add_chart(_OnSheet(drawing, _anchor(chart, widths), plot))


class _Drawing:
    """What a chart shows, without its place."""

    def __init__(self, chart: PlacedChart) -> None:
        self._chart = chart

    @cached_property
    def tree(self) -> Any:
        return draw(self._chart)._write()


class Plot(NamedTuple):
    """Left, top, width and height of a plot with the labels of its axes, as parts of the chart's."""

    x: float
    y: float
    w: float
    h: float


class _OnSheet(ChartBase):
    """A chart at its place, as openpyxl writes it."""

    def __init__(self, drawing: _Drawing, anchor: TwoCellAnchor, plot: Plot) -> None:
        super().__init__()
        self._drawing = drawing
        self._plot = plot
        self.anchor: Any = anchor

    def _write(self) -> Any:
        tree = self._drawing.tree  # one for all places: openpyxl turns it into bytes before it asks for the next
        layout = tree.find("chart/plotArea/layout/manualLayout")
        for name, part in self._plot._asdict().items():
            layout.find(name).set("val", f"{part:.4f}")
        return tree


def _plot(chart: PlacedChart, width: float, height: float) -> Plot:
    """Where the plot is: left to themselves, programs leave it little room above a legend at the bottom."""
    crowded = chart.side != "whole" and len(chart.series) + len(chart.overlay) > SERIES_IN_A_ROW
    below = BELOW_PLOT + LEGEND_ROW * crowded
    right = BESIDE_AXIS if chart.overlay else BESIDE_NOTHING
    return Plot(
        x=BESIDE_AXIS / width,
        y=ABOVE_PLOT / height,
        w=1 - (BESIDE_AXIS + right) / width,
        h=1 - (ABOVE_PLOT + below) / height,
    )


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
    return AnchorMarker(col=column, colOff=int(characters * PIXELS * PER_PIXEL), row=row - 1)
