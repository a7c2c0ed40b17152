"""From the keys that a chart names to the ranges that it draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from xlgenai.cells.formula import address, sheet_prefix
from xlgenai.errors import ModelError
from xlgenai.model.anchors import HEADING_ROW, Anchor, nearest
from xlgenai.model.placed import PlacedChart, PlacedSeries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlgenai.model.parts import Chart, Series
    from xlgenai.model.placed import Side


class ChartPlace(NamedTuple):
    """Where a chart stands: its first row, how many rows, and which part of the sheet's width."""

    row: int
    rows: int
    side: Side


def place_chart(part: Chart, anchors: Mapping[str, Anchor], place: ChartPlace) -> PlacedChart:
    """Give a chart its ranges and its place.

    Parameters
    ----------
    part : Chart
        The chart as the model has it.
    anchors : mapping of str to Anchor
        Where each key is.
    place : ChartPlace
        The cells that it covers.

    Returns
    -------
    PlacedChart
        The chart with references.
    """
    return PlacedChart(
        key=part.key,
        title=part.title,
        kind=part.kind,
        row=place.row,
        rows=place.rows,
        side=place.side,
        series=tuple(s for item in part.series for s in _series(part, item, anchors)),
        overlay=tuple(s for item in part.overlay for s in _series(part, item, anchors)),
        x_title=part.x_title,
        y_title=part.y_title,
        overlay_title=part.overlay_title,
        x_format=part.x_format,
        y_format=part.y_format,
        overlay_format=part.overlay_format,
        x_max=part.x_max,
        y_max=part.y_max,
        x_turned=part.x_turned,
    )


def _series(part: Chart, item: Series, anchors: Mapping[str, Anchor]) -> Iterator[PlacedSeries]:
    anchor = _find(part, item.key, anchors)
    if anchor.first is None or anchor.last is None:
        raise ModelError(f"The chart {part.key} shows {item.key}, which has no timeline.")
    if anchor.row != anchor.last_row:  # a grid: one series for each of its columns
        for column in range(anchor.first, anchor.last + 1):
            title = _range(anchor.sheet, anchor.row - 1, anchor.row - 1, column, column)
            values = _range(anchor.sheet, anchor.row, anchor.last_row, column, column)
            yield PlacedSeries(title, values, _range(anchor.sheet, anchor.row, anchor.last_row, 3, 3))
        return
    title = item.name or _range(anchor.sheet, anchor.row, anchor.row, anchor.label, anchor.label)
    values = _range(anchor.sheet, anchor.row, anchor.row, anchor.first, anchor.last)
    yield PlacedSeries(title, values, _categories(part, anchor, anchors), item.reference)


def _categories(part: Chart, anchor: Anchor, anchors: Mapping[str, Anchor]) -> str:
    """The headings of the timeline, unless the chart names another line."""
    assert anchor.first is not None
    assert anchor.last is not None
    if not part.categories:
        return _range(anchor.sheet, HEADING_ROW, HEADING_ROW, anchor.first, anchor.last)
    other = _find(part, part.categories, anchors)
    return _range(other.sheet, other.row, other.last_row, other.first or anchor.first, other.last or anchor.last)


def _find(part: Chart, key: str, anchors: Mapping[str, Anchor]) -> Anchor:
    if key not in anchors:
        raise ModelError(f"The chart {part.key} shows {key!r}, which is no line; {nearest(key, anchors)}")
    return anchors[key]


def _range(sheet: str, top: int, bottom: int, left: int, right: int) -> str:
    start, end = address(top, left, fixed=True), address(bottom, right, fixed=True)
    return f"{sheet_prefix(sheet)}{start}" + ("" if start == end else f":{end}")
