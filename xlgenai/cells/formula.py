"""The text of formulas, read with openpyxl's tokenizer: find calls, references and literals, and write them anew."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

CALC: Final = "XLG"
"""What stands before the dot of our functions in a file for LibreOffice: Calc 7.4 finds no plain name in an xlsx."""
PREFIX: Final = re.compile(rf"^(_xlfn\.|_xlws\.|_xludf\.|{CALC}\.)+", re.IGNORECASE)
PREFIXED: Final = re.compile(rf"_xl\w+\.|\b{CALC}\.", re.IGNORECASE)
CELL: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9][0-9]*)")
PLAIN_SHEET: Final = re.compile(r"[^\W\d][\w.]*")
R1C1: Final = re.compile(r"(?i)[rc]\d*|r\d+c\d+|true|false")
CELLS: Final = re.compile(rf"{CELL.pattern}(?::{CELL.pattern})?")
COLUMN: Final = re.compile(r"(\$?)([A-Za-z]{1,3})")
COLUMNS: Final = re.compile(rf"{COLUMN.pattern}:{COLUMN.pattern}")
ROW: Final = re.compile(r"(\$?)([1-9][0-9]*)")
ROWS: Final = re.compile(rf"{ROW.pattern}:{ROW.pattern}")


@dataclass(frozen=True)
class Call:
    """One call in a formula: the name as it would be typed, and the text of each argument (empty: left out)."""

    name: str
    arguments: tuple[str, ...]


@lru_cache(maxsize=4096)
def tokens(formula: str) -> tuple[Token, ...]:
    """Part a formula, with or without its equals sign, into tokens.

    Raises
    ------
    ValueError
        When it is no formula that Excel could have stored.
    """
    try:
        return tuple(Tokenizer(formula if formula.startswith("=") else f"={formula}").items)
    except (TokenizerError, IndexError, AttributeError) as error:
        raise ValueError(f"{formula!r} is not a formula that can be read") from error


def plain_name(name: str) -> str:
    """Return a function's name as it is typed: in capitals, without the prefixes that only a file has."""
    return PREFIX.sub("", name.rstrip("(")).upper()


@lru_cache(maxsize=4096)
def function_names(formula: str) -> tuple[str, ...]:
    """Return the name of every call in a formula, in order, in capitals."""
    return tuple(plain_name(token.value) for token in tokens(formula) if _opens_call(token))


@lru_cache(maxsize=4096)
def calls(formula: str) -> tuple[Call, ...]:
    """Return every call in a formula, inner ones after the ones they stand in.

    Parameters
    ----------
    formula : str
        With or without its equals sign.

    Returns
    -------
    tuple of Call
        Each with the text of its arguments.

    Examples
    --------
    >>> calls("=F(1,,SUM(A1:A2))")
    (Call(name='F', arguments=('1', '', 'SUM(A1:A2)')), Call(name='SUM', arguments=('A1:A2',)))
    """
    found: list[tuple[str, list[str]]] = []
    open_calls: list[tuple[str, list[str]] | None] = []
    for token in tokens(formula):
        closes = token.subtype == Token.CLOSE and token.type in {Token.FUNC, Token.PAREN, Token.ARRAY, "ARRAYROW"}
        if closes and open_calls:
            open_calls.pop()
        separates = token.type == Token.SEP and token.subtype == Token.ARG and open_calls and open_calls[-1]
        for entry in open_calls:
            if entry is None or (separates and entry is open_calls[-1]):
                continue
            entry[1][-1] += token.value
        if separates and open_calls[-1]:
            open_calls[-1][1].append("")
        if token.subtype == Token.OPEN:
            entry = (plain_name(token.value), [""]) if token.type == Token.FUNC else None
            open_calls.append(entry)
            if entry:
                found.append(entry)
    return tuple(Call(name, _arguments(texts)) for name, texts in found)


def _arguments(texts: list[str]) -> tuple[str, ...]:
    stripped = tuple(text.strip() for text in texts)
    return () if stripped == ("",) else stripped


def _opens_call(token: Token) -> bool:
    return bool(token.type == Token.FUNC and token.subtype == Token.OPEN)


def rename_calls(formula: str, rename: Callable[[str], str]) -> str:
    """Write a formula with each function under another name.

    Parameters
    ----------
    formula : str
        Returned with an equals sign only if it had one.
    rename : callable
        From the name as it is typed to the name as it is to be written.

    Returns
    -------
    str
        The formula, all else as it was.
    """
    if all(rename(name) == name for name in function_names(formula)) and not PREFIXED.search(formula):
        return formula
    text = "".join(
        f"{rename(plain_name(token.value))}(" if _opens_call(token) else token.value for token in tokens(formula)
    )
    return f"={text}" if formula.startswith("=") else text


def fill_omitted(formula: str, names: Collection[str], filler: Mapping[str, Mapping[int, str]], blank: str) -> str:
    """Write every argument that a call leaves out, so that an engine that cannot tell it from 0 passes it on.

    Parameters
    ----------
    formula : str
        With or without its equals sign.
    names : collection of str
        The functions concerned, in capitals.
    filler : mapping
        For some functions, what stands for an argument left out, by its position.
    blank : str
        What stands for any other argument left out in the middle.

    Returns
    -------
    str
        The formula in full.
    """
    out: list[str] = []
    stack: list[tuple[str, int] | None] = []
    empty = False
    for token in tokens(formula):
        ours = stack[-1] if stack else None
        if token.type == Token.SEP and token.subtype == Token.ARG and ours:
            out.append((filler.get(ours[0], {}).get(ours[1], blank) if empty else "") + token.value)
            stack[-1] = (ours[0], ours[1] + 1)
            empty = True
            continue
        if token.subtype == Token.CLOSE and stack:
            if ours:
                out.append(_tail(filler.get(ours[0], {}), ours[1], empty=empty, blank=blank))
            stack.pop()
            empty = False
        out.append(token.value)
        if token.subtype == Token.OPEN:
            name = plain_name(token.value) if token.type == Token.FUNC else ""
            stack.append((name, 0) if name in names else None)
            empty = True
        elif token.type != Token.WSPACE and token.subtype != Token.CLOSE:
            empty = False
    text = "".join(out)
    return f"={text}" if formula.startswith("=") else text


def _tail(filler: Mapping[int, str], position: int, *, empty: bool, blank: str) -> str:
    """What to write before a closing bracket: the last argument if it was left out, then those that a filler has."""
    text = filler.get(position, blank if position else "") if empty else ""
    if empty and not text:
        return ""
    for later in range(position + 1, max(filler, default=-1) + 1):
        text += f",{filler.get(later, blank)}"
    return text


def references(formula: str) -> list[str]:
    """Return the cells, ranges, names and table columns that a formula refers to, in order."""
    return [t.value for t in tokens(formula) if t.type == Token.OPERAND and t.subtype == Token.RANGE]


def literals(formula: str) -> list[str]:
    """Return the numbers that stand in a formula, in order."""
    return [t.value for t in tokens(formula) if t.type == Token.OPERAND and t.subtype == Token.NUMBER]


def relative(formula: str, row: int, column: int) -> str:
    """Write a formula as seen from its own cell, so that copies of one another become equal.

    Parameters
    ----------
    formula : str
        As the cell holds it.
    row, column : int
        Where the cell is, counted from 1.

    Returns
    -------
    str
        The formula with every relative reference written as an offset.

    Examples
    --------
    >>> relative("=B1*$A1", 1, 3) == relative("=C1*$A1", 1, 4)
    True
    """

    def across(fixed: str, letters: str) -> str:
        where = column_index_from_string(letters.upper())
        return f"C{where}" if fixed else f"C[{where - column}]"

    def down(fixed: str, digits: str) -> str:
        return f"R{digits}" if fixed else f"R[{int(digits) - row}]"

    def offsets(cells: str) -> str:
        if CELLS.fullmatch(cells):
            return CELL.sub(lambda match: down(match[3], match[4]) + across(match[1], match[2]), cells)
        if COLUMNS.fullmatch(cells):
            return COLUMN.sub(lambda match: across(match[1], match[2]), cells)
        return ROW.sub(lambda match: down(match[1], match[2]), cells) if ROWS.fullmatch(cells) else cells

    parts = []
    for token in tokens(formula):
        if token.type == Token.OPERAND and token.subtype == Token.RANGE and "[" not in token.value:
            sheet, mark, cells = token.value.rpartition("!")
            parts.append(sheet + mark + offsets(cells))
        else:
            parts.append(token.value)
    return "".join(parts)


@lru_cache(maxsize=65536)
def address(row: int, column: int, *, fixed: bool = False) -> str:
    """Return a cell's address, with dollar signs when fixed.

    Examples
    --------
    >>> address(3, 2), address(3, 2, fixed=True)
    ('B3', '$B$3')
    """
    mark = "$" if fixed else ""
    return f"{mark}{get_column_letter(column)}{mark}{row}"


@lru_cache(maxsize=1024)
def sheet_prefix(sheet: str) -> str:
    """Return a sheet's name as Excel writes it in front of a reference: in quotes only where it must be.

    Examples
    --------
    >>> sheet_prefix("Inputs"), sheet_prefix("My sheet"), sheet_prefix("Q3")
    ('Inputs!', "'My sheet'!", "'Q3'!")
    """
    if PLAIN_SHEET.fullmatch(sheet) and not CELL.fullmatch(sheet) and not R1C1.fullmatch(sheet):
        return f"{sheet}!"
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!"
