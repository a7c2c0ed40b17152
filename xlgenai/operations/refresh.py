"""Refresh a workbook: new inputs and data go in, every value follows, and all that the user added stays byte for byte.

The story: open safely, check the anchors, plan the writes, apply them to the package, calculate, put the values in,
check, save. A plan is plain data: `xlgenai.operations.live` applies the same one to a workbook that is open in Excel.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlgenai.cells.modules import load_functions
from xlgenai.checks.run import check_package
from xlgenai.checks.view import View
from xlgenai.errors import WorkbookError
from xlgenai.operations.plan import apply_plan, input_value, plan_refresh
from xlgenai.operations.results import Change, RefreshResult, read_headlines
from xlgenai.operations.settings import confirm_choices
from xlgenai.workbook.calculator import calculate
from xlgenai.workbook.carried import read_layout
from xlgenai.workbook.finishing import drop_values, put_values
from xlgenai.workbook.package import Package
from xlgenai.workbook.saving import save_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from xlgenai.cells.function import Function
    from xlgenai.data.sources import Source
    from xlgenai.model.placed import Layout
    from xlgenai.operations.plan import Plan
    from xlgenai.workbook.calculator import Calculation


def refresh(
    path: str | os.PathLike[str],
    *,
    inputs: Mapping[str, float | str] | None = None,
    scenario: str | None = None,
    nvidia: Source | None = None,
    value_chain: Source | None = None,
    udfs: Iterable[str] = (),
    dry_run: bool = False,
) -> RefreshResult:
    """Put new inputs and data into a workbook that xlgenai built, and calculate it anew.

    Parameters
    ----------
    path : str or path-like
        The workbook; sheets, formats, comments and charts of the user's own stay as they are.
    inputs : mapping of str to float or str, optional
        Assumptions by key; ``key[Bull]`` sets one scenario's value.
    scenario : str, optional
        The scenario to show.
    nvidia, value_chain : path-like or DataFrame, optional
        Data that replace the tables; they may have more or fewer rows.
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.
    dry_run : bool, optional
        Report what would change, and leave the file alone.

    Returns
    -------
    RefreshResult
        What was changed, the headline numbers before and after, and what the check found.

    Raises
    ------
    AnchorError
        When cells of the model have moved; each is named, and nothing is written.
    XlgenaiError
        With one sentence, for anything else that does not fit; nothing is written then.
    """
    path = Path(path)
    package = Package.open(path)
    functions = load_functions(udfs)
    layout = own_layout(package)
    view = View(package)
    plan = plan_refresh(view, layout, inputs=inputs, scenario=scenario, nvidia=nvidia, value_chain=value_chain)
    changes = plan.changes(view)
    calculation, headlines = carry_out(package, layout, plan, functions)
    put_values(package, calculation)
    report = check_package(package, functions)
    if not layout.stores_values:
        drop_values(package)
    if not dry_run:
        save_atomically(path, package.to_bytes(), lambda data: Package.from_bytes(data, path.name))
    return RefreshResult(path, changes, headlines, report, saved=not dry_run)


def own_layout(package: Package) -> Layout:
    """Return the layout that a workbook carries, or refuse a workbook that carries none."""
    layout = read_layout(package)
    if layout is None:
        raise WorkbookError(
            f"{package.name} was not built by xlgenai, or lost what says so: build a workbook with xlgenai build."
        )
    return layout


def carry_out(
    package: Package, layout: Layout, plan: Plan, functions: Mapping[str, Function]
) -> tuple[Calculation, tuple[Change, ...]]:
    """Apply a plan to a package, and calculate what follows from it.

    Parameters
    ----------
    package : Package
        The workbook; it is changed.
    layout : Layout
        Where its inputs and headline numbers are.
    plan : Plan
        What to write.
    functions : mapping of str to Function
        Our functions by name in capitals.

    Returns
    -------
    tuple of Calculation and tuple of Change
        Every value as it is now, and the headline numbers before and after.

    Raises
    ------
    InputError
        When a text is not among the choices that the new data offer.
    """
    before = calculate(package, functions)
    apply_plan(package, plan)
    after = calculate(package, functions)
    view = View(package)
    confirm_choices(layout, {c.key: input_value(view, layout, c.key) for c in layout.inputs if c.text}, after)
    pairs = zip(read_headlines(layout, before), read_headlines(layout, after), strict=True)
    return after, tuple(Change(old.key, old.label, old.text, new.text) for old, new in pairs)
