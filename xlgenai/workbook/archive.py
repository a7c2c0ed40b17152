"""The archive that a workbook file is: the same parts give the same bytes on every day and every system."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from xlgenai.workbook.structure import CONTENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

# Pinned: the earliest date that an archive knows, MS-DOS, archive bit.
_DATE = (1980, 1, 1, 0, 0, 0)
_SYSTEM = 0
_ATTRIBUTES = 0x20
_COMPRESSION_LEVEL = 5


def zip_parts(parts: Mapping[str, bytes], *, compress: bool) -> bytes:
    """Put parts into an archive, the list of their types first.

    Parameters
    ----------
    parts : mapping of str to bytes
        Part name to content, in the order in which they are to be stored.
    compress : bool
        False for content that does not leave the program, and so need not be small.

    Returns
    -------
    bytes
        The content of the file.
    """
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for part in sorted(parts, key=lambda part: part != CONTENT_TYPES):
            entry = zipfile.ZipInfo(part, _DATE)
            entry.create_system = _SYSTEM
            entry.external_attr = _ATTRIBUTES
            archive.writestr(entry, parts[part], method, _COMPRESSION_LEVEL if compress else None)
    return stored.getvalue()
