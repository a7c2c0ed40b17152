"""What a preview hands to LibreOffice and what it makes of the pages, with a made-up LibreOffice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula
from PIL import Image

import xlgenai
from tests.support.made_office import COLOURS, SIZE, make_office, make_printer, needs_shell
from xlgenai.cells.values import CellError
from xlgenai.errors import InputError, OfficeError, WorkbookError
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_shell


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook as openpyxl writes it, no formula of it calculated; its second sheet is hidden."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "First"
    sheet["A1"] = "=NET_MARGIN(20,80)"
    sheet["A2"] = '=""'
    sheet["A3"] = "=1/0"
    sheet["A4"] = "=Data!A1*2"
    sheet["B1"] = ArrayFormula("B1:B2", "=Data!A1:A2+1")
    data = book.create_sheet("Data")
    data["A1"], data["A2"] = 21, 22
    data.sheet_state = "hidden"
    book.create_sheet("Last")["A1"] = "the end"
    path = tmp_path / "my book.xlsx"
    book.save(path)
    return path


@pytest.fixture
def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return use(make_printer(tmp_path / "office", 1), monkeypatch)


def use(program: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let a program be the LibreOffice of this machine, and return its folder."""
    monkeypatch.setenv("XLGENAI_SOFFICE", str(program))
    return program.parent


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def given(printer: Path) -> Package:
    """Return the workbook that LibreOffice was given, which has the name of the user's."""
    return Package.open(printer / "given" / "my book.xlsx")


def test_a_pdf_beside_the_workbook(book: Path, printer: Path) -> None:
    before = book.read_bytes()
    result = xlgenai.preview(book)
    assert (result.paths, result.pages, result.notes) == ((book.with_suffix(".pdf"),), 1, ())
    assert result.paths[0].read_bytes() == (printer / "pdf").read_bytes()
    assert names(book.parent) == ["my book.pdf", "my book.xlsx"]
    assert book.read_bytes() == before


def test_libreoffice_gets_values_and_no_formula(book: Path, printer: Path) -> None:
    xlgenai.preview(book)
    cells = {cell.address: cell for cell in given(printer).sheet("First").cells()}
    assert {address: cell.value for address, cell in cells.items()} == {
        "A1": 0.25,
        "A2": "",
        "A3": CellError.DIV0,
        "A4": 42.0,
        "B1": 22.0,
        "B2": 23.0,
    }
    assert not any(cell.formula for cell in cells.values())


@pytest.mark.parametrize(
    ("sheets", "shown", "active"),
    [
        ((), {"First", "Last"}, 0),
        (["Last"], {"Last"}, 2),
        (["last", "FIRST"], {"First", "Last"}, 0),
        (["Data"], {"Data"}, 1),
    ],
)
def test_the_chosen_sheets_are_shown_and_one_of_them_is_active(
    sheets: list[str], shown: set[str], active: int, book: Path, printer: Path
) -> None:
    xlgenai.preview(book, sheets=sheets)
    found = openpyxl.load_workbook(printer / "given" / "my book.xlsx")
    assert {sheet.title for sheet in found.worksheets if sheet.sheet_state == "visible"} == shown
    assert [sheet.title for sheet in found.worksheets] == ["First", "Data", "Last"]
    assert found.active is found.worksheets[active]


def test_a_workbook_that_does_not_say_which_sheet_is_active(book: Path, printer: Path) -> None:
    package = Package.open(book)
    root = package.xml(package.workbook_part)
    for views in root.findall("{*}bookViews"):
        root.remove(views)
    package.write_xml(package.workbook_part, root)
    book.write_bytes(package.to_bytes())
    xlgenai.preview(book, sheets=["Last"])
    found = openpyxl.load_workbook(printer / "given" / "my book.xlsx")
    assert found.active is found.worksheets[2]
    tags = [str(child.tag).rpartition("}")[2] for child in given(printer).xml("xl/workbook.xml")]
    assert tags.index("sheets") - tags.index("bookViews") == 1  # the order that the format asks for


def test_one_page_is_one_picture_of_that_name(book: Path, printer: Path, tmp_path: Path) -> None:
    (tmp_path / "page.PNG").write_bytes(b"of another day")
    result = xlgenai.preview(book, tmp_path / "page.PNG")
    assert result.paths == (tmp_path / "page.PNG",)
    with Image.open(tmp_path / "page.PNG") as picture:
        assert picture.format == "PNG"
        assert picture.size == (2 * SIZE[0], 2 * SIZE[1])
        assert [round(dots) for dots in picture.info["dpi"]] == [144, 144]
        assert near(picture.getpixel((100, 50)), COLOURS[0])


@pytest.mark.parametrize(
    ("pages", "first", "last"), [(2, "page-1.png", "page-2.png"), (12, "page-01.png", "page-12.png")]
)
def test_several_pages_are_numbered_pictures(
    pages: int, first: str, last: str, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(make_printer(tmp_path / "office", pages), monkeypatch)
    result = xlgenai.preview(str(book), str(tmp_path / "page.png"))
    assert result.pages == len(result.paths) == pages
    assert [path.name for path in result.paths] == sorted(path.name for path in result.paths)
    assert (result.paths[0].name, result.paths[-1].name) == (first, last)
    assert names(tmp_path) == ["my book.xlsx", *(path.name for path in result.paths)]
    for path, colour in zip(result.paths, COLOURS, strict=False):
        with Image.open(path) as picture:
            assert near(picture.getpixel((10, 10)), colour)


def near(found: object, expected: tuple[int, int, int]) -> bool:
    """Whether two colours are the same but for what a JPEG in a PDF loses."""
    assert isinstance(found, tuple)
    return all(abs(one - other) < 6 for one, other in zip(found, expected, strict=True))


def test_what_was_not_calculated_is_told(book: Path, printer: Path) -> None:
    changed = openpyxl.load_workbook(book)
    changed["Last"]["A2"] = "=CUBESETCOUNT(A1)"
    changed.save(book)
    assert len(xlgenai.preview(book).notes) == 1
    assert xlgenai.preview(book).notes[0].startswith("Last!A2 uses a function that the calculator does not know")


def test_what_is_refused_leaves_no_trace(book: Path, printer: Path, tmp_path: Path) -> None:
    before = names(tmp_path)
    with pytest.raises(InputError, match=r"^A preview is written as \.pdf or \.png, not as 'page\.jpg': "):
        xlgenai.preview(book, "page.jpg")
    with pytest.raises(InputError, match=r"^my book\.xlsx has no sheet 'Lasst'; did you mean Last\?$"):
        xlgenai.preview(book, sheets=["First", "Lasst"])
    with pytest.raises(WorkbookError, match="folder"):
        xlgenai.preview(book, tmp_path / "no" / "folder.pdf")
    with pytest.raises(WorkbookError, match=r"absent\.xlsx does not exist"):
        xlgenai.preview(tmp_path / "absent.xlsx")
    assert names(tmp_path) == before


def test_every_sheet_is_hidden(book: Path, printer: Path) -> None:
    package = Package.open(book)
    text = package.read(package.workbook_part).replace(b'"visible"', b'"veryHidden"')
    package.write(package.workbook_part, text)
    book.write_bytes(package.to_bytes())
    with pytest.raises(InputError, match=r"^Every sheet of my book\.xlsx is hidden: "):
        xlgenai.preview(book)
    xlgenai.preview(book, sheets=["First"])
    assert openpyxl.load_workbook(printer / "given" / "my book.xlsx")["First"].sheet_state == "visible"


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("exit 0", r"LibreOffice made no PDF of my book\.xlsx: open the file"),
        ('echo "no PDF" >"$result"', "LibreOffice made a PDF that cannot be read: open the workbook"),
    ],
)
@pytest.mark.parametrize("suffix", [".pdf", ".png"])
def test_without_pages_the_old_ones_stay(
    suffix: str, script: str, sentence: str, book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(make_office(tmp_path / "office", script).program, monkeypatch)
    old = book.with_suffix(suffix)
    old.write_bytes(b"of another day")
    with pytest.raises(OfficeError, match=sentence):
        xlgenai.preview(book, old)
    assert old.read_bytes() == b"of another day"
    assert names(tmp_path) == sorted(["my book.xlsx", old.name])


def test_without_libreoffice(book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use(tmp_path / "absent" / "soffice", monkeypatch)
    with pytest.raises(OfficeError, match=r"^LibreOffice was not found"):
        xlgenai.preview(book)
    assert names(tmp_path) == ["my book.xlsx"]
