"""A workbook file taken apart into its parts, so that one part can change while every other stays byte for byte."""

from __future__ import annotations

import posixpath
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from lxml import etree

from xlgenai.errors import WorkbookError
from xlgenai.workbook.archive import zip_parts
from xlgenai.workbook.opening import (
    DEFAULT_LIMITS,
    Limits,
    damaged,
    is_part_name,
    parse_xml,
    read_file,
    refuse_doctype,
    unzip,
)
from xlgenai.workbook.relationships import (
    NO_RELATIONS,
    RELATION,
    RELATIONS,
    RELATIONS_TYPE,
    Relationship,
    read_arrows,
    rels_part,
)
from xlgenai.workbook.sheet import SheetXml
from xlgenai.workbook.structure import CONTENT_TYPES, TYPES, WORKSHEET, all_sheets, check_structure
from xlgenai.workbook.texts import shared_texts

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["Limits", "Package", "Relationship"]


class Package:
    """The parts of an .xlsx or .xlsm file.

    Parameters
    ----------
    name : str
        File name, for messages.
    parts : mapping of str to bytes
        Part name to content, in the order in which they are stored. `Package.open` and `Package.from_bytes` check
        them; this constructor does not.
    """

    def __init__(self, name: str, parts: Mapping[str, bytes]) -> None:
        self.name = name
        self._parts = dict(parts)
        self._sheets: dict[str, str] | None = None
        self._texts: tuple[str, ...] | None = None
        self._opened: dict[str, SheetXml] = {}
        self._arrows: dict[str, tuple[bytes, dict[str, Relationship]]] = {}

    @classmethod
    def open(cls, path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> Package:
        """Open a workbook file, or raise a `WorkbookError` that says in one sentence why not.

        Parameters
        ----------
        path : str or path-like
            The file.
        limits : Limits, optional
            How large it may be.

        Returns
        -------
        Package
            The checked parts.
        """
        return cls.from_bytes(read_file(path, limits), Path(path).name, limits)

    @classmethod
    def from_bytes(cls, data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Package:
        """Open a workbook from the content of its file.

        Parameters
        ----------
        data : bytes
            The content.
        name : str
            File name, for messages.
        limits : Limits, optional
            How large it may be.

        Returns
        -------
        Package
            The checked parts.
        """
        package = cls(name, unzip(data, name, limits))
        for part, content in package.parts.items():
            refuse_doctype(content, part, name)
        check_structure(package)
        return package

    @property
    def parts(self) -> Mapping[str, bytes]:
        """Part name to content, in stored order, to read only."""
        self._write_back()
        return MappingProxyType(self._parts)

    def sheet(self, name: str) -> SheetXml:
        """Return a worksheet, parsed once: what is changed through it counts at once."""
        part = self.sheets[name]
        if part not in self._opened:
            self._opened[part] = SheetXml(name, part, self.xml(part), self._shared_texts)
        return self._opened[part]

    def read(self, part: str) -> bytes:
        """Return the content of one part."""
        self._write_back()
        try:
            return self._parts[part]
        except KeyError:
            raise damaged(self.name, f"its part {part} is missing") from None

    def xml(self, part: str) -> etree._Element:
        """Return the root of one part, freshly parsed: changes count only once given to `write_xml`."""
        return parse_xml(self.read(part), part, self.name)

    def root(self, part: str, tag: str) -> etree._Element:
        """Return the root of one part as `xml` does, or refuse the part when its root has another tag."""
        root = self.xml(part)
        if root.tag != tag:
            raise damaged(self.name, f"its part {part} holds something else")
        return root

    def write(self, part: str, data: bytes) -> None:
        """Replace a part, or add one whose content type the package already knows by its ending."""
        if part not in self._parts:
            self._check_new(part)
            self._arrows.clear()  # an arrow may have pointed to a part that was not there
        if not part.startswith("xl/worksheets/sheet"):
            self._sheets = self._texts = None  # the list of sheets or the shared texts may have changed
        self._opened.pop(part, None)
        self._parts[part] = bytes(data)

    def write_xml(self, part: str, root: etree._Element) -> None:
        """Replace or add a part with an element tree, keeping its namespace declarations."""
        self.write(part, _serialised(root))

    def copy(self) -> Package:
        """Return a package with the same parts, to change without changing this one."""
        return Package(self.name, self.parts)

    def to_bytes(self, *, compress: bool = True) -> bytes:
        """Return the content of the workbook file, the same bytes for the same parts.

        Parameters
        ----------
        compress : bool, optional
            False for content that does not leave the program, and so need not be small.

        Returns
        -------
        bytes
            The content.
        """
        self._write_back()
        return zip_parts(self._parts, compress=compress)

    def relationships(self, part: str) -> dict[str, Relationship]:
        """Return what a part points to.

        Parameters
        ----------
        part : str
            Part name; ``""`` is the package itself.

        Returns
        -------
        dict of str to Relationship
            Relationship by id, as stored; empty for a part without any.
        """
        stored = self._stored_names()
        rels = stored.get(rels_part(part).lower())
        if rels is None:
            return {}
        data = self.read(rels)
        if self._arrows.get(rels, (None,))[0] is not data:
            try:
                self._arrows[rels] = (data, read_arrows(self.root(rels, RELATIONS), part, stored))
            except ValueError:
                detail = f"its part {rels} has a relationship without a type or an id of its own"
                raise damaged(self.name, detail) from None
        return dict(self._arrows[rels][1])

    def related(self, part: str, type_suffix: str) -> list[str]:
        """Return the parts that a part points to with one kind of relationship, such as ``table`` or ``drawing``."""
        arrows = self.relationships(part).values()
        return [arrow.target for arrow in arrows if arrow.kind == type_suffix and not arrow.external]

    @property
    def workbook_part(self) -> str:
        """Name of the workbook part, usually ``xl/workbook.xml``."""
        for part in self.related("", "officeDocument"):
            if part in self._parts:
                return part
        raise damaged(self.name, "it has no workbook part")

    @property
    def sheets(self) -> dict[str, str]:
        """Worksheet name to part name in workbook order; chart sheets are left out."""
        if self._sheets is None:
            found = all_sheets(self).items()
            self._sheets = {name: arrow.target for name, arrow in found if arrow.kind == WORKSHEET}
        return dict(self._sheets)

    def add_part(self, part: str, data: bytes, content_type: str) -> None:
        """Add a part and declare its type.

        Parameters
        ----------
        part : str
            Part name, which the package must not have yet.
        data : bytes
            Its content.
        content_type : str
            The type that ``[Content_Types].xml`` gives it.
        """
        self._check_new(part)
        types = self.root(CONTENT_TYPES, f"{TYPES}Types")
        for override in types.findall(f"{TYPES}Override"):
            if override.get("PartName", "").lower() == f"/{part}".lower():
                types.remove(override)
        etree.SubElement(types, f"{TYPES}Override", PartName=f"/{part}", ContentType=content_type)
        self.write(part, data)
        self.write_xml(CONTENT_TYPES, types)

    def add_relationship(self, source_part: str, type: str, target_part: str) -> str:  # noqa: A002 - the standard's word
        """Point from one part to another.

        Parameters
        ----------
        source_part : str
            Where the arrow starts; ``""`` is the package itself.
        type : str
            Full URI of the relationship's type.
        target_part : str
            Where it ends.

        Returns
        -------
        str
            Id of the new relationship, unique for the source.
        """
        for part in filter(None, (source_part, target_part)):
            self.read(part)
        wanted = rels_part(source_part)
        rels = self._stored_names().get(wanted.lower(), wanted)
        if rels not in self._parts:
            self.add_part(rels, NO_RELATIONS, RELATIONS_TYPE)
        taken = {key.lower() for key in self.relationships(source_part)}
        new_id = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rid{number}" not in taken)
        root = self.root(rels, RELATIONS)
        target = posixpath.relpath(f"/{target_part}", f"/{posixpath.dirname(source_part)}")
        etree.SubElement(root, RELATION, Id=new_id, Type=type, Target=target)
        self.write_xml(rels, root)
        return new_id

    def _shared_texts(self) -> tuple[str, ...]:
        if self._texts is None:
            self._texts = shared_texts(self)
        return self._texts

    def _write_back(self) -> None:
        """Write each sheet that was changed since it was last written."""
        for part, sheet in self._opened.items():
            if sheet.changed:
                self._parts[part] = _serialised(sheet.root)
                sheet.changed = False

    def _check_new(self, part: str) -> None:
        if not is_part_name(part):
            raise WorkbookError(f"{part!r} cannot be a part of {self.name}: use a name such as xl/metadata.xml.")
        if part.lower() in self._stored_names():
            raise WorkbookError(f"{self.name} already has a part {part}: replace it, or use another name.")

    def _stored_names(self) -> dict[str, str]:
        # Part names ignore case, but the parts are looked up as they are stored.
        return {name.lower(): name for name in self._parts}


def _serialised(root: etree._Element) -> bytes:
    body = etree.tostring(etree.ElementTree(root), encoding="UTF-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + body
