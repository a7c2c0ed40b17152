"""What a user does to a workbook in Excel, done to its parts: type, format, rename, insert and delete."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lxml import etree
from openpyxl.utils import quote_sheetname

from xlgenai.workbook.texts import NS, SPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlgenai.cells.values import Scalar
    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import SheetXml

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
R_ID = f"{{{OFFICE}}}id"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
CHARTSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml"
MINE = "My sheet"
REFERENCE = re.compile(r"((?:'[^']+'|[\w.]+)!)?(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(!])")

Entry = tuple[str, "Scalar"]
"""A formula (empty for a constant) and a value."""


@contextmanager
def edited(package: Package, part: str) -> Iterator[Any]:
    root = package.xml(part)
    yield root
    package.write_xml(part, root)


@contextmanager
def edited_sheet(package: Package, name: str) -> Iterator[SheetXml]:
    sheet = package.sheet(name)
    yield sheet
    package.write_xml(sheet.part, sheet.root)


def remove(element: Any) -> None:
    element.getparent().remove(element)


def type_value(package: Package, sheet: str, where: str, value: Scalar) -> None:
    with edited_sheet(package, sheet) as page:
        page.set_constant(where, value)


def type_formula(package: Package, sheet: str, where: str, formula: str, value: Scalar = 1.0) -> None:
    with edited_sheet(package, sheet) as page:
        put_formula(page, where, formula, value)


def put_formula(page: SheetXml, where: str, formula: str, value: Scalar) -> None:
    page.set_constant(where, None)
    etree.SubElement(page.element(where), f"{NS}f").text = formula.removeprefix("=")
    page.set_calculated(where, value)


def type_own(package: Package, entries: Mapping[str, Entry | Scalar]) -> None:
    """Type onto the user's own sheet, made where there is none: constants, or formulas with their values."""
    if MINE not in package.sheets:
        add_sheet(package, MINE)
    with edited_sheet(package, MINE) as page:
        for where, entry in entries.items():
            if isinstance(entry, tuple):
                put_formula(page, where, *entry)
            else:
                page.set_constant(where, entry)


def row_of(formulas: list[str], row: int = 2) -> dict[str, Entry]:
    """Formulas side by side from column B."""
    return {f"{chr(ord('B') + place)}{row}": (formula, 1.0) for place, formula in enumerate(formulas)}


def add_sheet(package: Package, name: str) -> None:
    body = f'<worksheet xmlns="{SPACE}"><sheetData/></worksheet>'.encode()
    _add_tab(package, name, "xl/worksheets/sheet99.xml", body, SHEET_TYPE, "worksheet")


def add_chart_sheet_in_front(package: Package) -> None:
    """F11 in Excel: a sheet that is all chart; the names of single sheets count it."""
    body = f'<chartsheet xmlns="{SPACE}"><sheetViews><sheetView workbookViewId="0"/></sheetViews></chartsheet>'.encode()
    _add_tab(package, "Chart1", "xl/chartsheets/sheet1.xml", body, CHARTSHEET_TYPE, "chartsheet")
    with edited(package, package.workbook_part) as root:
        sheets = root.find(f"{NS}sheets")
        sheets.insert(0, sheets[-1])
        for name in root.iter(f"{NS}definedName"):
            if name.get("localSheetId"):
                name.set("localSheetId", str(int(name.get("localSheetId")) + 1))


def _add_tab(package: Package, name: str, part: str, body: bytes, content_type: str, kind: str) -> None:
    package.add_part(part, body, content_type)
    key = package.add_relationship(package.workbook_part, f"{OFFICE}/{kind}", part)
    with edited(package, package.workbook_part) as root:
        etree.SubElement(root.find(f"{NS}sheets"), f"{NS}sheet", {"name": name, "sheetId": "99", R_ID: key})


def delete_sheet(package: Package, name: str) -> None:
    with edited(package, package.workbook_part) as root:
        tabs = list(root.find(f"{NS}sheets"))
        number = [tab.get("name") for tab in tabs].index(name)
        remove(tabs[number])
        for defined in list(root.iter(f"{NS}definedName")):
            local = int(defined.get("localSheetId", -1))
            if local == number:
                remove(defined)
            elif local > number:
                defined.set("localSheetId", str(local - 1))


def rename_sheet(package: Package, old: str, new: str) -> None:
    with edited(package, package.workbook_part) as root:
        for tab in root.iter(f"{NS}sheet"):
            if tab.get("name") == old:
                tab.set("name", new)
    plain = re.compile(rf"(?<![\w'.]){re.escape(old)}!|'{re.escape(old)}'!")
    prefix = new if re.fullmatch(r"[A-Za-z_]+", new) else quote_sheetname(new)
    rewrite_references(package, lambda text, _: plain.sub(lambda _: f"{prefix}!", text))


def rewrite_references(package: Package, change: Callable[[str, str], str]) -> None:
    """Change the text of every formula, name, validation and chart; the change also gets the formula's own sheet."""
    for name, part in package.sheets.items():
        with edited(package, part) as root:
            for tag in ("f", "formula1", "formula2"):
                for formula in root.iter(f"{NS}{tag}"):
                    formula.text = change(formula.text, name) if formula.text else formula.text
    with edited(package, package.workbook_part) as root:
        for defined in root.iter(f"{NS}definedName"):
            defined.text = change(defined.text, "")
    for part in [part for part in package.parts if part.startswith("xl/charts/chart")]:
        with edited(package, part) as root:
            for formula in root.iter(f"{CHART}f"):
                formula.text = change(formula.text, "")


def insert_rows(package: Package, sheet: str, at: int, count: int = 1) -> None:
    _shift_rows(package, sheet, lambda row: row + count if row >= at else row)


def delete_row(package: Package, sheet: str, at: int) -> None:
    with edited_sheet(package, sheet) as page:
        for row in [row for row in page.root.iter(f"{NS}row") if row.get("r") == str(at)]:
            remove(row)
    _shift_rows(package, sheet, lambda row: 0 if row == at else row - (row > at))


def _shift_rows(package: Package, sheet: str, now: Callable[[int], int]) -> None:
    """Move rows, and everything that refers to them; a row that becomes 0 is gone."""

    def cells(text: str) -> str:
        moved = [re.sub(r"\d+", lambda match: str(now(int(match[0]))), end) for end in text.split(":")]
        return "#REF!" if any(re.search(r"[A-Z]\$?0$", end) for end in moved) else ":".join(moved)

    def change(text: str, home: str) -> str:
        def one(match: re.Match[str]) -> str:
            target = (match[1] or home).strip("'!")
            return (match[1] or "") + (cells(match[2]) if target == sheet else match[2])

        pieces = text.split('"')
        return '"'.join(REFERENCE.sub(one, piece) if not number % 2 else piece for number, piece in enumerate(pieces))

    rewrite_references(package, change)
    with edited(package, package.sheets[sheet]) as root:
        for row in root.iter(f"{NS}row"):
            row.set("r", str(now(int(row.get("r")))))
        for element in root.iter(f"{NS}c", f"{NS}f", f"{NS}hyperlink", f"{NS}dataValidation"):
            for key in ("r", "ref", "sqref"):
                if element.get(key):
                    element.set(key, " ".join(cells(part) for part in element.get(key).split()))
    for part in package.related(package.sheets[sheet], "table"):
        with edited(package, part) as root:
            for element in (root, *root.iter(f"{NS}autoFilter")):
                element.set("ref", cells(element.get("ref")))


def table_part(package: Package, sheet: str) -> str:
    return package.related(package.sheets[sheet], "table")[0]


def format_cell(package: Package, sheet: str, where: str, number_format: int) -> None:
    """Give a cell one of Excel's own number formats and keep its style, as the ribbon does."""
    with edited_sheet(package, sheet) as page, edited(package, "xl/styles.xml") as styles:
        formats = styles.find(f"{NS}cellXfs")
        copy = etree.fromstring(etree.tostring(formats[int(page.element(where).get("s"))]))
        copy.set("numFmtId", str(number_format))
        copy.set("applyNumberFormat", "1")
        formats.append(copy)
        page.element(where).set("s", str(len(formats) - 1))
