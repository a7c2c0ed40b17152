"""Arrows between the parts of a workbook file, and how their targets are written."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

_SPACE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATIONS: Final = f"{{{_SPACE}}}Relationships"
RELATION: Final = f"{{{_SPACE}}}Relationship"
RELATIONS_TYPE: Final = "application/vnd.openxmlformats-package.relationships+xml"
NO_RELATIONS: Final = f'<Relationships xmlns="{_SPACE}"/>'.encode()


@dataclass(frozen=True)
class Relationship:
    """One arrow from a part to another part or to the world outside.

    Attributes
    ----------
    type : str
        Full URI of the type.
    target : str
        Part name without leading slash; for an external target, the address as it is written.
    external : bool
        Whether the target lies outside the package.
    """

    type: str
    target: str
    external: bool

    @property
    def kind(self) -> str:
        """Last segment of the type: ``worksheet``, ``table``, ``chart``, ``drawing``..."""
        return self.type.rsplit("/", 1)[-1]


def rels_part(part: str) -> str:
    """Return the part that holds the relationships of a part."""
    folder, file = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def resolve(source: str, target: str) -> str:
    """Return the part that a relationship of another part points to."""
    path = target.partition("#")[0]
    if not path:
        return source
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), path)).lstrip("/")


def read_arrows(root: _Element, source: str, stored: Mapping[str, str]) -> dict[str, Relationship]:
    """Read the relationships of a part.

    Parameters
    ----------
    root : element
        What its relationships part holds.
    source : str
        The part that they start from; ``""`` is the package itself.
    stored : mapping of str to str
        Each part's name as it is stored by its name in lower case: names ignore case.

    Returns
    -------
    dict of str to Relationship
        By id, as stored.

    Raises
    ------
    ValueError
        When one has no type, or no id of its own.
    """
    found: dict[str, Relationship] = {}
    for element in root.iterfind(RELATION):
        key, type_, target = (element.get(attribute, "") for attribute in ("Id", "Type", "Target"))
        if not key or not type_ or key in found:
            raise ValueError(key)
        external = element.get("TargetMode") == "External"
        if not external:
            target = resolve(source, target)
            target = stored.get(target.lower(), target)
        found[key] = Relationship(type_, target, external)
    return found
