"""The cells of one sheet as the file holds them: formula, calculated value and style, read and changed in place."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lxml import etree
from openpyxl.formula.translate import Translator
from openpyxl.utils import range_boundaries
from openpyxl.utils.cell import column_index_from_string

from xlgenai.cells.formula import address
from xlgenai.cells.values import CellError, Scalar
from xlgenai.workbook.texts import NS, SPACE, escaped, unescaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lxml.etree import _Element

ROW, CELL, FORMULA, VALUE, INLINE = (f"{NS}{tag}" for tag in ("row", "c", "f", "v", "is"))
UNNUMBERED: Final = etree.XPath("boolean(//s:sheetData/s:row[not(@r)] | //s:row/s:c[not(@r)])", namespaces={"s": SPACE})
TEXT: Final = f"{NS}t"
ADDRESS: Final = re.compile(r"([A-Z]+)([0-9]+)")
ERRORS: Final = {error.value: error for error in CellError}


class StoredCell(NamedTuple):
    """One cell as the file holds it.

    Attributes
    ----------
    address : str
        Where it is.
    formula : str
        With its equals sign; empty for a constant.
    value : Scalar
        The constant, or the calculated value; None when there is none.
    style : int
        Index of its format.
    ref : str
        The range that an array formula fills; empty for a plain cell.
    dynamic : bool
        Whether the array formula is one that spills.
    """

    address: str
    formula: str
    value: Scalar
    style: int
    ref: str = ""
    dynamic: bool = False


@lru_cache(maxsize=65536)
def position(cell: str) -> tuple[int, int]:
    """Return row and column of an address, counted from 1."""
    match = ADDRESS.fullmatch(cell)
    if match is None:
        raise ValueError(f"{cell!r} is no cell address")
    return int(match[2]), column_index_from_string(match[1])


def edges(ref: str) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a range, counted from 1."""
    left, top, right, bottom = (int(edge or 1) for edge in range_boundaries(ref))
    return left, top, right, bottom


def members(ref: str) -> list[str]:
    """Return every address of a range, row by row."""
    if ref.isalnum():
        return [ref]
    left, top, right, bottom = edges(ref)
    return [address(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


class SheetXml:
    """One sheet, parsed once: what is changed through it is changed in the package.

    Opened by `Package.sheet`, which keeps it and writes it back when it has changed.

    Parameters
    ----------
    name, part : str
        The sheet's name, and the part that holds it.
    root : element
        The parsed part.
    texts : callable
        Gives the file's shared texts; asked only where a cell refers to one.
    """

    def __init__(self, name: str, part: str, root: _Element, texts: Callable[[], tuple[str, ...]]) -> None:
        self.name = name
        self.part = part
        self.root = root
        self.changed = False
        if UNNUMBERED(root):
            _number(root)
        self._texts = texts

    @cached_property
    def _elements(self) -> dict[str, Any]:
        return {str(cell.get("r")): cell for cell in self.root.iter(CELL)}

    @cached_property
    def _rows(self) -> dict[int, Any]:
        return {int(row.get("r", 0)): row for row in self.root.iter(ROW)}

    def formulas(self) -> list[StoredCell]:
        """Return every cell that holds a formula, in order, without its calculated value."""
        owners = (formula.getparent() for formula in self.root.iter(FORMULA))
        return [cell for cell in self._read(owners, values=False) if cell.formula]

    def cells(self) -> Iterator[StoredCell]:
        """Return every cell that holds something or has a format, in order."""
        return self._read(self.root.iter(CELL), values=True)

    def _read(self, elements: Iterable[Any], *, values: bool) -> Iterator[StoredCell]:
        shared: dict[str, tuple[str, str]] = {}
        for element in elements:
            where = element.get("r")
            text = ref = ""
            content = None
            for child in element:
                tag = child.tag
                if tag == FORMULA:
                    text = self._formula(child, where, shared)
                    ref = child.get("ref", "") if child.get("t") == "array" else ""
                elif tag in (VALUE, INLINE):
                    content = child
            kind = element.get("t", "n")
            absent = not values or (content is None and kind != "inlineStr")
            value = None if absent else self._value(kind, content)
            yield StoredCell(where, text, value, int(element.get("s", 0)), ref, bool(ref and element.get("cm")))

    def _formula(self, element: Any, where: str, shared: dict[str, tuple[str, str]]) -> str:
        """A shared formula is written once and meant, shifted, in every cell that names it."""
        text = f"={element.text}" if element.text else ""
        if element.get("t") != "shared":
            return text
        if text:
            shared[element.get("si", "")] = (text, where)
            return text
        origin = shared.get(element.get("si", ""))
        return str(Translator(origin[0], origin=origin[1]).translate_formula(where)) if origin else ""

    def _value(self, kind: str, element: Any) -> Scalar:
        """Read a value, or a text that stands within the cell."""
        if kind == "inlineStr":
            return "" if element is None else unescaped(_inline(element))
        text = element.text
        if text is None:
            return "" if kind == "str" else None
        match kind:
            case "n":
                return float(text)
            case "s":
                return self._texts()[int(text)]
            case "str" | "d":
                return unescaped(text)
            case "b":
                return text.strip() in {"1", "true"}
            case "e":
                return ERRORS.get(text, CellError.VALUE)
        return float(text)

    def set_calculated(self, where: str, value: Scalar) -> None:
        """Put a calculated value beside a cell's formula, or into a cell that a formula spills into."""
        element = self.element(where)
        stored = element.find(VALUE)
        kind, text = _encoded(value)
        if kind:
            element.set("t", kind)
        else:
            element.attrib.pop("t", None)
        if text is None:
            if stored is not None:
                element.remove(stored)
            return
        if stored is None:
            stored = etree.SubElement(element, VALUE)
        stored.text = text

    def set_constant(self, where: str, value: Scalar, style: int | None = None) -> None:
        """Put a constant in the place of whatever a cell holds, keeping its format unless another is given."""
        element = self.element(where)
        for old in list(element):
            element.remove(old)
        for attribute in ("t", "cm", "vm"):
            element.attrib.pop(attribute, None)
        if style is not None:
            element.set("s", str(style))
        kind, text = _encoded(value)
        if kind == "str":
            element.set("t", "inlineStr")
            inline = etree.SubElement(etree.SubElement(element, INLINE), TEXT)
            inline.text = text
            inline.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        elif text is not None:
            if kind:
                element.set("t", kind)
            etree.SubElement(element, VALUE).text = text

    def arrays(self) -> dict[str, str]:
        """Return the range that each array formula fills, by the address of its cell."""
        found = {}
        for formula in self.root.iter(FORMULA):
            if formula.get("t") == "array":
                cell = next(formula.iterancestors())
                found[str(cell.get("r"))] = formula.get("ref", "")
        return found

    def set_array(self, where: str, ref: str) -> None:
        """Note the range that a cell's array formula fills."""
        self.element(where).find(FORMULA).set("ref", ref)

    def widen(self, ref: str) -> None:
        """Let the sheet's declared range cover another one: readers that stream a sheet stop at its end."""
        for declared in self.root.iterfind(f"{NS}dimension"):
            both = zip(edges(declared.get("ref", ref)), edges(ref), strict=True)
            left, top, right, bottom = (max(edge) if i > 1 else min(edge) for i, edge in enumerate(both))
            declared.set("ref", f"{address(top, left)}:{address(bottom, right)}")
            self.changed = True

    def has(self, where: str) -> bool:
        """Whether the file holds the cell at all."""
        return where in self._elements

    def style(self, where: str) -> int | None:
        """Return the index of a cell's format."""
        element = self._elements.get(where)
        return None if element is None else int(element.get("s", 0))

    def element(self, where: str) -> Any:
        """Return a cell's element to change, made where the file has none, in the order that the format asks for."""
        self.changed = True
        if where in self._elements:
            return self._elements[where]
        row_number, column = position(where)
        row = self._rows.get(row_number)
        if row is None:
            row = etree.Element(ROW, {"r": str(row_number)})
            data = next(self.root.iter(f"{NS}sheetData"))
            after = sum(1 for number in self._rows if number < row_number)
            data.insert(after, row)
            self._rows[row_number] = row
        element = etree.Element(CELL, {"r": where})
        row.insert(sum(1 for other in row if position(str(other.get("r")))[1] < column), element)
        self._elements[where] = element
        return element


def _inline(element: Any) -> str:
    """Join the runs of a text that stands within its cell; mostly it is one."""
    if len(element) == 1 and element[0].tag == TEXT:
        return element[0].text or ""
    return "".join(run.text or "" for run in element.iter(TEXT))


def _number(root: Any) -> None:
    """Write the addresses that a file may leave out: a row or cell without one follows the one before."""
    row_number = 0
    for row in root.iter(ROW):
        row_number = int(row.get("r", row_number + 1))
        row.set("r", str(row_number))
        column = 0
        for cell in row.iter(CELL):
            column = position(str(cell.get("r")))[1] if cell.get("r") else column + 1
            cell.set("r", address(row_number, column))


def _encoded(value: Scalar) -> tuple[str, str | None]:
    """The type and the text that a file stores for a value."""
    match value:
        case None:
            return "", None
        case bool():
            return "b", str(int(value))
        case CellError():
            return "e", value.value
        case str():
            return "str", escaped(value)
    number = float(value)  # type: ignore[arg-type]  # dates have become serial numbers by now
    return "", str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
