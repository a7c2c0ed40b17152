"""One formula, spelled as Excel shows it, as a file stores it, and as LibreOffice Calc reads it."""

from __future__ import annotations

import re
from typing import Final

from openpyxl.formula.tokenizer import Token

from xlgenai.cells.formula import rename_calls, tokens

PART: Final = re.compile(r"^([^\[\]\"]+)\[(#[^\[\]]+)\]$")
CALC_PART: Final = re.compile(r"^([^\[\]\"]+)\[\[(#[^\[\]]+)\]\]$")
"""One part of a table, as Excel writes it and as Calc does."""


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
    return _with_parts(rename_calls(formula, str), CALC_PART, r"\1[\2]")


def typed_for_calc(formula: str) -> str:
    """Write a formula as Calc reads it: a table's part such as ``[#All]`` in brackets of its own.

    Examples
    --------
    >>> typed_for_calc("ROWS(Nvidia[#All])+ROWS(Nvidia[source])")
    'ROWS(Nvidia[[#All]])+ROWS(Nvidia[source])'
    """
    return _with_parts(formula, PART, r"\1[[\2]]")


def _with_parts(formula: str, found: re.Pattern[str], written: str) -> str:
    if "[#" not in formula:
        return formula
    text = "".join(found.sub(written, t.value) if t.type == Token.OPERAND else t.value for t in tokens(formula))
    return f"={text}" if formula.startswith("=") else text
