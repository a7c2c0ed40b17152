"""What an edition decides: how a neutral formula is stored, and which parts the file gets beside the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from xlgenai.cells import built_in
from xlgenai.cells.formula import function_names, rename_calls
from xlgenai.cells.spelling import typed_for_calc
from xlgenai.editions.libreoffice.names import calc_name, stored_for_calc
from xlgenai.errors import InputError, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from xlgenai.cells.function import Function
    from xlgenai.workbook.package import Package

SPILLING: Final = frozenset(
    {"FILTER", "UNIQUE", "SORT", "SORTBY", "SEQUENCE", "VSTACK", "HSTACK", "TAKE", "DROP", "TOCOL"}
)
"""Built-in functions whose result may fill more than one cell."""


def as_it_is(text: str) -> str:
    """Store a name or a formula as a user types it."""
    return text


@dataclass(frozen=True)
class Edition:
    """One way to run the functions.

    Attributes
    ----------
    name : str
        What the command line calls it.
    suffixes : tuple of str
        The file names that it can be stored under.
    stored_name : callable
        From the name of one of our functions to what the file stores.
    about : str
        What the cover of the workbook says about it.
    stored_built_in : callable
        From the name of one of Excel's own functions to what the file stores.
    spelled : callable
        From a formula as Excel has it to one as the program reads it, but for the names.
    spills : bool
        Whether a formula fills as many cells as it needs.
    stores_values : bool
        Whether the file holds the values of its formulas.
    add_parts : callable or None
        Adds to a written workbook what the edition needs beside the model, and returns what the user must know.
    """

    name: str
    suffixes: tuple[str, ...]
    about: str = ""
    stored_name: Callable[[str], str] = as_it_is
    stored_built_in: Callable[[str], str] = built_in.stored_name
    spelled: Callable[[str], str] = as_it_is
    spills: bool = True
    stores_values: bool = True
    add_parts: Callable[[Package, Mapping[str, Function]], tuple[str, ...]] | None = None

    def store(self, formula: str, functions: Collection[str]) -> str:
        """Write a neutral formula as the file stores it."""
        return rename_calls(
            self.spelled(formula),
            lambda name: self.stored_name(name) if name in functions else self.stored_built_in(name),
        )

    @staticmethod
    def is_array(formula: str, functions: Collection[str]) -> bool:
        """Whether Excel stores the formula as a dynamic array: it calls one of our functions, or one that spills."""
        return any(name in functions or name in SPILLING for name in function_names(formula))


def _desktop_parts(package: Package, functions: Mapping[str, Function], *, standalone: bool = False) -> tuple[str, ...]:
    from xlgenai.editions import desktop  # noqa: PLC0415 - only this edition needs a writer of VBA

    return desktop.add_desktop_parts(package, functions, standalone=standalone)


def _portable_parts(package: Package, functions: Mapping[str, Function]) -> tuple[str, ...]:
    from xlgenai.editions import portable  # noqa: PLC0415 - a calculation needs none of it

    return portable.add_portable_parts(package, functions)


def _libreoffice_parts(package: Package, functions: Mapping[str, Function]) -> tuple[str, ...]:
    from xlgenai.editions.libreoffice import workbook  # noqa: PLC0415 - a calculation needs none of it

    return workbook.add_libreoffice_parts(package, functions)


PLAIN: Final = Edition("plain", (".xlsx",))
"""The functions by their plain names and nothing beside: enough to calculate a model."""
PORTABLE: Final = Edition(
    "portable",
    (".xlsx",),
    "portable: Excel 365 and 2024 calculate every function by themselves, anywhere, without macros or Python."
    " For functions that run in Python: xlgenai build NAME.xlsm on Windows, or --edition libreoffice",
    add_parts=_portable_parts,
)
"""A workbook that any Excel 365 or 2024 calculates by itself."""
DESKTOP: Final = Edition(
    "desktop",
    (".xlsm",),
    "desktop: Excel on Windows calls each function in Python, through xlwings (xlgenai install, xlgenai doctor)."
    " For a workbook that needs no Python: xlgenai build NAME.xlsx",
    add_parts=_desktop_parts,
)
"""A macro workbook that calls Python through xlwings and its add-in."""
STANDALONE: Final = replace(DESKTOP, add_parts=partial(_desktop_parts, standalone=True))
"""The same for users without the add-in."""
LIBREOFFICE: Final = Edition(
    "libreoffice",
    (".xlsx",),
    "libreoffice: Calc calls each function in Python, through an extension (xlgenai install --libreoffice), and"
    " calculates everything when it opens the file. For Excel: xlgenai build NAME.xlsx",
    stored_name=calc_name,
    stored_built_in=stored_for_calc,
    spelled=typed_for_calc,
    spills=False,
    stores_values=False,
    add_parts=_libreoffice_parts,
)
"""A workbook whose functions LibreOffice Calc calls in Python."""
EDITIONS: Final = {edition.name: edition for edition in (PORTABLE, DESKTOP, LIBREOFFICE)}


def choose_edition(path: Path, name: str | None, *, standalone: bool = False) -> Edition:
    """Return the edition that a file name asks for, unless another is named.

    Parameters
    ----------
    path : Path
        Where the workbook is to be written.
    name : str or None
        What the command line calls the edition; None goes by the suffix.
    standalone : bool, optional
        Whether a desktop workbook is to work without the xlwings add-in.

    Returns
    -------
    Edition
        The edition.

    Raises
    ------
    InputError
        When there is no such edition, or it is none that can stand alone.
    WorkbookError
        When the file name does not fit.
    """
    suffix = path.suffix.lower()
    if name is not None and name not in EDITIONS:
        raise InputError(f"There is no edition {name!r}: choose {', '.join(EDITIONS)}.")
    fitting = [edition for edition in EDITIONS.values() if suffix in edition.suffixes]
    edition = EDITIONS[name] if name else fitting[0] if fitting else None
    if edition is None or suffix not in edition.suffixes:
        suffixes = edition.suffixes if edition else [s for e in EDITIONS.values() for s in e.suffixes]
        raise WorkbookError(f"{path.name} should end in {' or '.join(suffixes)}: give the workbook such a name.")
    if standalone and edition is not DESKTOP:
        raise InputError(f"Only a desktop workbook (.xlsm) can stand alone, and {path.name} is none.")
    return STANDALONE if standalone else edition
