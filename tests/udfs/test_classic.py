"""The functions as Excel on Windows calls them: xlwings' own code for COM, compared with the boundary itself."""

from __future__ import annotations

import datetime as dt
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from xlgenai.cells.boundary import call
from xlgenai.cells.fast_ranges import NumberRange
from xlgenai.cells.function import HELP_LIMIT, Function, Kind
from xlgenai.cells.modules import load_functions
from xlgenai.cells.values import OMITTED, Argument, CellError

ROOT = Path(__file__).parents[2]
HOST = ROOT / "tests" / "support" / "classic.py"
FUNCTIONS = load_functions()
MISSING = -2147352572
"""What COM hands over for an argument that is left out."""
CODES = {
    -2146826281: CellError.DIV0,
    -2146826246: CellError.NA,
    -2146826259: CellError.NAME,
    -2146826288: CellError.NULL,
    -2146826252: CellError.NUM,
    -2146826265: CellError.REF,
    -2146826273: CellError.VALUE,
}
NA = -2146826246
SPILL, CALC = -2146826243, -2146826238
"""Errors newer than xlwings' list."""
DAY = dt.datetime(2023, 10, 29, tzinfo=dt.UTC)
"""A date as COM hands it over."""

USUAL: dict[str, list[Any]] = {
    "BREAKEVEN_GROWTH": [86.0, 1.6, 10.0, 5.0, 0.25, 0.1],
    "CAPTURE_INDEX": [0.9, 0.13],
    "CIRCULAR_REVENUE_SHARE": [20.0, 47.5, 0.7, 0.9],
    "COMPUTE_SPEND": [20.0, 0.5],
    "CONCENTRATION": [((75.0,), (10.0,), (5.0,)), True],
    "CROSSOVER_YEARS": [10.0, 90.0, 1.0, 0.5, 2.0],
    "IMPLIED_GROSS_MARGIN": [3.0, 0.8, 0.9, 1.1],
    "IMPLIED_TAM_MULTIPLE": [0.7, 0.8, 0.9, 1.1],
    "LAYER_SHARE": [75.0, ((75.0, 10.0, 5.0),)],
    "NET_MARGIN": [9.2, 18.1],
    "NVIDIA": ["revenue", "FY2024Q3", MISSING],
    "NVIDIA_NET_MARGIN": ["FY2024Q3", MISSING],
    "PROJECTED_TAM_MULTIPLE": [10.0, 90.0, ((1.0,), (0.8,)), 0.5, 2.0],
    "REQUIRED_END_REVENUE": [50.0, 0.4, 0.6, 0.3],
    "REQUIRED_GROWTH": [1.6, 26.0, 5.0],
    "VENTURE_IRR": [100.0, ((60.0,), (70.0,))],
    "VENTURE_NPV": [0.1, 100.0, ((60.0, 70.0),)],
}
"""Arguments with which each function gives a number."""


def a_range(*rows: tuple[Any, ...]) -> dict[str, Any]:
    return {"range": rows}


def cases_of(function: Function) -> dict[str, list[Any]]:
    """The usual arguments, and then each argument in turn as whatever else a formula may hand over."""
    usual = USUAL[function.name]
    cases = {"usual": usual, "required only": usual[: function.min_args] + [MISSING] * (len(usual) - function.min_args)}
    for place, parameter in enumerate(function.parameters):
        plain = usual[place] if not isinstance(usual[place], tuple) else usual[place][0][0]
        odd: dict[str, Any] = {
            "number": 0.5,
            "zero": 0.0,
            "blank": None,
            "missing": MISSING,
            "text": "abc",
            "date": DAY,
            "TRUE": True,
            "newer error": SPILL,
            **{error.name: code for code, error in CODES.items()},
        }
        if plain != MISSING:
            odd |= {
                "one cell": a_range((plain,)),
                "one blank cell": a_range((None,)),
                "column": a_range((plain,), (None,), ("abc",), (NA,), (True,), (DAY,), (CALC,)),
                "row": a_range((plain, 1.0, 0.0)),
                "block": a_range((plain, 1.0), (0.25, plain)),
                "array": ((plain, None), (NA, 1.0)),
            }
        if parameter.kind is Kind.DATE:
            odd |= {"serial": 45228.0, "year": "FY2024", "dates": a_range((DAY,), ("FY2024Q3",), (45228.0,))}
        cases |= {
            f"{parameter.name} as {name}": [*usual[:place], value, *usual[place + 1 :]] for name, value in odd.items()
        }
    return cases


CASES = {(name, case): arguments for name, f in FUNCTIONS.items() for case, arguments in cases_of(f).items()}


def from_com(value: Any) -> Argument:
    """What the boundary would be given by a host without xlwings in between."""
    if isinstance(value, dict):
        value = value["range"]
    if isinstance(value, tuple):
        return [[from_com(cell) for cell in row] for row in value]  # type: ignore[misc]
    if isinstance(value, int) and not isinstance(value, bool):
        return OMITTED if value == MISSING else CODES.get(value, CellError.VALUE)
    return value  # type: ignore[no-any-return]


def ask(calls: list[tuple[str, list[Any]]]) -> dict[str, Any]:
    command = [sys.executable, str(HOST)]
    done = subprocess.run(command, input=pickle.dumps(calls), capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr.decode()
    reply: dict[str, Any] = pickle.loads(done.stdout)
    return reply


@pytest.fixture(scope="module")
def excel() -> dict[str, Any]:
    """What Excel would see, for all cases at once."""
    return ask([(name.lower(), arguments) for (name, _), arguments in CASES.items()])


@pytest.fixture(scope="module")
def answers(excel: dict[str, Any]) -> dict[tuple[str, str], Any]:
    return dict(zip(CASES, excel["answers"], strict=True))


def test_the_usual_arguments_give_a_number(answers: dict[tuple[str, str], Any]) -> None:
    shown = {name: answers[name, "usual"] for name in FUNCTIONS}
    assert all(type(rows[0][0]) is float and len(rows) == len(rows[0]) == 1 for rows in shown.values()), shown


@pytest.mark.parametrize(("name", "case"), CASES, ids=" ".join)
def test_excel_gets_what_the_boundary_gives(name: str, case: str, answers: dict[tuple[str, str], Any]) -> None:
    result = call(FUNCTIONS[name], [from_com(argument) for argument in CASES[name, case]])
    rows = result if isinstance(result, list) else [[result]]
    expected = [[cell.value if isinstance(cell, CellError) else cell for cell in row] for row in rows]
    assert answers[name, case] == expected


@pytest.mark.parametrize(("code", "error"), CODES.items())
def test_an_error_comes_out_as_its_text(code: int, error: CellError, answers: dict[tuple[str, str], Any]) -> None:
    assert answers["NET_MARGIN", f"revenue as {error.name}"] == [[str(error)]]


def test_left_out_is_the_default_and_blank_is_0(answers: dict[tuple[str, str], Any]) -> None:
    assert answers["COMPUTE_SPEND", "compute_share as missing"] == [[16.0]]
    assert answers["COMPUTE_SPEND", "compute_share as blank"] == [[0.0]]
    assert answers["COMPUTE_SPEND", "compute_share as one blank cell"] == [[0.0]]


def test_left_out_where_it_is_required_is_an_error(answers: dict[tuple[str, str], Any]) -> None:
    assert answers["COMPUTE_SPEND", "funding as missing"] == [["#VALUE!"]]


def test_an_error_that_xlwings_does_not_know_is_never_taken_for_a_number(answers: dict[tuple[str, str], Any]) -> None:
    assert answers["NET_MARGIN", "net_income as newer error"] == [["#VALUE!"]]
    assert answers["NET_MARGIN", "net_income as column"][-1] == ["#VALUE!"]


def test_an_empty_text_arrives_as_a_blank_cell_so_it_counts_as_zero() -> None:
    """The one known departure from the contract: classic xlwings has changed it before any of our code sees it."""
    assert ask([("net_margin", ["", 2.0])])["answers"] == [[[0.0]]]


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_what_xlwings_knows_about_a_function(function: Function, excel: dict[str, Any]) -> None:
    known = excel["functions"][function.name.lower()]
    assert (known["name"], known["category"]) == (function.name.lower(), "xlgenai")
    assert (known["volatile"], known["call_in_wizard"], known["sub"]) == (False, True, False)
    assert known["ret"] == {"doc": function.summary, "options": {}}
    assert [argument["name"] for argument in known["args"]] == [p.name for p in function.parameters]
    for argument, parameter in zip(known["args"], function.parameters, strict=True):
        assert 0 < len(argument["doc"]) <= HELP_LIMIT
        assert argument["doc"] == parameter.help
        assert argument["options"] == {"convert": NumberRange, "ndim": 2, "err_to_str": True}
        assert ("optional" in argument) is not parameter.required


def test_our_accessor_changes_no_answer(excel: dict[str, Any]) -> None:
    assert excel["answers"] == excel["stock"]


def test_the_generated_vba_has_every_function(excel: dict[str, Any]) -> None:
    found = re.findall(r"^Function (\w+)\((.*)\)$", excel["vba"], re.MULTILINE)
    assert {name.upper(): arguments for name, arguments in found} == {
        function.name: ", ".join(p.name if p.required else f"Optional {p.name}" for p in function.parameters)
        for function in FUNCTIONS.values()
    }
    assert len(found) == 17
