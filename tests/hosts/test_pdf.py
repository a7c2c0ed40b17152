"""The workbook as a reader prints it: every page, every chart, nothing cut to ###."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.support.office import convert, needs_office
from tests.support.printed import ERROR, words
from xlgenai.workbook.frozen import freeze

if TYPE_CHECKING:
    from pathlib import Path

    from lxml import etree

    from xlgenai.workbook.package import Package

pytestmark = needs_office

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"


@pytest.fixture(scope="module")
def pdf(built: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    source = folder / "frozen.xlsx"
    source.write_bytes(freeze(built).to_bytes())
    return convert(source, "pdf", folder / "printed")


@pytest.fixture(scope="module")
def pages(pdf: Path) -> list[str]:
    return words(pdf, "-layout")


@pytest.fixture(scope="module")
def by_sheet(pages: list[str], built: Package) -> dict[str, str]:
    """The text of each sheet's pages: the footer of a page names its sheet."""
    found: dict[str, str] = {}
    for page in pages:
        name = re.findall(r"xlgenai (\S+) \d+ / \d+$", page)
        assert len(name) == 1, page[-80:]
        found[name[0]] = f"{found.get(name[0], '')} {page}"
    return found


def test_no_page_shows_an_error_or_a_column_that_is_too_narrow(pages: list[str]) -> None:
    assert [(number, ERROR.findall(page)) for number, page in enumerate(pages, 1) if ERROR.search(page)] == []


def test_every_sheet_is_printed_in_order_under_its_title(by_sheet: dict[str, str], workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook, data_only=True)
    assert list(by_sheet) == book.sheetnames
    assert len(by_sheet) == 13
    for sheet in book.worksheets:
        assert by_sheet[sheet.title].strip().startswith(str(sheet["A1"].value))


def test_a_sheet_is_one_page_but_for_two_with_a_timeline_and_a_chart(pages: list[str]) -> None:
    counts = Counter(page.split()[-4] for page in pages)
    assert {name: count for name, count in counts.items() if count > 1} == {"Projection": 2, "Nvidia": 2}


def chart_texts(built: Package, workbook: Path, sheet: str) -> list[str]:
    """Return what the charts of a sheet say: titles, titles of axes, names of series."""
    values = openpyxl.load_workbook(workbook, data_only=True)
    found = []
    for drawing in built.related(built.sheets[sheet], "drawing"):
        for chart in built.related(drawing, "chart"):
            root = built.xml(chart)
            titles = root.iter(f"{CHART}title")
            found += ["".join(str(text.text) for text in title.iter(TEXT)) for title in titles]
            found += [name(series.find(f"{CHART}tx"), values) for series in root.iter(f"{CHART}ser")]
    return found


def name(tx: etree._Element | None, values: openpyxl.Workbook) -> str:
    """Return the name of a series as the legend shows it."""
    assert tx is not None
    reference = tx.findtext(f".//{CHART}f")
    if reference is None:
        return str(tx.findtext(f"{CHART}v"))
    sheet, _, address = reference.replace("$", "").replace("'", "").rpartition("!")
    cell = values[sheet][address]
    shown = re.fullmatch(r'0%"(.*)"', cell.number_format)
    return f"{cell.value:.0%}{shown[1]}" if shown else str(cell.value)


@pytest.mark.parametrize(
    ("sheet", "charts"), [("Dashboard", 4), ("ValueChain", 1), ("Margins", 1), ("Projection", 1), ("Nvidia", 1)]
)
def test_charts_show_title_axes_and_legend(
    sheet: str, charts: int, by_sheet: dict[str, str], built: Package, workbook: Path
) -> None:
    expected = chart_texts(built, workbook, sheet)
    assert len(expected) >= 5 * charts  # a title, two axes and two series
    assert [text for text in expected if text not in by_sheet[sheet]] == []


def test_the_cover_says_that_all_checks_hold(by_sheet: dict[str, str]) -> None:
    assert "Master check OK? OK" in by_sheet["Cover"]
    assert "FALSE" not in by_sheet["Checks"]
