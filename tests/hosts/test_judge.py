"""Every function against its twin: Python at the cell boundary, and the LAMBDA in IronCalc, over the same arguments."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.support import lookups
from tests.support.agreement import agree, matrix
from tests.support.cases import Given, bounds, generate
from tests.support.departures import DEPARTURES
from tests.support.judge import calculated, judge
from xlgenai.cells.boundary import call
from xlgenai.cells.function import WHOLE, Function
from xlgenai.cells.modules import load_functions
from xlgenai.cells.values import OMITTED, CellError, is_range

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.cases import Case

CASES = 2_500
FEW = 300
"""Enough for a slip that shows in each number."""
FUNCTIONS = load_functions()
NULL, DIV0, VALUE, REF, NAME, NUM, NA = CellError


@pytest.mark.parametrize("name", FUNCTIONS)
def test_python_and_twin_agree(name: str, record_property: Callable[[str, object], None]) -> None:
    function = FUNCTIONS[name]
    verdict = judge(function, generate(function, CASES))
    record_property("verdict", verdict.line)
    assert not verdict.disagreements, "\n".join(verdict.disagreements[:10])
    assert verdict.agreed + verdict.exceptions.total() == CASES
    assert verdict.numbers > CASES / 3
    assert verdict.exceptions.total() < CASES / 10


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_slip_in_python_is_found(name: str) -> None:
    function = FUNCTIONS[name]

    def slipped(*arguments: Any) -> Any:
        return function.call(*arguments) * (1 + 1e-9)

    verdict = judge(replace(function, call=slipped), generate(function, FEW))
    assert len(verdict.disagreements) > FEW / 10


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_slip_in_the_twin_is_found(name: str) -> None:
    function = FUNCTIONS[name]
    slipped = replace(function, twin=f"({function.twin})*1.000000001")
    verdict = judge(function, generate(function, FEW), twin=slipped)
    assert len(verdict.disagreements) > FEW / 10


MARGIN = FUNCTIONS["IMPLIED_GROSS_MARGIN"]
FIRST, *OTHERS = MARGIN.parameters
PYTHON_SLIPS: dict[str, Callable[..., Any]] = {
    "an argument ignored": lambda multiple, hosting, *others: MARGIN.call(multiple, hosting),
    "two arguments exchanged": lambda multiple, hosting, serving, markup: MARGIN.call(
        multiple, serving, hosting, markup
    ),
    "nan for a zero denominator": lambda *given: np.where(np.isinf(MARGIN.call(*given)), np.nan, MARGIN.call(*given)),
    "a range upside down": lambda *given: np.flip(MARGIN.call(*given)),
    "the edge of the domain": lambda *given: np.where(np.equal(given[2], 1), np.nan, MARGIN.call(*given)),
}
TWIN_SLIPS: dict[str, dict[str, Any]] = {
    "a factor forgotten": {"twin": "1 - infrastructure_markup*serving_share/tam_multiple"},
    "two factors exchanged": {"twin": "1 - infrastructure_markup*hosting_share/(tam_multiple*serving_share)"},
    "another default": {
        "parameters": (MARGIN.parameters[0], *(replace(p, default=2.0) for p in MARGIN.parameters[1:]))
    },
    "a condition forgotten": {"domain": MARGIN.domain[:2] + MARGIN.domain[3:]},
    "another error": {"domain": (MARGIN.domain[0], (MARGIN.domain[1][0], "#N/A"), *MARGIN.domain[2:])},
    "the edge of the domain": {
        "domain": tuple((text.replace("serving_share <=", "serving_share <"), error) for text, error in MARGIN.domain)
    },
}


@pytest.mark.parametrize("slip", PYTHON_SLIPS)
def test_slips_as_people_make_them_in_python_are_found(slip: str) -> None:
    assert judge(replace(MARGIN, call=PYTHON_SLIPS[slip]), generate(MARGIN, CASES), twin=MARGIN).disagreements


@pytest.mark.parametrize("slip", TWIN_SLIPS)
def test_slips_as_people_make_them_in_a_twin_are_found(slip: str) -> None:
    assert judge(MARGIN, generate(MARGIN, CASES), twin=replace(MARGIN, **TWIN_SLIPS[slip])).disagreements


def test_the_cases_are_the_same_at_every_run_and_hold_everything_that_cells_do() -> None:
    cases = generate(MARGIN, CASES)
    assert cases == generate(MARGIN, CASES)
    seen = Counter(kind for case in cases for kind in kinds(MARGIN, case))
    assert min(seen[kind] for kind in ("typed number", "number", "column", "row", "block", "array constant")) > 100
    assert min(seen[kind] for kind in ("blank", "text", "boolean", *CellError)) > 20
    assert min(seen[kind] for kind in ("left out", "left out at the end", "required left out", "do not fit")) > 10


def kinds(function: Function, case: Case) -> set[str]:
    """What occurs in the arguments of a case."""
    found = {kind for given in case for kind in _kinds(given)}
    found |= {"left out at the end"} if len(case) < function.max_args else set()
    found |= {"required left out"} if not case or case[0].value is OMITTED else set()
    shapes = [
        (len(given.value), len(given.value[0]))
        for given, parameter in zip(case, function.parameters, strict=False)
        if is_range(given.value) and parameter.kind not in WHOLE
    ]
    fit = all(len({shape[axis] for shape in shapes} - {1}) < 2 for axis in (0, 1))
    return found if fit else found | {"do not fit"}


def _kinds(given: Given) -> set[str]:
    if given.value is OMITTED:
        return {"left out"}
    if not is_range(given.value):
        return {("typed " if given.typed else "") + _kind(given.value)}
    rows, columns = len(given.value), len(given.value[0])
    shape = "block" if rows > 1 < columns else "column" if rows > 1 else "row"
    return (
        {_kind(cell) for row in given.value for cell in row} | {shape} | ({"array constant"} if given.typed else set())
    )


def _kind(cell: object) -> str:
    match cell:
        case None:
            return "blank"
        case bool():
            return "boolean"
        case CellError():
            return cell
        case str():
            return "text"
    return "number"


def test_the_domain_gives_the_bounds_of_the_arguments() -> None:
    assert bounds(MARGIN)["hosting_share"] == (0, 1)
    assert bounds(FUNCTIONS["IMPLIED_TAM_MULTIPLE"])["gross_margin"] == (float("-inf"), 1)
    assert bounds(FUNCTIONS["LAYER_SHARE"])["values"] == (0, float("inf"))


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (0.5, 0.5, True),
        (1.0, 1.0 + 9e-13, True),
        (1.0, 1.0 + 2e-12, False),
        (1e-20, 2e-20, False),
        (1.0, True, False),
        (1.0, "1", False),
        (NUM, NUM, True),
        (NUM, DIV0, False),
        (NUM, "#NUM!", False),
        (0.5, [[0.5]], True),
        ([[1.0], [2.0]], [[1.0, 2.0]], False),
        ([[1.0], [2.0]], [[1.0], [2.0]], True),
        ([[1.0], [2.0]], [[1.0], [NA]], False),
        ([[1.0], [2.0]], 1.0, False),
        (None, None, False),
    ],
)
def test_what_counts_as_agreement(ours: Any, theirs: Any, same: bool) -> None:
    assert agree(ours, theirs) is same


def test_the_twin_is_what_is_calculated_and_a_spilled_result_is_read_whole() -> None:
    doubled = replace(FUNCTIONS["NET_MARGIN"], twin="2*net_income/revenue")
    column, row = Given([[1.0], [2.0], [REF]], typed=False), Given([[4.0, None]], typed=False)
    assert calculated(doubled, [(column, row)]) == [[[0.5, DIV0], [1.0, DIV0], [REF, REF]]]


def test_a_function_of_the_table_reads_the_one_in_the_workbook_or_the_one_that_is_given() -> None:
    first_quarter = replace(load_functions()["NVIDIA"], twin="INDEX(quarters,2,4)/1000")
    asked = Given("revenue", typed=True), Given([["FY2023Q1"]], typed=False)
    assert judge(first_quarter, [asked]).agreed == 1
    table = lookups.rows()
    table[1][3] = 9000.0
    assert judge(first_quarter, [(*asked, Given(table, typed=False))]).agreed == 1
    assert agree(calculated(first_quarter, [(*asked, Given(table, typed=False))])[0], 9.0)


@pytest.mark.parametrize("name", ["NVIDIA", "NVIDIA_NET_MARGIN"])
def test_metrics_and_periods_are_mostly_known(name: str) -> None:
    function = load_functions()[name]
    results = [call(function, [given.value for given in case]) for case in generate(function, FEW)]
    assert sum(any(isinstance(cell, float) for row in matrix(result) for cell in row) for result in results) > FEW / 2


EXCUSED: dict[str, tuple[str, Case]] = {
    "power overflows": ("REQUIRED_GROWTH", (Given(1.0, typed=True), Given(10.0, typed=True), Given(1e-9, typed=True))),
}


def test_another_error_outside_of_the_domain_is_not_taken_for_an_overflow() -> None:
    growth = FUNCTIONS["REQUIRED_GROWTH"]
    slipped = replace(growth, domain=tuple((condition, "#DIV/0!") for condition, _ in growth.domain))
    assert judge(growth, generate(growth, FEW), twin=slipped).disagreements


@pytest.mark.parametrize("departure", DEPARTURES, ids=lambda departure: departure.name)
def test_a_departure_excuses_what_it_names_and_nothing_else(departure: Any) -> None:
    name, case = EXCUSED[departure.name]
    function = FUNCTIONS[name]
    assert judge(function, [case]).exceptions == {departure.name: 1}
    assert departure.reason
    assert departure.link.startswith("https://")
    wrong = judge(function, [case], twin=replace(function, twin="#N/A"))
    assert wrong.disagreements
