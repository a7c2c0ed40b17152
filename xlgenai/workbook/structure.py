"""What the parts of a workbook must have in common before anyone works with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.errors import WorkbookError
from xlgenai.workbook.opening import damaged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.workbook.package import Package, Relationship

CONTENT_TYPES = "[Content_Types].xml"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

# Kinds of relationship that a sheet may have; only a worksheet has cells.
WORKSHEET = "worksheet"
_SHEET_KINDS = {WORKSHEET, "chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"}
_SHARED_ROOTS = {"styles": f"{_SHEET}styleSheet", "sharedStrings": f"{_SHEET}sst"}


def check_structure(package: Package) -> None:
    """Refuse a package that is no workbook, or whose workbook, sheets, styles or texts cannot be read.

    Parameters
    ----------
    package : Package
        The parts, just taken from their archive.
    """
    package.root(CONTENT_TYPES, f"{TYPES}Types")
    workbook = package.workbook_part
    _check_workbook(package, workbook)
    for kind, tag in _SHARED_ROOTS.items():
        for part in package.related(workbook, kind):
            package.root(part, tag)
    for arrow in all_sheets(package).values():
        if arrow.kind == WORKSHEET:
            package.root(arrow.target, f"{_SHEET}worksheet")
        else:
            package.read(arrow.target)


def all_sheets(package: Package) -> Mapping[str, Relationship]:
    """Return the sheets of every kind.

    Parameters
    ----------
    package : Package
        The workbook.

    Returns
    -------
    mapping of str to Relationship
        Sheet name to the relationship that leads to its part, in workbook order.
    """
    arrows = package.relationships(package.workbook_part)
    found: dict[str, Relationship] = {}
    names: set[str] = set()
    targets: set[str] = set()
    for element in package.xml(package.workbook_part).iterfind(f"{_SHEET}sheets/{_SHEET}sheet"):
        name = element.get("name", "")
        arrow = arrows.get(element.get(_ID, ""))
        if not name or name.lower() in names:
            raise damaged(
                package.name, f"it has two sheets named {name!r}" if name else "it has a sheet without a name"
            )
        if arrow is None or arrow.external or arrow.kind not in _SHEET_KINDS or arrow.target in targets:
            raise damaged(package.name, f"the sheet {name!r} has no content of its own")
        names.add(name.lower())
        targets.add(arrow.target)
        found[name] = arrow
    if not found:
        raise damaged(package.name, "it has no sheets")
    return found


def _check_workbook(package: Package, part: str) -> None:
    if part.lower().endswith(".bin"):
        raise WorkbookError(
            f"{package.name} is a binary .xlsb workbook: open it in Excel and save it as .xlsx or .xlsm."
        )
    tag = str(package.xml(part).tag)
    if tag.startswith(_STRICT):
        raise WorkbookError(
            f"{package.name} is a Strict Open XML workbook: open it in Excel and save it as Excel Workbook (.xlsx)."
        )
    if tag != f"{_SHEET}workbook":
        raise WorkbookError(f"{package.name} is not an Excel workbook: choose an .xlsx or .xlsm file.")
