"""Texts as a workbook file stores them: shared by number, and with the characters that XML cannot hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xlgenai.workbook.package import Package

SPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NS: Final = f"{{{SPACE}}}"
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, and what would be read as standing for it."""


def escaped(text: str) -> str:
    """Write a text as a file stores it: ``_x0007_`` stands for a character that XML cannot hold."""
    return UNSTORABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def unescaped(text: str) -> str:
    """Read a text as a file stores it."""
    return ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def shared_texts(package: Package) -> tuple[str, ...]:
    """Return the texts that cells refer to by number."""
    parts = package.related(package.workbook_part, "sharedStrings")
    if not parts:
        return ()
    phonetic = f"{NS}rPh"
    return tuple(
        unescaped("".join(t.text or "" for t in item.iter(f"{NS}t") if next(t.iterancestors()).tag != phonetic))
        for item in package.xml(parts[0]).findall(f"{NS}si")
    )
