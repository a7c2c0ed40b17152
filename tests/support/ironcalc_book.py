"""A workbook for IronCalc: our functions as LAMBDA names, and clear of three faults of IronCalc's own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ironcalc
from lxml import etree

from xlgenai.cells.twins import stored_lambda
from xlgenai.cells.values import CellError
from xlgenai.workbook.sheet import position
from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from tests.support.compared import Values
    from xlgenai.cells.function import Function
    from xlgenai.cells.values import Scalar
    from xlgenai.workbook.package import Package

NAMES, NAME = f"{NS}definedNames", f"{NS}definedName"
PRODUCT: Final = re.compile(r"\bPRODUCT\((1\+[^()]+)\)")
REDUCE: Final = r"_xlfn.REDUCE(1,\1,_xlfn.LAMBDA(_xlpm.a,_xlpm.b,_xlpm.a*_xlpm.b))"
ERRORS: Final = frozenset(CellError)


def with_lambdas(package: Package, functions: Iterable[Function]) -> Package:
    """Return a copy in which each of the functions is a name, where it is none yet."""
    copy = package.copy()
    root, names = _names(copy)
    there = {(name.get("name") or "").upper() for name in names}
    for function in functions:
        if function.name not in there:
            etree.SubElement(names, NAME, name=function.name).text = stored_lambda(function)
    copy.write_xml(copy.workbook_part, root)
    return copy


def recalculated(package: Package, cells: Collection[tuple[str, str]], path: Path) -> Values:
    """Let IronCalc calculate a workbook, and read the cells."""
    path.write_bytes(package.to_bytes())
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC")
    model.evaluate()
    sheets = {name: index for index, name in enumerate(package.sheets)}
    return {(sheet, cell): _shown(model.get_cell_value(sheets[sheet], *position(cell))) for sheet, cell in cells}


def _shown(value: Scalar) -> Scalar:
    return CellError(value) if isinstance(value, str) and value in ERRORS else value


def _names(package: Package) -> tuple[etree._Element, etree._Element]:
    """Return the root of the workbook part, and the names in it."""
    root = package.xml(package.workbook_part)
    names = root.find(NAMES)
    assert names is not None
    return root, names


def _untyped(package: Package, _: Collection[Function]) -> None:
    for name in package.sheets:
        root = package.xml(package.sheets[name])
        for cell in root.iter(f"{NS}c"):
            if not len(cell):
                cell.attrib.pop("t", "")
        package.write_xml(package.sheets[name], root)


def _without_clashes(package: Package, functions: Collection[Function]) -> None:
    root, names = _names(package)
    parameters = {parameter.name for function in functions for parameter in function.parameters}
    for name in list(names):
        if name.get("name") in parameters:
            names.remove(name)
    package.write_xml(package.workbook_part, root)


def _reduced(package: Package, _: Collection[Function]) -> None:
    for name in package.sheets:
        root = package.xml(package.sheets[name])
        for formula in root.iter(f"{NS}f"):
            formula.text = PRODUCT.sub(REDUCE, formula.text or "")
        package.write_xml(package.sheets[name], root)


@dataclass(frozen=True)
class Fault:
    """One thing in our workbooks that IronCalc gets wrong, and how a copy says the same in another way.

    Attributes
    ----------
    name : str
        What it is about.
    reason : str
        What Excel does, and what IronCalc does instead.
    link : str
        Where Excel's behaviour is documented.
    go_around : callable
        Changes a copy of the workbook.
    """

    name: str
    reason: str
    link: str
    go_around: Callable[[Package, Collection[Function]], None]


FAULTS: Final = (
    Fault(
        name="empty cells with a type",
        reason="A cell without a value is empty in Excel, whatever its type, and n is the type where none is given; "
        "IronCalc reads t='n' without a value as 0. The copy gives an empty cell no type.",
        link="https://learn.microsoft.com/en-us/previous-versions/office/developer/office-2010/cc802319(v=office.14)",
        go_around=_untyped,
    ),
    Fault(
        name="names of inputs that are also names of parameters",
        reason="In Excel a name that LET or LAMBDA gives holds inside of it, whatever names the workbook has; "
        "IronCalc takes the workbook's, and the LAMBDA is #NAME?. No formula of ours uses those, so the copy has none.",
        link="https://support.microsoft.com/en-us/office/let-function-34842dd8-b92b-4d3f-b325-b8b8f9908999",
        go_around=_without_clashes,
    ),
    Fault(
        name="products of arrays",
        reason="Excel's PRODUCT takes any array; IronCalc's takes cells only, and says #N/IMPL! for a calculated one. "
        "The copy multiplies with REDUCE.",
        link="https://support.microsoft.com/en-us/office/product-function-8e6b5b24-90ee-4650-aeec-80982a0512ce",
        go_around=_reduced,
    ),
)


def around(faults: Iterable[Fault], package: Package, functions: Collection[Function]) -> Package:
    """Return a copy that keeps clear of faults."""
    copy = package.copy()
    for fault in faults:
        fault.go_around(copy, functions)
    return copy
