"""Our accessor against xlwings' own conversion: the same values whatever the cells hold, and an array for numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from xlwings.conversion import CleanDataFromReadStage, ValueAccessor

from xlgenai.cells.fast_ranges import FLOATS, NUMBERS, NumberRange, NumbersStage, in_one_go

ROOT = Path(__file__).parents[2]
NA = -2146826246


def test_random_ranges_through_the_windows_code() -> None:
    """Hypothesis runs in the process that has it; a range that differs is in what the process says."""
    command = [sys.executable, "-m", "tests.support.classic_ranges"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("options", [{}, {"ndim": 2}, {"ndim": 2, "err_to_str": True, "expand": "table"}], ids=str)
def test_every_other_step_is_xlwings_own(options: dict[str, Any]) -> None:
    ours = [type(step) for step in NumberRange.reader(options)]
    stock = [type(step) for step in ValueAccessor.reader(options)]  # type: ignore[no-untyped-call]
    assert ours == [NumbersStage if step is CleanDataFromReadStage else step for step in stock]
    assert ours.count(NumbersStage) == 1


NUMERIC: dict[str, Any] = {
    "a column": ((1.0,), (2.5,), (-0.0,)),
    "a row": ((1.0, 2.0, 3.0),),
    "a block": ((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)),
    "lists": [[1.0, 2.0], [3.0, 4.0]],
}
OTHER: dict[str, Any] = {
    "a blank": ((1.0,), (None,)),
    "an error, which looks like a number": ((1.0,), (NA,)),
    "nothing but errors": ((NA,), (NA,)),
    "a text that looks like a number": ((1.0,), ("5",)),
    "a boolean": ((1.0, True),),
    "nothing but booleans": ((True,), (False,)),
    "a date": ((1.0,), (np.datetime64("2023-10-29"),)),
    "a NumPy number, which no host hands over": ((np.float64(1.0),), (2.0,)),
    "no rows": (),
    "no columns": ((), ()),
    "a column with a longer row": ((1.0,), (2.0, 3.0)),
    "a column with an empty row": ((1.0,), (), (2.0,)),
    "rows of different length": ((1.0, 2.0), (3.0,)),
}


@pytest.mark.parametrize("rows", NUMERIC.values(), ids=NUMERIC.keys())
def test_numbers_become_one_array(rows: Any) -> None:
    array = in_one_go(rows, FLOATS)
    assert isinstance(array, np.ndarray)
    assert array.dtype == np.float64
    assert repr(array.tolist()) == repr([list(row) for row in rows])


@pytest.mark.parametrize("rows", OTHER.values(), ids=OTHER.keys())
def test_anything_else_does_not(rows: Any) -> None:
    assert in_one_go(rows, FLOATS) is None


def stage(engine: str) -> tuple[NumbersStage, Any]:
    """Our step before one that only marks what it was given, and a context of the engine with a range of ints."""
    context = SimpleNamespace(value=[[1], [2]], meta={}, engine=SimpleNamespace(name=engine))
    return NumbersStage(lambda c: setattr(c, "value", ["stock", c.value])), context


def test_an_int_is_a_number_on_a_server_and_an_error_in_excel_itself() -> None:
    step, context = stage("officejs")
    step(context)
    assert isinstance(context.value, np.ndarray)
    assert context.value.tolist() == [[1.0], [2.0]]
    step, context = stage("excel")
    step(context)
    assert context.value == ["stock", [[1], [2]]]
    assert in_one_go([[1], [True]], NUMBERS) is None


def test_a_single_value_takes_xlwings_own_way() -> None:
    step, context = stage("officejs")
    context.value, context.meta = [[1.0]], {"scalar": True}
    step(context)
    assert context.value == ["stock", [[1.0]]]
