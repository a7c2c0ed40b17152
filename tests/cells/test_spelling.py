"""A formula as it is typed, as a file stores it, and as Calc reads it."""

from __future__ import annotations

import pytest

from xlgenai.cells.formula import function_names
from xlgenai.cells.spelling import typed, typed_for_calc


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("=XLG.NET_MARGIN(A1,B1)", "=NET_MARGIN(A1,B1)"),
        ("=xlg.net_margin(A1,B1)", "=NET_MARGIN(A1,B1)"),
        ("=_xlfn._xlws.FILTER(A1:A3,B1:B3)", "=FILTER(A1:A3,B1:B3)"),
        ("=_xlfn.LET(_xlpm.x,1,_xlpm.x+1)", "=LET(x,1,x+1)"),
        ("=_xlfn.LAMBDA(_xlpm.a,_xlop.b,_xlpm.a+_xlop.b)(1)", "=LAMBDA(a,b,a+b)(1)"),
        ("=_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.x,_xlpm.x),_xlpm.f(2))", "=LET(f,LAMBDA(x,x),F(2))"),
        ("=ROWS(Quarters[[#All]])", "=ROWS(Quarters[#All])"),
        ("=SUM(Quarters[[#All],[usd]])", "=SUM(Quarters[[#All],[usd]])"),
        ('=IF(A1="XLG.[[#All]]",SUM(A2),1)', '=IF(A1="XLG.[[#All]]",SUM(A2),1)'),
        ("SUM(A1)", "SUM(A1)"),
    ],
)
def test_as_it_is_typed(stored: str, shown: str) -> None:
    assert typed(stored) == shown


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("=ROWS(Quarters[#All])-ROWS(Quarters[#Headers])", "=ROWS(Quarters[[#All]])-ROWS(Quarters[[#Headers]])"),
        ("SUM(Quarters[usd])", "SUM(Quarters[usd])"),
        ("=SUM(Quarters[[#All],[usd]])", "=SUM(Quarters[[#All],[usd]])"),
        ('="Quarters[#All]"&A1', '="Quarters[#All]"&A1'),
    ],
)
def test_as_calc_reads_it(formula: str, read: str) -> None:
    assert typed_for_calc(formula) == read
    assert typed(read) == formula


def test_a_name_of_a_file_for_calc_is_the_function_that_a_user_types() -> None:
    assert function_names("=XLG.NET_MARGIN(XLG.FILTER(A1:A2,B1:B2),1)") == ("NET_MARGIN", "FILTER")
    assert function_names("=MYXLG.THING(1)") == ("MYXLG.THING",)
