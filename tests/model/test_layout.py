"""Every kind of part on the grid: which cells it gets, what they are for, and how they are shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from xlgenai.data.table import Column, DataTable
from xlgenai.errors import ModelError
from xlgenai.model.layout import place
from xlgenai.model.parts import (
    COUNT,
    MULTIPLE,
    PERCENT,
    TEXT,
    USD_BILLION,
    YEAR,
    Chart,
    Check,
    Grid,
    Input,
    Line,
    Model,
    Part,
    Section,
    Series,
    Sheet,
    Spill,
    Table,
    Text,
    Timeline,
)
from xlgenai.model.placed import Cell, Layout, PlacedSheet, PlacedTable, Role, Validation

DATA = DataTable(
    "Facts",
    (Column("layer", "text", "Layer"), Column("usd_b", "number", "USD billion"), Column("day", "date", "Day")),
    (("chips", 75.5, "2024-01-31"), ("=SUM(A1)", 10, "2024-04-30")),
    "Made up.",
)
GRID = Grid(
    "grid",
    "Margin",
    PERCENT,
    "1-{column}/{row}",
    row_label="multiple",
    column_label="share",
    row_unit=MULTIPLE,
    column_unit=PERCENT,
    rows=(2, 3),
    columns=(1.0, 0.5, 0.25),
)


def one(*parts: Part, **sheet: Any) -> Model:
    return Model("Test", (Sheet("Model", "Title", "Purpose", (Section("Section", parts),), **sheet),))


def cells(sheet: PlacedSheet) -> dict[tuple[int, int], Cell]:
    found = {(cell.row, cell.column): cell for cell in sheet.cells}
    assert len(found) == len(sheet.cells), "two parts share a cell"
    return found


def first(model: Model) -> dict[tuple[int, int], Cell]:
    return cells(place(model).sheets[0])


def contents(grid: dict[tuple[int, int], Cell], row: int) -> list[object]:
    return [grid[row, column].content for column in range(1, 1 + max(c for r, c in grid if r == row))]


def test_title_purpose_and_headings_stand_at_the_same_place_on_every_sheet() -> None:
    grid = first(one(Line("one", "One", PERCENT, "1"), columns=("Low", "High")))
    assert (grid[1, 1].role, grid[1, 1].content) == (Role.TITLE, "Title")
    assert (grid[2, 1].role, grid[2, 1].content) == (Role.PURPOSE, "Purpose")
    assert contents(grid, 4) == ["Item", "Unit", "Value", "Note / source", "Low", "High"]
    assert {grid[4, column].role for column in range(1, 7)} == {Role.HEADING}
    assert contents(grid, 5) == ["Section", None, None, None, None, None]
    assert {grid[5, column].role for column in range(1, 7)} == {Role.SECTION}


def test_row_three_stays_empty_as_it_is_counted() -> None:
    assert not [row for row, _ in first(one(Line("one", "One", PERCENT, "1"))) if row == 3]


def test_a_line_has_label_unit_value_note_and_timeline() -> None:
    line = Line("sales", "Sales", USD_BILLION, "SUM({sales[:]})", "a note", across="{position}*{heading}")
    grid = first(one(line, timeline=Timeline(3, "2023+{position}", YEAR)))
    assert contents(grid, 6) == [
        "Sales",
        "USD billion",
        "=SUM($E$6:$G$6)",
        "a note",
        "=COLUMNS($E$3:E$3)*E$4",
        "=COLUMNS($E$3:F$3)*F$4",
        "=COLUMNS($E$3:G$3)*G$4",
    ]
    assert [grid[6, column].role for column in range(1, 8)] == [
        Role.LABEL,
        Role.UNIT,
        Role.FORMULA,
        Role.NOTE,
        *[Role.FORMULA] * 3,
    ]
    assert {grid[6, column].number_format for column in (3, 5, 6, 7)} == {"#,##0.0"}
    assert contents(grid, 4)[4:] == [f"=2023+COLUMNS($E$3:{letter}$3)" for letter in "EFG"]
    assert grid[4, 5].number_format == "0"


def test_what_stands_beside_a_line_is_stated_or_calculated() -> None:
    line = Line("claim", "Claim", PERCENT, "1", beside=(0.1, "", '=IF({claim}>{claim.low},"above","")'))
    grid = first(one(line, columns=("Low", "High", "Reading")))
    assert (grid[6, 5].role, grid[6, 5].content, grid[6, 5].number_format) == (Role.STATED, 0.1, "0.0%")
    assert (6, 6) not in grid
    assert (grid[6, 7].role, grid[6, 7].content) == (Role.FORMULA, '=IF($C$6>$E$6,"above","")')


def test_a_formula_that_reads_another_sheet_is_a_link() -> None:
    other = Sheet("Other", "Other", "", (Section("S", (Line("far", "Far", PERCENT, "{near}"),)),))
    model = one(Line("near", "Near", PERCENT, "1"))
    layout = place(replace(model, sheets=(*model.sheets, other)))
    cell = cells(layout.sheets[1])[6, 3]
    assert (cell.role, cell.content) == (Role.LINK, "=Model!$C$6")


def test_an_input_with_scenarios_picks_the_live_one() -> None:
    model = one(
        Input("scenario", "Scenario", TEXT, "Base", choices=("Bear", "Base")),
        Input("growth", "Growth", PERCENT, source="assumed", low=-0.5, high=5, scenarios=(0.1, 0.2)),
        Input("years", "Years", COUNT, 5, "assumed", low=1, high=10),
        columns=("Lowest", "Highest", "Bear", "Base"),
    )
    layout = place(replace(model, scenarios=("Bear", "Base")))
    grid = cells(layout.sheets[0])
    assert (grid[6, 3].role, grid[6, 3].content) == (Role.INPUT, "Base")
    assert contents(grid, 7) == [
        "Growth",
        "%",
        "=INDEX($G$7:$H$7,MATCH($C$6,$G$4:$H$4,0))",
        "assumed",
        -0.5,
        5,
        0.1,
        0.2,
    ]
    assert [grid[7, column].role for column in (3, 5, 6, 7, 8)] == [
        Role.FORMULA,
        Role.STATED,
        Role.STATED,
        Role.INPUT,
        Role.INPUT,
    ]
    assert (grid[8, 3].role, grid[8, 3].content, grid[8, 3].number_format) == (Role.INPUT, 5, "0")
    assert layout.sheets[0].validations == (
        Validation("C6", choices=("Bear", "Base"), prompt="Scenario"),
        Validation("G7:H7", -0.5, 5, prompt="Growth"),
        Validation("C8", 1, 10, prompt="Years"),
    )
    assert layout.scenario == "scenario"
    assert {item.key: (item.address, item.scenarios, item.text) for item in layout.inputs} == {
        "scenario": ("C6", {}, True),
        "growth": ("C7", {"Bear": "G7", "Base": "H7"}, False),
        "years": ("C8", {}, False),
    }


def test_a_check_is_a_flag() -> None:
    grid = first(one(Check("good", "Good", "1=1", "always")))
    assert contents(grid, 6) == ["Good", "OK?", "=1=1", "always"]
    assert grid[6, 3].role is Role.CHECK


def test_a_grid_has_inputs_at_its_edges_and_one_formula_inside() -> None:
    grid = first(one(GRID))
    assert [grid[6, column].content for column in (1, 2, 4)] == ["Margin", "%", "across: share"]
    assert [grid[7, column].content for column in (1, 2, 5, 6, 7)] == ["down: multiple", "x", 1.0, 0.5, 0.25]
    assert [grid[row, 3].content for row in (8, 9)] == [2, 3]
    assert {grid[7, 5].role, grid[8, 3].role} == {Role.INPUT}
    assert grid[7, 5].number_format == "0.0%"
    assert grid[8, 3].number_format == '#,##0.00"x"'
    assert [grid[8, column].content for column in (5, 6, 7)] == ["=1-E$7/$C8", "=1-F$7/$C8", "=1-G$7/$C8"]
    assert grid[9, 7].content == "=1-G$7/$C9"


def test_a_spill_has_one_array_formula_a_column_and_room_below() -> None:
    spill = Spill(
        "layers",
        ("Layer", "", "Share"),
        ("UNIQUE(Facts[layer])", "", "@SUMIFS(Facts[usd_b],Facts[layer],{row})"),
        (TEXT, TEXT, PERCENT),
        rows=3,
    )
    grid = first(one(spill, Line("after", "After", PERCENT, "SUM({layers.share})")))
    assert [grid[6, column].content for column in (1, 2, 3)] == ["Layer", None, "Share"]
    assert (grid[7, 1].content, grid[7, 1].array) == ("=UNIQUE(Facts[layer])", True)
    assert [grid[row, 1].content for row in (8, 9)] == [None, None]
    assert [grid[row, 3].content for row in (7, 8, 9)] == [
        f'=IF($A{row}="","",SUMIFS(Facts[usd_b],Facts[layer],$A{row}))' for row in (7, 8, 9)
    ]
    assert grid[10, 3].content == "=SUM($C$7:$C$9)"


def test_a_table_keeps_its_values_as_they_are() -> None:
    layout = place(one(Table(DATA), headed=False))
    grid = cells(layout.sheets[0])
    assert [contents(grid, row) for row in (6, 7, 8)] == [
        ["layer", "usd_b", "day"],
        ["chips", 75.5, "2024-01-31"],
        ["=SUM(A1)", 10, "2024-04-30"],
    ]
    assert {grid[row, column].role for row in (7, 8) for column in (1, 2, 3)} == {Role.DATA}
    assert [grid[7, column].number_format for column in (1, 2, 3)] == ["General", "#,##0.00", "yyyy-mm-dd"]
    assert not grid[8, 1].is_formula
    assert layout.sheets[0].tables == (PlacedTable("Facts", 6, 1, ("layer", "usd_b", "day"), 2),)
    assert layout.sheets[0].freeze == "B7"
    assert (4, 1) not in grid


def test_amounts_without_decimals_are_shown_without() -> None:
    whole = replace(DATA, rows=(("chips", 75, "2024-01-31"), ("apps", None, "2024-04-30")))
    assert first(one(Table(whole), headed=False))[7, 2].number_format == "#,##0"


def test_a_paragraph_is_wrapped_over_rows_of_its_own() -> None:
    layout = place(one(Text("word " * 40, label="Purpose", link="Model", swatch="input"), Text("next")))
    grid = cells(layout.sheets[0])
    lines = [grid[row, 2].content for row in (6, 7, 8)]
    assert " ".join(str(line) for line in lines) == ("word " * 40).strip()
    assert all(len(str(line)) <= 82 for line in lines)
    assert grid[9, 2].content == "next"
    assert grid[6, 1].role is Role.JUMP
    assert layout.sheets[0].jumps == {"A6": "#Model!A1"}
    assert layout.sheets[0].swatches == {"A6": "input"}


def test_only_what_is_calculated_is_a_formula() -> None:
    """A source of the user's data, or a line of a wrapped paragraph, may begin with an equals sign."""
    grid = first(one(Text('=HYPERLINK("http://example.com")', label="=A1"), Line("one", "=1+1", PERCENT, "1", "=2+2")))
    assert [where for where, cell in grid.items() if cell.is_formula] == [(7, 3)]


CHART = Chart("chart", "Chart", "line", (Series("sales"), Series("costs", "Cost")), x_title="Year", y_title="USD")
TIMED = (Line("sales", "Sales", USD_BILLION, across="1"), Line("costs", "Costs", USD_BILLION, across="2"))


def charted(*charts: Chart, parts: tuple[Part, ...] = TIMED) -> Layout:
    return place(one(*parts, *charts, timeline=Timeline(4, "2023+{position}")))


def test_a_chart_draws_the_timeline_of_its_lines() -> None:
    (chart,) = charted(CHART).sheets[0].charts
    assert [(s.title, s.values, s.categories) for s in chart.series] == [
        ("Model!$A$6", "Model!$E$6:$H$6", "Model!$E$4:$H$4"),
        ("Cost", "Model!$E$7:$H$7", "Model!$E$4:$H$4"),
    ]
    assert chart.row == 9


def test_charts_of_a_section_stand_side_by_side_at_its_end() -> None:
    charts = charted(CHART, replace(CHART, key="b"), replace(CHART, key="c")).sheets[0].charts
    assert charts[0].row == charts[1].row < charts[2].row
    assert [chart.side for chart in charts] == ["left", "right", "left"]
    assert charts[0].row + charts[0].rows < charts[2].row
    assert charted(CHART).sheets[0].charts[0].side == "whole"
    with pytest.raises(ModelError, match="charts come last in a section"):
        place(one(CHART, *TIMED, timeline=Timeline(4, "1")))


def test_a_chart_of_a_grid_has_one_series_for_each_of_its_columns() -> None:
    chart = Chart("chart", "Chart", "scatter", (Series("grid"),), x_title="x", y_title="y")
    (placed,) = place(one(GRID, chart)).sheets[0].charts
    assert [(s.title, s.values, s.categories) for s in placed.series] == [
        (f"Model!${letter}$7", f"Model!${letter}$8:${letter}$9", "Model!$C$8:$C$9") for letter in "EFG"
    ]


def test_a_chart_may_take_its_categories_from_another_line() -> None:
    (chart,) = charted(replace(CHART, categories="costs")).sheets[0].charts
    assert chart.series[0].categories == "Model!$E$7:$H$7"


@pytest.mark.parametrize(
    ("chart", "words"),
    [
        (
            replace(CHART, series=(Series("sale"),)),
            "the chart chart shows 'sale', which is no line; did you mean sales",
        ),
        (replace(CHART, categories="cost"), "shows 'cost', which is no line; did you mean costs"),
        (replace(CHART, series=(Series("layers"),)), "shows layers, which has no timeline"),
        (replace(CHART, series=(Series("single"),)), "shows single, which has no timeline"),
    ],
)
def test_a_chart_never_draws_a_range_that_grows_or_does_not_exist(chart: Chart, words: str) -> None:
    parts = (*TIMED, Spill("layers", ("Layer",), ("UNIQUE(A1:A3)",), (TEXT,), 3), Line("single", "S", PERCENT, "1"))
    with pytest.raises(ModelError, match=f"(?i){words}"):
        charted(chart, parts=parts)


def test_names_are_given_to_inputs_and_headlines() -> None:
    model = one(
        Input("rate", "Rate", PERCENT, 0.1, low=0, high=1),
        Line("answer", "Answer", PERCENT, "{rate}", headline=True),
        Line("between", "Between", PERCENT, "{rate}"),
    )
    layout = place(replace(model, sheets=(replace(model.sheets[0], name="My model"),)))
    assert layout.names == {"input_rate": "'My model'!$C$6", "answer": "'My model'!$C$7"}
    (headline,) = layout.headlines
    assert (headline.key, headline.label, headline.unit, headline.address) == ("answer", "Answer", "%", "C7")


def test_sections_are_apart_by_one_row_and_panes_are_frozen_below_the_headings() -> None:
    sections = (Section("A", (Line("a", "a", PERCENT, "1"),)), Section("B", (Line("b", "b", PERCENT, "1"),)))
    (sheet,) = place(Model("Test", (Sheet("Model", "", "", sections),))).sheets
    assert [(cell.row, cell.content) for cell in sheet.cells if cell.role is Role.SECTION and cell.content] == [
        (5, "A"),
        (8, "B"),
    ]
    assert sheet.freeze == "B5"


LINE = Line("one", "One", PERCENT, "1")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (one(LINE, LINE), "The key 'one' is used on Model and again on Model"),
        (one(LINE, replace(LINE, key="ONE")), "'one' and 'ONE' are one name for Excel"),
        (one(replace(LINE, key="facts"), Table(DATA)), "'Facts' and 'facts' are one name for Excel"),
        (one(Table(DATA), Table(DATA)), "'Facts' and 'Facts' are one name"),
        (
            replace(one(LINE), sheets=(one(LINE).sheets[0], Sheet("MODEL", "", "", ()))),
            "'Model' and 'MODEL' are one name",
        ),
        (one(replace(LINE, key="A1")), "'A1' cannot be a key"),
        (one(replace(LINE, key="r1c1")), "'r1c1' cannot be a key"),
        (one(replace(LINE, key="c")), "'c' cannot be a key"),
        (one(replace(LINE, key="two words")), "'two words' cannot be a key"),
        (one(replace(LINE, key="count")), "'count' cannot be a key"),
        (one(replace(LINE, formula="{oen}")), "there is no line 'oen'; did you mean one"),
        (one(replace(LINE, across="1")), "one runs across further columns, but the sheet has none"),
        (one(replace(LINE, formula="", headline=True)), "a headline needs a single value"),
        (one(replace(GRID, formula="{row}*{colunm}")), "there is no line 'colunm'"),
        (one(Check("good", "Good", "{one}")), "there is no line 'one'"),
        (one(LINE, timeline=Timeline(2, "{hedaing}")), "there is no line 'hedaing'; did you mean"),
        (replace(one(LINE), scenarios=("Bear",)), "There is no input 'scenario' to pick the scenario"),
        (
            replace(one(Input("growth", "Growth", PERCENT, scenarios=(1.0,))), scenarios=("Bear",)),
            "Model has no column 'Bear'",
        ),
        (one(Input("pick", "Pick", TEXT, "a", options="layrs.name")), "there is no line 'layrs'"),
    ],
)
def test_a_model_with_a_slip_is_refused_in_one_sentence(model: Model, words: str) -> None:
    with pytest.raises(ModelError, match=words) as caught:
        place(model)
    assert "\n" not in str(caught.value)
