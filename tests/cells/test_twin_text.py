"""How a twin is written: as it is typed, as a file stores it, and what it may hold."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

import pytest

from xlgenai.cells.built_in import BUILT_IN
from xlgenai.cells.formula import CELL, R1C1, function_names
from xlgenai.cells.function import Function, Kind, describe
from xlgenai.cells.modules import load_functions
from xlgenai.cells.twins import stored_lambda, twin, typed_lambda
from xlgenai.errors import FunctionError

FUNCTIONS = load_functions()
MOST_IN_A_CELL: Final = 8192
"""Characters of the longest formula that Excel takes."""


def priced(price: float, amounts: float, rebate: float = 0.5) -> float:
    """What several amounts cost.

    Formula::

        price * SUM(amounts)
            - rebate

    Domain::

        price <> 0 else #DIV/0!
        price > 0 and MIN(amounts) >= 0 else #NUM!

    Parameters
    ----------
    price : array_like of float
        What one costs.
    amounts : sequence of float
        How many.
    rebate : array_like of float, optional
        What is taken off. Default 0.5.
    """
    return price * amounts - rebate


def test_a_lambda_as_it_is_typed() -> None:
    assert typed_lambda(describe(priced)) == (
        "=LAMBDA(price,amounts,[rebate],IF(OR(ISOMITTED(price),ISOMITTED(amounts)),#VALUE!,LET("
        "price_,MAP(price,LAMBDA(cell,IF(ISTEXT(cell),#VALUE!,cell+0))),"
        "amounts_,IF(REDUCE(0,amounts,LAMBDA(count,cell,"
        'count+IF(ISTEXT(cell),#VALUE!,(cell<>"")*1)))=0,{0},TOCOL(amounts,1)+0),'
        "rebate_,IF(ISOMITTED(rebate),0.5,MAP(rebate,LAMBDA(cell,IF(ISTEXT(cell),#VALUE!,cell+0)))),"
        "wrong,0*price_+0*ROWS(amounts_)+0*rebate_,"
        "fits,SUM(IFERROR(0*price_,0)+IFERROR(0*rebate_,0)),"
        "IF(ISERROR(fits),#VALUE!,"
        "IF(wrong=0,IF((price_<>0),IF((price_>0)*(MIN(amounts_)>=0),"
        "price_*SUM(amounts_)-rebate_,#NUM!),#DIV/0!),wrong)))))"
    )


def test_a_lambda_as_a_file_stores_it() -> None:
    assert stored_lambda(describe(priced)) == (
        "_xlfn.LAMBDA(_xlpm.price,_xlpm.amounts,_xlop.rebate,"
        "IF(OR(_xlfn.ISOMITTED(_xlpm.price),_xlfn.ISOMITTED(_xlpm.amounts)),#VALUE!,_xlfn.LET("
        "_xlpm.price_,_xlfn.MAP(_xlpm.price,_xlfn.LAMBDA(_xlpm.cell,IF(ISTEXT(_xlpm.cell),#VALUE!,_xlpm.cell+0))),"
        "_xlpm.amounts_,IF(_xlfn.REDUCE(0,_xlpm.amounts,_xlfn.LAMBDA(_xlpm.count,_xlpm.cell,"
        '_xlpm.count+IF(ISTEXT(_xlpm.cell),#VALUE!,(_xlpm.cell<>"")*1)))=0,{0},_xlfn.TOCOL(_xlpm.amounts,1)+0),'
        "_xlpm.rebate_,IF(_xlfn.ISOMITTED(_xlpm.rebate),0.5,"
        "_xlfn.MAP(_xlpm.rebate,_xlfn.LAMBDA(_xlpm.cell,IF(ISTEXT(_xlpm.cell),#VALUE!,_xlpm.cell+0)))),"
        "_xlpm.wrong,0*_xlpm.price_+0*ROWS(_xlpm.amounts_)+0*_xlpm.rebate_,"
        "_xlpm.fits,SUM(IFERROR(0*_xlpm.price_,0)+IFERROR(0*_xlpm.rebate_,0)),"
        "IF(ISERROR(_xlpm.fits),#VALUE!,"
        "IF(_xlpm.wrong=0,IF((_xlpm.price_<>0),IF((_xlpm.price_>0)*(MIN(_xlpm.amounts_)>=0),"
        "_xlpm.price_*SUM(_xlpm.amounts_)-_xlpm.rebate_,#NUM!),#DIV/0!),_xlpm.wrong)))))"
    )


def with_formula(name: str, formula: str, parameter: str, default: object) -> Function:
    """The record of a function that a user might have written, whose only parameter may be left out."""
    *_, optional = describe(priced).parameters
    kind = Kind.TEXT if isinstance(default, str) else Kind.ARRAY
    only = replace(optional, name=parameter, default=default, kind=kind)
    return replace(describe(priced), name=name, twin=formula, domain=(), parameters=(only,))


@pytest.mark.parametrize(
    ("name", "formula", "parameter", "cell"),
    [
        ("double", "2*q1", "q1", "q1"),
        ("double", "2*r", "r", "r"),
        ("TAM3", "3*price", "price", "TAM3"),
        ("double", "price*$B$2", "price", "$B$2"),
        ("double", "LET(x2, 2, x2*price)", "price", "x2"),
    ],
)
def test_what_excel_reads_as_a_cell_is_refused(name: str, formula: str, parameter: str, cell: str) -> None:
    function = with_formula(name, formula, parameter, 1.0)
    with pytest.raises(FunctionError, match=f"{re.escape(cell)}, which Excel reads as a cell"):
        typed_lambda(function)


def test_a_default_that_no_cell_holds_is_refused() -> None:
    with pytest.raises(FunctionError, match="cannot tell price left out from a 0"):
        typed_lambda(with_formula("double", "2*price", "price", None))


def test_a_quotation_mark_in_a_default_is_doubled() -> None:
    assert 'IF(ISOMITTED(unit),"5"" disk",unit&"")' in typed_lambda(with_formula("shown", "unit", "unit", '5" disk'))


@pytest.mark.parametrize("line", ["price > 0", "price > 0 else", "price > 0 else 0", "price > 0 else #OOPS!"])
def test_a_domain_that_cannot_be_read_is_refused(line: str) -> None:
    def broken(price: float) -> float:
        return price

    broken.__doc__ = f"A price.\n\nDomain::\n\n    {line}\n\nParameters\n----------\nprice : float\n    What it costs."
    with pytest.raises(FunctionError, match="write CONDITION and CONDITION else #NUM!"):
        describe(broken)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
def test_what_a_lambda_may_hold(function: Function) -> None:
    stored = stored_lambda(function)
    assert len(stored) < MOST_IN_A_CELL
    given = set(re.findall(r"_xl[po][mp]\.(\w+)", stored))
    assert {name.upper() for name in function_names(twin(function))} <= BUILT_IN | {
        name.upper() for name in given
    } | set(FUNCTIONS)
    assert not [name for name in given if CELL.fullmatch(name) or R1C1.fullmatch(name)]
