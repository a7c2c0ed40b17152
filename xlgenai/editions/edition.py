"""What an edition decides: how a neutral formula is stored, and which parts the file gets beside the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xlgenai.cells.built_in import stored_name
from xlgenai.cells.formula import function_names, rename_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from xlgenai.workbook.package import Package

SPILLING: Final = frozenset(
    {"FILTER", "UNIQUE", "SORT", "SORTBY", "SEQUENCE", "VSTACK", "HSTACK", "TAKE", "DROP", "TOCOL"}
)
"""Built-in functions whose result may fill more than one cell."""


def plain_name(name: str) -> str:
    """Store every function of ours under the name that a user types."""
    return name


def no_parts(package: Package) -> None:
    """Add nothing to the file."""


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
    add_parts : callable
        Adds to a written workbook what the edition needs beside the model.
    """

    name: str
    suffixes: tuple[str, ...]
    stored_name: Callable[[str], str] = plain_name
    add_parts: Callable[[Package], None] = no_parts

    def store(self, formula: str, functions: Collection[str]) -> str:
        """Write a neutral formula as the file stores it."""
        return rename_calls(formula, lambda name: self.stored_name(name) if name in functions else stored_name(name))

    @staticmethod
    def is_array(formula: str, functions: Collection[str]) -> bool:
        """Whether Excel stores the formula as a dynamic array: it calls one of our functions, or one that spills."""
        return any(name in functions or name in SPILLING for name in function_names(formula))


PLAIN: Final = Edition("plain", (".xlsx",))
"""The functions by their plain names, wherever they may come from."""
EDITIONS: Final = {edition.name: edition for edition in (PLAIN,)}
