"""The value-chain model as it is placed: the promises that it makes to a reader, held against every cell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from xlgenai.cells.formula import address, calls, function_names, literals, relative
from xlgenai.cells.modules import load_functions
from xlgenai.data import bundled
from xlgenai.model.layout import place
from xlgenai.model.placed import CALCULATED, Role
from xlgenai.model.value_chain import value_chain_model
from xlgenai.workbook.sheet import members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.data.table import DataTable
    from xlgenai.model.placed import Cell, Layout, PlacedSheet

SHEETS: Final = (
    "Cover",
    "Dashboard",
    "Claims",
    "Inputs",
    "Data_ValueChain",
    "Data_Nvidia",
    "ValueChain",
    "Margins",
    "Projection",
    "Nvidia",
    "Capital",
    "Checks",
    "Sources",
)
TIMED: Final = {"Projection": 10, "Nvidia": 13, "Capital": 10}
"""Sheets with a timeline, and its length for the bundled data: 17 quarters, of which 13 have one a year before."""


def layout_of(quarters: DataTable, facts: DataTable) -> Layout:
    return place(value_chain_model(quarters, facts, bundled.benchmarks()))


@pytest.fixture(scope="module")
def layout() -> Layout:
    return layout_of(bundled.nvidia_quarters(), bundled.value_chain())


def formulas(layout: Layout) -> Iterator[tuple[PlacedSheet, Cell, str]]:
    for sheet in layout.sheets:
        for cell in sheet.cells:
            if cell.is_formula:
                yield sheet, cell, str(cell.content)


def test_sheets_stand_in_the_order_of_the_design(layout: Layout) -> None:
    assert tuple(sheet.name for sheet in layout.sheets) == SHEETS


def test_each_sheet_has_a_title_a_purpose_and_frozen_panes(layout: Layout) -> None:
    for sheet in layout.sheets:
        top = {(cell.row, cell.column): cell for cell in sheet.cells if cell.row < 3}
        assert top[1, 1].role is Role.TITLE
        assert str(top[2, 1].content).endswith(".")
        assert sheet.freeze.startswith("B")


def test_columns_are_the_same_on_every_sheet_that_has_headings(layout: Layout) -> None:
    for sheet in layout.sheets:
        headings = [cell.content for cell in sheet.cells if cell.row == 4 and cell.column <= 4]
        unheaded = sheet.name in {"Cover", "Data_ValueChain", "Data_Nvidia", "Sources"}
        assert headings == ([] if unheaded else ["Item", "Unit", "Value", "Note / source"]), sheet.name


def test_there_is_one_formula_a_row_across_every_timeline(layout: Layout) -> None:
    counted: dict[tuple[str, int], list[str]] = defaultdict(list)
    for sheet, cell, formula in formulas(layout):
        if cell.column > 4:
            counted[sheet.name, cell.row].append(relative(formula, cell.row, cell.column))
    assert len(counted) > 45
    for (sheet_name, row), found in counted.items():
        assert len(set(found)) == 1, f"{sheet_name} row {row}"
        if sheet_name in TIMED:
            assert len(found) == TIMED[sheet_name], f"{sheet_name} row {row}"


def test_a_row_runs_without_a_gap(layout: Layout) -> None:
    for sheet in layout.sheets:
        rows: dict[int, list[int]] = defaultdict(list)
        for cell in sheet.cells:
            if cell.is_formula and cell.column > 4:
                rows[cell.row].append(cell.column)
        for columns in rows.values():
            assert columns == list(range(columns[0], columns[-1] + 1))


def test_no_formula_holds_a_number_but_0_and_1(layout: Layout) -> None:
    numbers = {(sheet.name, n) for sheet, _, formula in formulas(layout) for n in literals(formula)}
    assert {number for _, number in numbers} == {"0", "1"}


def test_every_function_of_ours_is_used(layout: Layout) -> None:
    ours = load_functions()
    used = {name for _, _, formula in formulas(layout) for name in function_names(formula)}
    assert len(ours) == 17
    assert ours.keys() - used == set()


def test_every_call_gives_as_many_arguments_as_the_function_takes(layout: Layout) -> None:
    ours = load_functions()
    for _, _, formula in formulas(layout):
        for call in calls(formula):
            if call.name in ours:
                assert ours[call.name].min_args <= len(call.arguments) <= ours[call.name].max_args, formula


def test_no_formula_is_volatile_or_asks_the_clock(layout: Layout) -> None:
    used = {name for _, _, formula in formulas(layout) for name in function_names(formula)}
    assert used.isdisjoint({"NOW", "TODAY", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT"})


def test_formulas_that_read_another_sheet_are_green_and_others_black(layout: Layout) -> None:
    for sheet, cell, formula in formulas(layout):
        if cell.role in {Role.FORMULA, Role.LINK}:
            assert (cell.role is Role.LINK) == ("!" in formula), f"{sheet.name} {formula}"


def test_every_input_has_a_unit_a_source_and_a_range_or_choices(layout: Layout) -> None:
    assert len(layout.inputs) > 35
    (sheet,) = (sheet for sheet in layout.sheets if sheet.name == "Inputs")
    cells = {address(cell.row, cell.column): cell for cell in sheet.cells}
    validated = {cell for rule in sheet.validations for cell in members(rule.cells)}
    for item in layout.inputs:
        assert item.sheet == "Inputs"
        row = item.address[1:]
        assert cells[f"B{row}"].content, f"{item.key} has no unit"
        assert cells[f"D{row}"].content, f"{item.key} has no source"
        for where in item.scenarios.values() or [item.address]:
            assert cells[where].role is Role.INPUT
            assert where in validated, f"{item.key} accepts anything"
        if item.text:
            assert item.choices or item.options
        else:
            assert item.low is not None
            assert item.high is not None
            shown = [cells[f"E{row}"].content, cells[f"F{row}"].content]
            assert shown == [item.low, item.high]
            values = [cells[where].content for where in item.scenarios.values() or [item.address]]
            assert all(isinstance(v, float | int) and item.low <= v <= item.high for v in values), item.key


def test_only_inputs_and_the_edges_of_grids_are_blue(layout: Layout) -> None:
    blue = {sheet.name for sheet in layout.sheets for cell in sheet.cells if cell.role is Role.INPUT}
    assert blue == {"Inputs", "Margins"}


def test_every_calculated_row_has_a_label_and_a_unit(layout: Layout) -> None:
    for sheet in layout.sheets:
        at = {(cell.row, cell.column): cell for cell in sheet.cells}
        for cell in sheet.cells:
            labelled = at.get((cell.row, 1))
            if cell.role in CALCULATED and cell.column == 3 and labelled and labelled.role is Role.LABEL:
                assert labelled.content
                assert (cell.row, 2) in at


def test_every_chart_has_titles_and_series_on_ranges_that_stay(layout: Layout) -> None:
    spills = {
        f"{sheet.name}!{cell.row}"
        for sheet in layout.sheets
        for cell in sheet.cells
        if cell.array and "FILTER(" in str(cell.content)
    }
    charts = [(sheet, chart) for sheet in layout.sheets for chart in sheet.charts]
    assert [sheet.name for sheet, _ in charts] == ["Dashboard"] * 4 + ["ValueChain", "Margins", "Projection", "Nvidia"]
    for _, chart in charts:
        assert chart.title
        assert chart.x_title
        assert chart.y_title
        assert bool(chart.overlay) == bool(chart.overlay_title)
        assert len(chart.series) + len(chart.overlay) >= 2
        for series in (*chart.series, *chart.overlay):
            for reference in (series.values, series.categories):
                sheet, _, cells = reference.replace("$", "").rpartition("!")
                assert not {f"{sheet}!{member[1:]}" for member in members(cells)} & spills
                assert len(members(cells)) > 1
        assert {len(members(s.values.rpartition("!")[2])) for s in chart.series} == {
            len(members(s.categories.rpartition("!")[2])) for s in chart.series
        }


def test_names_lead_to_the_cells_that_they_name(layout: Layout) -> None:
    keys = {f"input_{item.key}" for item in layout.inputs} | {item.key for item in layout.headlines}
    assert set(layout.names) == keys
    assert layout.names["input_scenario"] == "Inputs!$C$6"
    assert layout.names["headline_revenue"] == "Dashboard!$C$12"


def test_the_cover_leads_to_every_other_sheet(layout: Layout) -> None:
    assert sorted(layout.sheets[0].jumps.values()) == sorted(f"#{name}!A1" for name in SHEETS[1:])


@pytest.mark.parametrize("quarters", [8, 17])
def test_the_timeline_of_nvidia_follows_its_quarters(quarters: int) -> None:
    table = bundled.nvidia_quarters()
    placed = layout_of(replace(table, rows=table.rows[-quarters:]), bundled.value_chain())
    (sheet,) = (sheet for sheet in placed.sheets if sheet.name == "Nvidia")
    assert len([cell for cell in sheet.cells if cell.row == 4 and cell.column > 4]) == quarters - 4
    assert sheet.last_column == quarters


def test_the_workbook_is_dated_by_its_data(layout: Layout) -> None:
    assert layout.as_of == "2026-04-26"
