"""Seeded damages: each is reported with its rule and its cell, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from tests.checks.editing import (
    CHART,
    MINE,
    delete_row,
    delete_sheet,
    edited,
    edited_sheet,
    format_cell,
    insert_rows,
    remove,
    rename_sheet,
    rewrite_references,
    row_of,
    table_part,
    type_formula,
    type_own,
    type_value,
)
from xlgenai.cells.values import CellError
from xlgenai.checks.rules import RULES
from xlgenai.checks.run import check_package
from xlgenai.workbook.sheet import members
from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlgenai.cells.function import Function
    from xlgenai.checks.report import Report
    from xlgenai.workbook.package import Package

Element: TypeAlias = Any
Place: TypeAlias = tuple[str, str, str]
Damage: TypeAlias = "Callable[[Package], None]"

DAMAGES: list[tuple[Damage, list[Place]]] = []


def places(report: Report) -> list[Place]:
    return [(finding.rule.id, finding.sheet, finding.cell) for finding in report.findings]


def expect(*found: str) -> Callable[[Damage], Damage]:
    """Note a damage with what it implies, each as ``L101 Sheet!A1``."""

    def note(damage: Damage) -> Damage:
        DAMAGES.append((damage, [_place(text) for text in found]))
        return damage

    return note


def _place(text: str) -> Place:
    rule, _, place = text.partition(" ")
    sheet, _, cell = place.partition("!")
    return rule, sheet, cell


# L101: sheets


@expect("L101 Projection")
def rename_a_sheet(package: Package) -> None:
    rename_sheet(package, "Projection", "Plan 2024")


@expect("L101 Nvidia")
def rename_a_sheet_whose_name_ends_another(package: Package) -> None:
    rename_sheet(package, "Nvidia", "GPUs")


@expect("L101 Inputs")
def rename_a_sheet_to_a_name_with_an_apostrophe(package: Package) -> None:
    rename_sheet(package, "Inputs", "Bob's inputs")


@expect("L101 ValueChain")
def rename_the_sheet_that_a_table_shares_its_name_with(package: Package) -> None:
    rename_sheet(package, "ValueChain", "Chain")


@expect("L101 Data_Nvidia")
def rename_a_sheet_with_a_table(package: Package) -> None:
    rename_sheet(package, "Data_Nvidia", "Quarters")


@expect("L101 Sources")
def delete_a_sheet_that_nothing_reads(package: Package) -> None:
    delete_sheet(package, "Sources")


@expect("L101 Claims", "L103 Nvidia!C20")
def delete_a_sheet_that_a_formula_reads(package: Package) -> None:
    delete_sheet(package, "Claims")
    type_formula(package, "Nvidia", "C20", "=$C$18/#REF!", CellError.REF)


# L102: labels


@expect("L102 Projection!A11")
def overwrite_a_label(package: Package) -> None:
    type_value(package, "Projection", "A11", "My growth")


@expect("L102 Projection!A11", "L103 Projection!G11")
def overwrite_a_label_and_a_formula_beside_it(package: Package) -> None:
    type_value(package, "Projection", "A11", "My growth")
    type_value(package, "Projection", "G11", 0.5)


@expect("L102 Nvidia!D4")
def clear_a_heading(package: Package) -> None:
    type_value(package, "Nvidia", "D4", None)


@expect("L102 Projection!A14")
def insert_a_row_in_a_blank_line(package: Package) -> None:
    insert_rows(package, "Projection", 14)


@expect("L102 Inputs!A15")
def insert_rows_among_the_inputs(package: Package) -> None:
    insert_rows(package, "Inputs", 15, 3)


@expect("L102 ValueChain!A9")
def insert_a_row_above_a_chart(package: Package) -> None:
    insert_rows(package, "ValueChain", 9)


@expect("L102 Data_Nvidia!A5")
def insert_a_row_above_a_table(package: Package) -> None:
    insert_rows(package, "Data_Nvidia", 4)


@expect("L102 Sources!A7")
def delete_one_of_several_rows_with_the_same_label(package: Package) -> None:
    delete_row(package, "Sources", 9)


@expect("L102 Claims!A7")
def delete_a_row_that_nothing_reads(package: Package) -> None:
    delete_row(package, "Claims", 7)


@expect("L102 Claims!A8")
def delete_the_last_row_of_a_section(package: Package) -> None:
    delete_row(package, "Claims", 8)


@expect("L102 Data_Nvidia!C6")
def overwrite_a_heading_of_a_table(package: Package) -> None:
    type_value(package, "Data_Nvidia", "C6", "end")


# L103: formulas


@expect("L103 Projection!G11")
def overwrite_a_formula_by_a_number(package: Package) -> None:
    type_value(package, "Projection", "G11", 0.5)


@expect("L103 Dashboard!C12")
def overwrite_a_formula_by_another(package: Package) -> None:
    type_formula(package, "Dashboard", "C12", "=ValueChain!$F$7", 0.2)


@expect("L103 Dashboard!C13")
def overwrite_a_formula_by_one_with_faults_of_its_own(package: Package) -> None:
    type_formula(package, "Dashboard", "C13", "=TODAY()*2/0", CellError.DIV0)


@expect("L103 Margins!C7")
def clear_a_formula(package: Package) -> None:
    type_value(package, "Margins", "C7", None)


@expect("L103 Projection!H39")
def overwrite_a_dynamic_array(package: Package) -> None:
    type_value(package, "Projection", "H39", 2.0)


# L104 and L113: inputs


@expect("L104 Inputs!C10")
def compute_an_input(package: Package) -> None:
    type_formula(package, "Inputs", "C10", "=2*50", 100.0)


@expect("L104 Inputs!H13")
def compute_an_input_of_a_scenario(package: Package) -> None:
    type_formula(package, "Inputs", "H13", "=G13", 0.6)


@expect("L113 Inputs!C26")
def type_a_share_as_a_percentage(package: Package) -> None:
    type_value(package, "Inputs", "C26", 30.0)


@expect("L113 Inputs!I13")
def exceed_the_range_in_one_scenario(package: Package) -> None:
    type_value(package, "Inputs", "I13", 6.0)


@expect("L113 Inputs!C6")
def choose_a_scenario_that_does_not_exist(package: Package) -> None:
    type_value(package, "Inputs", "C6", "Optimistic")


@expect("L113 Inputs!C7")
def choose_a_vintage_that_the_data_do_not_have(package: Package) -> None:
    type_value(package, "Inputs", "C7", "Nobody 2030")


@expect("L113 Inputs!C10")
def clear_an_input(package: Package) -> None:
    type_value(package, "Inputs", "C10", None)


@expect("L113 Inputs!C10")
def type_a_word_for_a_number(package: Package) -> None:
    type_value(package, "Inputs", "C10", "tbd")


# L105 and L106: looks


@expect("L105 Dashboard!C12")
def show_a_share_as_a_plain_number(package: Package) -> None:
    format_cell(package, "Dashboard", "C12", 2)


@expect("L106 Inputs!C10")
def clear_the_format_of_an_input(package: Package) -> None:
    with edited_sheet(package, "Inputs") as page:
        page.element("C10").set("s", "0")


@expect("L106 Projection!C8")
def paint_a_formula_as_an_input(package: Package) -> None:
    with edited_sheet(package, "Inputs") as page:
        blue = page.style("C17")
    with edited_sheet(package, "Projection") as page:
        page.element("C8").set("s", str(blue))


# L107: validation


def validation(package: Package, cells: str, change: Callable[[Element], None]) -> None:
    with edited_sheet(package, "Inputs") as page:
        for rule in list(page.root.iter(f"{NS}dataValidation")):
            if rule.get("sqref") == cells:
                change(rule)


@expect("L107 Inputs!C10")
def remove_a_validation(package: Package) -> None:
    validation(package, "C10", remove)


@expect("L107 Inputs!H13")
def paste_over_one_cell_of_a_validation(package: Package) -> None:
    validation(package, "G13:I13", lambda rule: rule.set("sqref", "G13 I13"))


@expect("L107 Inputs!C6")
def allow_any_value(package: Package) -> None:
    validation(package, "C6", lambda rule: rule.attrib.pop("type"))


@expect("L107 Inputs!C10")
def switch_the_error_alert_off(package: Package) -> None:
    validation(package, "C10", lambda rule: rule.set("showErrorMessage", "0"))


@expect("L107 Inputs!C10")
def let_the_alert_only_warn(package: Package) -> None:
    validation(package, "C10", lambda rule: rule.set("errorStyle", "warning"))


@expect("L107 Inputs!C26")
def widen_the_range_of_a_validation(package: Package) -> None:
    def widen(rule: Element) -> None:
        rule.find(f"{NS}formula2").text = "100"

    validation(package, "C26", widen)


@expect()
def narrow_the_range_of_a_validation(package: Package) -> None:
    def narrow(rule: Element) -> None:
        rule.find(f"{NS}formula2").text = "0.5"

    validation(package, "C26", narrow)


# L108: names


def defined_name(package: Package, name: str, change: Callable[[Element], None]) -> None:
    with edited(package, package.workbook_part) as root:
        for defined in list(root.iter(f"{NS}definedName")):
            if defined.get("name") == name:
                change(defined)


def redirect(reference: str) -> Callable[[Element], None]:
    def change(element: Element) -> None:
        element.text = reference

    return change


@expect("L108 Inputs!C26")
def delete_a_name(package: Package) -> None:
    defined_name(package, "input_hosting_share", remove)


@expect("L108 Dashboard!C12")
def redirect_a_name(package: Package) -> None:
    defined_name(package, "headline_revenue", redirect("Dashboard!$C$13"))


@expect("L108 Inputs!C26")
def break_a_name(package: Package) -> None:
    defined_name(package, "input_hosting_share", redirect("#REF!"))


# L109: tables


def rename_table_column(package: Package, where: str, old: str, new: str) -> None:
    with edited(package, table_part(package, "Data_Nvidia")) as root:
        for column in root.iter(f"{NS}tableColumn"):
            column.set("name", new if column.get("name") == old else column.get("name"))
    type_value(package, "Data_Nvidia", where, new)
    rewrite_references(package, lambda text, _: text.replace(f"[{old}]", f"[{new}]"))


@expect("L109 Data_Nvidia!D6")
def rename_a_column(package: Package) -> None:
    rename_table_column(package, "D6", "revenue_usd_m", "sales")


@expect("L109 Data_ValueChain!A6")
def rename_a_table(package: Package) -> None:
    with edited(package, table_part(package, "Data_ValueChain")) as root:
        root.set("name", "Facts")
        root.set("displayName", "Facts")
    rewrite_references(package, lambda text, _: text.replace("ValueChain[", "Facts["))


@expect("L109 Data_Nvidia!A6")
def move_a_table(package: Package) -> None:
    """Cut and pasted ten columns to the right."""
    part = table_part(package, "Data_Nvidia")
    with edited(package, part) as root:
        old = root.get("ref")
        new = old.replace("A", "M").replace("I", "U")
        for element in (root, *root.iter(f"{NS}autoFilter")):
            element.set("ref", new)
    with edited_sheet(package, "Data_Nvidia") as page:
        stored = {cell.address: cell for cell in page.cells()}
        for here, there in zip(members(old), members(new), strict=True):
            page.set_constant(there, stored[here].value, stored[here].style)
            page.set_constant(here, None, 0)


@expect("L109 Data_Nvidia!A6")
def turn_a_table_into_nothing(package: Package) -> None:
    with edited_sheet(package, "Data_Nvidia") as page:
        remove(page.root.find(f"{NS}tableParts"))
    package.write("xl/worksheets/_rels/sheet6.xml.rels", NO_RELATIONS)


NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'


# L110: charts


@expect("L110 ValueChain!A15")
def remove_a_chart(package: Package) -> None:
    drawing = package.related(package.sheets["ValueChain"], "drawing")[0]
    folder, _, file = drawing.rpartition("/")
    package.write(f"{folder}/_rels/{file}.rels", NO_RELATIONS)
    with edited(package, drawing) as root:
        for anchor in list(root):
            root.remove(anchor)


@expect("L110 Margins!A51")
def show_other_cells_in_a_chart(package: Package) -> None:
    drawing = package.related(package.sheets["Margins"], "drawing")[0]
    with edited(package, package.related(drawing, "chart")[0]) as root:
        values = root.find(f".//{CHART}val/{CHART}numRef/{CHART}f")
        values = values if values is not None else root.find(f".//{CHART}yVal/{CHART}numRef/{CHART}f")
        values.text = "Margins!$C$6:$C$8"


# L111 and L112: panes and print


@expect("L111 Projection!B5")
def unfreeze_the_panes(package: Package) -> None:
    with edited_sheet(package, "Projection") as page:
        remove(next(page.root.iter(f"{NS}pane")))


@expect("L111 Data_Nvidia!B7")
def freeze_only_the_top_row(package: Package) -> None:
    with edited_sheet(package, "Data_Nvidia") as page:
        pane = next(page.root.iter(f"{NS}pane"))
        pane.attrib.pop("xSplit")
        pane.set("ySplit", "1")
        pane.set("topLeftCell", "A2")


@expect()
def scroll_below_the_frozen_panes(package: Package) -> None:
    with edited_sheet(package, "Projection") as page:
        next(page.root.iter(f"{NS}pane")).set("topLeftCell", "D22")


@expect("L112 Capital")
def turn_the_page(package: Package) -> None:
    with edited_sheet(package, "Capital") as page:
        next(page.root.iter(f"{NS}pageSetup")).set("orientation", "portrait")


@expect("L112 Nvidia")
def print_on_many_pages(package: Package) -> None:
    with edited_sheet(package, "Nvidia") as page:
        remove(next(page.root.iter(f"{NS}pageSetUpPr")))


@expect("L112 Inputs")
def repeat_no_rows_on_every_page(package: Package) -> None:
    defined_name(package, "_xlnm.Print_Titles", lambda name: remove(name) if name.get("localSheetId") == "3" else None)


@expect()
def repeat_a_column_as_well(package: Package) -> None:
    defined_name(
        package,
        "_xlnm.Print_Titles",
        lambda name: redirect("Inputs!$A:$A,Inputs!$1:$4")(name) if name.get("localSheetId") == "3" else None,
    )


# F201 to F209: any workbook


@expect(f"F201 {MINE}!B2")
def divide_by_zero(package: Package) -> None:
    error = CellError.DIV0
    entries = {"B2": ("=1/0", error), "B3": ("=B2+1", error), "B4": ("=SUM(B2:B3)", error), "B5": ("=SUM(B:B)", error)}
    type_own(package, {**entries, "D6": (f"='{MINE}'!B2", error)})


@expect(f"F201 {MINE}!B2")
def read_an_error_through_a_name(package: Package) -> None:
    type_own(package, {"B2": ("=1/0", CellError.DIV0), "B3": ("=MY_NUMBER", CellError.DIV0)})
    mine = f"'{MINE}'!$B$2"
    defined_name(package, "input_hosting_share", lambda name: name.addnext(copy_of(name, "My_Number", mine)))


@expect(f"F202 {MINE}!B2")
def misspell_a_function(package: Package) -> None:
    entries = {"B2": ("=NET_MARGINS(A1,A2)", CellError.NAME), "B3": ("=B2*1", CellError.NAME)}
    type_own(package, {"A1": 1.0, "A2": 2.0, **entries})


@expect(f"F202 {MINE}!C2")
def type_a_formula_that_cannot_be_read(package: Package) -> None:
    type_own(package, row_of(["=A1", '="', "=C1"]))


@expect(f"F203 {MINE}!B2")
def give_a_function_too_few_arguments(package: Package) -> None:
    type_own(package, {"A1": 1.0, "B2": ("=NET_MARGIN(A1)", CellError.VALUE)})


@expect(f"F203 {MINE}!B2")
def give_a_function_too_many_arguments(package: Package) -> None:
    type_own(package, {"A1": 1.0, "B2": ("=NET_MARGIN(A1,A1,A1,A1)", CellError.VALUE)})


@expect(f"F204 {MINE}!B2")
def hide_a_number_in_a_formula(package: Package) -> None:
    type_own(package, {"A1": 1.0, "B2": ("=A1*1.2", 1.2)})


@expect(f"F205 {MINE}!D2")
def change_one_formula_of_a_row(package: Package) -> None:
    type_own(package, row_of(["=B1", "=C1", "=C1", "=E1", "=F1"]))


@expect(f"F205 {MINE}!D2")
def type_a_number_over_a_formula_of_a_row(package: Package) -> None:
    type_own(package, {**row_of(["=B1", "=C1", "=D1", "=E1", "=F1"]), "D2": 4.0})


@expect(f"F205 {MINE}!B2")
def change_the_first_formula_of_a_row(package: Package) -> None:
    type_own(package, row_of(["=B$9", "=C1", "=D1", "=E1", "=F1"]))


@expect(f"F206 {MINE}!B2", f"F206 {MINE}!B3", f"F206 {MINE}!B4")
def type_numbers_as_text(package: Package) -> None:
    type_own(package, {"B2": "12.5", "B3": "1,250", "B4": " 40% ", "B5": "FY2024", "B6": "12-14", "B7": "1,2"})


@expect("F206 Inputs!C10")
def type_an_input_as_text(package: Package) -> None:
    type_value(package, "Inputs", "C10", "100")


@expect("F206 Data_Nvidia!D9")
def paste_a_number_into_the_data_as_text(package: Package) -> None:
    type_value(package, "Data_Nvidia", "D9", "7192")


@expect(f"F207 {MINE}!B2")
def read_another_workbook_by_index(package: Package) -> None:
    type_own(package, {"B2": ("=[1]Sheet1!$A$1", 1.0)})


@expect(f"F207 {MINE}!B2")
def read_another_workbook_by_name(package: Package) -> None:
    type_own(package, {"B2": (r"='C:\books\[Prices.xlsx]Q 1'!$A$1", 1.0)})


@expect(f"F208 {MINE}!B2", f"F208 {MINE}!B3")
def depend_on_the_day(package: Package) -> None:
    type_own(package, {"B2": ("=TODAY()", 45000.0), "B3": ('=INDIRECT("Inputs!C10")', 100.0)})


@expect(f"F209 {MINE}!B2")
def leave_a_formula_without_value(package: Package) -> None:
    type_own(package, {"A1": 1.0, "B2": ("=A1", None)})


@expect("F209 Dashboard!C12")
def lose_the_value_of_a_formula(package: Package) -> None:
    with edited_sheet(package, "Dashboard") as page:
        remove(page.element("C12").find(f"{NS}v"))


# What is no damage


@expect()
def add_a_clean_sheet(package: Package) -> None:
    type_own(package, {"A2": "Growth", **row_of(["=Inputs!$C$10*B1", "=Inputs!$C$10*C1", "=Inputs!$C$10*D1"])})


@expect()
def add_a_row_with_its_total(package: Package) -> None:
    type_own(package, row_of(["=B1", "=C1", "=D1", "=E1", "=SUM(B2:E2)"]))


@expect()
def add_a_row_that_begins_with_its_total(package: Package) -> None:
    type_own(package, row_of(["=SUM(C2:F2)", "=C1", "=D1", "=E1", "=F1"]))


@expect()
def add_a_row_that_carries_on_from_its_opening(package: Package) -> None:
    type_own(package, row_of(["=$A$1", "=B2*(1+C1)", "=C2*(1+D1)", "=D2*(1+E1)"]))


@expect()
def add_a_row_with_a_word_in_it(package: Package) -> None:
    type_own(package, {**row_of(["=B1", "=C1", "=D1", "=E1", "=F1"]), "D2": "n/a"})


@expect()
def read_a_column_with_a_number_for_name(package: Package) -> None:
    type_own(package, {"B2": ("=SUM(Sales[2023],Sales[[#All],[2024]])", 1.0)})


@expect()
def name_a_step_inside_a_formula(package: Package) -> None:
    text = "=_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.x,_xlpm.x+1),_xlpm.f(A1))"
    type_own(package, {"A1": 1.0, "B2": (text, 2.0)})


@expect()
def change_an_input(package: Package) -> None:
    type_value(package, "Inputs", "C26", 0.4)
    type_value(package, "Inputs", "C6", "Bull")


def copy_of(name: Element, called: str, reference: str) -> Element:
    twin = name.makeelement(name.tag, {"name": called})
    twin.text = reference
    return twin


@pytest.mark.parametrize(("damage", "expected"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_damage_is_reported_with_its_rule_and_cell_and_nothing_else(
    damage: Damage, expected: list[Place], package: Package, functions: dict[str, Function]
) -> None:
    damage(package)
    assert places(check_package(package, functions)) == expected


def test_every_rule_has_a_damage() -> None:
    assert {rule.id for rule in RULES} == {rule for _, found in DAMAGES for rule, _, _ in found}


def test_damages_done_together_are_all_reported_in_the_order_of_the_sheets(
    package: Package, functions: dict[str, Function]
) -> None:
    hide_a_number_in_a_formula(package)
    turn_the_page(package)
    type_a_share_as_a_percentage(package)
    overwrite_a_label(package)
    unfreeze_the_panes(package)
    overwrite_a_formula_by_another(package)
    delete_a_sheet_that_nothing_reads(package)
    assert places(check_package(package, functions)) == [
        ("L101", "Sources", ""),
        ("L103", "Dashboard", "C12"),
        ("L113", "Inputs", "C26"),
        ("L102", "Projection", "A11"),
        ("L111", "Projection", "B5"),
        ("L112", "Capital", ""),
        ("F204", MINE, "B2"),
    ]


def test_rows_moved_and_a_sheet_renamed_hide_no_other_damage(package: Package, functions: dict[str, Function]) -> None:
    type_value(package, "Projection", "G33", 0.5)
    insert_rows(package, "Projection", 14, 2)
    rename_sheet(package, "Projection", "Plan 2024")
    assert places(check_package(package, functions)) == [
        ("L101", "Projection", ""),
        ("L102", "Plan 2024", "A14"),
        ("L103", "Plan 2024", "G35"),
    ]


def test_rows_that_changed_places_are_told_by_each_label(package: Package, functions: dict[str, Function]) -> None:
    type_value(package, "Sources", "A6", "ValueChain")
    type_value(package, "Sources", "A7", "NvidiaQuarters")
    assert places(check_package(package, functions)) == [("L102", "Sources", "A6"), ("L102", "Sources", "A7")]
