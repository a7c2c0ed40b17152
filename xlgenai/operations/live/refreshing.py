"""Refresh a workbook that is open in Excel: read everything, compute, write everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.cells.formula import address
from xlgenai.cells.modules import load_functions
from xlgenai.editions.edition import PLAIN
from xlgenai.operations.live.reading import LiveView
from xlgenai.operations.live.writing import write_plan
from xlgenai.operations.plan import Plan, TableWrite, apply_plan, held, plan_refresh
from xlgenai.operations.refresh import carry_out, own_layout
from xlgenai.operations.results import LiveRefresh
from xlgenai.workbook.finishing import mark_dynamic
from xlgenai.workbook.package import Package
from xlgenai.workbook.writer import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import xlwings as xw

    from xlgenai.cells.function import Function
    from xlgenai.data.sources import Source
    from xlgenai.model.placed import Layout


def refresh_book(
    book: xw.Book,
    layout: Layout | None = None,
    *,
    inputs: Mapping[str, float | str] | None = None,
    scenario: str | None = None,
    nvidia: Source | None = None,
    value_chain: Source | None = None,
    udfs: Iterable[str] = (),
) -> LiveRefresh:
    """Put new inputs and data into a workbook that is open in Excel; Excel calculates it, and nothing is saved.

    Parameters
    ----------
    book : xlwings.Book
        The workbook, in whatever engine of xlwings.
    layout : Layout, optional
        Where the model's cells are; left out, the file that the workbook was saved as tells.
    inputs : mapping of str to float or str, optional
        Assumptions by key; ``key[Bull]`` sets one scenario's value.
    scenario : str, optional
        The scenario to show.
    nvidia, value_chain : path-like or DataFrame, optional
        Data that replace the tables; they may have more or fewer rows.
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.

    Returns
    -------
    LiveRefresh
        What was changed, and the headline numbers before and after, as xlgenai calculates them.

    Raises
    ------
    AnchorError
        When cells of the model have moved; each is named, and nothing is written.
    XlgenaiError
        With one sentence, for anything else that does not fit; nothing is written then.
    """
    functions = load_functions(udfs)
    layout = layout or own_layout(Package.open(book.fullname))
    view = LiveView(book, layout)
    plan = plan_refresh(view, layout, inputs=inputs, scenario=scenario, nvidia=nvidia, value_chain=value_chain)
    _, headlines = carry_out(_model_now(view, layout, functions), layout, plan, functions)
    write_plan(book, view, layout, plan)
    return LiveRefresh(book.name, plan.changes(view), headlines)


def _model_now(view: LiveView, layout: Layout, functions: Mapping[str, Function]) -> Package:
    """Write the model with the inputs and data of the open workbook: what follows from a plan must be known before."""
    package = write(
        layout, view.name, lambda text: PLAIN.store(text, functions), lambda text: PLAIN.is_array(text, functions)
    )
    mark_dynamic(package)
    for item in layout.inputs:
        for where in item.scenarios.values() or [item.address]:
            package.sheet(item.sheet).set_constant(where, held(view, item.sheet, where))
    apply_plan(package, Plan((), tuple(_tables_now(view, layout))))
    return package


def _tables_now(view: LiveView, layout: Layout) -> Iterator[TableWrite]:
    """The rows of each table as they are, in the columns of the model."""
    for sheet in layout.sheets:
        for table in sheet.tables:
            found = view.tables.get(table.name.casefold())
            if found is None:
                continue
            first, last = found.rows(frozenset(), 0)
            columns = {name: found.edges[0] + number for number, name in enumerate(found.columns)}
            rows = tuple(
                tuple(
                    held(view, found.sheet, address(row, columns[name])) if name in columns else None
                    for name in table.columns
                )
                for row in range(first, last + 1)
            )
            yield TableWrite(table.name, sheet.name, table.row + 1, table.column, rows, table.rows, len(table.columns))
