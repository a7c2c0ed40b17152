"""Refresh a workbook: new inputs and data go in, every value follows, and all that the user added stays byte for byte.

The story: open safely, check the anchors, plan the writes, apply them to the package, calculate, put the values in,
check, save. A plan is plain data, so that the same plan can be applied to an open Excel.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlgenai.cells.modules import load_functions
from xlgenai.checks.layout import moved_anchors
from xlgenai.checks.run import check_package
from xlgenai.checks.view import View
from xlgenai.errors import AnchorError, WorkbookError
from xlgenai.operations.plan import TableWrite, apply_plan, plan_table
from xlgenai.operations.results import Change, RefreshResult, read_headlines
from xlgenai.operations.settings import confirm_choices, plan_inputs
from xlgenai.workbook.calculator import calculate
from xlgenai.workbook.carried import read_layout
from xlgenai.workbook.finishing import put_values
from xlgenai.workbook.package import Package
from xlgenai.workbook.saving import save_atomically

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping

    from xlgenai.cells.values import Scalar
    from xlgenai.data.sources import Source
    from xlgenai.model.placed import Layout
    from xlgenai.operations.settings import InputWrite
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
    layout = _own_layout(package)
    before = calculate(package, functions)
    view = View(package)
    writes = plan_inputs(layout, inputs or {}, scenario, str(_input_value(view, layout, layout.scenario)))
    tables = tuple(_plan_tables(view, layout, nvidia, value_chain))
    changes = tuple(_describe(view, writes, tables))
    apply_plan(package, writes, tables)
    after = calculate(package, functions)
    _confirm(package, layout, after)
    put_values(package, after)
    report = check_package(package, functions)
    if not dry_run:
        save_atomically(path, package.to_bytes(), lambda data: Package.from_bytes(data, path.name))
    return RefreshResult(path, changes, tuple(_moves(layout, before, after)), report, saved=not dry_run)


def _own_layout(package: Package) -> Layout:
    """Return the layout that the workbook carries, if its cells are where the layout says."""
    layout = read_layout(package)
    if layout is None:
        raise WorkbookError(
            f"{package.name} was not built by xlgenai, or lost what says so: build a workbook with xlgenai build."
        )
    moved = moved_anchors(View(package), layout)
    if moved:
        raise AnchorError(package.name, moved)
    return layout


def _plan_tables(view: View, layout: Layout, nvidia: Source | None, value_chain: Source | None) -> Iterator[TableWrite]:
    if nvidia is None and value_chain is None:
        return
    from xlgenai.data import user  # noqa: PLC0415 - pandas and pandera take a second to load

    if nvidia is not None:
        yield plan_table(view, layout, user.load_nvidia(nvidia))
    if value_chain is not None:
        yield plan_table(view, layout, user.load_value_chain(value_chain))


def _describe(view: View, writes: tuple[InputWrite, ...], tables: tuple[TableWrite, ...]) -> Iterator[Change]:
    for write in writes:
        stored = view.cells[write.sheet].get(write.address)
        yield Change(write.key, write.label, _plain(stored.value if stored else None), _plain(write.value))
    for table in tables:
        yield Change(table.name, f"Table {table.name}", f"{table.rows_before} rows", f"{len(table.rows)} rows")


def _plain(value: Scalar) -> str:
    if value is None:
        return "empty"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _input_value(view: View, layout: Layout, key: str) -> Scalar:
    for cell in layout.inputs:
        if cell.key == key:
            stored = view.cells[cell.sheet].get(cell.address)
            return stored.value if stored else None
    return None


def _confirm(package: Package, layout: Layout, calculation: Calculation) -> None:
    view = View(package)
    texts = {cell.key: _input_value(view, layout, cell.key) for cell in layout.inputs if cell.text}
    confirm_choices(layout, texts, calculation)


def _moves(layout: Layout, before: Calculation, after: Calculation) -> Iterator[Change]:
    for old, new in zip(read_headlines(layout, before), read_headlines(layout, after), strict=True):
        yield Change(old.key, old.label, old.text, new.text)
