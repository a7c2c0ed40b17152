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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.workbook.package import Package

SPACE: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NS: Final = f"{{{SPACE}}}"
ROW, CELL, FORMULA, VALUE, INLINE = (f"{NS}{tag}" for tag in ("row", "c", "f", "v", "is"))
ADDRESS: Final = re.compile(r"([A-Z]+)([0-9]+)")
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
"""What XML cannot hold, and what would be read as standing for it."""
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


def members(ref: str) -> list[str]:
    """Return every address of a range, row by row."""
    left, top, right, bottom = (int(edge or 1) for edge in range_boundaries(ref))
    return [address(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


class SheetXml:
    """One sheet's part, parsed once.

    Parameters
    ----------
    package : Package
        The file.
    name : str
        The sheet's name.
    texts : tuple of str, optional
        The file's shared texts (`shared_texts`); not needed where only formulas and new values matter.
    """

    def __init__(self, package: Package, name: str, texts: tuple[str, ...] = ()) -> None:
        self.name = name
        self.part = package.sheets[name]
        self.root = package.xml(self.part)
        if self.root.xpath("boolean(//s:sheetData/s:row[not(@r)] | //s:row/s:c[not(@r)])", namespaces={"s": SPACE}):
            _number(self.root)
        self._texts = texts

    @cached_property
    def _elements(self) -> dict[str, Any]:
        return {str(cell.get("r")): cell for cell in self.root.iter(CELL)}

    @cached_property
    def _rows(self) -> dict[int, Any]:
        return {int(row.get("r", 0)): row for row in self.root.iter(ROW)}

    def formulas(self) -> list[StoredCell]:
        """Return every cell that holds a formula, in order."""
        return [cell for cell in self._read(formulas_only=True) if cell.formula]

    def cells(self) -> Iterator[StoredCell]:
        """Return every cell that holds something or has a format, in order."""
        return self._read(formulas_only=False)

    def _read(self, *, formulas_only: bool) -> Iterator[StoredCell]:
        shared: dict[str, tuple[str, str]] = {}
        for where, element in self._elements.items():
            formula = element.find(FORMULA)
            if formulas_only and formula is None:
                continue
            text = ref = ""
            if formula is not None:
                text = self._formula(formula, where, shared)
                ref = formula.get("ref", "") if formula.get("t") == "array" else ""
            yield StoredCell(
                where, text, self._value(element), int(element.get("s", 0)), ref, bool(ref and element.get("cm"))
            )

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

    def _value(self, element: Any) -> Scalar:
        kind = element.get("t", "n")
        if kind == "inlineStr":
            inline = element.find(INLINE)
            return "" if inline is None else unescaped("".join(inline.itertext()))
        value = element.find(VALUE)
        if value is None or value.text is None:
            return "" if kind == "str" and value is not None else None
        match kind:
            case "s":
                return self._texts[int(value.text)]
            case "str" | "d":
                return unescaped(str(value.text))
            case "b":
                return value.text.strip() in {"1", "true"}
            case "e":
                return ERRORS.get(value.text, CellError.VALUE)
        return float(value.text)

    def set_calculated(self, where: str, value: Scalar) -> None:
        """Put a calculated value beside a cell's formula, or into a cell that a formula spills into."""
        element = self.element(where)
        for old in element.findall(VALUE):
            element.remove(old)
        element.attrib.pop("t", None)
        kind, text = _encoded(value)
        if kind:
            element.set("t", kind)
        if text is not None:
            etree.SubElement(element, VALUE).text = text

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
            inline = etree.SubElement(etree.SubElement(element, INLINE), f"{NS}t")
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

    def set_array(self, where: str, ref: str, metadata: str) -> None:
        """Mark a cell's formula as a dynamic array that fills a range; the metadata index says that it spills."""
        element = self.element(where)
        formula = element.find(FORMULA)
        formula.set("t", "array")
        formula.set("ref", ref)
        if metadata:
            element.set("cm", metadata)

    def has(self, where: str) -> bool:
        """Whether the file holds the cell at all."""
        return where in self._elements

    def style(self, where: str) -> int | None:
        """Return the index of a cell's format."""
        element = self._elements.get(where)
        return None if element is None else int(element.get("s", 0))

    def element(self, where: str) -> Any:
        """Return a cell's element, made where the file has none, in the order that the format asks for."""
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
