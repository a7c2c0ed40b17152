"""Every function in Calc with whatever a cell can hold: the table of the cell boundary, row by row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.support import lookups
from xlgenai.cells.function import WHOLE, Kind
from xlgenai.cells.modules import load_functions
from xlgenai.cells.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.rig import Rig
    from xlgenai.cells.function import Function, Parameter
    from xlgenai.cells.values import Scalar

FUNCTIONS = load_functions()
NULL, DIV0, VALUE, REF, NAME, NUM, NA = CellError
PLACES = {
    "S1": "",
    "S2": "=TRUE()",
    "S3": "n/a",
    "S4": "'5",
    "S5": '=""',
    "U1": "9.2",
    "U2": "=1/0",
    "T1": "=#NULL!",
    "T2": "=#DIV/0!",
    "T3": "=#VALUE!",
    "T4": "=#REF!",
    "T5": "=#NAME?",
    "T6": "=#NUM!",
    "T7": "=#N/A",
}
"""What stands in cells that formulas refer to: nothing, TRUE, a text, a number as text, an empty text, the errors."""
BLANK, TRUE, TEXT, DIGITS, EMPTY_TEXT = (f"$S${row}" for row in range(1, 6))
ERROR_CELLS = [f"$T${row}" for row in range(1, 8)]
REVENUES, FLOWS, QUARTERS = "$V$1:$V$2", "$W$1:$W$5", "$AA$1:$AL$18"
GIVEN: dict[str, tuple[str, list[str]]] = {
    "LAYER_SHARE": ("0.9", ["90", REVENUES]),
    "CAPTURE_INDEX": ("6.9231", ["0.9", "0.13"]),
    "CONCENTRATION": ("8200", [REVENUES, "0"]),
    "IMPLIED_GROSS_MARGIN": ("0.583333", ["3", "0.8", "1", "1"]),
    "IMPLIED_TAM_MULTIPLE": ("4.1667", ["0.7", "0.8", "1", "1"]),
    "NET_MARGIN": ("0.508287", ["9.2", "18.1"]),
    "PROJECTED_TAM_MULTIPLE": ("0.468221", ["10", "90", "1", "0.5", "5"]),
    "CROSSOVER_YEARS": ("10.05", ["10", "90", "1", "0.5", "2"]),
    "REQUIRED_GROWTH": ("0.749789", ["1.6", "26.2451", "5"]),
    "COMPUTE_SPEND": ("80", ["100", "0.8"]),
    "CIRCULAR_REVENUE_SHARE": ("0.342893", ["0.7*29.1", "47.525", "0.8", "1"]),
    "REQUIRED_END_REVENUE": ("285.714", ["50", "0.5", "0.5", "0.3"]),
    "BREAKEVEN_GROWTH": ("0.74979", ["86", "1.6", "10", "5", "0.25", "0"]),
    "VENTURE_NPV": ("13.7236", ["0.1", "100", FLOWS]),
    "VENTURE_IRR": ("0.152382", ["100", FLOWS]),
    "NVIDIA": ("0.510099", ['"net_margin"', '"FY2024Q3"', QUARTERS]),
    "NVIDIA_NET_MARGIN": ("0.510099", ['"FY2024Q3"', QUARTERS]),
}
"""The catalogue's own figures, and the arguments that give them."""
UNSEEN = "Err:504"
"""What Calc itself shows where a range holds an error: it does not make the call."""


class Row(NamedTuple):
    """A row of the table: what is given, the formula, and what it shows, or a formula that shows the same."""

    what: str
    formula: str
    shown: CellError | str


def call(name: str, arguments: list[str]) -> str:
    return f"=XLG.{name}({';'.join(arguments)})"


def table(function: Function) -> Iterator[Row]:
    """Each argument in turn is whatever a cell can hold, while the others stay."""
    _, given = GIVEN[function.name]
    assert len(given) == function.max_args
    for position, parameter in enumerate(function.parameters):

        def placed(text: str, position: int = position) -> str:
            return call(function.name, [*given[:position], text, *given[position + 1 :]])

        name = parameter.name
        yield Row(f"{name} left out", placed(""), placed(default(parameter)) if not parameter.required else VALUE)
        for cell, error in zip(ERROR_CELLS, CellError, strict=True):
            yield Row(f"{name} is {error}", placed(cell), error)
        yield Row(f"{name} is a range with an error", placed("$T$1:$T$2"), UNSEEN)
        if parameter.kind is Kind.TABLE:
            continue
        if parameter.kind in {Kind.TEXT, Kind.DATE}:
            yield Row(f"{name} is blank", placed(BLANK), placed('""'))
            yield Row(f"{name} is unknown", placed(TEXT), NA)
            continue
        yield Row(f"{name} is blank", placed(BLANK), placed("0"))
        yield Row(f"{name} is TRUE", placed(TRUE), placed("1"))
        for what, cell in {"a text": TEXT, "a number as text": DIGITS, "an empty text": EMPTY_TEXT}.items():
            yield Row(f"{name} is {what}", placed(cell), VALUE)
        yield Row(f"{name} is one number", placed("$V$1"), placed("90"))


def default(parameter: Parameter) -> str:
    if parameter.table:
        return ""
    return f'"{parameter.default}"' if isinstance(parameter.default, str) else f"{float(parameter.default):g}"  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def sheet(rig: Rig) -> Rig:
    """A new document whose cells hold all that is asked for."""
    rig("open", "new")
    for where, content in PLACES.items():
        rig("formulas", "new", "", where, [[content]])
    rig("set", "new", "", "V1:V2", [[90.0], [10.0]])
    rig("set", "new", "", "W1:W5", [[30.0]] * 5)
    rig("set", "new", "", "X1:X4", [[90.0], [None], [10.0], [None]])
    rig("set", "new", "", "Y1:Y3", [[90.0], ["n/a"], [10.0]])
    quarters = lookups.rows()
    rig("set", "new", "", f"AA1:AL{len(quarters)}", [[*row, *[None] * (12 - len(row))] for row in quarters])
    assert [value for row in rig.read("new", "", "T1:T7") for value in row] == list(CellError)
    return rig


def shown(sheet: Rig, formulas: list[str]) -> list[Scalar]:
    cells = f"A1:A{len(formulas)}"
    sheet("formulas", "new", "", cells, [[formula] for formula in formulas])
    return [row[0] for row in sheet.read("new", "", cells)]


def same(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12)
    return type(one) is type(other) and one == other


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_figures_of_the_catalogue(name: str, sheet: Rig) -> None:
    figure, given = GIVEN[name]
    (value,) = shown(sheet, [call(name, given)])
    decimals = len(figure.partition(".")[2])
    assert value == pytest.approx(float(figure), abs=0.51 * 10**-decimals, rel=0)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_table_of_the_boundary(name: str, sheet: Rig) -> None:
    rows = list(table(FUNCTIONS[name]))
    values = shown(sheet, [row.formula for row in rows])
    formulas = [row.shown if row.shown.startswith("=") else "" for row in rows]
    others = shown(sheet, formulas)
    expected = [other if formula else row.shown for row, formula, other in zip(rows, formulas, others, strict=True)]
    wrong = [
        f"{row.what}: {row.formula} shows {value!r}, not {wanted!r}"
        for row, value, wanted in zip(rows, values, expected, strict=True)
        if not same(value, wanted)
    ]
    assert wrong == []


BROADCAST = [(name, i) for name, f in FUNCTIONS.items() for i, p in enumerate(f.parameters) if p.kind is Kind.ARRAY]


@pytest.mark.parametrize(("name", "position"), BROADCAST)
def test_a_range_for_one_number_gives_one_result_for_each_cell(name: str, position: int, sheet: Rig) -> None:
    _, given = GIVEN[name]
    sheet("array", "new", "", "D1:D3", call(name, [*given[:position], "$Y$1:$Y$3", *given[position + 1 :]]))
    one_by_one = [call(name, [*given[:position], f"$Y${row}", *given[position + 1 :]]) for row in (1, 2, 3)]
    expected = shown(sheet, one_by_one)
    assert expected[1] is VALUE
    found = [row[0] for row in sheet.read("new", "", "D1:D3")]
    assert all(map(same, found, expected)), (found, expected)
    sheet("array", "new", "", "D1:D3", "")


def test_a_range_with_an_error_goes_through_with_the_error_as_a_text(sheet: Rig) -> None:
    sheet("array", "new", "", "D1:D2", '=XLG.NET_MARGIN(IFERROR($U$1:$U$2;"?");18.4)')
    assert [row[0] for row in sheet.read("new", "", "D1:D2")] == [0.5, VALUE]
    sheet("array", "new", "", "D1:D2", "")


VECTORS = [(name, i) for name, f in FUNCTIONS.items() for i, p in enumerate(f.parameters) if p.kind is Kind.VECTOR]


@pytest.mark.parametrize(("name", "position"), VECTORS)
def test_a_vector_skips_blanks_and_refuses_texts(name: str, position: int, sheet: Rig) -> None:
    _, given = GIVEN[name]

    def placed(cells: str) -> str:
        return call(name, [*given[:position], cells, *given[position + 1 :]])

    without, with_gaps, with_text, turned = shown(
        sheet, [placed(c) for c in ("$V$1:$V$2", "$X$1:$X$4", "$Y$1:$Y$3", "{90;10}")]
    )
    assert same(without, with_gaps)
    assert same(without, turned)
    assert with_text is VALUE


def test_every_function_and_every_kind_of_argument_is_in_the_table() -> None:
    assert set(GIVEN) == set(FUNCTIONS)
    kinds = {parameter.kind for function in FUNCTIONS.values() for parameter in function.parameters}
    assert kinds == {Kind.ARRAY, Kind.FLAG, *WHOLE, Kind.TEXT, Kind.DATE}
