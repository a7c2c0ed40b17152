"""A workbook as the checks see it: cells, styles, names, tables and charts, each read once from the package."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from openpyxl.styles.numbers import BUILTIN_FORMATS

from xlgenai.workbook.structure import all_sheets
from xlgenai.workbook.tables import table_ranges
from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from xlgenai.cells.structured import TableRange
    from xlgenai.workbook.package import Package
    from xlgenai.workbook.sheet import StoredCell

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@dataclass(frozen=True)
class Format:
    """How a cell looks: the name of its style and its number format."""

    style: str
    number_format: str


class Contents(Protocol):
    """What a workbook holds, as far as a refresh has to know it: read from a file, or from Excel that has it open."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def cells(self) -> Mapping[str, Mapping[str, StoredCell]]:
        """Every cell that holds something, by sheet and address."""

    @property
    def tables(self) -> Mapping[str, TableRange]:
        """Every table by its name in lower case."""


class View:
    """A workbook, read for checking.

    Parameters
    ----------
    package : Package
        The file.
    """

    def __init__(self, package: Package) -> None:
        self.package = package

    @property
    def name(self) -> str:
        """What messages call it."""
        return self.package.name

    @cached_property
    def cells(self) -> dict[str, dict[str, StoredCell]]:
        """Every cell by sheet and address."""
        return {name: {cell.address: cell for cell in self.package.sheet(name).cells()} for name in self.package.sheets}

    def root(self, sheet: str) -> _Element:
        """Return the parsed part of a sheet."""
        return self.package.sheet(sheet).root

    @cached_property
    def formats(self) -> tuple[Format, ...]:
        """The formats that cells refer to by number."""
        parts = self.package.related(self.package.workbook_part, "styles")
        if not parts:
            return ()
        root = self.package.xml(parts[0])
        custom = {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in root.iter(f"{NS}numFmt")}
        names = {int(s.get("xfId", 0)): s.get("name", "") for s in root.iter(f"{NS}cellStyle")}
        found = []
        for xf in root.iterfind(f"{NS}cellXfs/{NS}xf"):
            number = int(xf.get("numFmtId", 0))
            code = custom.get(number) or BUILTIN_FORMATS.get(number, "General")
            found.append(Format(names.get(int(xf.get("xfId", 0)), ""), code))
        return tuple(found)

    @cached_property
    def names(self) -> dict[str, str]:
        """What each defined name of the workbook refers to; names of one sheet only are left out."""
        root = self.package.xml(self.package.workbook_part)
        return {
            name.get("name", ""): name.text or ""
            for name in root.iter(f"{NS}definedName")
            if name.get("localSheetId") is None
        }

    def meaning(self, name: str) -> str:
        """Return what a defined name stands for, in whatever case it is written; empty for no name."""
        return self._meanings.get(name.casefold(), "")

    @cached_property
    def _meanings(self) -> dict[str, str]:
        return {name.casefold(): text for name, text in self.names.items()}

    @cached_property
    def sheet_names(self) -> dict[tuple[int, str], str]:
        """What each name of one sheet refers to, by the sheet's index and the name."""
        root = self.package.xml(self.package.workbook_part)
        return {
            (int(name.get("localSheetId", 0)), name.get("name", "")): name.text or ""
            for name in root.iter(f"{NS}definedName")
            if name.get("localSheetId") is not None
        }

    @cached_property
    def tabs(self) -> list[str]:
        """The sheets of every kind in the order of the tabs: names of one sheet count chart sheets, too."""
        return list(all_sheets(self.package))

    @cached_property
    def tables(self) -> dict[str, TableRange]:
        """Every table by its name in lower case."""
        return table_ranges(self.package)

    def chart_references(self, sheet: str) -> list[set[str]]:
        """Return for each chart on a sheet the ranges that it draws."""
        charts = []
        for drawing in self.package.related(self.package.sheets[sheet], "drawing"):
            for part in self.package.related(drawing, "chart"):
                root = self.package.xml(part)
                charts.append({plain_reference(f.text or "") for f in root.iter(f"{CHART}f")})
        return charts


def plain_reference(reference: str) -> str:
    """Write a reference without dollar signs and quotes, so that two ways to write it become equal."""
    return reference.replace("$", "").replace("'", "").lstrip("=")
