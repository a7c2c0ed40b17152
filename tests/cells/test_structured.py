"""References to Excel tables, written as the ranges that Excel would read."""

from __future__ import annotations

import pytest

from xlgenai.cells.structured import TableRange, expand

SALES = TableRange("Sales", "My data", "B2:D6", ("year", "revenue", "net income"), totals_rows=1)
PLAIN = TableRange("Plain", "Other", "A1:A3", ("x",))
BARE = TableRange("Bare", "Other", "C1:D2", ("a", "b"), header_rows=0)
TABLES = {"sales": SALES, "plain": PLAIN, "bare": BARE}


def inside(formula: str) -> str:
    """As the cell in row 4 of the sheet of the table reads it."""
    return expand(formula, TABLES, "My data", 4)


@pytest.mark.parametrize(
    ("reference", "cells"),
    [
        ("Sales[year]", "$B$3:$B$5"),
        ("Sales[net income]", "$D$3:$D$5"),
        ("sales[Revenue]", "$C$3:$C$5"),
        ("Sales[]", "$B$3:$D$5"),
        ("Sales[#Data]", "$B$3:$D$5"),
        ("Sales[[#Data],[year]]", "$B$3:$B$5"),
        ("Sales[#All]", "$B$2:$D$6"),
        ("Sales[#all]", "$B$2:$D$6"),
        ("Sales[[#All],[year]]", "$B$2:$B$6"),
        ("Sales[[#All],[year]:[revenue]]", "$B$2:$C$6"),
        ("Sales[[#All], [year]:[revenue]]", "$B$2:$C$6"),
        ("Sales[#Headers]", "$B$2:$D$2"),
        ("Sales[[#Headers],[year]]", "$B$2"),
        ("Sales[[#Headers],[#Data],[year]]", "$B$2:$B$5"),
        ("Sales[#Totals]", "$B$6:$D$6"),
        ("Sales[[#Totals],[revenue]]", "$C$6"),
        ("Sales[[#Data],[#Totals],[revenue]]", "$C$3:$C$6"),
        ("Sales[[#This Row],[year]]", "$B$4"),
        ("Sales[[#This Row],[year]:[revenue]]", "$B$4:$C$4"),
        ("Sales[#This Row]", "$B$4:$D$4"),
        ("Sales[@year]", "$B$4"),
        ("Sales[@[net income]]", "$D$4"),
        ("Sales[@[year]:[revenue]]", "$B$4:$C$4"),
        ("Sales[@]", "$B$4:$D$4"),
        ("[@year]", "$B$4"),
        ("[@[net income]]", "$D$4"),
        ("Sales[[year]:[net income]]", "$B$3:$D$5"),
        ("Sales[[revenue]]", "$C$3:$C$5"),
    ],
)
def test_expand(reference: str, cells: str) -> None:
    assert inside(f"=SUM({reference})") == f"=SUM('My data'!{cells})"


@pytest.mark.parametrize(
    ("formula", "expanded"),
    [
        ("=Nothing[x]", "=#REF!"),
        ("=Sales[profit]", "=#REF!"),
        ("=Sales[[year]:[profit]]", "=#REF!"),
        ("=Sales[@profit]", "=#REF!"),
        ("=Plain[#Totals]", "=#REF!"),
        ("=Bare[#Headers]", "=#REF!"),
    ],
)
def test_what_the_workbook_has_not_is_a_ref_error(formula: str, expanded: str) -> None:
    assert inside(formula) == expanded


@pytest.mark.parametrize(
    ("formula", "expanded"),
    [("=Plain[x]", "=Other!$A$2:$A$3"), ("=Bare[b]", "=Other!$D$1:$D$2"), ("=Plain[#All]", "=Other!$A$1:$A$3")],
)
def test_rows_without_data(formula: str, expanded: str) -> None:
    assert inside(formula) == expanded


@pytest.mark.parametrize("row", [1, 2, 6, 9])
def test_this_row_outside_the_data_is_a_value_error(row: int) -> None:
    assert expand("=Sales[@year]", TABLES, "My data", row) == "=#VALUE!"


def test_this_row_is_read_across_sheets_too() -> None:
    assert expand("=Sales[@year]", TABLES, "Other", 3) == "='My data'!$B$3"


@pytest.mark.parametrize(
    "formula",
    ["=A1+SUM(B:B)", "=[1]Sheet1!A1", "=[Book1.xlsx]Sheet1!A1", '="Sales[year]"', "=[@year]", "plain text", ""],
)
def test_what_is_no_reference_to_a_table_stays(formula: str) -> None:
    assert expand(formula, TABLES, "Elsewhere", 4) == formula


def test_every_reference_of_a_formula_and_nothing_else() -> None:
    formula = '=SUM(Sales[year],A1)/Plain[[#This Row],[x]]&"Sales[year]"'
    assert expand(formula, TABLES, "Other", 3) == "=SUM('My data'!$B$3:$B$5,A1)/Other!$A$3&\"Sales[year]\""


def test_without_an_equals_sign() -> None:
    assert inside("SUM(Sales[year])") == "SUM('My data'!$B$3:$B$5)"
