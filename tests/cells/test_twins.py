"""The twins in IronCalc, an engine of its own that calculates LAMBDA names, against Python at the cell boundary."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import ironcalc
import pytest

from xlgenai.cells.boundary import call
from xlgenai.cells.formula import address
from xlgenai.cells.modules import load_functions
from xlgenai.cells.twins import typed_lambda
from xlgenai.cells.values import OMITTED, Argument, CellError, Scalar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlgenai.cells.function import Function

FUNCTIONS = load_functions()
NULL, DIV0, VALUE, REF, NAME, NUM, NA = CellError
CALCULATED: Final = {DIV0: "=1/0", NA: "=NA()"}
"""Errors that IronCalc takes for text when they are typed."""
ANSWER: Final = 40
"""The column of the answer, to the right of all arguments."""


def column(*cells: Scalar) -> list[list[Scalar]]:
    return [[cell] for cell in cells]


def row(*cells: Scalar) -> list[list[Scalar]]:
    return [list(cells)]


ARGUMENTS: dict[str, list[list[Argument]]] = {
    "CONCENTRATION": [
        [column(75.0, 10.0, 5.0)],
        [column(75.0, 10.0, 5.0), True],
        [row(75.0, 10.0, 5.0), OMITTED],
        [[[75.0, 10.0], [5.0, None]], 2.0],
        [column(1.0, None, 2.0), True],
        [column(3.0, 3.0, 3.0), True],
        [column(*[0.1] * 10), True],
        [column(1.0, 0.0, 0.0), True],
        [column(1e-300, 1.0)],
        [5.0],
        [5.0, True],
        [column(5.0, None), row(True, False)],
        [column(1.0, 2.0), row(True, False, 0.0, 2.0, None, "x", NA)],
        [None],
        [None, True],
        [column(None, None)],
        [column(None, None), True],
        [column(0.0, 0.0)],
        [column(3.0, -1.0)],
        [column(3.0, -1.0), True],
        [column(1.0, -1.0)],
        [-5.0, True],
        [column(True, 2.0)],
        ["x"],
        [column(1.0, "2", REF), NUM],
        [column(1.0, REF, "x"), NUM],
        [[[1.0, 2.0], [NULL, NAME]], "x"],
        [column(1.0, 2.0), "x"],
        [OMITTED, True],
    ],
    "PROJECTED_TAM_MULTIPLE": [
        [10.0, 90.0, 1.0, 0.5, 5.0],
        [10.0, 90.0, 1.0, 0.5, row(2.5, -1.0, 0.0)],
        [10.0, 100.0, column(1.0), row(0.0), 2.5],
        [10.0, 100.0, column(1.0, 0.5), 0.25, row(0.0, 1.0, 2.0, 3.0)],
        [10.0, 100.0, row(1.0, 0.5), 0.0, [[0.0, 1.0, 2.0], [-1.0, 1.5, 3.0]]],
        [10.0, 100.0, column(1.0, 0.5, 0.25), column(0.1, 0.2), row(0.0, 1.0, 2.0, 3.0)],
        [10.0, 100.0, column(0.1, 0.2), column(1.0, 0.5, 0.25), row(0.0, 1.0, 2.0, 3.0)],
        [10.0, 100.0, column(None, 0.2, None, 0.3), 0.1, row(1.0, 2.0, 3.0)],
        [10.0, 100.0, column(None, 0.5, None), 0.1, 2.5],
        [10.0, 100.0, column(None, None), 0.1, 2.5],
        [10.0, 100.0, column(1.0, 0.5, 0.0), 0.0, 0.3 / 0.1],
        [1.0, 0.0, 1.0, 1.0, 1.0],
        [-1.0, 0.0, 1.0, 1.0, 1.0],
        [-1.0, 1.0, 1.0, 1.0, 1.0],
        [1.0, -1.0, 1.0, 1.0, 1.0],
        [0.0, 1.0, 1.0, 1.0, 1.0],
        [1.0, 1.0, 1.0, -1.0, 1.0],
        [1.0, 1.0, -3.0, -1.0, 0.0],
        [1.0, 1.0, -1.0, 1.0, 1.0],
        [1.0, 1.0, 1.0, -1.5, 2.0],
        [1.0, 1.0, 0.0, column(1.0, -1.0), row(0.0, 1.0, 2.0)],
        [1.0, 1.0, 0.0, column(-2.0, -1.0), row(0.0, 1.0, 2.0)],
        [1.0, 1.0, column(-2.0, 0.0), 0.0, row(0.0, 1.0, 2.0)],
        [1.0, 1.0, -1.0, column(1.0, 1.0, 1.0), row(0.0, 2.0, 9.0)],
        [1.0, 1.0, column(1.0, 1.0), -1.0, row(0.0, 9.0)],
        [-1.0, 1.0, column(1.0, 1.0), column(-1.0, 1.0), row(0.0, 1.0, 9.0)],
        [1.0, 0.0, column(1.0, 1.0), 0.0, 9.0],
        [column(1.0, 2.0, None, "x"), row(1.0, 0.0, -1.0, NA), column(0.5, 0.25), 0.1, 2.0],
        [1.0, 2.0, column(0.5, 0.25), 0.1, column(None, "1", NULL, True)],
        [1.0, 2.0, 0.1, column(0.1, "x", REF), row(0.0, 1.0)],
        [1.0, 2.0, NAME, column(0.1, "x"), REF],
        [1.0, "x", NAME, 0.1, 1.0],
        [1.0, 2.0, OMITTED, 0.1, 1.0],
    ],
    "CROSSOVER_YEARS": [
        [10.0, 90.0, 1.0, 0.5],
        [10.0, 90.0, 1.0, 0.5, OMITTED],
        [10.0, 90.0, 1.0, 0.5, row(2.0, 3.0, 4.0)],
        [100.0, 90.0, 0.1, 0.5],
        [90.0, 90.0, 0.5, 0.5],
        [0.3, 0.1, 0.2, 0.5, 3.0],
        [0.3, 0.1, 1.0, 0.5, 3.00000001],
        [1.0, 2.0, 1e-9, 0.0],
        [1.0, 2.0, 1e-20, 0.0],
        [10.0, 90.0, 0.5, 0.5],
        [10.0, 90.0, 0.2, 0.5],
        [0.0, 90.0, 1.0, 0.5],
        [1e-300, 1e300, 1.0, 0.5],
        [1.0, 0.0, 1.0, 0.0],
        [-1.0, 0.0, -1.0, -1.0, -1.0],
        [1.0, 2.0, 1.0, -1.0],
        [-1.0, 2.0, 1.0, 0.0],
        [1.0, -2.0, 1.0, 0.0],
        [1.0, 2.0, -1.0, 0.0],
        [1.0, 2.0, 0.0, -1.5],
        [1.0, 2.0, 1.0, 0.0, row(0.0, -1.0, None)],
        [10.0, None, 1.0, 0.5],
        [10.0, 10.0, column(1.0, 0.5), 0.5, column(4 / 3, 2.0)],
        [column(10.0, 100.0, -1.0, "9", None, NA), 90.0, row(1.0, 0.5), 0.5],
        [True, 2.0, 0.5, 0.25],
        [1.0, 2.0, "x", NA],
        [1.0, 2.0, REF, "x"],
        [1.0, OMITTED, 0.5, 0.25],
    ],
    "VENTURE_NPV": [
        [0.1, 100.0, column(30.0, 30.0, 30.0, 30.0, 30.0)],
        [0.1, 110.0, column(None, 121.0)],
        [0.1, 110.0, row(0.0, 121.0)],
        [row(0.1, 0.0, -0.5, -1.0, -2.0), column(100.0, 50.0, None), column(60.0, -60.0)],
        [0.1, -100.0, 30.0],
        [0.1, 100.0, None],
        [0.1, 100.0, column(None, None)],
        [1e300, 1.0, column(1.0, 2.0, 3.0)],
        [-0.999999, 1.0, column(*[3.0] * 12)],
        [0.07, 12.3, [[1.5, 2.5], [-3.5, 4.5], [None, 5.5]]],
        [True, 1.0, 3.0],
        [-1.0, "x", 30.0],
        [-1.0, 100.0, column(30.0, "x")],
        [column(0.1, NA, "0.1", None, -1.0), 100.0, column(30.0, 40.0)],
        [0.1, row(NUM, 100.0), column(30.0, NAME, "x")],
        [column(0.1, 0.2), row(NUM, 100.0), 30.0],
        [OMITTED, 100.0, 30.0],
    ],
    "VENTURE_IRR": [
        [100.0, column(30.0, 30.0, 30.0, 30.0, 30.0)],
        [100.0, 110.0],
        [100.0, row(0.0, 121.0)],
        [100.0, column(110.0, 0.0, 0.0)],
        [100.0, 100.0001],
        [100.0, column(1.0, 1.0)],
        [100.0, column(20.0, -50.0, 204.0)],
        [100.0, column(-50.0, -50.0, 400.0, 20.0, 30.0)],
        [100.0, column(120.0, -50.0, 60.0)],
        [1.0, column(2.0, 3.0, 4.0, 5.0, 1e-300)],
        [100.0, [[60.0, None], [70.0, True]]],
        [100.0, column(230.0, -132.0)],
        [100.0, column(360.0, -431.0, 171.6)],
        [100.0, column(140.0, -74.0, 60.0)],
        [100.0, column(220.0, -121.0)],
        [100.0, column(-50.0, 400.0, -30.0)],
        [100.0, column(0.0, 0.0)],
        [100.0, column(-5.0, -5.0)],
        [100.0, None],
        [100.0, column(None, None)],
        [1e-20, column(*[1e10] * 14)],
        [row(100.0, 50.0, 0.0, -100.0, None, "9", NA), 110.0],
        [column(100.0, 50.0), column(60.0, "x", REF)],
        [NAME, column(60.0, REF)],
        ["x", REF],
        [OMITTED, 110.0],
    ],
    "NET_MARGIN": [
        [[[9.0, "9", NA]], column(18.0, None, -1.0, "x", REF)],
        [column("9", NA), row(18.0, 0.0, NUM)],
    ],
}


def written(cell: Scalar) -> str:
    """How a user types it."""
    match cell:
        case CellError():
            return CALCULATED.get(cell, cell.value)
        case bool():
            return str(cell).upper()
        case str():
            return f"'{cell}"
    return repr(cell)


def in_ironcalc(function: Function, arguments: Sequence[Argument]) -> list[list[Any]]:
    """Return what the twin spills, for arguments that stand in cells."""
    model = ironcalc.create("twin", "en", "UTC")
    model.new_defined_name(function.name, None, typed_lambda(function))
    references, used = [], 0
    for argument in arguments:
        if argument is OMITTED:
            references.append("")
            continue
        block: Any = argument if isinstance(argument, list) else [[argument]]
        for i, cells in enumerate(block, 1):
            for j, cell in enumerate(cells, used + 1):
                if cell is not None:
                    model.set_user_input(0, i, j, written(cell))
        references.append(f"{address(1, used + 1)}:{address(len(block), used + len(block[0]))}")
        used += len(block[0])
    assert used < ANSWER
    model.set_user_input(0, 1, ANSWER, f"={function.name}({','.join(references)})")
    return spilled(model)


def spilled(model: Any) -> list[list[Any]]:
    model.evaluate()
    rows = [[model.get_cell_value(0, i, ANSWER + j) for j in range(9)] for i in range(1, 9)]
    return [kept for cells in rows if (kept := [cell for cell in cells if cell is not None])]


def agree(here: Scalar, there: Scalar) -> bool:
    if isinstance(here, float) and isinstance(there, float):
        return math.isclose(here, there, rel_tol=1e-12)
    return here == there


@pytest.mark.parametrize(
    ("name", "arguments"), [(name, arguments) for name, cases in ARGUMENTS.items() for arguments in cases], ids=str
)
def test_twin_and_python_agree(name: str, arguments: list[Argument]) -> None:
    result = call(FUNCTIONS[name], arguments)
    expected = result if isinstance(result, list) else [[result]]
    found = in_ironcalc(FUNCTIONS[name], arguments)
    assert [len(cells) for cells in found] == [len(cells) for cells in expected]
    assert all(map(agree, chain.from_iterable(expected), chain.from_iterable(found))), (expected, found)


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("CONCENTRATION({75;10;5})", 7098.765432098766),
        ("CONCENTRATION({90;10},TRUE)", 0.64),
        ("PROJECTED_TAM_MULTIPLE(10,90,1,0.5,5)", 0.46822130772748057),
        ("PROJECTED_TAM_MULTIPLE(10,100,{1;0.5},0.25,2)", 0.192),
        ("CROSSOVER_YEARS(10,90,1,0.5)", math.log(9) / math.log(4 / 3)),
        ("VENTURE_NPV(0.1,100,{0,121})", 0.0),
        ("VENTURE_IRR(100,{0,121})", 0.1),
    ],
)
def test_twin_takes_numbers_typed_into_the_formula(formula: str, value: float) -> None:
    name = formula.partition("(")[0]
    model = ironcalc.create("twin", "en", "UTC")
    model.new_defined_name(name, None, typed_lambda(FUNCTIONS[name]))
    model.set_user_input(0, 1, ANSWER, f"={formula}")
    assert spilled(model) == [[pytest.approx(value, rel=1e-12, abs=1e-12)]]
