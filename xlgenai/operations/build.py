"""Build the workbook: model, layout, file, values, check, save."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlgenai.cells.built_in import BUILT_IN
from xlgenai.cells.formula import address, function_names
from xlgenai.cells.modules import load_functions
from xlgenai.checks.run import check_package
from xlgenai.data import bundled
from xlgenai.editions.edition import choose_edition
from xlgenai.errors import ModelError
from xlgenai.model.anchors import nearest
from xlgenai.model.layout import place
from xlgenai.model.value_chain import value_chain_model
from xlgenai.operations.results import BuildResult, read_headlines
from xlgenai.operations.settings import confirm_choices, plan_inputs, with_inputs
from xlgenai.workbook.calculator import calculate
from xlgenai.workbook.carried import put_layout
from xlgenai.workbook.finishing import drop_values, mark_dynamic, put_values
from xlgenai.workbook.package import Package
from xlgenai.workbook.saving import save_atomically
from xlgenai.workbook.sheet import position
from xlgenai.workbook.writer import write

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from xlgenai.cells.function import Function
    from xlgenai.cells.values import Scalar
    from xlgenai.data.sources import Source
    from xlgenai.data.table import DataTable
    from xlgenai.editions.edition import Edition
    from xlgenai.model.parts import Model
    from xlgenai.model.placed import Layout
    from xlgenai.workbook.calculator import Calculation

DEFAULT_NAME = "genai_value_chain.xlsx"


def build(
    path: str | os.PathLike[str] = DEFAULT_NAME,
    *,
    inputs: Mapping[str, float | str] | None = None,
    scenario: str | None = None,
    nvidia: Source | None = None,
    value_chain: Source | None = None,
    udfs: Iterable[str] = (),
    model: Model | None = None,
    edition: str | None = None,
    standalone: bool = False,
) -> BuildResult:
    """Write a finished workbook: every formula is already calculated, and no Excel is needed.

    Parameters
    ----------
    path : str or path-like, optional
        Where to write it: an ``.xlsx``, which any Excel 365 or 2024 calculates by itself, or an ``.xlsm``, whose
        formulas call Python through xlwings on Windows.
    inputs : mapping of str to float or str, optional
        Assumptions by key, as on the Inputs sheet; ``key[Bull]`` sets one scenario's value.
    scenario : str, optional
        The scenario to show: Bear, Base or Bull.
    nvidia, value_chain : path-like or DataFrame, optional
        Data to use in place of the bundled tables.
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.
    model : Model, optional
        A model of your own in place of the value chain; it brings its own data.
    edition : str, optional
        Where the functions are to run: ``portable``, ``desktop`` or ``libreoffice``; left out, the suffix of the path
        decides.
    standalone : bool, optional
        Whether a desktop workbook is to work without the xlwings add-in.

    Returns
    -------
    BuildResult
        Where the workbook is, its headline numbers, and what the check found.

    Raises
    ------
    XlgenaiError
        With one sentence that says what, where and how to mend it; nothing is written then.
    """
    path = Path(path)
    chosen = choose_edition(path, edition, standalone=standalone)
    functions = load_functions(udfs)
    if model is None:
        model = value_chain_model(*read_tables(nvidia, value_chain), bundled.benchmarks(), chosen.about)
    elif nvidia is not None or value_chain is not None:
        raise ModelError("A model of your own brings its own data: give either the model or the data tables.")
    layout = place(model, spills=chosen.spills, stores_values=chosen.stores_values)
    writes = plan_inputs(layout, inputs or {}, scenario, _live_scenario(layout))
    layout = with_inputs(layout, writes)
    package, calculation, notes = assemble(layout, path.name, chosen, functions)
    report = check_package(package, functions)
    if not layout.stores_values:
        drop_values(package)
    save_atomically(path, package.to_bytes(), lambda data: Package.from_bytes(data, path.name))
    return BuildResult(path, read_headlines(layout, calculation), report, notes)


def read_tables(nvidia: Source | None, value_chain: Source | None) -> tuple[DataTable, DataTable]:
    """Read a user's data where given, the bundled tables where not."""
    if nvidia is None and value_chain is None:
        return bundled.nvidia_quarters(), bundled.value_chain()
    from xlgenai.data import user  # noqa: PLC0415 - pandas and pandera take a second to load

    quarters = bundled.nvidia_quarters() if nvidia is None else user.load_nvidia(nvidia)
    facts = bundled.value_chain() if value_chain is None else user.load_value_chain(value_chain)
    return quarters, facts


def assemble(
    layout: Layout, name: str, edition: Edition, functions: Mapping[str, Function]
) -> tuple[Package, Calculation, tuple[str, ...]]:
    """Write a layout, calculate it, and put the values in; say what the user must know about the edition."""
    _know_every_function(layout, functions)
    package = write(
        layout, name, lambda text: edition.store(text, functions), lambda text: edition.is_array(text, functions)
    )
    mark_dynamic(package, spills=edition.spills)
    put_layout(package, layout)
    notes = edition.add_parts(package, functions) if edition.add_parts else ()
    calculation = calculate(package, functions)
    confirm_choices(layout, _texts(layout), calculation)
    put_values(package, calculation)
    return package, calculation, notes


def _know_every_function(layout: Layout, functions: Mapping[str, Function]) -> None:
    """Refuse a formula that calls a function that nobody has."""
    for sheet in layout.sheets:
        for cell in sheet.cells:
            if cell.is_formula:
                for name in function_names(str(cell.content)):
                    if name not in functions and name not in BUILT_IN:
                        where = f"{sheet.name}!{address(cell.row, cell.column)}"
                        raise ModelError(f"{where} calls {name}, which is no function; {nearest(name, functions)}")


def _live_scenario(layout: Layout) -> str:
    return str(_texts(layout).get(layout.scenario, ""))


def _texts(layout: Layout) -> dict[str, Scalar]:
    """The text of each text input, by key."""
    keys = {(item.sheet, *position(item.address)): item.key for item in layout.inputs if item.text}
    found: dict[str, Scalar] = dict.fromkeys(keys.values())
    for sheet in layout.sheets:
        for cell in sheet.cells:
            key = keys.get((sheet.name, cell.row, cell.column))
            if key is not None and isinstance(cell.content, str):
                found[key] = cell.content
    return found
