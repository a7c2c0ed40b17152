"""The last step of a workbook: calculated values, and the flags of dynamic arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xlgenai.workbook.sheet import members

if TYPE_CHECKING:
    from xlgenai.workbook.calculator import Calculation
    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import SheetXml

METADATA_PART: Final = "xl/metadata.xml"
METADATA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
METADATA_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sheetMetadata"
METADATA: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<metadata xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    b' xmlns:xda="http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray">'
    b'<metadataTypes count="1"><metadataType name="XLDAPR" minSupportedVersion="120000" copy="1" pasteAll="1"'
    b' pasteValues="1" merge="1" splitFirst="1" rowColShift="1" clearFormats="1" clearComments="1" assign="1"'
    b' coerce="1" cellMeta="1"/></metadataTypes>'
    b'<futureMetadata name="XLDAPR" count="1"><bk><extLst><ext uri="{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}">'
    b'<xda:dynamicArrayProperties fDynamic="1" fCollapsed="0"/></ext></extLst></bk></futureMetadata>'
    b'<cellMetadata count="1"><bk><rc t="1" v="0"/></bk></cellMetadata></metadata>'
)
ARRAY: Final = b'><f t="array" '
"""How openpyxl begins an array formula in its cell; in a text the brackets would be written otherwise."""
EMPTY_NUMBER, EMPTY = b' t="n"></c>', b"></c>"
"""An empty cell as openpyxl writes it, which some programs take for a zero, and as Excel does."""
SPILLING_ARRAY: Final = b' cm="1"><f t="array" '
"""The same with the index of the only record in the metadata, counted from 1."""


def mark_dynamic(package: Package, *, spills: bool = True) -> None:
    """Write what openpyxl has no word for as Excel 365 does: array formulas that spill, and cells that are empty.

    Parameters
    ----------
    package : Package
        As openpyxl wrote it.
    spills : bool, optional
        Whether its array formulas are to spill; False leaves each with the range that it has.
    """
    found = False
    for part in package.sheets.values():
        data = package.read(part)
        if not spills:
            package.write(part, data.replace(EMPTY_NUMBER, EMPTY))
            continue
        found = found or ARRAY in data
        package.write(part, data.replace(ARRAY, SPILLING_ARRAY).replace(EMPTY_NUMBER, EMPTY))
    if found:
        package.add_part(METADATA_PART, METADATA, METADATA_TYPE)
        package.add_relationship(package.workbook_part, METADATA_RELATION, METADATA_PART)


def put_values(package: Package, calculation: Calculation) -> None:
    """Put the calculated values into every sheet; only sheets that have formulas are written anew.

    Parameters
    ----------
    package : Package
        The file.
    calculation : Calculation
        The values of its formulas.
    """
    for name, values in calculation.values.items():
        if not values:
            continue
        sheet = package.sheet(name)
        _clear_old_spills(sheet, calculation.spills[name])
        for address, value in values.items():
            sheet.set_calculated(address, value)


def drop_values(package: Package) -> None:
    """Take the values of all formulas out, so that whoever opens the file calculates them.

    Parameters
    ----------
    package : Package
        The file.
    """
    for name in package.sheets:
        sheet = package.sheet(name)
        for cell in sheet.formulas():
            for address in members(cell.ref or cell.address):
                sheet.set_calculated(address, None)


def _clear_old_spills(sheet: SheetXml, spills: dict[str, str]) -> None:
    """Empty the cells that a formula used to spill into, and note the range that it fills now."""
    for cell, before in sheet.arrays().items():
        if before == spills[cell]:
            continue
        now = members(spills[cell])
        for address in members(before):
            if address not in now:
                sheet.set_calculated(address, None)
        sheet.set_array(cell, spills[cell])
