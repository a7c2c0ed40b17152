"""The desktop edition: a macro workbook whose formulas call Python through xlwings, finished without Excel.

Beside the model it gets what Excel itself would have stored: a VBA project, code names, the function wizard's texts, a
tab in the ribbon, and the configuration sheet that xlwings reads.
"""

from __future__ import annotations

from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from lxml import etree

from xlgenai.editions.project import PART, WORKBOOK, vba_project
from xlgenai.workbook.structure import CONTENT_TYPES, TYPES
from xlgenai.workbook.texts import NS, SPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlgenai.cells.function import Function
    from xlgenai.workbook.package import Package

CONFIGURATION: Final = "xlwings.conf"
"""The name by which xlwings knows the sheet."""
MACRO_WORKBOOK: Final = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
SHEET_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
SHEET_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
PROJECT_TYPE: Final = "application/vnd.ms-office.vbaProject"
PROJECT_RELATION: Final = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
RIBBON_PART: Final = "customUI/customUI14.xml"
RIBBON_RELATION: Final = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
RELATION_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
X14: Final = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
ARGUMENT_HELP: Final = "{8193D73E-4604-4355-AFF4-8A2333D13BE4}"
"""Marks the extension of a workbook that holds the help on arguments."""
BUILT_IN_CATEGORIES: Final = 19
CATEGORY: Final = "xlgenai"
SHEETS, PROPERTIES, VIEWS, EXTENSIONS = (f"{NS}{tag}" for tag in ("sheets", "workbookPr", "sheetViews", "extLst"))


def add_desktop_parts(
    package: Package, functions: Mapping[str, Function], *, standalone: bool = False
) -> tuple[str, ...]:
    """Turn a written workbook into a macro workbook.

    Parameters
    ----------
    package : Package
        The workbook; its own parts stay, but for the list of sheets and the code names.
    functions : mapping of str to Function
        The functions that its formulas may call, by name.
    standalone : bool, optional
        Whether the file carries xlwings' VBA itself, so that no add-in is needed.

    Returns
    -------
    tuple of str
        What the user must know, one sentence each.
    """
    _add_configuration(package, functions.values())
    _give_code_names(package)
    project = vba_project(functions.values(), len(package.sheets), standalone=standalone)
    package.add_part(PART, project, PROJECT_TYPE)
    package.add_relationship(package.workbook_part, PROJECT_RELATION, PART)
    ribbon = files("xlgenai.editions").joinpath("vba", "ribbon.xml").read_bytes()
    package.add_part(RIBBON_PART, ribbon, "application/xml")
    package.add_relationship("", RIBBON_RELATION, RIBBON_PART)
    _describe_functions(package, functions.values())
    _declare_macros(package)
    return (_pin(),) if standalone else ()


def _pin() -> str:
    """The VBA of a standalone workbook names the library of one version of xlwings."""
    found = version("xlwings")
    return (
        f"It stands alone, so it works only with xlwings {found}: where it is opened, Python needs that very version"
        f' (pip install "xlwings=={found}").'
    )


def _add_configuration(package: Package, functions: Iterable[Function]) -> None:
    """Add the hidden sheet of settings.

    It names the modules only: an interpreter belongs to a computer, and a key without a value would hide the one in
    the user's own configuration.
    """
    modules = dict.fromkeys(function.home for function in functions)
    part = f"xl/worksheets/sheet{len(package.sheets) + 1}.xml"
    package.add_part(part, _sheet({"UDF MODULES": ";".join(modules)}), SHEET_TYPE)
    relation = package.add_relationship(package.workbook_part, SHEET_RELATION, part)
    root = package.xml(package.workbook_part)
    sheets = next(root.iter(SHEETS))
    number = max(int(sheet.get("sheetId", 0)) for sheet in sheets) + 1
    attributes = {"name": CONFIGURATION, "sheetId": str(number), "state": "hidden", RELATION_ID: relation}
    etree.SubElement(sheets, f"{NS}sheet", attributes)
    package.write_xml(package.workbook_part, root)


def _sheet(settings: Mapping[str, str]) -> bytes:
    root = etree.Element(f"{NS}worksheet", nsmap={None: SPACE})  # type: ignore[dict-item] # the default namespace
    etree.SubElement(root, f"{NS}sheetPr")
    columns = etree.SubElement(root, f"{NS}cols")
    etree.SubElement(columns, f"{NS}col", min="1", max="2", width="24", customWidth="1")
    data = etree.SubElement(root, f"{NS}sheetData")
    for number, (key, value) in enumerate(settings.items(), start=1):
        row = etree.SubElement(data, f"{NS}row", r=str(number))
        for column, text in zip("AB", (key, value), strict=True):
            cell = etree.SubElement(row, f"{NS}c", r=f"{column}{number}", t="inlineStr")
            etree.SubElement(etree.SubElement(cell, f"{NS}is"), f"{NS}t").text = text
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _give_code_names(package: Package) -> None:
    """Name the workbook and each sheet as the modules of the project are called."""
    root = package.xml(package.workbook_part)
    next(root.iter(PROPERTIES)).set("codeName", WORKBOOK)
    package.write_xml(package.workbook_part, root)
    for number, part in enumerate(package.sheets.values(), start=1):
        sheet = package.xml(part)
        properties = sheet.find(f"{NS}sheetPr")
        if properties is None:
            properties = etree.Element(f"{NS}sheetPr")
            sheet.insert(0, properties)
        properties.set("codeName", f"Sheet{number}")
        package.write_xml(part, sheet)


def _describe_functions(package: Package, functions: Iterable[Function]) -> None:
    """Put the category and the help on arguments where Excel's function wizard looks for them."""
    root = package.xml(package.workbook_part)
    groups = etree.Element(f"{NS}functionGroups", builtInGroupCount=str(BUILT_IN_CATEGORIES))
    etree.SubElement(groups, f"{NS}functionGroup", name=CATEGORY)
    next(root.iter(SHEETS)).addnext(groups)
    extensions = root.find(EXTENSIONS)
    if extensions is None:
        extensions = etree.SubElement(root, EXTENSIONS)
    extension = etree.SubElement(extensions, f"{NS}ext", {"uri": ARGUMENT_HELP}, nsmap={"x14": X14})
    names = etree.SubElement(extension, f"{{{X14}}}definedNames")
    for function in functions:
        name = etree.SubElement(names, f"{{{X14}}}definedName", name=function.name)
        helps = etree.SubElement(name, f"{{{X14}}}argumentDescriptions", count=str(len(function.parameters)))
        for index, parameter in enumerate(function.parameters):
            etree.SubElement(helps, f"{{{X14}}}argumentDescription", index=str(index)).text = parameter.help
    package.write_xml(package.workbook_part, root)


def _declare_macros(package: Package) -> None:
    """Say in the list of types that the workbook has macros: Excel refuses an .xlsm that does not."""
    types = package.root(CONTENT_TYPES, f"{TYPES}Types")
    for override in types.iterfind(f"{TYPES}Override"):
        if override.get("PartName") == f"/{package.workbook_part}":
            override.set("ContentType", MACRO_WORKBOOK)
    package.write_xml(CONTENT_TYPES, types)
