"""Charts as the file holds them: where they stand, what their axes say, and how a reader tells their series apart."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

import xlgenai
from xlgenai.workbook.package import Package
from xlgenai.workbook.pages import ROW_HEIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lxml.etree import _Element

SHEETS: Final = ("Dashboard", "ValueChain", "Margins", "Projection", "Nvidia")
CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MAIN: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
PER_CHARACTER: Final = 7 * 9525
"""English metric units in a character of a column's width."""
PER_POINT: Final = 12_700


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("charts") / "model.xlsx").path


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def package(path: Path) -> Package:
    return Package.open(path)


def roots(package: Package, sheet: str) -> Iterator[_Element]:
    for drawing in package.related(package.sheets[sheet], "drawing"):
        for part in package.related(drawing, "chart"):
            yield package.xml(part)


def setting(element: _Element, path: str) -> str:
    """Return what a chart says at a path of elements."""
    found = element.find(
        "/".join(f"{CHART}{name}" if ":" not in name else f"{MAIN}{name[2:]}" for name in path.split("/"))
    )
    assert found is not None, path
    return str(found.get("val"))


def left(sheet: Any, marker: Any) -> float:
    """Return a marker's distance from the left edge of its sheet."""
    columns = [sheet.column_dimensions[get_column_letter(column)].width for column in range(1, marker.col + 1)]
    return float(sum(columns) * PER_CHARACTER + int(marker.colOff))


def boxes(sheet: Any) -> list[tuple[float, float, int, int]]:
    """Return the edges of each chart of a sheet: left, right, first row, row after the last."""
    anchors = [chart.anchor for chart in sheet._charts]
    return [(left(sheet, at._from), left(sheet, at.to), at._from.row + 1, at.to.row + 1) for at in anchors]


def test_charts_stand_on_the_sheets_that_have_them(book: openpyxl.Workbook) -> None:
    counts = {sheet.title: len(boxes(sheet)) for sheet in book.worksheets if boxes(sheet)}
    assert counts == {name: 4 if name == "Dashboard" else 1 for name in SHEETS}


@pytest.mark.parametrize("name", SHEETS)
def test_no_chart_covers_another_or_a_cell_that_says_something(name: str, book: openpyxl.Workbook) -> None:
    sheet = book[name]
    for one, other in combinations(boxes(sheet), 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
    for _, _, first, after in boxes(sheet):
        covered = sheet.iter_rows(min_row=first, max_row=after - 1, values_only=True)
        assert not [value for row in covered for value in row if value is not None]


@pytest.mark.parametrize("name", SHEETS)
def test_charts_end_where_the_table_above_them_ends(name: str, book: openpyxl.Workbook) -> None:
    sheet = book[name]
    edge = sum(dimension.width for dimension in sheet.column_dimensions.values()) * PER_CHARACTER
    assert min(box[0] for box in boxes(sheet)) == 0
    assert max(box[1] for box in boxes(sheet)) == pytest.approx(edge, abs=10)


def test_the_charts_of_the_dashboard_are_two_by_two_and_of_one_size(book: openpyxl.Workbook) -> None:
    found = boxes(book["Dashboard"])
    widths = [right - begin for begin, right, _, _ in found]
    assert widths == pytest.approx([widths[0]] * 4, abs=10)
    assert len({after - first for _, _, first, after in found}) == 1
    assert [(box[0] == 0, box[2]) for box in found] == [
        (True, found[0][2]),
        (False, found[0][2]),
        (True, found[2][2]),
        (False, found[2][2]),
    ]


def test_a_chart_is_no_strip(book: openpyxl.Workbook) -> None:
    for name in SHEETS:
        for begin, right, first, after in boxes(book[name]):
            assert 1.3 < (right - begin) / ((after - first) * ROW_HEIGHT * PER_POINT) < 3.4, name


@pytest.mark.parametrize("name", SHEETS)
def test_every_axis_that_is_shown_has_a_title_and_a_number_format(name: str, package: Package) -> None:
    for root in roots(package, name):
        axes = [axis for axis in root.iter(f"{CHART}catAx", f"{CHART}valAx") if not hidden(axis)]
        assert len(axes) >= 2
        for axis in axes:
            assert "".join(str(text.text) for text in axis.iterfind(f"{CHART}title//{MAIN}t")).strip()
            assert [found.get("formatCode") for found in axis.iter(f"{CHART}numFmt")] != [None]


def hidden(axis: _Element) -> bool:
    delete = axis.find(f"{CHART}delete")
    return delete is not None and delete.get("val") == "1"


@pytest.mark.parametrize("name", SHEETS)
def test_the_plot_leaves_room_for_titles_and_legend(name: str, package: Package) -> None:
    for root in roots(package, name):
        layout = "chart/plotArea/layout/manualLayout"
        x, y, width, height = (float(setting(root, f"{layout}/{side}")) for side in "xywh")
        assert 0 < x < 0.1
        assert x + width < 1
        assert 0.05 < y < 0.15
        assert 0.1 < 1 - y - height < 0.3


@pytest.mark.parametrize("name", SHEETS)
def test_no_title_lies_over_a_plot_and_corners_are_square(name: str, package: Package) -> None:
    for root in roots(package, name):
        titles = [*root.iter(f"{CHART}title", f"{CHART}legend")]
        assert len(titles) >= 4
        assert {setting(title, "overlay") for title in titles} == {"0"}
        assert setting(root, "roundedCorners") == "0"


@pytest.mark.parametrize("name", SHEETS)
def test_series_differ_in_colour_and_lines_in_more_than_colour(name: str, package: Package) -> None:
    for root in roots(package, name):
        series = list(root.iter(f"{CHART}ser"))
        colours = [next(one.iter(f"{MAIN}srgbClr")).get("val") for one in series]
        looks = [(colour, dash(one)) for colour, one in zip(colours, series, strict=True)]
        assert len(set(looks)) == len(looks)
        lines = [one for one in series if one.find(f"{CHART}marker") is not None]
        in_grey = [(setting(one, "marker/symbol"), dash(one)) for one in lines]
        assert len(set(in_grey)) == len(in_grey)


def dash(series: _Element) -> str | None:
    found = series.find(f"{CHART}spPr/{MAIN}ln/{MAIN}prstDash")
    return None if found is None or found.get("val") == "solid" else found.get("val")


@pytest.mark.parametrize(
    ("sheet", "names", "inputs"),
    [
        ("Projection", ["Post: low end", "Post: high end"], {"tam_multiple_low": 1.5, "tam_multiple_high": 6}),
        ("Margins", ["SaaS: low end", "SaaS: high end"], {"gross_margin_low": 0.6, "gross_margin_high": 0.95}),
    ],
)
def test_what_the_post_says_is_a_dashed_line_that_follows_the_inputs(
    sheet: str, names: list[str], inputs: dict[str, float | str], package: Package, tmp_path: Path
) -> None:
    (root,) = roots(package, sheet)
    dashed = {one.findtext(f"{CHART}tx/{CHART}v"): one for one in root.iter(f"{CHART}ser") if dash(one)}
    assert list(dashed) == names
    other = openpyxl.load_workbook(xlgenai.build(tmp_path / "other.xlsx", inputs=inputs).path, data_only=True)
    for one, value in zip(dashed.values(), inputs.values(), strict=True):
        reference = one.findtext(f"{CHART}val//{CHART}f") or one.findtext(f"{CHART}yVal//{CHART}f")
        assert reference is not None
        (row,) = other[sheet][reference.rpartition("!")[2].replace("$", "")]
        assert len(row) > 1
        assert {cell.value for cell in row} == {value}
