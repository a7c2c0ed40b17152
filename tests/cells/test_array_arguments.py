"""A range that arrives as one array of numbers gives what its rows give, whatever a parameter asks for."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.support.made import made
from xlgenai.cells.boundary import call
from xlgenai.cells.function import Kind
from xlgenai.cells.values import CellError

ROWS = [[1.0, 2.5], [0.0, -3.0]]


def seen(x: Any) -> str:
    """What a function is given, in words: its type and its value."""
    return f"{type(x).__name__} {x.tolist() if isinstance(x, np.ndarray) else x!r}"


def doubled(x: Any) -> Any:
    assert isinstance(x, np.ndarray)
    assert x.dtype == np.float64
    return x * 2


SEEN: dict[Kind, tuple[Any, Any]] = {
    Kind.ARRAY: (doubled, [[2.0, 5.0], [0.0, -6.0]]),
    Kind.NUMBER: (seen, [["float 1.0", "float 2.5"], ["float 0.0", "float -3.0"]]),
    Kind.INTEGER: (seen, [["int 1", "int 2"], ["int 0", "int -3"]]),
    Kind.FLAG: (seen, [["bool True", "bool True"], ["bool False", "bool True"]]),
    Kind.TEXT: (seen, [["str '1'", "str '2.5'"], ["str '0'", "str '-3'"]]),
    Kind.DATE: (seen, [["float 1.0", "float 2.5"], ["float 0.0", "float -3.0"]]),
    Kind.VECTOR: (seen, "ndarray [1.0, 2.5, 0.0, -3.0]"),
    Kind.TABLE: (seen, "list [[1.0, 2.5], [0.0, -3.0]]"),
}
ONE: dict[Kind, str] = {
    Kind.ARRAY: "float 2.5",
    Kind.NUMBER: "float 2.5",
    Kind.INTEGER: "int 2",
    Kind.FLAG: "bool True",
    Kind.TEXT: "str '2.5'",
    Kind.DATE: "float 2.5",
    Kind.VECTOR: "ndarray [2.5]",
    Kind.TABLE: "list [[2.5]]",
}
every_kind = pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)


@every_kind
def test_an_array_is_read_as_its_rows_are(kind: Kind) -> None:
    function, shown = SEEN[kind]
    assert call(made(function, x=kind.value), [np.array(ROWS)]) == shown
    assert call(made(function, x=kind.value), [ROWS]) == shown


@every_kind
def test_an_array_of_one_cell_is_its_value(kind: Kind) -> None:
    assert call(made(seen, x=kind.value), [np.array([[2.5]])]) == ONE[kind]


@every_kind
@pytest.mark.parametrize("shape", [(), (0,), (3,), (0, 1), (1, 0), (2, 2, 2)], ids=str)
def test_an_array_that_is_no_range_is_refused(kind: Kind, shape: tuple[int, ...]) -> None:
    assert call(made(seen, x=kind.value), [np.ones(shape)]) is CellError.VALUE


def test_what_is_no_number_is_an_error_in_its_element() -> None:
    odd = np.array([[math.inf, 1.0, math.nan]])
    assert call(made(doubled, x="array_like"), [odd]) == [[CellError.NUM, 2.0, CellError.NUM]]
    assert call(made(seen, x="sequence"), [odd]) is CellError.NUM


def test_arrays_rows_and_numbers_are_broadcast_together() -> None:
    total = made(lambda x, y, z: x + y + z, x="array_like", y="array_like", z="array_like")
    assert call(total, [np.array([[1.0], [2.0]]), [[10.0, None]], 0.5]) == [[11.5, 1.5], [12.5, 2.5]]
    assert call(total, [np.ones((2, 1)), np.ones((3, 1)), 0.5]) is CellError.VALUE


@pytest.mark.parametrize("kind", [Kind.ARRAY, Kind.VECTOR], ids=lambda kind: kind.value)
def test_a_function_that_writes_into_its_argument_changes_nothing_outside(kind: Kind) -> None:
    def sorts(x: Any) -> Any:
        x[...] = 7.0
        return x.ravel()[0]

    mine = np.array(ROWS)
    call(made(sorts, x=kind.value), [mine])
    assert mine.tolist() == ROWS
