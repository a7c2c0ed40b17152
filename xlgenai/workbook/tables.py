"""Excel tables as the file holds them: where they are, and how one is made longer or shorter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.cells.structured import TableRange
from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from xlgenai.workbook.package import Package


def table_parts(package: Package) -> dict[str, tuple[str, str]]:
    """Return for each table, by name, the sheet that it is on and the part that describes it."""
    found: dict[str, tuple[str, str]] = {}
    for sheet, part in package.sheets.items():
        for table in package.related(part, "table"):
            root = package.xml(table)
            found[root.get("displayName") or root.get("name") or ""] = (sheet, table)
    return found


def table_ranges(package: Package) -> dict[str, TableRange]:
    """Return where each table is, by its name in lower case."""
    ranges: dict[str, TableRange] = {}
    for name, (sheet, part) in table_parts(package).items():
        root = package.xml(part)
        ranges[name.casefold()] = TableRange(
            name=name,
            sheet=sheet,
            ref=root.get("ref", "A1"),
            columns=tuple(column.get("name", "") for column in root.iter(f"{NS}tableColumn")),
            header_rows=int(root.get("headerRowCount", 1)),
            totals_rows=int(root.get("totalsRowCount", 0)),
        )
    return ranges


def resize(package: Package, name: str, ref: str) -> None:
    """Give a table another range, its filter with it.

    Parameters
    ----------
    package : Package
        The file; the table's part is written anew.
    name : str
        The table.
    ref : str
        Its whole range, header row included.
    """
    _, part = table_parts(package)[name]
    root = package.xml(part)
    root.set("ref", ref)
    for table_filter in root.iter(f"{NS}autoFilter"):
        table_filter.set("ref", ref)
    package.write_xml(part, root)
