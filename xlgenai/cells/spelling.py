"""One formula, spelled as Excel shows it, as a file stores it, and as LibreOffice Calc reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from openpyxl.formula.tokenizer import Token

from xlgenai.cells.formula import plain_name, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

PART: Final = re.compile(r"^([^\[\]\"]+)\[(#[^\[\]]+)\]$")
CALC_PART: Final = re.compile(r"^([^\[\]\"]+)\[\[(#[^\[\]]+)\]\]$")
"""One part of a table, as Excel writes it and as Calc does."""
LOCAL: Final = re.compile(r"^_xl(?:pm|op)\.", re.IGNORECASE)
"""Begins the name of an argument of LAMBDA, or of a step of LET, in a file."""


def typed(formula: str) -> str:
    """Write a formula as it is typed in Excel, without what only a file has.

    Parameters
    ----------
    formula : str
        As a file stores it, for Excel or for LibreOffice.

    Returns
    -------
    str
        The formula without prefixes of names, and with a table's parts as Excel writes them.

    Examples
    --------
    >>> typed("=XLG.NVIDIA(_xlfn.XLOOKUP(A1,B:B,C:C),,NvidiaQuarters[[#All]])")
    '=NVIDIA(XLOOKUP(A1,B:B,C:C),,NvidiaQuarters[#All])'
    """
    return _written(formula, _typed)


def typed_for_calc(formula: str) -> str:
    """Write a formula as Calc reads it: a table's part such as ``[#All]`` in brackets of its own.

    Examples
    --------
    >>> typed_for_calc("ROWS(Nvidia[#All])+ROWS(Nvidia[source])")
    'ROWS(Nvidia[[#All]])+ROWS(Nvidia[source])'
    """
    return _written(formula, _for_calc) if "[#" in formula else formula


def _written(formula: str, write: Callable[[Token], str]) -> str:
    text = "".join(map(write, tokens(formula)))
    return f"={text}" if formula.startswith("=") else text


def _typed(token: Token) -> str:
    if token.type == Token.FUNC and token.subtype == Token.OPEN:
        return f"{LOCAL.sub('', plain_name(token.value))}("
    if token.type == Token.OPERAND and token.subtype == Token.RANGE:
        return CALC_PART.sub(r"\1[\2]", LOCAL.sub("", token.value))
    return str(token.value)


def _for_calc(token: Token) -> str:
    return PART.sub(r"\1[[\2]]", token.value) if token.type == Token.OPERAND else str(token.value)
