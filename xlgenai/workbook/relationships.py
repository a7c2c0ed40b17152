"""Arrows between the parts of a workbook file, and how their targets are written."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass


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
