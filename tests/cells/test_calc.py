"""What Calc hands over and takes: numbers, texts, nothing, rows of them, and errors as numbers that are none."""

from __future__ import annotations

import datetime as dt
import math
import struct
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlgenai.cells.calc import CODES, callback, shown
from xlgenai.cells.function import describe
from xlgenai.cells.modules import load_functions
from xlgenai.cells.values import CellError

FUNCTIONS = load_functions()
NULL, DIV0, VALUE, REF, NAME, NUM, NA = CellError
NUMBERS = {NULL: 521, DIV0: 532, VALUE: 519, REF: 524, NAME: 525, NUM: 503, NA: 32767}
"""Calc's numbers of its errors, as its help lists them."""


def code(value: object) -> int:
    """The number of the error that Calc would show."""
    assert isinstance(value, float)
    assert math.isnan(value)
    low, high = struct.unpack("<II", struct.pack("<d", value))
    assert high == 0x7FF80000
    return int(low)


def echo(taken: Any) -> Any:
    """What is given.

    Parameters
    ----------
    taken : table
        Anything.
    """
    return taken


def ask(name: str, *arguments: Any) -> Any:
    return callback(FUNCTIONS[name])(*arguments)


def test_a_number_comes_out_as_one_row() -> None:
    assert ask("NET_MARGIN", 9.2, 18.4) == ((0.5,),)
    assert ask("IMPLIED_GROSS_MARGIN", 2.0, None, None, None) == ((0.5,),)


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("NET_MARGIN", (1.0, 0.0), DIV0),
        ("NET_MARGIN", (1.0, -1.0), NUM),
        ("NET_MARGIN", (1.0, "text"), VALUE),
        ("NET_MARGIN", (1.0, ""), VALUE),
        ("NET_MARGIN", (1.0, None), VALUE),
        ("NET_MARGIN", (1.0,), VALUE),
        ("NET_MARGIN", (1.0, 1.0, 1.0), VALUE),
        ("NVIDIA", ("revenue", "FY1999", None), NA),
    ],
)
def test_an_error_is_a_number_that_carries_its_code(name: str, arguments: tuple[Any, ...], error: CellError) -> None:
    ((value,),) = ask(name, *arguments)
    assert code(value) == NUMBERS[error]


def test_every_error_has_the_code_that_calc_gives_it() -> None:
    assert dict(CODES) == NUMBERS
    assert [code(shown(error)[0][0]) for error in CellError] == list(NUMBERS.values())


def test_errors_stay_in_their_own_cells() -> None:
    (good,), (zero,), (text,) = ask("NET_MARGIN", ((9.2,), (1.0,), ("n/a",)), ((18.4,), ("",), (1.0,)))
    assert good == 0.5
    assert (code(zero), code(text)) == (NUMBERS[DIV0], NUMBERS[VALUE])


def test_an_empty_cell_of_a_range_is_skipped_in_a_vector() -> None:
    assert ask("LAYER_SHARE", 90.0, ((90.0,), ("",), (10.0,))) == ((0.9,),)


def test_a_zero_is_an_empty_cell_where_a_text_or_a_date_is_asked_for() -> None:
    latest = ask("NVIDIA", "revenue", None, None)
    assert ask("NVIDIA", "revenue", 0.0, None) == latest
    ((unknown,),) = ask("NVIDIA", 0.0, None, None)
    assert code(unknown) == NUMBERS[NA]


@pytest.mark.parametrize(
    ("result", "rows"),
    [
        (True, ((1.0,),)),
        (3, ((3.0,),)),
        ("text", (("text",),)),
        (dt.date(2023, 10, 29), ((45228.0,),)),
        ([[1.0, "a"], [dt.datetime(1900, 3, 1, 12), False]], ((1.0, "a"), (61.5, 0.0))),
        ([[1.0, 2.0]], ((1.0, 2.0),)),
    ],
)
def test_what_a_cell_can_show_arrives_as_numbers_and_texts(result: Any, rows: Any) -> None:
    assert shown(result) == rows
    assert all(type(cell) in (float, str) for row in shown(result) for cell in row)


@given(st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2), min_size=1))
def test_a_table_goes_through_as_it_is(rows: list[list[float]]) -> None:
    given_rows = tuple(map(tuple, rows))
    assert callback(describe(echo))(given_rows) == given_rows


def test_nothing_is_ever_raised() -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("no")

    ((value,),) = callback(replace(FUNCTIONS["NET_MARGIN"], call=fails))(1.0, 2.0)
    assert code(value) == NUMBERS[VALUE]
