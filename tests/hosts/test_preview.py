"""A preview with the real LibreOffice: every edition can be looked at, alone or sheet by sheet."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pypdfium2
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.drawing.image import Image as Picture
from openpyxl.drawing.xdr import XDRPositiveSize2D
from PIL import Image, ImageChops

import xlgenai
from tests.support.office import needs_office
from tests.support.printed import ERROR
from xlgenai.editions.edition import EDITIONS
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

pytestmark = needs_office

A4_UPRIGHT = (1191, 1684)
"""In dots, 144 to the inch: 210 by 297 millimetres."""
FOOTER = 60
"""Dots at the end of a page that number it."""


def texts(pdf: Path) -> list[str]:
    """Return the text of each page, each run of blanks as one."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    suffix = EDITIONS[request.param].suffixes[0]
    return xlgenai.build(tmp_path_factory.mktemp("edition") / f"model{suffix}", edition=request.param).path


def test_every_sheet_of_every_edition(edition: Path) -> None:
    result = xlgenai.preview(edition)
    pages = texts(result.paths[0])
    assert len(pages) == result.pages
    assert [(number, ERROR.findall(page)) for number, page in enumerate(pages, 1) if ERROR.search(page)] == []
    book = openpyxl.load_workbook(edition, data_only=True)
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert len(shown) == 13
    for sheet in shown:
        first = next(page for page in pages if page.startswith(f"xlgenai {sheet.title} "))  # the footer comes first
        assert str(sheet["A1"].value) in first
    whole = " ".join(pages)
    assert "xlwings.conf" not in whole
    assert "UDF MODULES" not in whole
    assert "Infrastructure: capture index x 6.92x" in whole


@pytest.mark.parametrize("edition", ["desktop"], indirect=True)  # which has a hidden sheet too
def test_one_sheet_is_the_page_that_the_whole_workbook_has(edition: Path, tmp_path: Path) -> None:
    whole = xlgenai.preview(edition, tmp_path / "whole.png")
    alone = xlgenai.preview(edition, tmp_path / "alone.png", sheets=["Dashboard"])
    assert alone.paths == (tmp_path / "alone.png",)
    pages = texts(xlgenai.preview(edition, tmp_path / "whole.pdf").paths[0])
    number = next(number for number, page in enumerate(pages) if page.startswith("xlgenai Dashboard "))
    with Image.open(alone.paths[0]) as one, Image.open(whole.paths[number]) as other:
        assert one.size == other.size
        assert all(abs(found - expected) <= 1 for found, expected in zip(one.size, A4_UPRIGHT, strict=True))
        frame = (0, 0, one.width, one.height - 2 * FOOTER)
        assert ImageChops.difference(one.crop(frame), other.crop(frame)).getbbox() is None
        charts = one.crop((0, one.height // 3, one.width, one.height - 2 * FOOTER))
        assert len(charts.getcolors(2**20) or ()) > 100  # lines and bars of several colours, their edges smoothed


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A workbook by openpyxl: formulas without values, a chart of a hidden sheet, a chart sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Figures"
    formulas = ["=NET_MARGIN(20,80)", "=SUM(Data!A1:A3)", '=""', '="as "&"text"', "=1=1", "=1/0", "=NA()", "=SQRT(-1)"]
    formulas += ['="a"+1', "=#REF!+1", "=NO_SUCH()"]
    for row, formula in enumerate(formulas, start=1):
        sheet.cell(row, 1, f"row{row}:")
        sheet.cell(row, 2, formula)
    data = book.create_sheet("Data")
    for row in (1, 2, 3):
        data.cell(row, 1, row * 100)
    data.sheet_state = "hidden"
    book.create_sheet("Drawn").add_chart(bars(data), "A1")
    chart = bars(data)
    book.create_chartsheet("Chart").add_chart(chart)
    anchor: Any = chart.anchor
    anchor.ext = XDRPositiveSize2D(9_000_000, 6_000_000)  # Excel gives it a size, openpyxl none
    path = tmp_path / "plain.xlsx"
    book.save(path)
    return path


def bars(data: Worksheet) -> BarChart:
    chart = BarChart()
    chart.add_data(Reference(data, min_col=1, min_row=1, max_row=3))
    return chart


def test_formulas_without_values_are_calculated(plain: Path, tmp_path: Path) -> None:
    result = xlgenai.preview(plain, tmp_path / "out.pdf", sheets=["Figures"])
    rows = dict(re.findall(r"(row\d+): ((?!row)\S+(?: (?!row)\S+)*)", texts(result.paths[0])[0]))
    assert rows == {
        "row1": "0.25",
        "row2": "600",
        "row4": "as text",
        "row5": "TRUE",
        "row6": "#DIV/0!",
        "row7": "#N/A",
        "row8": "#NUM!",
        "row9": "#VALUE!",
        "row10": "#REF!",
        "row11": "#NAME?",
    }


def test_charts_of_hidden_data_are_drawn(plain: Path, tmp_path: Path) -> None:
    for name in ("Drawn", "Chart"):
        pages = xlgenai.preview(plain, tmp_path / f"{name}.png", sheets=[name]).paths
        assert len(pages) == 1
        with Image.open(pages[0]) as picture:
            colourful = picture.convert("HSV").getchannel("S").point(lambda saturation: 255 * (saturation > 100))
        assert colourful.histogram()[255] > 5000, name  # white, grey and black are the page, the frame and the letters


def test_a_hidden_sheet_is_shown_when_it_is_asked_for(plain: Path, tmp_path: Path) -> None:
    result = xlgenai.preview(plain, tmp_path / "out.pdf", sheets=["Data"])
    assert texts(result.paths[0]) == ["100 200 300"]


class Server(BaseHTTPRequestHandler):
    """Notes who asks for a picture, and has none."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - likewise

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - likewise
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    found = HTTPServer(("127.0.0.1", 0), type("Noting", (Server,), {"asked": asked}))
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{found.server_port}/picture.png", asked
    found.shutdown()
    thread.join()
    found.server_close()


def test_a_picture_elsewhere_is_not_fetched(server: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = server
    red = BytesIO()
    Image.new("RGB", (20, 20), "red").save(red, "PNG")
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "a picture"
    book.active.add_image(Picture(red), "B2")
    book.save(tmp_path / "book.xlsx")
    package = Package.open(tmp_path / "book.xlsx")
    rels = "xl/drawings/_rels/drawing1.xml.rels"
    linked = re.sub(rb'Target="[^"]*"', f'Target="{address}" TargetMode="External"'.encode(), package.read(rels))
    package.write(rels, linked)
    drawing = package.read("xl/drawings/drawing1.xml")
    package.write("xl/drawings/drawing1.xml", drawing.replace(b":embed=", b":link="))
    (tmp_path / "book.xlsx").write_bytes(package.to_bytes())
    assert texts(xlgenai.preview(tmp_path / "book.xlsx").paths[0]) == ["a picture"]
    assert asked == []
