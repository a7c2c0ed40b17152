"""The LibreOffice edition of a workbook: what Calc needs to be told beside the formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.cells.function import Function
    from xlgenai.workbook.package import Package

CALCULATION: Final = f"{NS}calcPr"
NEEDS: Final = (
    "Calc calculates it when it opens the file, and calls the functions through an extension: xlgenai install"
    " --libreoffice puts it in place."
)


def add_libreoffice_parts(package: Package, _functions: Mapping[str, Function]) -> tuple[str, ...]:
    """Ask whoever opens the workbook to calculate all of it, as it will hold no values.

    Parameters
    ----------
    package : Package
        The workbook; only what it says of its calculation changes.

    Returns
    -------
    tuple of str
        What the user must know.
    """
    root = package.xml(package.workbook_part)
    next(root.iter(CALCULATION)).set("fullCalcOnLoad", "1")
    package.write_xml(package.workbook_part, root)
    return (NEEDS,)
