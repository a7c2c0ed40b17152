"""What holds for every function alike: where inf and nan stand, arrays like scalars, shapes, and silence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgenai import finance

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import DrawFn


@dataclass(frozen=True)
class Case:
    """One function with its domain, restated in plain Python for scalars."""

    name: str
    elementwise: int
    divisors: Callable[..., list[float]]
    inside: Callable[..., bool]
    vectors: tuple[int, ...] = ()

    @property
    def call(self) -> Callable[..., Any]:
        return getattr(finance, self.name)  # type: ignore[no-any-return]

    @property
    def arguments(self) -> int:
        return self.elementwise + len(self.vectors)


def unit(*shares: float) -> bool:
    return all(0 <= share <= 1 for share in shares)


def whole(years: float) -> float:
    return round(years) if abs(years - round(years)) < 1e-9 else years


def covered(years: float, *growths: list[float]) -> bool:
    return all(len(rates) == 1 or whole(years) in range(len(rates) + 1) for rates in growths)


def compounded(years: float, rates: list[float], other: list[float]) -> list[float]:
    """The rates that count: a constant one always, of a path as many as the years ask for."""
    if len(rates) == 1:
        return rates
    return rates[: round(years)] if covered(years, rates, other) else []


CASES = [
    Case("layer_share", 1, lambda v, vs: [sum(vs)], lambda v, vs: v >= 0 and min(vs) >= 0, (1,)),
    Case("capture_index", 2, lambda r, f: [f], unit),
    Case("concentration", 0, lambda vs: [sum(vs)], lambda vs: min(vs) >= 0, (0,)),
    Case("implied_gross_margin", 4, lambda m, h, s, k: [m, h], lambda m, h, s, k: m > 0 and unit(h, s) and k >= 0),
    Case("implied_tam_multiple", 4, lambda g, h, s, k: [1 - g, h], lambda g, h, s, k: g < 1 and unit(h, s) and k >= 0),
    Case("net_margin", 2, lambda n, r: [r], lambda n, r: r > 0),
    Case(
        "projected_tam_multiple",
        3,
        lambda a, i, up, down, t: [i, *(1 + rate for rate in compounded(t, down, up))],
        lambda a, i, up, down, t: (
            (a >= 0 and i > 0 and covered(t, up, down))
            and min([0.0, *compounded(t, up, down), *compounded(t, down, up)]) > -1
        ),
        (2, 3),
    ),
    Case(
        "crossover_years",
        5,
        lambda a, i, up, down, m: [i, 1 + down],
        lambda a, i, up, down, m: a >= 0 and i > 0 and up > -1 and down > -1 and m > 0,
    ),
    Case("required_growth", 3, lambda c, g, t: [c, t], lambda c, g, t: c > 0 and g > 0 and t > 0),
    Case("compute_spend", 2, lambda f, s: [], lambda f, s: f >= 0 and unit(s)),
    Case("circular_revenue_share", 4, lambda f, r, s, p: [r], lambda f, r, s, p: f >= 0 and r > 0 and unit(s, p)),
    Case(
        "required_end_revenue",
        4,
        lambda c, s, e, m: [s, 1 - e, 1 - m],
        lambda c, s, e, m: c >= 0 and unit(s) and e < 1 and m < 1,
    ),
    Case(
        "breakeven_growth",
        6,
        lambda v, r, m, t, q, d: [r, m, t, 1 - d],
        lambda v, r, m, t, q, d: min(v, r, m, t) > 0 and q > -1 and unit(d),
    ),
    Case("venture_npv", 2, lambda r, f, vs: [1 + r], lambda r, f, vs: r > -1, (2,)),
    Case("venture_irr", 1, lambda f, vs: [], lambda f, vs: f > 0, (1,)),
]
every_function = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
elementwise_functions = pytest.mark.parametrize(
    "case", [case for case in CASES if case.elementwise], ids=lambda case: case.name
)

telling = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3.0, 1e-9, 5e-324, 1e308, -1e308])
finite_number = telling | st.floats(-2, 5) | st.floats(allow_nan=False, allow_infinity=False)
any_number = finite_number | st.sampled_from([math.nan, math.inf, -math.inf])
modest = st.sampled_from([0.0, 1.0, -1.0, 0.5, 2.0, 3.0]) | st.floats(-1.5, 4).map(lambda number: round(number, 1))


@st.composite
def call_arguments(draw: DrawFn, case: Case, number: st.SearchStrategy[float]) -> list[Any]:
    lists = st.lists(number, min_size=1, max_size=4)
    return [draw(lists if place in case.vectors else number) for place in range(case.arguments)]


def never_reached(case: Case, arguments: list[float]) -> bool:
    if case.name != "crossover_years":
        return False
    application, infrastructure, growth, growth_below, target = arguments
    start, pace = application / infrastructure, (1 + growth) / (1 + growth_below)
    return start < target * (1 - 1e-12) and (start == 0 or pace <= 1)


def check_against_domain(case: Case, arguments: list[Any]) -> float | None:
    """Hold one scalar result against the contract; None when the contract asked for inf, nan or a LookupError."""
    flat = np.hstack([np.ravel(argument) for argument in arguments])
    known = bool(np.isfinite(flat).all())
    zero = known and 0 in case.divisors(*arguments)
    inside = known and not zero and case.inside(*arguments)
    if inside and never_reached(case, arguments):
        with pytest.raises(LookupError):
            case.call(*arguments)
        return None
    result = float(case.call(*arguments))
    if inside:
        assert not math.isinf(result)
        return result
    np.testing.assert_equal(result, math.inf if zero else math.nan)
    return None


def test_every_function_has_its_case() -> None:
    assert sorted(case.name for case in CASES) == finance.__all__


@every_function
@given(st.data())
@settings(deadline=None, max_examples=40)
def test_inf_is_a_zero_denominator_and_nothing_else(case: Case, data: st.DataObject) -> None:
    check_against_domain(case, data.draw(call_arguments(case, finite_number)))


@every_function
@given(st.data())
@settings(deadline=None, max_examples=40)
def test_inside_the_domain_modest_arguments_give_a_finite_result(case: Case, data: st.DataObject) -> None:
    result = check_against_domain(case, data.draw(call_arguments(case, modest)))
    if result is not None and case.name != "venture_irr":  # which may have no answer inside its domain
        assert math.isfinite(result)


@every_function
@given(st.data())
@settings(deadline=None, max_examples=25)
def test_nan_and_inf_in_an_input_give_nan(case: Case, data: st.DataObject) -> None:
    arguments = data.draw(call_arguments(case, modest))
    place = data.draw(st.integers(0, case.arguments - 1))
    bad = data.draw(st.sampled_from([math.nan, math.inf, -math.inf]))
    arguments[place] = [bad] if place in case.vectors else bad
    assert math.isnan(case.call(*arguments))


@elementwise_functions
@given(st.data())
@settings(deadline=None, max_examples=40)
def test_an_array_is_its_scalars_one_by_one(case: Case, data: st.DataObject) -> None:
    rows = [data.draw(call_arguments(case, any_number)) for _ in range(data.draw(st.integers(1, 4)))]
    whole = {place: rows[0][place] for place in case.vectors}
    columns = [whole.get(place, [row[place] for row in rows]) for place in range(case.arguments)]
    try:
        expected = [float(case.call(*(whole.get(place, value) for place, value in enumerate(row)))) for row in rows]
    except LookupError:
        with pytest.raises(LookupError):
            case.call(*columns)
        return
    result = case.call(*columns)
    assert isinstance(result, np.ndarray)
    np.testing.assert_allclose(result, expected, rtol=1e-9, atol=1e-12)


@every_function
def test_scalars_give_a_numpy_float_and_axes_broadcast(case: Case) -> None:
    scalars = [[0.5, 0.25] if place in case.vectors else 0.5 for place in range(case.arguments)]
    scalar = case.call(*scalars)
    assert isinstance(scalar, np.float64)
    first = next((place for place in range(case.arguments) if place not in case.vectors), None)
    if first is None:
        return
    for shape in (2, 3), (0,), (1, 1, 1):
        result = case.call(*(np.full(shape, 0.5) if place == first else a for place, a in enumerate(scalars)))
        np.testing.assert_array_equal(result, np.full(shape, scalar))


@pytest.mark.parametrize("case", [case for case in CASES if case.elementwise > 1], ids=lambda case: case.name)
def test_shapes_that_do_not_fit_are_a_value_error(case: Case) -> None:
    first, second = [place for place in range(case.arguments) if place not in case.vectors][:2]
    shapes = {first: np.full(2, 0.5), second: np.full(3, 0.5)}
    with pytest.raises(ValueError, match="broadcast"):
        case.call(*(shapes.get(place, [0.5]) for place in range(case.arguments)))
