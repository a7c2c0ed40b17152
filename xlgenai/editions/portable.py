"""The portable edition: every function is a name of the workbook, a LAMBDA that Excel calculates by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree

from xlgenai.cells.formula import function_names
from xlgenai.cells.function import HELP_LIMIT
from xlgenai.cells.twins import stored_lambda
from xlgenai.errors import FunctionError, ModelError
from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.cells.function import Function
    from xlgenai.workbook.package import Package

LONGEST: Final = 8192
"""Characters that Excel takes in a formula."""
SHEETS, GROUPS, LINKS, NAMES = (
    f"{NS}{tag}" for tag in ("sheets", "functionGroups", "externalReferences", "definedNames")
)
"""The parts of a workbook up to its names, in the order that the format asks for."""


def add_portable_parts(package: Package, functions: Mapping[str, Function]) -> tuple[str, ...]:
    """Give a written workbook the names that its formulas call.

    Parameters
    ----------
    package : Package
        The workbook; only its list of names changes.
    functions : mapping of str to Function
        The functions that its formulas may call, by name.

    Returns
    -------
    tuple of str
        Nothing that a user must know.

    Raises
    ------
    FunctionError
        When a function that the workbook calls has no formula in its docstring, or one has a formula that is too long.
    ModelError
        When the model has a name that is one of a function.
    """
    root = package.xml(package.workbook_part)
    names = root.find(NAMES)
    if names is None:
        names = etree.Element(NAMES)
        next(element for tag in (LINKS, GROUPS, SHEETS) for element in root.iter(tag)).addnext(names)
    taken = {str(name.get("name")).casefold(): str(name.get("name")) for name in names}
    without = {name for name, function in functions.items() if not function.twin}
    needed = _called(package) if without else set()
    for function in functions.values():
        if function.name in without - needed:
            continue
        if function.name.casefold() in taken:
            raise ModelError(f"{taken[function.name.casefold()]} is the name of a line and of a function: rename one.")
        element = etree.SubElement(names, f"{NS}definedName", name=function.name, comment=_help(function))
        element.text = _text(function)
    package.write_xml(package.workbook_part, root)
    return ()


def _called(package: Package) -> set[str]:
    formulas = (cell.formula for sheet in package.sheets for cell in package.sheet(sheet).formulas())
    return {name for formula in formulas for name in function_names(formula)}


def _text(function: Function) -> str:
    text = stored_lambda(function)
    if len(text) > LONGEST:
        raise FunctionError(
            f"The formula of {function.name} has {len(text):,} characters, but Excel takes {LONGEST:,}."
        )
    return text


def _help(function: Function) -> str:
    """What Excel shows while the name is being typed."""
    text = f"{function.syntax}: {function.summary}"
    return text if len(text) <= HELP_LIMIT else f"{text[: HELP_LIMIT - 1].rstrip()}…"
