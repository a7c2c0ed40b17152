"""How a file for LibreOffice stores the names of functions, and which of Excel's Calc does not have."""

from __future__ import annotations

from typing import Final

from xlgenai.cells.built_in import stored_name
from xlgenai.cells.formula import CALC
from xlgenai.errors import ModelError

STOOD_IN_FOR: Final = frozenset({"FILTER", "UNIQUE"})
"""Functions of Excel's that the extension brings along under its own name, because the model calls them."""

LACKING: Final = frozenset(
    """ANCHORARRAY ARRAYTOTEXT BAHTTEXT BINOM.DIST.RANGE BYCOL BYROW CHOOSECOLS CHOOSEROWS CUBEKPIMEMBER CUBEMEMBER
    CUBEMEMBERPROPERTY CUBERANKEDMEMBER CUBESET CUBESETCOUNT CUBEVALUE DROP ECMA.CEILING EXPAND GROUPBY HSTACK
    IMAGE IMCOSH IMCOT IMCSC IMCSCH IMSEC IMSECH IMSINH IMTAN ISOMITTED LAMBDA LET MAKEARRAY MAP PHONETIC
    PIVOTBY RANDARRAY REDUCE REGEXEXTRACT REGEXREPLACE REGEXTEST RTD SCAN SEQUENCE SINGLE SORT SORTBY TAKE
    TEXTAFTER TEXTBEFORE TEXTSPLIT TOCOL TOROW TRIMRANGE VALUETOTEXT VSTACK WRAPCOLS WRAPROWS XLOOKUP XMATCH""".split()  # noqa: SIM905 - so many names read better as text
)
"""All other functions that Calc 7.4 does not know when it reads them in a file, as a test asks it one by one."""


def calc_name(name: str) -> str:
    """Return the name of a function of ours as the file stores it."""
    return f"{CALC}.{name}"


def stored_for_calc(name: str) -> str:
    """Return the name of one of Excel's functions as the file stores it.

    Raises
    ------
    ModelError
        When Calc has no such function.
    """
    if name in STOOD_IN_FOR:
        return calc_name(name)
    if name in LACKING:
        raise ModelError(f"LibreOffice 7.4 has no {name}: write the formula without it, or build another edition.")
    return stored_name(name)
