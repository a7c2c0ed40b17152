"""The layout that a workbook carries along, so that it can be checked and refreshed wherever it goes."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

from lxml import etree
from pydantic import TypeAdapter, ValidationError

from xlgenai.model.placed import Layout, Role
from xlgenai.workbook.opening import damaged

if TYPE_CHECKING:
    from xlgenai.model.placed import Cell
    from xlgenai.workbook.package import Package

SPACE: Final = "urn:xlgenai:layout:1"
PART: Final = "customXml/item1.xml"
PROPERTIES_PART: Final = "customXml/itemProps1.xml"
CUSTOM_XML: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
CUSTOM_PROPERTIES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXmlProps"
PROPERTIES_TYPE: Final = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
PROPERTIES: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
    '<ds:datastoreItem ds:itemID="{6E8E2B1C-7C44-4D0B-9B63-0A5F3D1C2A71}"'
    ' xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
    f'<ds:schemaRefs><ds:schemaRef ds:uri="{SPACE}"/></ds:schemaRefs></ds:datastoreItem>'
).encode()
KEPT_EMPTY: Final = frozenset({Role.INPUT, Role.FORMULA, Role.LINK, Role.CHECK})
"""Roles whose cells count even while they hold nothing: a formula may spill into them."""
PROSE: Final = frozenset({Role.UNIT, Role.NOTE, Role.TEXT})
"""Roles whose cells tell nothing of where things are."""
CODEC: Final = TypeAdapter(Layout)


def put_layout(package: Package, layout: Layout) -> None:
    """Put the layout into a workbook as a custom XML part, which Excel keeps on saving.

    Parameters
    ----------
    package : Package
        A workbook just written.
    layout : Layout
        What it was written from; the data of its tables are left out, as they may change, and so is what no check and
        no refresh looks at: notes, and cells that are only coloured.
    """
    sheets = tuple(
        dataclasses.replace(sheet, cells=tuple(cell for cell in sheet.cells if _is_carried(cell)))
        for sheet in layout.sheets
    )
    root = etree.Element(f"{{{SPACE}}}layout", nsmap={None: SPACE})  # type: ignore[dict-item] # the default namespace
    root.text = CODEC.dump_json(dataclasses.replace(layout, sheets=sheets)).decode()
    package.add_part(PART, etree.tostring(root, encoding="UTF-8", xml_declaration=True), "application/xml")
    package.add_part(PROPERTIES_PART, PROPERTIES, PROPERTIES_TYPE)
    package.add_relationship(package.workbook_part, CUSTOM_XML, PART)
    package.add_relationship(PART, CUSTOM_PROPERTIES, PROPERTIES_PART)


def _is_carried(cell: Cell) -> bool:
    if cell.role in PROSE:
        return any(map(str.isdigit, str(cell.content)))  # else nobody takes it for a number stored as text
    return cell.role is not Role.DATA and (cell.content is not None or cell.role in KEPT_EMPTY)


def read_layout(package: Package) -> Layout | None:
    """Read the layout that a workbook carries; None when it was not built by xlgenai.

    Raises
    ------
    WorkbookError
        When there is one that cannot be read.
    """
    elsewhere = package.related("", "customXml")  # where LibreOffice puts it when it saves the workbook
    for part in (*package.related(package.workbook_part, "customXml"), *elsewhere):
        root = package.xml(part)
        if root.tag == f"{{{SPACE}}}layout":
            try:
                return CODEC.validate_json(root.text or "")
            except ValidationError as error:
                raise damaged(package.name, "the layout that it carries cannot be read") from error
    return None
