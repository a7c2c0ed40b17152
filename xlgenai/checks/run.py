"""Run every rule over a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.cells.formula import address
from xlgenai.checks.formulas import check_formulas
from xlgenai.checks.layout import check_layout
from xlgenai.checks.report import Report
from xlgenai.checks.view import View
from xlgenai.model.placed import Role
from xlgenai.workbook.carried import read_layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.cells.function import Function
    from xlgenai.model.placed import Layout
    from xlgenai.workbook.package import Package


def check_package(package: Package, functions: Mapping[str, Function]) -> Report:
    """Check a workbook against the model that it carries, and against the rules for any workbook.

    Parameters
    ----------
    package : Package
        The file.
    functions : mapping of str to Function
        Our functions by name in capitals.

    Returns
    -------
    Report
        Every finding, in the order of the sheets.
    """
    view = View(package)
    layout = read_layout(package)
    findings = list(check_layout(view, layout)) if layout else []
    findings += check_formulas(view, functions, _known(layout) if layout else frozenset())
    order = {name: number for number, name in enumerate(package.sheets)}
    findings.sort(key=lambda finding: (order.get(finding.sheet, -1), finding.rule.id))
    return Report(package.name, tuple(findings), layout is not None)


def _known(layout: Layout) -> frozenset[tuple[str, str]]:
    """The cells whose content the layout prescribes; inputs are the user's."""
    return frozenset(
        (sheet.name, address(cell.row, cell.column))
        for sheet in layout.sheets
        for cell in sheet.cells
        if cell.role is not Role.INPUT
    )
