"""The contract at the cell boundary, line by line, and its promises for every standard function."""

from __future__ import annotations

import datetime as dt
import logging
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.made import made
from xlgenai.cells.boundary import call
from xlgenai.cells.function import WHOLE, Function, Kind, Parameter
from xlgenai.cells.modules import load_functions
from xlgenai.cells.values import OMITTED, Argument, CellError, Result

FUNCTIONS = load_functions()
NULL, DIV0, VALUE, REF, NAME, NUM, NA = CellError
DAY, SERIAL = dt.date(2023, 10, 29), 45228.0
CURRENCY: Any = Decimal("9.0")
FY2024Q3 = 9243 / 18120
"""Nvidia's net margin of the quarter that ended on that day, from its figures in USD million."""


def assert_shows(result: Result, expected: Any) -> None:
    """The cell shows what is expected, and nothing that no cell can hold."""
    assert_cell_values(result)
    assert isinstance(result, list) == isinstance(expected, list)
    if not isinstance(result, list):
        assert_same(result, expected)
        return
    assert [len(row) for row in result] == [len(row) for row in expected]
    for row, wanted in zip(result, expected, strict=True):
        for cell, want in zip(row, wanted, strict=True):
            assert_same(cell, want)


def assert_same(cell: Any, expected: Any) -> None:
    assert isinstance(cell, CellError) == isinstance(expected, CellError), (cell, expected)
    if isinstance(expected, float):
        assert cell == pytest.approx(expected, rel=1e-9, abs=1e-9)
    else:
        assert cell == expected


def assert_cell_values(result: Any) -> None:
    """No NaN, inf, None, NumPy value or anything else beside what a cell can hold."""
    if isinstance(result, list):
        assert result
        assert all(type(row) is list and row and len(row) == len(result[0]) for row in result)
    for cell in [cell for row in result for cell in row] if isinstance(result, list) else [result]:
        assert type(cell) in {float, str, bool, CellError} or isinstance(cell, dt.date), repr(cell)
        assert type(cell) is not float or math.isfinite(cell)


ARGUMENTS: dict[str, tuple[str, list[Argument], Any]] = {
    "numbers": ("NET_MARGIN", [9.0, 18.0], 0.5),
    "whole numbers": ("NET_MARGIN", [9, 18], 0.5),
    "a blank is 0": ("NET_MARGIN", [None, 18.0], 0.0),
    "a blank denominator is 0": ("NET_MARGIN", [9.0, None], DIV0),
    "a blank is 0 for an optional parameter": ("COMPUTE_SPEND", [20.0, None], 0.0),
    "a blank in a range is 0": ("NET_MARGIN", [[[9.0], [None]], 18.0], [[0.5], [0.0]]),
    "a blank in a vector is skipped": ("CONCENTRATION", [[[90.0], [None], [10.0]], True], 0.64),
    "a vector of blanks is one 0": ("LAYER_SHARE", [1.0, [[None], [None]]], DIV0),
    "one cell is a vector": ("LAYER_SHARE", [1.0, 2.0], 0.5),
    "one blank cell is 0 as a vector": ("LAYER_SHARE", [1.0, None], DIV0),
    "a vector may lie down or be a block": ("LAYER_SHARE", [1.0, [[1.0, 2.0], [3.0, 4.0]]], 0.1),
    "left out at the end": ("COMPUTE_SPEND", [20.0], 16.0),
    "left out by a comma": ("COMPUTE_SPEND", [20.0, OMITTED], 16.0),
    "left out in the middle": ("IMPLIED_GROSS_MARGIN", [2.0, OMITTED, 0.5], 0.75),
    "several left out": ("IMPLIED_GROSS_MARGIN", [2.0, OMITTED, OMITTED, 0.5], 0.75),
    "left out where it is required": ("NET_MARGIN", [OMITTED, 18.0], VALUE),
    "too few": ("NET_MARGIN", [9.0], VALUE),
    "none at all": ("NET_MARGIN", [], VALUE),
    "too many": ("NET_MARGIN", [9.0, 18.0, 1.0], VALUE),
    "none needed": ("NVIDIA_NET_MARGIN", ["FY2024Q3"], FY2024Q3),
    "TRUE is 1": ("NET_MARGIN", [True, 2.0], 0.5),
    "FALSE is 0": ("NET_MARGIN", [1.0, False], DIV0),
    "TRUE among numbers": ("NET_MARGIN", [[[True, 2.0, False]], 2.0], [[0.5, 1.0, 0.0]]),
    "TRUE in a vector": ("LAYER_SHARE", [1.0, [[True], [3.0]]], 0.25),
    "a flag": ("CONCENTRATION", [[[90.0], [10.0]], True], 0.64),
    "a flag as number": ("CONCENTRATION", [[[90.0], [10.0]], 1.0], 0.64),
    "a blank flag is FALSE": ("CONCENTRATION", [[[90.0], [10.0]], None], 8200.0),
    "a range of flags": ("CONCENTRATION", [[[90.0], [10.0]], [[True], [False]]], [[0.64], [8200.0]]),
    "an error among flags": ("CONCENTRATION", [[[90.0], [10.0]], [[True], [NA]]], [[0.64], [NA]]),
    "a date is its serial": ("NET_MARGIN", [DAY, SERIAL], 1.0),
    "a time is the fraction": ("NET_MARGIN", [dt.datetime(2023, 10, 29, 12), SERIAL + 0.5], 1.0),
    "a time zone is dropped": ("NET_MARGIN", [dt.datetime(2023, 10, 29, tzinfo=dt.UTC), SERIAL], 1.0),
    "dates in a range": ("NET_MARGIN", [[[DAY, 1.0]], SERIAL], [[1.0, 1 / SERIAL]]),
    "a date where one is asked for": ("NVIDIA_NET_MARGIN", [DAY], FY2024Q3),
    "its serial where a date is asked for": ("NVIDIA_NET_MARGIN", [SERIAL], FY2024Q3),
    "text where a date is asked for": ("NVIDIA_NET_MARGIN", ["fy2024 q3"], FY2024Q3),
    "text": ("NET_MARGIN", ["n/a", 18.0], VALUE),
    "text that looks like a number": ("NET_MARGIN", ["9", 18.0], VALUE),
    "empty text": ("NET_MARGIN", ["", 18.0], VALUE),
    "text in a range": ("NET_MARGIN", [[[9.0], ["9"], ["x"]], 18.0], [[0.5], [VALUE], [VALUE]]),
    "text in a vector": ("LAYER_SHARE", [1.0, [[1.0], ["3"]]], VALUE),
    "empty text in a vector": ("LAYER_SHARE", [1.0, [[1.0], [""]]], VALUE),
    "text for a flag": ("CONCENTRATION", [[[90.0], [10.0]], "yes"], VALUE),
    "an error in a vector": ("LAYER_SHARE", [1.0, [[1.0], [REF]]], REF),
    "the first error in a vector": ("LAYER_SHARE", [1.0, [[1.0, NULL], ["x", REF]]], NULL),
    "an error in a vector for every element": ("LAYER_SHARE", [[[1.0], [2.0]], [[NAME]]], [[NAME], [NAME]]),
    "an error in a table": ("NVIDIA", ["revenue", "FY2024", [["fiscal_year"], [NA]]], NA),
    "errors in their elements": ("NET_MARGIN", [[[9.0], [NA], [REF]], 18.0], [[0.5], [NA], [REF]]),
    "the leftmost error": ("NET_MARGIN", [NAME, NULL], NAME),
    "the leftmost error of each element": (
        "NET_MARGIN",
        [[[9.0, NA, 1.0]], [[18.0, REF, REF]]],
        [[0.5, NA, REF]],
    ),
    "an error over a text": ("NET_MARGIN", [REF, "x"], REF),
    "a text over an error": ("NET_MARGIN", ["x", REF], VALUE),
    "an error beside a range": ("NET_MARGIN", [[[1.0], [2.0]], NA], [[NA], [NA]]),
    "a column": ("NET_MARGIN", [[[1.0], [2.0]], 4.0], [[0.25], [0.5]]),
    "a row": ("NET_MARGIN", [4.0, [[8.0, 16.0]]], [[0.5, 0.25]]),
    "two columns": ("NET_MARGIN", [[[1.0], [2.0]], [[4.0], [2.0]]], [[0.25], [1.0]]),
    "a column by a row": ("NET_MARGIN", [[[1.0], [2.0]], [[2.0, 4.0]]], [[0.5, 0.25], [1.0, 0.5]]),
    "a block by a row": ("NET_MARGIN", [[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]]], [[1.0, 1.0], [3.0, 2.0]]),
    "tuples": ("NET_MARGIN", [((1.0,), (2.0,)), 4.0], [[0.25], [0.5]]),
    "a range for an optional parameter": ("COMPUTE_SPEND", [20.0, [[0.5], [0.25]]], [[10.0], [5.0]]),
    "a range beside one left out": ("IMPLIED_GROSS_MARGIN", [[[2.0, 4.0]], OMITTED, 0.5], [[0.75, 0.875]]),
    "shapes that do not fit": ("NET_MARGIN", [[[1.0], [2.0]], [[1.0], [2.0], [3.0]]], VALUE),
    "a range of one cell": ("NET_MARGIN", [[[9.0]], [[18.0]]], 0.5),
    "a blank range of one cell": ("NET_MARGIN", [[[None]], 18.0], 0.0),
    "an error in a range of one cell": ("NET_MARGIN", [[[NA]], 18.0], NA),
    "rows of different length": ("NET_MARGIN", [[[1.0, 2.0], [3.0]], 4.0], VALUE),
    "a vector with rows of different length": ("LAYER_SHARE", [1.0, [[1.0, 2.0], [3.0]]], VALUE),
    "no rows": ("NET_MARGIN", [[], 4.0], VALUE),
    "empty rows": ("NET_MARGIN", [[[]], 4.0], VALUE),
    "a flat list, which is no range": ("NET_MARGIN", [[1.0, 2.0], 4.0], VALUE),  # type: ignore[list-item]
    "what no cell holds": ("NET_MARGIN", [object(), 4.0], VALUE),  # type: ignore[list-item]
    "a number too large": ("NET_MARGIN", [10**400, 4.0], NUM),
    "infinity": ("NET_MARGIN", [math.inf, 4.0], NUM),
    "infinity in a range": ("NET_MARGIN", [[[math.inf, 1.0, math.nan]], 4.0], [[NUM, 0.25, NUM]]),
    "infinity in a vector": ("LAYER_SHARE", [1.0, [[math.inf], [1.0]]], NUM),
    "a currency, as COM gives it": ("NET_MARGIN", [CURRENCY, 18.0], 0.5),
    "currencies in a range": ("NET_MARGIN", [[[CURRENCY], [1.0]], 18.0], [[0.5], [1 / 18]]),
    "a zero denominator": ("NET_MARGIN", [1.0, 0.0], DIV0),
    "zero by zero": ("NET_MARGIN", [0.0, 0.0], DIV0),
    "outside the domain": ("NET_MARGIN", [1.0, -1.0], NUM),
    "each in its element": ("NET_MARGIN", [1.0, [[2.0, 0.0, -1.0]]], [[0.5, DIV0, NUM]]),
    "overflow": ("COMPUTE_SPEND", [[[1e308], [20.0]], 2.0], [[NUM], [NUM]]),
    "no such period": ("NVIDIA_NET_MARGIN", ["FY1066"], NA),
    "no such period in its element": ("NVIDIA_NET_MARGIN", [[["FY2024Q3"], ["FY1066"]]], [[FY2024Q3], [NA]]),
    "no such metric": ("NVIDIA", ["ebitda", "FY2024Q3"], NA),
    "an answer that does not exist, in its element": (
        "CROSSOVER_YEARS",
        [10.0, 10.0, [[1.0], [0.5]], 0.5, [[4 / 3], [2.0]]],
        [[1.0], [NA]],
    ),
}


@pytest.mark.parametrize(("name", "arguments", "shown"), ARGUMENTS.values(), ids=ARGUMENTS.keys())
def test_argument(name: str, arguments: list[Argument], shown: Any) -> None:
    assert_shows(call(FUNCTIONS[name], arguments), shown)


def test_a_table_left_out_is_the_bundled_one() -> None:
    assert_shows(call(FUNCTIONS["NVIDIA"], ["revenue", "FY2024Q3", OMITTED]), 18.12)


def test_text_parameters_read_numbers_as_a_cell_writes_them() -> None:
    echo = made(lambda text: text, text="str")
    given_: list[Argument] = [None, True, 3.0, 0.5, "x", DAY]
    assert [call(echo, [cell]) for cell in given_] == ["", "TRUE", "3", "0.5", "x", "45228"]


def test_integer_parameters_are_cut_to_whole_numbers() -> None:
    echo = made(lambda number: isinstance(number, int) and number, number="int")
    assert call(echo, [2.9]) == 2
    assert_shows(call(echo, [[[2.9], [None], ["x"]]]), [[2.0], [0.0], [VALUE]])


def test_a_vector_of_blanks_alone_is_one_0() -> None:
    size = made(lambda values: len(values), values="sequence")  # noqa: PLW0108 - a function with a docstring of its own
    assert call(size, [[[None], [None]]]) == 1
    assert call(size, [[[None], [2.0], [3.0]]]) == 2


def test_a_table_parameter_sees_the_range_as_it_stands() -> None:
    size = made(lambda rows: f"{len(rows)}x{len(rows[0])} {rows[0][0]}", rows="table")
    assert call(size, [[["name", "value"], ["x", None]]]) == "2x2 name"
    assert call(size, ["lone"]) == "1x1 lone"


class Unit(float):
    """A number of a user's own type."""


RESULTS: dict[str, tuple[Any, Any]] = {
    "a number": (1.5, 1.5),
    "a whole number": (2, 2.0),
    "a number of another type": (Unit(1.5), 1.5),
    "a NumPy float": (np.float32(0.5), 0.5),
    "a long NumPy float": (np.longdouble("0.5"), 0.5),
    "a NumPy integer": (np.int64(3), 3.0),
    "a NumPy boolean": (np.True_, True),
    "a NumPy text": (np.str_("x"), "x"),
    "an array without axes": (np.array(1.5), 1.5),
    "text": ("hello", "hello"),
    "text longer than a cell": ("x" * 32_768, VALUE),
    "a boolean": (True, True),
    "a date": (DAY, DAY),
    "a moment": (dt.datetime(2023, 10, 29, 12), dt.datetime(2023, 10, 29, 12)),
    "a NumPy moment": (np.datetime64("2023-10-29T12:00:00.000000000"), dt.datetime(2023, 10, 29, 12)),
    "a pandas moment": (pd.Timestamp("2023-10-29"), dt.datetime(2023, 10, 29)),
    "moments": (np.array(["2023-10-29"], dtype="datetime64[ns]"), [[dt.datetime(2023, 10, 29)]]),
    "no moment": (pd.NaT, NA),
    "no moment among others": ([pd.NaT, 1.0], [[NA], [1.0]]),
    "a Decimal": (Decimal("0.5"), 0.5),
    "a Decimal that is none": (Decimal("NaN"), NUM),
    "a Decimal that signals": (Decimal("sNaN"), NUM),
    "nothing": (None, NA),
    "nan": (math.nan, NUM),
    "inf": (math.inf, DIV0),
    "-inf": (-math.inf, DIV0),
    "a complex number": (1j, NUM),
    "a huge whole number": (10**400, NUM),
    "an error": (REF, REF),
    "bytes": (b"x", VALUE),
    "a dict": ({1: 2}, VALUE),
    "a set": ({1}, VALUE),
    "an object": (object(), VALUE),
    "a flat array": (np.array([1.0, 2.0]), [[1.0], [2.0]]),
    "a flat list": ([1, "x", None], [[1.0], ["x"], [NA]]),
    "a tuple": ((1.0, True), [[1.0], [True]]),
    "rows": ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0]]),
    "rows as an array": (np.array([[1, 2], [3, 4]]), [[1.0, 2.0], [3.0, 4.0]]),
    "rows with an error": ([["a", DIV0]], [["a", DIV0]]),
    "nan and inf in an array": (np.array([[1.0, np.nan, np.inf]]), [[1.0, NUM, DIV0]]),
    "booleans": (np.array([True, False]), [[True], [False]]),
    "complex numbers": (np.array([1j]), [[NUM]]),
    "a masked array": (np.ma.masked_array([1.0, 2.0], [False, True]), [[1.0], [NA]]),
    "rows of different length": ([[1.0, 2.0], [3.0]], VALUE),
    "an empty list": ([], NA),
    "three axes": (np.zeros((2, 2, 2)), VALUE),
    "a Series": (pd.Series([1.0, 2.0]), [[1.0], [2.0]]),
    "a Series with a gap": (pd.Series([1.0, None]), [[1.0], [NUM]]),
    "a DataFrame": (pd.DataFrame({"a": [1, 2], "b": ["x", None]}), [[1.0, "x"], [2.0, NA]]),
    "a missing value of pandas": (pd.NA, VALUE),
}


@pytest.mark.parametrize(("returned", "shown"), RESULTS.values(), ids=RESULTS.keys())
def test_result(returned: Any, shown: Any) -> None:
    if isinstance(returned, pd.DataFrame):
        returned = returned.astype(object).where(returned.notna(), None)
    assert_shows(call(made(lambda: returned), []), shown)


@pytest.mark.parametrize("words", ["float", "array_like"])
@pytest.mark.parametrize(("returned", "shown"), RESULTS.values(), ids=RESULTS.keys())
def test_result_over_a_range_fits_its_element(returned: Any, shown: Any, words: str) -> None:
    def odd(x: float) -> Any:
        if np.ndim(x):
            raise ValueError("one at a time")
        return returned if x == 1 else x

    one = shown[0][0] if isinstance(shown, list) and len(shown) == len(shown[0]) == 1 else shown
    assert_shows(call(made(odd, x=words), [[[1.0, 2.0]]]), [[VALUE if isinstance(one, list) else one, 2.0]])


def test_an_array_function_may_answer_with_one_value_for_all() -> None:
    assert_shows(call(made(lambda x: 7, x="array_like"), [[[1.0], [2.0]]]), [[7.0], [7.0]])


def test_an_array_function_that_returns_another_shape_is_called_for_each_element() -> None:
    flat = made(lambda x: np.ravel(x) * 2, x="array_like")
    assert_shows(call(flat, [[[1.0], [2.0]]]), [[2.0], [4.0]])


FAILURES: list[tuple[Exception, CellError, int | None]] = [
    (ZeroDivisionError("secret"), DIV0, None),
    (OverflowError("secret"), NUM, None),
    (LookupError("secret"), NA, logging.INFO),
    (KeyError("secret"), NA, logging.INFO),
    (IndexError("secret"), NA, logging.INFO),
    (ValueError("secret"), VALUE, logging.WARNING),
    (TypeError("secret"), VALUE, logging.WARNING),
    (AttributeError("secret"), VALUE, logging.WARNING),
    (AssertionError("secret"), VALUE, logging.WARNING),
    (FloatingPointError("secret"), VALUE, logging.WARNING),
    (RuntimeError("secret"), VALUE, logging.WARNING),
    (RecursionError("secret"), VALUE, logging.WARNING),
    (OSError("secret"), VALUE, logging.WARNING),
    (MemoryError("secret"), VALUE, logging.WARNING),
]


@pytest.mark.parametrize("words", ["float", "array_like"])
@pytest.mark.parametrize(("failure", "shown", "level"), FAILURES, ids=lambda value: type(value).__name__)
def test_an_exception_becomes_an_error_and_a_log_record(
    failure: Exception, shown: CellError, level: int | None, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(x: float) -> float:
        if np.any(np.asarray(x) == 1):
            raise failure
        return x

    record = made(fails, x=words)
    with caplog.at_level(logging.INFO, "xlgenai.functions"):
        assert_shows(call(record, [1.0]), shown)
        assert [entry.levelno for entry in caplog.records] == ([] if level is None else [level])
        assert all("FAILS" in entry.getMessage() for entry in caplog.records)
        assert_shows(call(record, [[[2.0], [1.0], [3.0]]]), [[2.0], [shown], [3.0]])


number = st.one_of(
    st.floats(0.01, 10),
    st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, 1e-300, 1e300]),
    st.floats(allow_nan=False, allow_infinity=False),
)
plain: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.FLAG: st.booleans(),
    Kind.TEXT: st.sampled_from(["revenue", "NET_MARGIN", "data_center_growth_qoq", "run_rate", "ebitda", ""]),
    Kind.DATE: st.sampled_from(["", "FY2024Q3", "FY2024", "FY1066", "soon", SERIAL, 0.0, 1e9]),
    Kind.TABLE: st.sampled_from([OMITTED, [["fiscal_year"], [2024.0]]]),
    Kind.VECTOR: st.lists(st.tuples(number, st.one_of(number, st.none())), min_size=1, max_size=4),
}
shapes = st.sampled_from([(2, 1), (1, 2), (3, 1), (2, 2), (1, 3)])
each_function = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS.keys())
each_elementwise = pytest.mark.parametrize(
    ("function", "place"),
    [(f, i) for f in FUNCTIONS.values() for i, p in enumerate(f.parameters) if p.kind not in WHOLE],
    ids=lambda value: value.name if isinstance(value, Function) else str(value),
)
quick = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def one(parameter: Parameter) -> st.SearchStrategy[Any]:
    """What may stand for a parameter; a whole range where it takes one."""
    return plain.get(parameter.kind, number)


@st.composite
def scalars(draw: st.DrawFn, function: Function) -> list[Any]:
    return [draw(one(parameter)) for parameter in function.parameters]


def block(parameter: Parameter, shape: tuple[int, int]) -> st.SearchStrategy[list[list[Any]]]:
    row = st.lists(one(parameter), min_size=shape[1], max_size=shape[1])
    return st.lists(row, min_size=shape[0], max_size=shape[0])


@each_function
@given(st.data())
@quick
def test_finite_in_finite_or_an_error_out(function: Function, data: st.DataObject) -> None:
    assert_cell_values(call(function, data.draw(scalars(function))))


@each_function
@given(st.data())
@quick
def test_a_range_gives_element_by_element_what_scalars_give(function: Function, data: st.DataObject) -> None:
    rows, columns = shape = data.draw(shapes)
    arguments = data.draw(scalars(function))
    elementwise = [i for i, parameter in enumerate(function.parameters) if parameter.kind not in WHOLE]
    ranges = data.draw(st.lists(st.sampled_from(elementwise), min_size=1, unique=True))
    blocks = {i: data.draw(block(function.parameters[i], shape)) for i in ranges}
    result = call(function, [blocks.get(i, argument) for i, argument in enumerate(arguments)])
    alone = [
        [
            call(function, [blocks[i][r][c] if i in blocks else argument for i, argument in enumerate(arguments)])
            for c in range(columns)
        ]
        for r in range(rows)
    ]
    assert_shows(result, alone)


@each_elementwise
@given(st.data())
@quick
def test_an_odd_cell_changes_its_own_element_only(function: Function, place: int, data: st.DataObject) -> None:
    parameter = function.parameters[place]
    rows, columns = shape = data.draw(shapes)
    arguments = data.draw(scalars(function))
    cells = data.draw(block(parameter, shape))
    before = call(function, [*arguments[:place], cells, *arguments[place + 1 :]])
    r, c = data.draw(st.tuples(st.integers(0, rows - 1), st.integers(0, columns - 1)))
    odd = data.draw(
        st.sampled_from(list(CellError) if parameter.kind in {Kind.TEXT, Kind.DATE} else [None, "5", *CellError])
    )
    cells[r][c] = odd
    after = call(function, [*arguments[:place], cells, *arguments[place + 1 :]])
    blank = call(function, [*arguments[:place], 0.0, *arguments[place + 1 :]])
    assert isinstance(before, list)
    expected = [list(row) for row in before]
    expected[r][c] = odd if isinstance(odd, CellError) else VALUE if odd else blank  # type: ignore[assignment]
    assert_shows(after, expected)
