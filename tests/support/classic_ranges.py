"""Random ranges through xlwings' Windows code, with our accessor and without: run as a module; any difference ends it.

It must be a process of its own, as `tests.support.classic` says.
"""

from __future__ import annotations

import datetime as dt
import logging
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.classic import ComRange, answer, load_classic, stock_conversion

if TYPE_CHECKING:
    from collections.abc import Callable

STOCK: Final = {"ndim": 2, "err_to_str": True}
DAY: Final = dt.datetime(2023, 10, 29, tzinfo=dt.UTC)
ERRORS: Final = [-2146826281, -2146826246, -2146826273, -2146826243]
Rows = tuple[tuple[Any, ...], ...]

numbers = st.floats()
others = st.sampled_from([None, "", "#N/A", "5", "revenue", "FY2024Q3", True, False, DAY, Decimal("9.5"), *ERRORS])
many = settings(deadline=None, max_examples=300, database=None)


@st.composite
def matrices(draw: st.DrawFn) -> Rows:
    """Rows of one length as COM hands them over: numbers only, numbers with a few other cells, or anything."""
    height, width = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    cell = draw(st.sampled_from([numbers, st.one_of(numbers, numbers, numbers, others), others]))
    row = st.tuples(*[cell] * width)
    return tuple(draw(st.lists(row, min_size=height, max_size=height)))


def same_values(conversion: Any, as_range: Callable[[Rows], Any]) -> None:
    """Hold the argument that our accessor gives against the stock one, from a range and from an array."""
    from xlgenai.cells.fast_ranges import NumberRange  # noqa: PLC0415 - after the stubs

    @many
    @given(matrices())
    def check(rows: Rows) -> None:
        lone = len(rows) == len(rows[0]) == 1
        for where, value in ((as_range(rows), None), (None, rows[0][0] if lone else rows)):
            stock = conversion.read(where, value, STOCK)
            ours = conversion.read(where, value, STOCK | {"convert": NumberRange})
            plain = {type(cell) for row in rows for cell in row} == {float}
            assert isinstance(ours, np.ndarray) == (plain and not lone)
            assert repr(ours.tolist() if isinstance(ours, np.ndarray) else ours) == repr(stock)

    check()


def same_answers(classic: Any, ours: Any) -> None:
    """Hold what a cell shows against what it shows with stock conversion, for every argument of every function."""
    places = [(name, place) for name in ours.__all__ for place in range(len(getattr(ours, name).__xlfunc__["args"]))]

    @many
    @given(st.sampled_from(places), matrices(), st.data())
    def check(place: tuple[str, int], rows: Rows, data: st.DataObject) -> None:
        name, index = place
        count = len(getattr(ours, name).__xlfunc__["args"])
        arguments = [data.draw(st.sampled_from([0.5, 2.0, "revenue", "FY2024Q3"])) for _ in range(count)]
        arguments[index] = {"range": rows}
        with stock_conversion(ours):
            stock = answer(classic, name, arguments)
        assert repr(answer(classic, name, arguments)) == repr(stock)

    check()


def main() -> None:
    """Run both; a failing example is printed on the way out, and no reason of an error before it."""
    logging.disable()
    classic, ours = load_classic()
    from xlwings import Range, _xlwindows, conversion  # noqa: PLC0415 - after the stubs

    def as_range(rows: Rows) -> Any:
        return Range(impl=_xlwindows.Range(xl=ComRange(rows)))  # type: ignore[no-untyped-call]

    same_values(conversion, as_range)
    same_answers(classic, ours)


if __name__ == "__main__":
    main()
