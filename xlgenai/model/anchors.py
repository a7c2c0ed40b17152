"""Where each key is, and what a formula means at a given place: the text of ``{key}`` becomes addresses here."""

from __future__ import annotations

import difflib
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from openpyxl.utils import get_column_letter

from xlgenai.cells.formula import address, sheet_prefix
from xlgenai.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTHING: Final[Mapping[str, int]] = MappingProxyType({})
HEADING_ROW: Final = 4
COUNTED_ROW: Final = 3  # always empty, so that counting its columns makes no circle
SPECIAL: Final = frozenset({"position", "count", "heading"})
PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_]\w*(?:\.\w+)?)(?::([A-Za-z_]\w*))?(?:\[([^\[\]{}]*)\])?\}")
BRACE: Final = re.compile(r"[{}]")
QUOTED: Final = re.compile(r'"[^"]*"')
CONSTANT: Final = re.compile(r"\{(?:[-+\d.,;\s\"]|\dE|TRUE|FALSE|#[A-Z/0]+[!?A])+\}", re.IGNORECASE)
"""An array constant such as ``{1,2}``, its texts taken out."""


class Anchor(NamedTuple):
    """Where a key is.

    Attributes
    ----------
    sheet : str
        Its sheet.
    row : int
        Its first row.
    last_row : int
        Its last row: the same, but for a block.
    value : int or None
        The column of its single value.
    first, last : int or None
        The first and last column of its timeline.
    parts : mapping of str to int
        The columns of its scenarios, or of the headings of a block.
    label : int
        The column of its label.
    """

    sheet: str
    row: int
    last_row: int
    value: int | None = None
    first: int | None = None
    last: int | None = None
    parts: Mapping[str, int] = NOTHING
    label: int = 1


class Place(NamedTuple):
    """From where a formula looks: its sheet, its cell, and whether it stands on the timeline."""

    sheet: str
    row: int
    column: int
    first: int | None = None  # first and last of the further columns, for a formula that stands in one of them
    last: int | None = None

    @property
    def on_timeline(self) -> bool:
        """Whether ``{key}`` means the same column."""
        return self.first is not None


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a hint with the nearest known names, to end a message with."""
    names = list(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5) or sorted(names)[:3]
    return f"did you mean {', '.join(close)}?" if close else "there is none."


def resolve(formula: str, anchors: Mapping[str, Anchor], place: Place) -> str:
    """Write a neutral formula as the formula of one cell.

    Parameters
    ----------
    formula : str
        With ``{key}`` wherever another line is meant.
    anchors : mapping of str to Anchor
        Where each key is.
    place : Place
        The cell that the formula is for.

    Returns
    -------
    str
        The formula with addresses.

    Raises
    ------
    ModelError
        When a key is unknown (the nearest names are offered), has no value of the kind asked for, or is written in a
        way that means nothing.
    """

    def replace(match: re.Match[str]) -> str:
        name, until, spec = match.groups()
        if sum(("." in name, name in SPECIAL, until is not None, spec is not None)) > 1:
            raise ModelError(f"{place.sheet} row {place.row}: {match[0]} asks for two things at once.")
        if name in SPECIAL:
            return _special(name, place)
        if until:
            return _block(match[0], name, until, anchors, place)
        key, _, part = name.partition(".")
        anchor = _find(key, anchors, place)
        if part:
            return _prefix(anchor, place) + _part(match[0], anchor, part)
        return _prefix(anchor, place) + _reference(match[0], anchor, spec, place)

    text = PLACEHOLDER.sub(replace, formula)
    if ("{" in text or "}" in text) and BRACE.search(CONSTANT.sub("", QUOTED.sub('""', text))):
        raise ModelError(f"{place.sheet} row {place.row}: {formula} has a key that is written wrongly: write {{key}}.")
    return text


def _find(key: str, anchors: Mapping[str, Anchor], place: Place) -> Anchor:
    if key not in anchors:
        raise ModelError(f"{place.sheet} row {place.row}: there is no line {key!r}; {nearest(key, anchors)}")
    return anchors[key]


def _prefix(anchor: Anchor, place: Place) -> str:
    return "" if anchor.sheet == place.sheet else sheet_prefix(anchor.sheet)


def _special(name: str, place: Place) -> str:
    if place.first is None or place.last is None:
        raise ModelError(f"{place.sheet} row {place.row}: {{{name}}} has a meaning only in the further columns.")
    if name == "heading":
        return f"{get_column_letter(place.column)}${HEADING_ROW}"
    here = place.column if name == "position" else place.last
    mark = "" if name == "position" else "$"
    start = f"${get_column_letter(place.first)}${COUNTED_ROW}"
    return f"COLUMNS({start}:{mark}{get_column_letter(here)}${COUNTED_ROW})"


def _block(text: str, name: str, until: str, anchors: Mapping[str, Anchor], place: Place) -> str:
    top, bottom = _find(name, anchors, place), _find(until, anchors, place)
    if top.sheet != bottom.sheet or top.value is None or bottom.value is None:
        raise ModelError(f"{place.sheet} row {place.row}: {text} is no block of single values on one sheet.")
    cells = f"{address(top.row, top.value, fixed=True)}:{address(bottom.row, bottom.value, fixed=True)}"
    return _prefix(top, place) + cells


def _part(text: str, anchor: Anchor, part: str) -> str:
    if part not in anchor.parts:
        raise ModelError(f"{anchor.sheet}: {text} has no part {part!r}; {nearest(part, anchor.parts)}")
    column = anchor.parts[part]
    start = address(anchor.row, column, fixed=True)
    return start if anchor.row == anchor.last_row else f"{start}:{address(anchor.last_row, column, fixed=True)}"


def _reference(text: str, anchor: Anchor, spec: str | None, place: Place) -> str:
    if spec is None:
        return _same(text, anchor, place)
    if anchor.first is None or anchor.last is None:
        raise ModelError(f"{place.sheet} row {place.row}: {text} asks for a column, but the line has no timeline.")
    row, first, last = anchor.row, anchor.first, anchor.last
    match spec.strip():
        case ":":
            return f"{address(row, first, fixed=True)}:{address(row, last, fixed=True)}"
        case "first":
            return address(row, first, fixed=True)
        case "last":
            return address(row, last, fixed=True)
        case ":0" if place.on_timeline:
            start = address(row, first, fixed=True).replace(f"${row}", str(row))
            return f"{start}:{address(row, place.column)}"
    try:
        column = place.column + int(spec)
    except ValueError:
        raise ModelError(
            f"{place.sheet} row {place.row}: {text} is written wrongly; write [-1], [:] or [last]."
        ) from None
    if not place.on_timeline or not first <= column <= last:
        raise ModelError(f"{place.sheet} row {place.row}: {text} lies outside the timeline.")
    return address(row, column)


def _same(text: str, anchor: Anchor, place: Place) -> str:
    """The same column on the timeline where there is one, else the single value."""
    if place.on_timeline and anchor.first is not None and anchor.last is not None:
        if not anchor.first <= place.column <= anchor.last:
            raise ModelError(
                f"{place.sheet} row {place.row}: {text} has no column there; the timelines differ in length."
            )
        return address(anchor.row, place.column)
    if anchor.value is None:
        raise ModelError(f"{place.sheet} row {place.row}: {text} is a whole row; write [:], [first] or [last].")
    return address(anchor.row, anchor.value, fixed=True)
