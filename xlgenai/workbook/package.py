"""A workbook file taken apart into its parts, so that one part can change while every other stays byte for byte."""

from __future__ import annotations

import posixpath
import zipfile
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from lxml import etree

from xlgenai.errors import WorkbookError
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
from xlgenai.workbook.relationships import Relationship, rels_part, resolve
from xlgenai.workbook.structure import CONTENT_TYPES, TYPES, WORKSHEET, all_sheets, check_structure

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

__all__ = ["Limits", "Package", "Relationship"]

_RELATIONS_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONS = f"{{{_RELATIONS_SPACE}}}Relationships"
_RELATION = f"{{{_RELATIONS_SPACE}}}Relationship"
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_NO_RELATIONS = f'<Relationships xmlns="{_RELATIONS_SPACE}"/>'.encode()

# Pinned, so that the same parts give the same bytes on every day and every system: MS-DOS, archive bit.
_DATE = (1980, 1, 1, 0, 0, 0)
_SYSTEM = 0
_ATTRIBUTES = 0x20
_COMPRESSION_LEVEL = 6


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
        return MappingProxyType(self._parts)

    def read(self, part: str) -> bytes:
        """Return the content of one part."""
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
        if not part.startswith("xl/worksheets/sheet"):
            self._sheets = None  # the list of sheets may have changed
        self._parts[part] = bytes(data)

    def write_xml(self, part: str, root: etree._Element) -> None:
        """Replace or add a part with an element tree, keeping its namespace declarations."""
        body = etree.tostring(etree.ElementTree(root), encoding="UTF-8", xml_declaration=False)
        self.write(part, b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' + body)

    def copy(self) -> Package:
        """Return a package with the same parts, to change without changing this one."""
        return Package(self.name, self._parts)

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
        method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        stored = BytesIO()
        with zipfile.ZipFile(stored, "w") as archive:
            for part in sorted(self._parts, key=lambda part: part != CONTENT_TYPES):
                entry = zipfile.ZipInfo(part, _DATE)
                entry.create_system = _SYSTEM
                entry.external_attr = _ATTRIBUTES
                archive.writestr(entry, self._parts[part], method, _COMPRESSION_LEVEL if compress else None)
        return stored.getvalue()

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
        found: dict[str, Relationship] = {}
        for element in self.root(rels, _RELATIONS).iterfind(_RELATION):
            key, type_, target = (element.get(attribute, "") for attribute in ("Id", "Type", "Target"))
            if not key or not type_ or key in found:
                raise damaged(self.name, f"its part {rels} has a relationship without a type or an id of its own")
            external = element.get("TargetMode") == "External"
            if not external:
                target = resolve(part, target)
                target = stored.get(target.lower(), target)
            found[key] = Relationship(type_, target, external)
        return found

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
            self.add_part(rels, _NO_RELATIONS, _RELATIONS_TYPE)
        taken = {key.lower() for key in self.relationships(source_part)}
        new_id = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rid{number}" not in taken)
        root = self.root(rels, _RELATIONS)
        target = posixpath.relpath(f"/{target_part}", f"/{posixpath.dirname(source_part)}")
        etree.SubElement(root, _RELATION, Id=new_id, Type=type, Target=target)
        self.write_xml(rels, root)
        return new_id

    def _check_new(self, part: str) -> None:
        if not is_part_name(part):
            raise WorkbookError(f"{part!r} cannot be a part of {self.name}: use a name such as xl/metadata.xml.")
        if part.lower() in self._stored_names():
            raise WorkbookError(f"{self.name} already has a part {part}: replace it, or use another name.")

    def _stored_names(self) -> dict[str, str]:
        # Part names ignore case, but the parts are looked up as they are stored.
        return {name.lower(): name for name in self._parts}
