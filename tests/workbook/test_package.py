"""A workbook taken apart: the same bytes back, or one sentence that says what is wrong."""

from __future__ import annotations

import os
import random
import re
import struct
import subprocess
import sys
import tracemalloc
import warnings
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table

import xlgenai
from xlgenai.errors import WorkbookError
from xlgenai.workbook.package import Limits, Package, Relationship

if TYPE_CHECKING:
    from collections.abc import Callable

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
WORKBOOK = "xl/workbook.xml"
SHEET = "xl/worksheets/sheet1.xml"
MIB = 1024 * 1024


def openpyxl_workbook() -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    data = book.create_sheet("Data")
    data.append(["Layer", "Revenue", "Funding"])
    for line in (["Chips", 50.0, 5.0], ["Cloud", 10.0, 12.0], ["Apps", 5.0, 9.5]):
        data.append(line)
    data.add_table(Table(displayName="ValueChain", ref="A1:C4"))
    data["B2"].comment = Comment("FY2023", "analyst")
    chart = BarChart()
    chart.add_data(Reference(data, min_col=2, min_row=1, max_row=4), titles_from_data=True)
    data.add_chart(chart, "E2")
    shares = book.create_sheet("Shares & more")
    for row in range(2, 5):
        shares[f"A{row}"] = f"=Data!B{row}/SUM(Data!B$2:B$4)"
    book.create_sheet("Empty")
    book.create_chartsheet("Picture").add_chart(BarChart())
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def xlsxwriter_workbook() -> bytes:
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Data")
    sheet.add_table("A1:B3", {"name": "ValueChain", "data": [["Chips", 50], ["Cloud", 10]]})
    sheet.write_comment("B2", "FY2023")
    sheet.write_url("D1", "https://example.com/post")
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=Data!$B$2:$B$3"})
    sheet.insert_chart("F2", chart)
    sheet.write_dynamic_array_formula("H1:H2", "=B2:B3")
    book.close()
    return stream.getvalue()


@pytest.fixture(scope="module")
def good() -> bytes:
    return openpyxl_workbook()


@pytest.fixture(scope="module")
def written_by_xlsxwriter() -> bytes:
    return xlsxwriter_workbook()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    parts = unzipped(data)
    assert old.encode() in parts[part]
    return zipped({**parts, part: parts[part].replace(old.encode(), new.encode(), 1)})


def without(data: bytes, part: str) -> bytes:
    parts = unzipped(data)
    del parts[part]
    return zipped(parts)


def patched(data: bytes, part: str, field: int, value: int, *, local_field: int) -> bytes:
    """Overwrite a 4-byte field of a part's two headers."""
    image = bytearray(data)
    central = data.rindex(part.encode()) - 46
    local = data.index(part.encode()) - 30
    assert image[central : central + 4] == b"PK\x01\x02"
    assert image[local : local + 4] == b"PK\x03\x04"
    struct.pack_into("<I", image, central + field, value)
    struct.pack_into("<I", image, local + local_field, value)
    return bytes(image)


def refusal(data: bytes, limits: Limits | None = None) -> str:
    """Open bytes that must be refused, and return the sentence."""
    with pytest.raises(WorkbookError) as caught:
        Package.from_bytes(data, "model.xlsx", limits or Limits())
    sentence = str(caught.value)
    assert_one_sentence(sentence)
    assert sentence.startswith("model.xlsx")
    return sentence


def assert_one_sentence(text: str) -> None:
    assert re.fullmatch(r"[^\n]{30,300}\.", text), text
    assert not re.search(r"\. [A-Z]|Error|Exception|Traceback|0x|<class", text), text


# Opening what is good


def test_parts_keep_their_order_and_content(good: bytes) -> None:
    package = Package.from_bytes(good, "model.xlsx")
    assert list(package.parts.items()) == list(unzipped(good).items())
    assert package.read(SHEET) == unzipped(good)[SHEET]


def test_open_from_a_path_and_name(tmp_path: Path, good: bytes) -> None:
    file = tmp_path / "Modèle 1.xlsx"
    file.write_bytes(good)
    assert Package.open(file).name == "Modèle 1.xlsx"
    assert Package.open(str(file)).workbook_part == WORKBOOK


def test_sheets_in_workbook_order_without_chart_sheets(good: bytes) -> None:
    assert Package.from_bytes(good, "m").sheets == {
        "Data": "xl/worksheets/sheet1.xml",
        "Shares & more": "xl/worksheets/sheet2.xml",
        "Empty": "xl/worksheets/sheet3.xml",
    }


def test_sheet_order_is_that_of_the_workbook_not_of_the_parts() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Cover", 0)
    book.move_sheet("Sheet", -1)
    package = Package.from_bytes(saved(book), "m")
    assert list(package.sheets) == book.sheetnames


def test_parts_cannot_be_changed_through_the_view(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    with pytest.raises(TypeError):
        package.parts[SHEET] = b""  # type: ignore[index]


def test_stored_entries_and_folder_entries_are_accepted(good: bytes) -> None:
    parts = unzipped(good)
    data = zipped({**parts, "xl/": b"", "xl/worksheets/": b""}, zipfile.ZIP_STORED)
    assert dict(Package.from_bytes(data, "m").parts) == parts


def test_a_sheet_beyond_ten_megabytes_is_read(good: bytes) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row / 7}</v></c></row>' for row in range(1, 250_001))
    parts = unzipped(good)
    head, _, tail = parts[SHEET].partition(b"<sheetData>")
    parts[SHEET] = head + b"<sheetData>" + rows.encode() + b"</sheetData>" + tail.partition(b"</sheetData>")[2]
    assert len(parts[SHEET]) > 12 * MIB
    package = Package.from_bytes(zipped(parts, zipfile.ZIP_STORED), "m")
    assert len(package.xml(SHEET).findall(f"{MAIN}sheetData/{MAIN}row")) == 250_000


# Writing back


def test_to_bytes_is_reproducible_and_a_fixed_point(good: bytes) -> None:
    first = Package.from_bytes(good, "m").to_bytes()
    again = Package.from_bytes(good, "other").to_bytes()
    assert first == again == Package.from_bytes(first, "m").to_bytes()
    with zipfile.ZipFile(BytesIO(first)) as archive:
        headers = {(entry.date_time, entry.create_system, entry.external_attr) for entry in archive.infolist()}
    assert headers == {((1980, 1, 1, 0, 0, 0), 0, 0x20)}


def test_content_types_come_first_and_the_rest_as_stored(good: bytes) -> None:
    names = list(unzipped(good))
    assert names[0] != "[Content_Types].xml"
    others = [name for name in names if name != "[Content_Types].xml"]
    assert list(unzipped(Package.from_bytes(good, "m").to_bytes())) == ["[Content_Types].xml", *others]


def test_openpyxl_reads_the_same_cells(good: bytes) -> None:
    before = openpyxl.load_workbook(BytesIO(good))
    after = openpyxl.load_workbook(BytesIO(Package.from_bytes(good, "m").to_bytes()))
    assert after.sheetnames == before.sheetnames
    for sheet in before.worksheets:
        cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert [[cell.value for cell in row] for row in after[sheet.title].iter_rows()] == cells
    assert after["Data"]["B2"].comment.text == "FY2023"
    assert list(after["Data"].tables) == ["ValueChain"]


def test_a_change_leaves_every_other_part_byte_for_byte(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    root = package.xml(SHEET)
    value = root.find(f".//{MAIN}c[@r='B2']/{MAIN}v")
    assert value is not None
    value.text = "60.5"
    package.write_xml(SHEET, root)
    saved_parts = unzipped(package.to_bytes())
    assert {name for name, content in unzipped(good).items() if saved_parts[name] != content} == {SHEET}
    assert openpyxl.load_workbook(BytesIO(package.to_bytes()))["Data"]["B2"].value == 60.5


def test_write_xml_keeps_declarations_that_only_an_attribute_needs(good: bytes) -> None:
    source = (
        f'<?xml version="1.0"?>\n<!--kept--><worksheet xmlns="{MAIN[1:-1]}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" '
        'xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" '
        'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision">'
        '<sheetData><row r="1"><c r="A1" t="str"><v xml:space="preserve"> é&lt;\t</v></c></row></sheetData></worksheet>'
    )
    package = Package.from_bytes(good, "m")
    package.write(SHEET, source.encode())
    package.write_xml(SHEET, package.xml(SHEET))
    text = package.read(SHEET).decode()
    assert text.startswith('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<!--kept-->')
    for kept in ('mc:Ignorable="x14ac xr"', "xmlns:x14ac=", "xmlns:xr=", 'xml:space="preserve"> é&lt;\t<'):
        assert kept in text
    once = package.read(SHEET)
    package.write_xml(SHEET, package.xml(SHEET))
    assert package.read(SHEET) == once


def test_xml_is_parsed_afresh_and_a_copy_is_apart(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    package.xml(SHEET).clear()
    copy = package.copy()
    copy.write("xl/new.xml", b"<new/>")
    copy.write(SHEET, b"<other/>")
    assert len(package.xml(SHEET)) > 0
    assert package.to_bytes() == Package.from_bytes(good, "m").to_bytes()
    assert copy.name == package.name


@pytest.mark.parametrize(
    "part", ["/xl/a.xml", "../a.xml", "xl//a.xml", "xl\\a.xml", "", "xl/a\0.xml", "XL/Workbook.xml"]
)
def test_write_refuses_names_that_would_not_open_again(good: bytes, part: str) -> None:
    package = Package.from_bytes(good, "model.xlsx")
    with pytest.raises(WorkbookError) as caught:
        package.write(part, b"")
    assert_one_sentence(str(caught.value))


def test_reading_a_missing_part_is_a_workbook_error(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    for read in (package.read, package.xml):
        with pytest.raises(WorkbookError, match="is missing"):
            read("xl/nothing.xml")


# Relationships


def test_absolute_targets_are_resolved(good: bytes) -> None:
    assert b'Target="/xl/worksheets/sheet1.xml"' in unzipped(good)["xl/_rels/workbook.xml.rels"]
    package = Package.from_bytes(good, "m")
    assert package.related(WORKBOOK, "worksheet") == list(package.sheets.values())
    assert package.related(SHEET, "table") == ["xl/tables/table1.xml"]
    assert package.related(SHEET, "comments") == ["xl/comments/comment1.xml"]
    (drawing,) = package.related(SHEET, "drawing")
    assert package.related(drawing, "chart") == ["xl/charts/chart1.xml"]


def test_relative_targets_are_resolved(written_by_xlsxwriter: bytes) -> None:
    assert b'Target="../tables/table1.xml"' in unzipped(written_by_xlsxwriter)["xl/worksheets/_rels/sheet1.xml.rels"]
    package = Package.from_bytes(written_by_xlsxwriter, "m")
    assert package.related("", "officeDocument") == [WORKBOOK]
    assert package.sheets == {"Data": SHEET}
    assert package.related(SHEET, "table") == ["xl/tables/table1.xml"]
    assert package.related(SHEET, "comments") == ["xl/comments1.xml"]
    assert package.related("xl/drawings/drawing1.xml", "chart") == ["xl/charts/chart1.xml"]
    assert package.related(WORKBOOK, "sheetMetadata") == ["xl/metadata.xml"]
    external = [arrow for arrow in package.relationships(SHEET).values() if arrow.external]
    assert external == [Relationship(f"{OFFICE}/hyperlink", "https://example.com/post", external=True)]
    assert package.related(SHEET, "hyperlink") == []


def test_a_part_without_relationships_has_none(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    assert package.relationships("xl/styles.xml") == {}
    assert package.related("xl/worksheets/sheet3.xml", "table") == []


@pytest.mark.parametrize(
    ("target", "resolved"),
    [
        ("tables/t.xml", "xl/tables/t.xml"),
        ("/xl/WORKBOOK.xml", WORKBOOK),
        ("../../../up.xml", "up.xml"),
        ("#Data!A1", WORKBOOK),
    ],
)
def test_other_ways_to_write_a_target(good: bytes, target: str, resolved: str) -> None:
    data = changed(
        good,
        "xl/_rels/workbook.xml.rels",
        "</Relationships>",
        f'<Relationship Id="x" Type="{OFFICE}/other" Target="{target}"/></Relationships>',
    )
    assert Package.from_bytes(data, "m").related(WORKBOOK, "other") == [resolved]


def test_part_names_ignore_case(good: bytes) -> None:
    parts = {name.replace("worksheets/sheet1", "Worksheets/Sheet1"): data for name, data in unzipped(good).items()}
    package = Package.from_bytes(zipped(parts), "m")
    assert package.sheets["Data"] == "xl/Worksheets/Sheet1.xml"
    assert package.related(WORKBOOK, "worksheet")[0] == "xl/Worksheets/Sheet1.xml"


def test_an_added_sheet_opens_in_openpyxl(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    cells = '<sheetData><row r="1"><c r="A1"><v>42</v></c></row></sheetData>'
    content = f'<worksheet xmlns="{MAIN[1:-1]}">{cells}</worksheet>'
    type_ = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    package.add_part("xl/worksheets/extra.xml", content.encode(), type_)
    new_id = package.add_relationship(WORKBOOK, f"{OFFICE}/worksheet", "xl/worksheets/extra.xml")
    workbook = package.xml(WORKBOOK)
    sheets = workbook.find(f"{MAIN}sheets")
    assert sheets is not None
    etree.SubElement(sheets, f"{MAIN}sheet", {"name": "Extra", "sheetId": "99", f"{{{OFFICE}}}id": new_id})
    package.write_xml(WORKBOOK, workbook)
    data = package.to_bytes()
    assert openpyxl.load_workbook(BytesIO(data))["Extra"]["A1"].value == 42
    assert Package.from_bytes(data, "m").sheets["Extra"] == "xl/worksheets/extra.xml"


def test_relationships_of_a_part_that_had_none(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    sheet = package.sheets["Empty"]
    table = package.read("xl/tables/table1.xml").replace(b'id="1"', b'id="2"', 1).replace(b"ValueChain", b"Second")
    package.add_part(
        "xl/tables/table2.xml", table, "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
    )
    assert package.add_relationship(sheet, f"{OFFICE}/table", "xl/tables/table2.xml") == "rId1"
    assert package.add_relationship(sheet, f"{OFFICE}/table", "xl/tables/table2.xml") == "rId2"
    assert b'Target="../tables/table2.xml"' in package.read("xl/worksheets/_rels/sheet3.xml.rels")
    assert b'PartName="/xl/tables/table2.xml"' in package.read("[Content_Types].xml")
    root = package.xml(sheet)
    etree.SubElement(
        etree.SubElement(root, f"{MAIN}tableParts", count="1"), f"{MAIN}tablePart", {f"{{{OFFICE}}}id": "rId1"}
    )
    package.write_xml(sheet, root)
    assert list(openpyxl.load_workbook(BytesIO(package.to_bytes()))["Empty"].tables) == ["Second"]


def test_a_relationship_of_the_package_itself_and_a_free_id(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    package.add_part("customXml/item1.xml", b"<item/>", "application/xml")
    taken = set(package.relationships(""))
    new_id = package.add_relationship("", f"{OFFICE}/customXml", "customXml/item1.xml")
    assert new_id not in taken
    assert package.relationships("")[new_id] == Relationship(
        f"{OFFICE}/customXml", "customXml/item1.xml", external=False
    )


def test_add_refuses_what_exists_and_what_does_not(good: bytes) -> None:
    package = Package.from_bytes(good, "m")
    with pytest.raises(WorkbookError, match="already has a part"):
        package.add_part(SHEET.upper(), b"", "application/xml")
    for source, target in (("xl/no.xml", SHEET), (SHEET, "xl/no.xml")):
        with pytest.raises(WorkbookError, match=r"xl/no\.xml is missing"):
            package.add_relationship(source, f"{OFFICE}/table", target)


def test_add_part_replaces_a_declaration_left_over(good: bytes) -> None:
    package = Package.from_bytes(without(good, "xl/theme/theme1.xml"), "m")
    package.add_part("xl/theme/theme1.xml", b"<theme/>", "application/test+xml")
    overrides = package.xml("[Content_Types].xml").xpath("//*[@PartName='/xl/theme/theme1.xml']/@ContentType")
    assert overrides == ["application/test+xml"]


# What is refused


def test_paths_that_are_no_files(tmp_path: Path, good: bytes) -> None:
    file = tmp_path / "model.xlsx"
    file.write_bytes(good)
    os.mkfifo(tmp_path / "pipe.xlsx")
    loop = tmp_path / "loop.xlsx"
    loop.symlink_to(loop)
    cases = {
        "missing.xlsx": "does not exist",
        "no/such/folder.xlsx": "does not exist",
        "model.xlsx/inside.xlsx": "does not exist",
        ".": "is a folder",
        "pipe.xlsx": "not an ordinary file",
        "loop.xlsx": "cannot be read",
        "zero\0byte.xlsx": "cannot be read",
        "x" * 300: "cannot be read",
    }
    for path, expected in cases.items():
        with pytest.raises(WorkbookError, match=expected) as caught:
            Package.open(tmp_path / path)
        assert str(caught.value).endswith(".")
        assert "\n" not in str(caught.value)


OPEN_AS_NOBODY = """
import os, sys
from xlgenai.errors import WorkbookError
from xlgenai.workbook.package import Package
if os.geteuid() == 0:
    os.setuid(65534)  # mode bits do not bind root
try:
    Package.open(sys.argv[1])
except WorkbookError as error:
    print(error)
"""


def test_a_file_that_may_not_be_read(tmp_path: Path, good: bytes) -> None:
    file = tmp_path / "model.xlsx"
    file.write_bytes(good)
    file.chmod(0)
    environment = {**os.environ, "PYTHONPATH": str(Path(xlgenai.__file__).parents[1])}
    command = [sys.executable, "-c", OPEN_AS_NOBODY, str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == f"{file} may not be read: close other programs that use it, or ask for access.\n", done.stderr


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "is empty"),
        (b"Layer,Revenue\nChips,50\n", "not an Excel workbook"),
        (b"%PDF-1.7 and more", "not an Excel workbook"),
        (b"PK\x03\x04", "incomplete"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504), "old .xls workbook or protected with a password"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(99) + "EncryptedPackage".encode("utf-16-le"), "remove the password"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}), "missing"),
        (zipped({}), "not an Excel workbook"),
    ],
)
def test_files_of_other_kinds(data: bytes, expected: str) -> None:
    assert expected in refusal(data)


def test_truncation_at_any_length(good: bytes) -> None:
    for length in range(1, len(good), 97):
        refusal(good[:length])


@pytest.mark.parametrize(
    "part",
    [
        "[Content_Types].xml",
        "_rels/.rels",
        WORKBOOK,
        "xl/_rels/workbook.xml.rels",
        SHEET,
        "xl/styles.xml",
        "xl/sharedStrings.xml",
    ],
)
def test_needed_parts_missing_or_malformed(written_by_xlsxwriter: bytes, part: str) -> None:
    refusal(without(written_by_xlsxwriter, part))
    parts = unzipped(written_by_xlsxwriter)
    for content in (b"", b"\0\xff", parts[part][:-9], b"<other/>", b'<?xml version="1.0" encoding="nonsense"?><a/>'):
        refusal(zipped({**parts, part: content}))


def test_a_missing_chart_sheet(good: bytes) -> None:
    assert "chartsheets/sheet1.xml is missing" in refusal(without(good, "xl/chartsheets/sheet1.xml"))


@pytest.mark.parametrize(
    ("part", "old", "new", "expected"),
    [
        (WORKBOOK, 'name="Empty"', 'name="DATA"', "two sheets named 'DATA'"),
        (WORKBOOK, 'name="Empty"', 'name=""', "without a name"),
        (WORKBOOK, 'r:id="rId2"', 'r:id="rId1"', "'Shares & more' has no content"),
        (WORKBOOK, 'r:id="rId2"', 'r:id="rId77"', "'Shares & more' has no content"),
        (WORKBOOK, "<sheets>", "<sheets/><sheetz>", "not well-formed"),
        ("xl/_rels/workbook.xml.rels", "/worksheet", "/worksheat", "'Data' has no content"),
        ("xl/_rels/workbook.xml.rels", 'Id="rId2"', 'Id="rId1"', "an id of its own"),
        ("xl/_rels/workbook.xml.rels", "Target=", 'TargetMode="External" Target=', "has no content"),
        ("_rels/.rels", "xl/workbook.xml", "xl/book.xml", "no workbook part"),
    ],
)
def test_structure_that_does_not_hold(good: bytes, part: str, old: str, new: str, expected: str) -> None:
    assert expected in refusal(changed(good, part, old, new))


def test_a_workbook_without_sheets(good: bytes) -> None:
    empty = re.sub(rb"<sheets>.*</sheets>", b"<sheets/>", unzipped(good)[WORKBOOK])
    assert "no sheets" in refusal(zipped({**unzipped(good), WORKBOOK: empty}))


def test_other_office_files(good: bytes) -> None:
    parts = unzipped(good)
    word = b'<document xmlns="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
    assert "not an Excel workbook" in refusal(zipped({**parts, WORKBOOK: word}))
    strict = parts[WORKBOOK].replace(MAIN[1:-1].encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
    assert "Strict Open XML" in refusal(zipped({**parts, WORKBOOK: strict}))
    binary = {
        **parts,
        "xl/workbook.bin": b"\x83\x01",
        "_rels/.rels": parts["_rels/.rels"].replace(b"book.xml", b"book.bin"),
    }
    assert ".xlsb" in refusal(zipped(binary))


DOCTYPE = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "part", [WORKBOOK, SHEET, "docProps/app.xml", "xl/_rels/workbook.xml.rels", "customXml/x.XML", "a.vml"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_document_type_is_refused_in_any_markup(good: bytes, part: str, encoding: str) -> None:
    text = f'<?xml version="1.0"?>\n<!-- a -- > ?> b --> <?p q?>\n{DOCTYPE}<a>&e;</a>'
    assert f"{part} has a DOCTYPE" in refusal(zipped({**unzipped(good), part: text.encode(encoding)}))


def test_a_document_type_in_an_exotic_encoding_is_refused(good: bytes) -> None:
    ebcdic = f'<?xml version="1.0" encoding="IBM037"?>{DOCTYPE}<a/>'.encode("cp037")
    utf_7 = b'<?xml version="1.0" encoding="UTF-7"?>' + DOCTYPE.replace("<!", "+ADwAIQ-").encode() + b"<a/>"
    for content in (ebcdic, utf_7):
        assert WORKBOOK in refusal(zipped({**unzipped(good), WORKBOOK: content}))


def test_the_word_doctype_as_text_is_accepted(good: bytes) -> None:
    data = zipped({**unzipped(good), "customXml/item1.xml": b"<a><!--<!DOCTYPE a>--><![CDATA[<!DOCTYPE html>]]></a>"})
    assert "customXml/item1.xml" in Package.from_bytes(data, "m").parts


def test_a_hostile_prolog_costs_one_pass(good: bytes) -> None:
    for prolog in (b"<?a?>" * 100_000, b"<!--a-->" * 100_000, b" " * 500_000, b"<!--" * 200_000):
        Package.from_bytes(zipped({**unzipped(good), "customXml/item1.xml": prolog}), "m")


@pytest.mark.parametrize(
    "name",
    ["/xl/extra.xml", "../extra.xml", "xl/../../extra.xml", "xl/./a.xml", "xl\\extra.xml", "xl//a.xml", "C:\\a.xml"],
)
def test_part_names_that_lead_outside(good: bytes, name: str) -> None:
    assert "leads outside" in refusal(zipped({**unzipped(good), name: b"<a/>"}))


def test_a_part_name_with_a_zero_byte(good: bytes) -> None:
    data = zipped({**unzipped(good), "xl/extraZ.xml": b"<a/>"}).replace(b"xl/extraZ.xml", b"xl/extra\0.xml")
    assert "leads outside" in refusal(data)


@pytest.mark.parametrize("second", [WORKBOOK, "XL/Workbook.XML"])
def test_duplicate_part_names(good: bytes, second: str) -> None:
    stream = BytesIO(good)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(second, b"<a/>")
    assert "is there twice" in refusal(stream.getvalue())


def test_an_encrypted_entry(good: bytes) -> None:
    assert "encrypted" in refusal(patched(good, SHEET, 6, 0x0001_0014, local_field=4))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_excel_does_not_know(good: bytes, method: int) -> None:
    assert "compressed in a way" in refusal(zipped(unzipped(good), method))


def test_a_wrong_checksum(good: bytes) -> None:
    refusal(patched(good, SHEET, 16, 0x1234_5678, local_field=14))


# What is too large


def bomb(good: bytes, megabytes: int = 200) -> bytes:
    stream = BytesIO()
    parts = unzipped(good)
    head, _, tail = parts.pop(SHEET).partition(b"<sheetData>")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        with archive.open(SHEET, "w") as sheet:
            sheet.write(head + b"<sheetData>")
            for _ in range(megabytes):
                sheet.write(b" " * MIB)
            sheet.write(tail)
    return stream.getvalue()


@pytest.fixture(scope="module")
def bombed(good: bytes) -> bytes:
    return bomb(good)


def peak_mib(data: bytes) -> float:
    tracemalloc.start()
    try:
        refusal(data)
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def test_a_bomb_is_refused_before_it_inflates(bombed: bytes) -> None:
    assert len(bombed) < MIB / 3
    assert "too large" in refusal(bombed)
    assert "inflates to 200 MiB" in refusal(bombed, Limits(max_part_bytes=2**40))
    assert peak_mib(bombed) < 2


@pytest.mark.parametrize("declared", [0, 1, 900_000])
def test_a_lying_declared_size_does_not_inflate_further(bombed: bytes, declared: int) -> None:
    lying = patched(bombed, SHEET, 24, declared, local_field=22)
    assert peak_mib(lying) < 6
    with zipfile.ZipFile(BytesIO(bombed)) as archive, archive.open(SHEET) as sheet:
        prefix = sheet.read(declared)
    refusal(patched(lying, SHEET, 16, zlib.crc32(prefix), local_field=14))


def test_a_declared_size_larger_than_the_part(good: bytes) -> None:
    refusal(patched(good, SHEET, 24, 500_000, local_field=22))


def test_each_limit(good: bytes) -> None:
    assert "the file has" in refusal(good, Limits(max_file_bytes=len(good) - 1))
    assert "more than 5 parts" in refusal(good, Limits(max_parts=5))
    assert "together" in refusal(good, Limits(max_total_bytes=20_000))
    assert "its part" in refusal(good, Limits(max_part_bytes=5_000))
    Package.from_bytes(good, "m", Limits(max_file_bytes=len(good), max_parts=len(unzipped(good))))


def test_a_file_is_measured_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.xlsx"
    with file.open("wb") as stream:
        stream.truncate(2**40)
    with pytest.raises(WorkbookError, match="too large"):
        Package.open(file)


# Random damage


def flip_bytes(rng: random.Random, data: bytes) -> bytes:
    image = bytearray(data)
    for _ in range(rng.choice([1, 1, 3, 20])):
        image[rng.randrange(len(image))] ^= rng.randrange(1, 256)
    return bytes(image)


def flip_headers(rng: random.Random, data: bytes) -> bytes:
    image = bytearray(data)
    signature = rng.choice([b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"])
    starts = [found.start() for found in re.finditer(re.escape(signature), data)]
    image[min(rng.choice(starts) + rng.randrange(46), len(image) - 1)] = rng.choice(
        [0, 1, 0x7F, 0xFF, rng.randrange(256)]
    )
    return bytes(image)


def truncate(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def cut_chunk(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    return data[:start] + data[start + rng.randrange(1, 2_000) :]


def insert_chunk(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + rng.randbytes(rng.randrange(1, 500)) + data[start:]


def zero_range(rng: random.Random, data: bytes) -> bytes:
    start = rng.randrange(len(data))
    length = min(rng.randrange(1, 1_000), len(data) - start)
    return data[:start] + bytes(length) + data[start + length :]


def remove_part(rng: random.Random, data: bytes) -> bytes:
    return without(data, rng.choice(list(unzipped(data))))


def replace_part(rng: random.Random, data: bytes) -> bytes:
    parts = unzipped(data)
    garbage = rng.choice(
        [b"", b"<", b"<a/>", b"\xff\xfe", rng.randbytes(200), b"<a>" * 5_000, b"<a b='" + b"c" * 9_000]
    )
    return zipped({**parts, rng.choice(list(parts)): garbage})


def swap_parts(rng: random.Random, data: bytes) -> bytes:
    parts = unzipped(data)
    one, other = rng.sample(list(parts), 2)
    return zipped({**parts, one: parts[other], other: parts[one]})


def truncate_part(rng: random.Random, data: bytes) -> bytes:
    parts = unzipped(data)
    part = rng.choice(list(parts))
    return zipped({**parts, part: parts[part][: rng.randrange(len(parts[part]))]})


def flip_in_part(rng: random.Random, data: bytes) -> bytes:
    parts = unzipped(data)
    part = rng.choice(["[Content_Types].xml", "_rels/.rels", WORKBOOK, "xl/_rels/workbook.xml.rels", SHEET])
    return zipped({**parts, part: flip_bytes(rng, parts[part])})


DAMAGE: list[Callable[[random.Random, bytes], bytes]] = [
    flip_bytes,
    flip_headers,
    truncate,
    cut_chunk,
    insert_chunk,
    zero_range,
    remove_part,
    replace_part,
    swap_parts,
    truncate_part,
    flip_in_part,
]


def opens_or_is_refused(data: bytes) -> bool:
    try:
        package = Package.from_bytes(data, "model.xlsx")
    except WorkbookError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right, but the sentence must be one
        assert str(error).endswith(".")  # noqa: PT017
        return False
    assert package.xml(package.workbook_part).tag == f"{MAIN}workbook"
    for part in package.sheets.values():
        assert package.xml(part).tag == f"{MAIN}worksheet"
    assert dict(Package.from_bytes(package.to_bytes(), "m").parts) == dict(package.parts)
    return True


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: str(damage.__name__))
def test_random_damage_is_refused_in_one_sentence_or_harmless(
    good: bytes, written_by_xlsxwriter: bytes, damage: Callable[[random.Random, bytes], bytes]
) -> None:
    outcomes = []
    for seed in range(80):
        rng = random.Random(f"{damage.__name__} {seed}")
        outcomes.append(opens_or_is_refused(damage(rng, rng.choice([good, written_by_xlsxwriter]))))
    assert not all(outcomes)
