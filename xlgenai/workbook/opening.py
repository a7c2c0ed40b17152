"""An .xlsx or .xlsm file opened with suspicion: its parts, or one sentence that says what is wrong with it."""

from __future__ import annotations

import re
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from xlgenai.errors import WorkbookError

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

_MIB = 1024 * 1024
_LOCAL_HEADER = b"PK\x03\x04"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_ENCRYPTED_FLAG = 0x1
_RATIO_FLOOR = _MIB

# What zipfile and zlib are known to raise on a damaged file.
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OverflowError,
    ValueError,
    LookupError,
    OSError,
)

# Possessive, so that a hostile prolog costs one pass; a DOCTYPE inside a comment or CDATA is mere text.
_DOCTYPE = re.compile(rb"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)
_BYTE_ORDER_MARKS = b"\xef\xbb\xbf\xff\xfe"
_MARKUP_SUFFIXES = (".xml", ".rels", ".vml")


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be before it is refused.

    Attributes
    ----------
    max_file_bytes : int
        Size of the file itself.
    max_part_bytes : int
        Size of one part after inflating.
    max_total_bytes : int
        Size of all parts together after inflating.
    max_ratio : float
        Inflated over compressed size of one part; parts up to 1 MiB are exempt.
    max_parts : int
        Number of entries in the archive.
    """

    max_file_bytes: int = 200 * _MIB
    max_part_bytes: int = 150 * _MIB
    max_total_bytes: int = 600 * _MIB
    max_ratio: float = 200.0
    max_parts: int = 10_000


DEFAULT_LIMITS = Limits()


def damaged(name: str, detail: str) -> WorkbookError:
    """Return the error for a file whose content is broken.

    Parameters
    ----------
    name : str
        File name.
    detail : str
        What is broken, as a short clause.

    Returns
    -------
    WorkbookError
        The error, for the caller to raise.
    """
    return WorkbookError(f"{name} is damaged ({detail}): open it in Excel to repair it, or use an earlier copy.")


def read_file(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Read a file that may be absent, a folder, closed to us or far too large.

    Parameters
    ----------
    path : str or path-like
        The file.
    limits : Limits, optional
        How large it may be.

    Returns
    -------
    bytes
        Its content.
    """
    place = Path(path)
    try:
        status = place.stat()
        if stat.S_ISDIR(status.st_mode):
            raise WorkbookError(f"{place} is a folder: give the path of an .xlsx or .xlsm file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise WorkbookError(f"{place} is not an ordinary file: give the path of an .xlsx or .xlsm file.")
        _check_file_size(place.name, status.st_size, limits)
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise WorkbookError(f"{place} does not exist: check the folder and the file name.") from None
    except PermissionError as error:
        raise WorkbookError(f"{place} may not be read: close other programs that use it, or ask for access.") from error
    except (OSError, ValueError) as error:
        raise WorkbookError(f"{str(place)!r} cannot be read: check the path and the disk that it is on.") from error


def unzip(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> dict[str, bytes]:
    """Take an archive apart, trusting none of its sizes.

    Parameters
    ----------
    data : bytes
        Content of the file.
    name : str
        File name for messages.
    limits : Limits, optional
        How much it may inflate to.

    Returns
    -------
    dict of str to bytes
        Part name to content, in stored order.
    """
    _check_file_size(name, len(data), limits)
    _check_kind(data, name)
    # Counted before zipfile builds an object for each, so that millions of tiny entries cannot fill the memory.
    if data.count(_DIRECTORY_ENTRY) > limits.max_parts:
        raise _too_large(name, f"it has more than {limits.max_parts:,} parts")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_names(entries, name)
            _check_sizes(entries, name, limits)
            return {entry.filename: _inflate(archive, entry, name) for entry in entries}
    except _DAMAGE as error:
        raise damaged(name, "the file is incomplete or its content was altered") from error


def is_part_name(part: str) -> bool:
    """Tell whether a part name stays inside the package.

    Parameters
    ----------
    part : str
        The name.

    Returns
    -------
    bool
        False for absolute names, for ``.``, ``..`` or nothing between slashes, for backslashes and control characters.
    """
    steps = part.split("/")
    return "\\" not in part and part.isprintable() and not any(step in {"", ".", ".."} for step in steps)


def refuse_doctype(data: bytes, part: str, name: str) -> None:
    """Refuse a document type declaration, the door to entity attacks, which no spreadsheet program writes.

    Parameters
    ----------
    data : bytes
        Content of the part.
    part, name : str
        Part and file name for messages; parts that are not markup pass.
    """
    if not part.lower().endswith(_MARKUP_SUFFIXES):
        return
    # UTF-16 and UTF-32 become ASCII when their zero bytes go.
    plain = data.replace(b"\0", b"") if b"\0" in data[:4] else data
    if _DOCTYPE.match(plain.lstrip(_BYTE_ORDER_MARKS)):
        raise _with_doctype(part, name)


def parse_xml(data: bytes, part: str, name: str) -> etree._Element:
    """Parse one part without entities, external files or document types.

    Parameters
    ----------
    data : bytes
        Content of the part.
    part, name : str
        Part and file name for messages.

    Returns
    -------
    lxml.etree._Element
        Root of the part.
    """
    refuse_doctype(data, part, name)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, collect_ids=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError, LookupError) as error:
        raise damaged(name, f"its part {part} is not well-formed XML") from error
    # An exotic encoding hides a DOCTYPE from the look at the bytes, but not from the parser.
    if root.getroottree().docinfo.internalDTD is not None:
        raise _with_doctype(part, name)
    return root


def _with_doctype(part: str, name: str) -> WorkbookError:
    return WorkbookError(
        f"{name} was refused because its part {part} has a DOCTYPE, which Excel never writes: "
        "use a copy that Excel or LibreOffice has saved."
    )


def _too_large(name: str, detail: str) -> WorkbookError:
    return WorkbookError(f"{name} is too large to open safely ({detail}): remove unused cells, sheets or pictures.")


def _check_file_size(name: str, size: int, limits: Limits) -> None:
    if size == 0:
        raise WorkbookError(f"{name} is empty: use an earlier copy, or build the workbook again.")
    if size > limits.max_file_bytes:
        raise _too_large(name, f"the file has {size / _MIB:,.0f} MiB")


def _check_kind(data: bytes, name: str) -> None:
    if data.startswith(_COMPOUND_FILE) and _ENCRYPTED_PACKAGE in data:
        raise WorkbookError(
            f"{name} is protected with a password: open it in Excel, remove the password (File > Info), and save it."
        )
    if data.startswith(_COMPOUND_FILE):
        raise WorkbookError(
            f"{name} is an old .xls workbook or protected with a password: open it in Excel, "
            "remove any password, and save it as .xlsx or .xlsm."
        )
    if not data.startswith(_LOCAL_HEADER):
        raise WorkbookError(f"{name} is not an Excel workbook: choose an .xlsx or .xlsm file.")


def _check_names(entries: Sequence[zipfile.ZipInfo], name: str) -> None:
    seen: set[str] = set()
    for entry in entries:
        # orig_filename still has what zipfile drops: all that follows a zero byte.
        if not is_part_name(entry.orig_filename):
            raise damaged(name, f"the part name {entry.orig_filename!r} leads outside the workbook")
        if entry.filename.lower() in seen:
            raise damaged(name, f"the part {entry.filename} is there twice")
        seen.add(entry.filename.lower())


def _check_sizes(entries: Sequence[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise WorkbookError(f"{name} is an encrypted archive: save it from Excel without a password.")
        if entry.file_size > limits.max_part_bytes:
            raise _too_large(name, f"its part {entry.filename} has {entry.file_size / _MIB:,.0f} MiB")
        if entry.file_size > max(_RATIO_FLOOR, limits.max_ratio * entry.compress_size):
            raise _too_large(name, f"its part {entry.filename} inflates to {entry.file_size / _MIB:,.0f} MiB")
    total = sum(entry.file_size for entry in entries)
    if total > limits.max_total_bytes:
        raise _too_large(name, f"its parts have {total / _MIB:,.0f} MiB together")


def _inflate(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    # Excel knows these two only, and zipfile cannot bound what the others inflate to.
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise damaged(name, f"its part {entry.filename} is compressed in a way that Excel does not know")
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size + 1)
    if len(content) != entry.file_size:
        raise damaged(name, f"its part {entry.filename} is incomplete")
    return content
