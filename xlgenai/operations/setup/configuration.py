"""The settings of xlwings as text: a file of lines ``"KEY","VALUE"`` that Excel's VBA reads and writes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
PAIR: Final = re.compile(r'\s*(?:"([^"]*)"|([^",]*?))\s*,\s*(?:"([^"]*)"|([^",]*?))\s*')
"""What VBA's ``Input #`` takes for two values: quotes may be missing."""


@dataclass(frozen=True)
class Entry:
    """One setting: its key, its value, and its line as it stands in the file."""

    key: str
    value: str
    line: str


def decode(data: bytes, encoding: str) -> str:
    """Read the file so that every byte comes back when it is written."""
    return data.decode(encoding, "surrogateescape")


def encode(text: str, encoding: str) -> bytes:
    """Write what `decode` read."""
    return text.encode(encoding, "surrogateescape")


def entries(text: str) -> Iterator[Entry]:
    """Give the settings in the order of the file."""
    for line in _lines(text):
        if (found := PAIR.fullmatch(line)) and (key := found[1] or found[2]):
            yield Entry(key, found[3] or found[4] or "", line)


def settings(text: str) -> dict[str, str]:
    """Give the value of each setting by its key in capitals; of a key used twice, xlwings takes the first."""
    found: dict[str, str] = {}
    for entry in entries(text):
        found.setdefault(entry.key.upper(), entry.value)
    return found


def find(text: str, key: str) -> Entry | None:
    """Find the setting that xlwings would take for a key."""
    return next((entry for entry in entries(text) if entry.key.upper() == key), None)


def broken_lines(text: str) -> list[int]:
    """Number the lines that are no setting; an empty one too makes VBA misread all that follow."""
    return [number for number, line in enumerate(_lines(text), start=1) if not PAIR.fullmatch(line)]


def line(key: str, value: str) -> str:
    """Write one setting as xlwings does."""
    return f'"{key}","{value}"'


def has_line(text: str, wanted: str) -> bool:
    """Whether a line stands in the file."""
    return wanted in _lines(text)


def change_line(text: str, before: str | None, after: str | None) -> str:
    r"""Change one line and nothing else, so that the reverse change gives the old file back.

    Parameters
    ----------
    text : str
        The file.
    before : str or None
        The line; None adds one, in front of all others, where xlwings finds it first.
    after : str or None
        What it becomes; None takes it away.

    Returns
    -------
    str
        The file with the change.

    Examples
    --------
    >>> change_line('"A","1"\n"B","2"', '"A","1"', '"A","3"')
    '"A","3"\n"B","2"'
    """
    ending = "\n" if "\n" in text and "\r\n" not in text else "\r\n"
    if before is None:
        return text if after is None else after + ending + text
    stored = LINES.findall(text)
    place = next((number for number, found in enumerate(stored) if found.rstrip("\r\n") == before), None)
    if place is None:
        return text
    stored[place] = "" if after is None else after + stored[place][len(before) :]
    return "".join(stored)


def _lines(text: str) -> list[str]:
    return [found.rstrip("\r\n") for found in LINES.findall(text)]
