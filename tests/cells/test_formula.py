"""The text of formulas, against openpyxl's translator and XlsxWriter's list of newer functions."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl.formula.translate import Translator
from openpyxl.utils import FORMULAE
from xlsxwriter.worksheet import Worksheet

from xlgenai.cells.built_in import BUILT_IN, NEWER, stored_name
from xlgenai.cells.formula import (
    Call,
    address,
    calls,
    fill_omitted,
    function_names,
    literals,
    plain_name,
    references,
    relative,
    rename_calls,
    sheet_prefix,
    tokens,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMULAS = [
    "=F(1,G(2,3),4)",
    '=F("a,b(c)""d",1)',
    "=F({1,2;3,4},1)",
    "=F({1,2;3,4},,3)",
    "=F(1,,2)",
    "=F(,)",
    "=F()",
    "=F( )",
    "=F( 1 , 2 )",
    "=F((1,2),3)",
    "=F(G(),H(1,))",
    "=-F(-1)^2%",
    "='a(b'!A1+F('x,y'!B2)",
    "=F(T[[#All],[a]:[b]],2)",
    "=F(A1:B2 B1:C3,#REF!)",
    '=IF(A1>=0,TRUE,"no")&"F(1)"',
    "={1,2}",
    "=1+2",
    "F(1)",
    "plain",
]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=F(1,G(2,3),4)", [("F", "1", "G(2,3)", "4"), ("G", "2", "3")]),
        ("=F(1)+G(2)", [("F", "1"), ("G", "2")]),
        ("=F(G(H(1)))", [("F", "G(H(1))"), ("G", "H(1)"), ("H", "1")]),
        ('=F("a,b(c)""d",1)', [("F", '"a,b(c)""d"', "1")]),
        ("=F({1,2;3,4},1)", [("F", "{1,2;3,4}", "1")]),
        ("=F((1,2),3)", [("F", "(1,2)", "3")]),
        ("=F(1,,2)", [("F", "1", "", "2")]),
        ("=F(,)", [("F", "", "")]),
        ("=F(1,)", [("F", "1", "")]),
        ("=F()", [("F",)]),
        ("=F( )", [("F",)]),
        ("=F( 1 , 2 )", [("F", "1", "2")]),
        ("=(F(1))", [("F", "1")]),
        ("F(1)", [("F", "1")]),
        ("='a(b'!A1+F('x,y'!B2)", [("F", "'x,y'!B2")]),
        ("=F(T[[#All],[a]:[b]],2)", [("F", "T[[#All],[a]:[b]]", "2")]),
        ("=_xlfn._xlws.SORT(A1:A3)+_xlfn.xlookup(1,A:A,B:B)", [("SORT", "A1:A3"), ("XLOOKUP", "1", "A:A", "B:B")]),
        ("=f(-1%)", [("F", "-1%")]),
        ("={1,2}", []),
        ("=A1", []),
    ],
)
def test_calls(formula: str, expected: list[tuple[str, ...]]) -> None:
    assert list(calls(formula)) == [Call(name, arguments) for name, *rest in expected for arguments in [tuple(rest)]]


@pytest.mark.parametrize("formula", FORMULAS)
def test_function_names_are_those_of_the_calls(formula: str) -> None:
    assert list(function_names(formula)) == [call.name for call in calls(formula)]


@pytest.mark.parametrize("formula", ['="open', "=)", "='open!A1", "=T[a"])
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(ValueError, match="is not a formula that can be read"):
        tokens(formula)


@pytest.mark.parametrize("formula", FORMULAS)
def test_renaming_to_the_same_name_changes_nothing(formula: str) -> None:
    assert rename_calls(formula, lambda name: name) == formula


@pytest.mark.parametrize("formula", FORMULAS)
def test_renaming_there_and_back_changes_nothing(formula: str) -> None:
    assert rename_calls(rename_calls(formula, lambda name: f"X.{name}"), lambda name: name[2:]) == formula


@pytest.mark.parametrize(
    ("formula", "renamed"),
    [
        ('=SUM(F(1),"F(")', '=SUM(NEW(1),"F(")'),
        ("=F(F(F()))", "=NEW(NEW(NEW()))"),
        ("=F2+F", "=F2+F"),
        ("=_xlfn.F(1)", "=NEW(1)"),
        ("f(1)", "NEW(1)"),
    ],
)
def test_only_calls_are_renamed(formula: str, renamed: str) -> None:
    assert rename_calls(formula, lambda name: "NEW" if name == "F" else name) == renamed


def test_stored_names_read_back_as_typed() -> None:
    for name in BUILT_IN:
        assert plain_name(stored_name(name)) == name
        assert plain_name(f"{stored_name(name)}(".lower()) == name


def as_xlsxwriter_stores(name: str) -> str:
    prepare: Any = Worksheet()._prepare_formula  # what `use_future_functions` runs
    return str(prepare(f"={name}(1)", True)).removesuffix("(1)")


@pytest.mark.parametrize("name", sorted(name for name in NEWER if as_xlsxwriter_stores(name) != name))
def test_stored_name_as_xlsxwriter_writes_it(name: str) -> None:
    assert stored_name(name) == as_xlsxwriter_stores(name)


def test_every_newer_function_that_xlsxwriter_knows_is_known() -> None:
    source = inspect.getsource(Worksheet._prepare_formula)
    known = set(re.findall(r'"_xlfn\.(?:_xlws\.)?([A-Z0-9.]+)\("', source)) - {"QUERYSTRING"}  # no function of Excel
    assert len(known) > 150
    assert known - NEWER == set()


@pytest.mark.parametrize("name", ["SUM", "IRR", "MY_FUNCTION", "NETWORKDAYS.INTL", "WORKDAY.INTL", "ISO.CEILING"])
def test_a_function_of_the_file_format_has_no_prefix(name: str) -> None:
    assert stored_name(name) == name == as_xlsxwriter_stores(name)


def test_no_function_of_the_file_format_is_taken_for_a_newer_one() -> None:
    assert frozenset(FORMULAE) & NEWER == frozenset()


TABLE = {"F": {2: "T[#All]"}}
GAP = {"F": {1: "b", 3: "d"}}


@pytest.mark.parametrize(
    ("formula", "filler", "filled"),
    [
        ("=F(1,2)", {}, "=F(1,2)"),
        ("=F(1,,2)", {}, "=F(1,GONE(),2)"),
        ("=F(1, ,2)", {}, "=F(1, GONE(),2)"),
        ("=F(,1)", {}, "=F(GONE(),1)"),
        ("=F(1,)", {}, "=F(1,GONE())"),
        ("=F(,)", {}, "=F(GONE(),GONE())"),
        ("=F()", {}, "=F()"),
        ("=F()", TABLE, "=F()"),
        ("=G(1,,2)", TABLE, "=G(1,,2)"),
        ("=SUM(F(1,,2),,3)", {}, "=SUM(F(1,GONE(),2),,3)"),
        ("=F(F(,1),)", {}, "=F(F(GONE(),1),GONE())"),
        ("=F(G(),)", {}, "=F(G(),GONE())"),
        ("=F(G(1,),2)", {}, "=F(G(1,),2)"),
        ("=F((1),,{1,2})", {}, "=F((1),GONE(),{1,2})"),
        ("=F(-A1,,1%)", {}, "=F(-A1,GONE(),1%)"),
        ('=F("",,"")', {}, '=F("",GONE(),"")'),
        ("F(1,,2)", {}, "F(1,GONE(),2)"),
        ("=_xlfn.F(1,,2)", {}, "=_xlfn.F(1,GONE(),2)"),
        ("=F(1)", TABLE, "=F(1,GONE(),T[#All])"),
        ("=F(1,2)", TABLE, "=F(1,2,T[#All])"),
        ("=F(1,)", TABLE, "=F(1,GONE(),T[#All])"),
        ("=F(1,2,)", TABLE, "=F(1,2,T[#All])"),
        ("=F(1,,)", TABLE, "=F(1,GONE(),T[#All])"),
        ("=F(1,2,mine)", TABLE, "=F(1,2,mine)"),
        ("=F(,,mine)", TABLE, "=F(GONE(),GONE(),mine)"),
        ("=F(F(1),2)", TABLE, "=F(F(1,GONE(),T[#All]),2,T[#All])"),
        ("=F(1,,3)", GAP, "=F(1,b,3,d)"),
        ("=F(1)", GAP, "=F(1,b,GONE(),d)"),
        ("=1+2", TABLE, "=1+2"),
    ],
)
def test_fill_omitted(formula: str, filler: Mapping[str, Mapping[int, str]], filled: str) -> None:
    assert fill_omitted(formula, {"F"}, filler, "GONE()") == filled


@pytest.mark.parametrize("formula", FORMULAS)
def test_filling_twice_is_filling_once(formula: str) -> None:
    once = fill_omitted(formula, {"F", "H"}, TABLE, "GONE()")
    assert fill_omitted(once, {"F", "H"}, TABLE, "GONE()") == once


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("=A1+$B$2*SUM(C1:D4)", ["A1", "$B$2", "C1:D4"]),
        ("=Rate*'My sheet'!A1+T[col]", ["Rate", "'My sheet'!A1", "T[col]"]),
        ('="A1"&1&TRUE', []),
        ("=SUM(A:A,1:1)", ["A:A", "1:1"]),
    ],
)
def test_references(formula: str, found: list[str]) -> None:
    assert references(formula) == found


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("=A1*1.5+2", ["1.5", "2"]),
        ("=-3%", ["3"]),
        ("=1E-3+F({4,5})", ["1E-3", "4", "5"]),
        ('="6"&A7&LOG10(T1[8])', []),
        ("=Q4_2023", []),
    ],
)
def test_literals(formula: str, found: list[str]) -> None:
    assert literals(formula) == found


REFERRING = [
    "=B2*2",
    "=$B2+B$2+$B$2",
    "=SUM(A1:$C4)",
    "='My sheet'!B2-Other!$A1",
    "='it''s a!b'!C3",
    "=SUM(B:B)+SUM($B:C)",
    "=SUM(2:2)+SUM($2:3)",
    "=SUM(Other!B:B,Other!3:$4)",
    '=IF(B2>0,"B2",Rate)',
    "=LOG10(B2)+T[col]",
]


@pytest.mark.parametrize("formula", REFERRING)
@pytest.mark.parametrize(("row", "column"), [(3, 3), (3, 4), (3, 9), (7, 3), (12, 28)])
def test_copies_are_equal_when_seen_from_their_own_cells(formula: str, row: int, column: int) -> None:
    copy = Translator(formula, origin="C3").translate_formula(address(row, column))
    assert relative(copy, row, column) == relative(formula, 3, 3)


@pytest.mark.parametrize("formula", REFERRING)
def test_the_same_text_elsewhere_is_no_copy(formula: str) -> None:
    assert relative(formula, 4, 4) != relative(formula, 3, 3)


@pytest.mark.parametrize("formula", ["=$B$2", "=SUM($A:$B)", "=SUM($1:$2)", "=Rate*T[col]", "=1+2", '="A1"'])
def test_what_is_fixed_looks_the_same_from_everywhere(formula: str) -> None:
    assert relative(formula, 4, 4) == relative(formula, 3, 3)


@pytest.mark.parametrize(
    ("formula", "seen"),
    [
        ("=A1", "R[-2]C[-2]"),
        ("=b2+C$3", "R[-1]C[-1]+R3C[0]"),
        ("=S!$D5", "S!R[2]C4"),
        ("=SUM(A:$B)", "SUM(C[-2]:C2)"),
        ("=SUM(3:$4)", "SUM(R[0]:R4)"),
    ],
)
def test_relative(formula: str, seen: str) -> None:
    assert relative(formula, 3, 3) == seen


@pytest.mark.parametrize(
    ("sheet", "prefix"),
    [
        ("Inputs", "Inputs!"),
        ("Data_Nvidia", "Data_Nvidia!"),
        ("My sheet", "'My sheet'!"),
        ("it's", "'it''s'!"),
        ("Q3", "'Q3'!"),
        ("R1C1", "'R1C1'!"),
        ("2024", "'2024'!"),
        ("True", "'True'!"),
    ],
)
def test_sheet_prefix(sheet: str, prefix: str) -> None:
    assert sheet_prefix(sheet) == prefix
    assert references(f"={prefix}A1") == [f"{prefix}A1"]


@pytest.mark.parametrize(
    ("row", "column", "fixed", "text"), [(1, 1, False, "A1"), (10, 27, False, "AA10"), (3, 2, True, "$B$3")]
)
def test_address(row: int, column: int, fixed: bool, text: str) -> None:
    assert address(row, column, fixed=fixed) == text
