"""References to Excel tables, ``Table[column]``, written as plain ranges for an engine that has no tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from openpyxl.formula.tokenizer import Token
from openpyxl.utils import range_boundaries

from xlgenai.cells.formula import address, sheet_prefix, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

STRUCTURED: Final = re.compile(r"^([A-Za-z_\\][\w.\\]*)?\[(.*)\]$", re.DOTALL)


@dataclass(frozen=True)
class TableRange:
    """Where an Excel table is.

    Attributes
    ----------
    name : str
        Its name, as formulas use it.
    sheet : str
        The sheet that it is on.
    ref : str
        Its whole range, header row included.
    columns : tuple of str
        Its column names, from left to right.
    header_rows, totals_rows : int
        How many rows at its top and its foot are no data.
    """

    name: str
    sheet: str
    ref: str
    columns: tuple[str, ...]
    header_rows: int = 1
    totals_rows: int = 0

    @cached_property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of its whole range, counted from 1."""
        left, top, right, bottom = (int(edge or 1) for edge in range_boundaries(self.ref))
        return left, top, right, bottom

    def rows(self, items: Set[str], row: int) -> tuple[int, int]:
        """First and last row of the asked items (``#all``, ``#headers``...); the data when none is asked.

        LookupError when the row is not one of the data, ValueError when the table has no such rows at all.
        """
        _, top, _, bottom = self.edges
        first, last = top + self.header_rows, bottom - self.totals_rows
        if "#this row" in items:
            if not first <= row <= last:
                raise LookupError(f"{self.name} has no data in row {row}")
            return row, row
        if "#all" in items:
            return top, bottom
        if ("#totals" in items and not self.totals_rows) or ("#headers" in items and not self.header_rows):
            raise ValueError(f"{self.name} has no {' or '.join(sorted(items))}")
        if "#totals" in items:
            return (first if "#data" in items else bottom), bottom
        if "#headers" in items:
            return top, (last if "#data" in items else top)
        return first, last

    def column_numbers(self, names: Sequence[str]) -> tuple[int, int]:
        """First and last column of the named ones; all when none is named."""
        left, _, right, _ = self.edges
        if not names:
            return left, right
        known = [column.casefold() for column in self.columns]
        return left + known.index(names[0].casefold()), left + known.index(names[-1].casefold())


def expand(formula: str, tables: Mapping[str, TableRange], sheet: str, row: int) -> str:
    """Write every reference to a table as the range that it means.

    Parameters
    ----------
    formula : str
        As the cell holds it.
    tables : mapping
        The tables of the workbook by name in lower case.
    sheet : str
        The sheet of the cell, for ``[@column]`` inside a table.
    row : int
        The row of the cell.

    Returns
    -------
    str
        The formula; a reference to an unknown table or column, or to a total or header row that the table has not,
        becomes ``#REF!``, and one to this row ``#VALUE!`` where the table has no data in it.
    """
    if "[" not in formula:
        return formula
    text = "".join(
        _expanded(token.value, tables, sheet, row)
        if token.type == Token.OPERAND and token.subtype == Token.RANGE and "[" in token.value
        else token.value
        for token in tokens(formula)
    )
    return f"={text}" if formula.startswith("=") else text


def _expanded(reference: str, tables: Mapping[str, TableRange], sheet: str, row: int) -> str:
    match = STRUCTURED.match(reference)
    if not match:
        return reference
    table = tables.get(match[1].casefold()) if match[1] else _around(tables, sheet, row)
    if table is None:
        return reference if match[1] is None else "#REF!"
    items, names = _specifiers(match[2])
    return _meant(table, items, names, row if "#this row" in items else 0)


@lru_cache(maxsize=1024)
def _meant(table: TableRange, items: frozenset[str], names: tuple[str, ...], row: int) -> str:
    """Write what a reference means: a workbook asks for the same few ranges again and again."""
    try:
        left, right = table.column_numbers(names)
        first, last = table.rows(items, row)
    except ValueError:
        return "#REF!"
    except LookupError:
        return "#VALUE!"
    start = f"{sheet_prefix(table.sheet)}{address(first, left, fixed=True)}"
    return start if (first, left) == (last, right) else f"{start}:{address(last, right, fixed=True)}"


def _around(tables: Mapping[str, TableRange], sheet: str, row: int) -> TableRange | None:
    for table in tables.values():
        _, top, _, bottom = table.edges
        if table.sheet == sheet and top <= row <= bottom:
            return table
    return None


@lru_cache(maxsize=1024)
def _specifiers(body: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Part the inside of the brackets into items such as ``#all`` and column names."""
    parts = re.findall(r"\[([^\[\]]*)\]", body) if "[" in body else [body]
    items = {part.strip().casefold() for part in parts if part.strip().startswith("#")}
    names = [part for part in parts if not part.strip().startswith("#")]
    if body.startswith("@"):
        items.add("#this row")
        names = [name.lstrip("@") for name in names if name.lstrip("@")]
    return frozenset(items), tuple(name for name in names if name)
