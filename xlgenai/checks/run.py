"""Run every rule over a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xlgenai.cells.formula import address
from xlgenai.checks import rules
from xlgenai.checks.followed import Followed
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


FORMULA_WHERE_NONE_BELONGS: Final = frozenset({rules.FORMULA, rules.INPUT})
EXPLAINED: Final = frozenset({rules.ERROR, rules.LITERAL, rules.PATTERN, rules.LINK, rules.VOLATILE})
"""What a formula does wrong is not worth a second finding when it should not be there at all."""


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
    followed = Followed(view, layout) if layout else None
    findings = list(check_layout(view, layout, followed)) if layout and followed else []
    known = _known(layout, followed) if layout and followed else frozenset()
    explained = {(finding.sheet, finding.cell) for finding in findings if finding.rule in FORMULA_WHERE_NONE_BELONGS}
    findings += [
        finding
        for finding in check_formulas(view, functions, known)
        if finding.rule not in EXPLAINED or (finding.sheet, finding.cell) not in explained
    ]
    order = {name: number for number, name in enumerate(view.tabs)}
    findings.sort(key=lambda finding: (order.get(finding.sheet, -1), finding.rule.id))
    return Report(package.name, tuple(findings), layout is not None)


def _known(layout: Layout, followed: Followed) -> frozenset[tuple[str, str]]:
    """The cells whose content the layout prescribes; inputs are the user's, but a text may be any text."""
    prescribed = {
        (sheet.name, address(cell.row, cell.column))
        for sheet in layout.sheets
        for cell in sheet.cells
        if cell.role is not Role.INPUT
    }
    prescribed.update((item.sheet, item.address) for item in layout.inputs if item.text)
    if not followed.changed:
        return frozenset(prescribed)
    return frozenset((followed.sheet(sheet), followed.cell(sheet, cell)) for sheet, cell in prescribed)
