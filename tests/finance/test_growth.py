"""Projected multiples, crossover and required growth against algebra, loops and numpy_financial."""

from __future__ import annotations

import math

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xlgenai.finance import crossover_years, projected_tam_multiple, required_growth

revenue = st.floats(0.1, 1e4)
growth = st.floats(-0.5, 3)
path = st.lists(growth, min_size=2, max_size=6)


def test_projected_tam_multiple_of_the_catalogue() -> None:
    assert float(projected_tam_multiple(10, 90, 1, 0.5, 5)) == pytest.approx(0.468221, abs=1e-6)


@given(revenue, revenue, growth, growth, st.floats(-20, 20))
@settings(deadline=None)
def test_constant_growth_follows_logarithms(a: float, i: float, above: float, below: float, years: float) -> None:
    expected = math.exp(math.log(a) - math.log(i) + years * (math.log1p(above) - math.log1p(below)))
    assert float(projected_tam_multiple(a, i, above, below, years)) == pytest.approx(expected, rel=1e-9)


@given(revenue, revenue, path, path)
@settings(deadline=None)
def test_paths_compound_year_by_year(a: float, i: float, above: list[float], below: list[float]) -> None:
    covered = min(len(above), len(below))
    expected, top, bottom = [a / i], a, i
    for up, down in zip(above[:covered], below[:covered], strict=True):
        top, bottom = top * (1 + up), bottom * (1 + down)
        expected.append(top / bottom)
    np.testing.assert_allclose(projected_tam_multiple(a, i, above, below, range(covered + 1)), expected, rtol=1e-9)
    assert math.isnan(projected_tam_multiple(a, i, above, below, covered + 1))


@given(revenue, revenue, growth, growth, st.integers(2, 6))
@settings(deadline=None)
def test_a_flat_path_is_a_constant_rate(a: float, i: float, above: float, below: float, length: int) -> None:
    expected = a / i * ((1 + above) / (1 + below)) ** length
    rising, falling = np.full(length, above), np.full((1, length), below)
    for up, down in (rising, np.float64(below)), (np.float64(above), falling), (rising, falling):
        assert float(projected_tam_multiple(a, i, up, down, length)) == pytest.approx(expected, rel=1e-9)


def test_years_pick_from_the_start_element_by_element() -> None:
    years = np.array([[0, 1, 2], [-1, 1.5, 3]])
    expected = [[0.1, 0.2, 0.3], [math.nan] * 3]
    np.testing.assert_allclose(projected_tam_multiple(10, 100, [1, 0.5], 0, years), expected)


def test_years_are_whole_but_for_rounding() -> None:
    assert 0.3 / 0.1 != 3
    assert float(projected_tam_multiple(10, 100, [1, 0.5, 0], 0, 0.3 / 0.1)) == pytest.approx(0.3)


def test_a_vector_of_one_is_a_constant_rate() -> None:
    assert float(projected_tam_multiple(10, 100, [1], [[0]], 2.5)) == pytest.approx(0.1 * 2**2.5)
    assert float(projected_tam_multiple(10, 100, 1, 0, -1)) == pytest.approx(0.05)


def test_an_empty_path_covers_no_year() -> None:
    np.testing.assert_equal(projected_tam_multiple(10, 100, [], 0.5, [0, 1]), [0.1, math.nan])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1, 0, 1, 1, 1), math.inf),
        ((-1, 0, 1, 1, 1), math.inf),
        ((1, 1, 1, -1, 1), math.inf),
        ((1, 1, -3, -1, 0), math.inf),
        ((0, 1, 1, 1, 1), 0.0),
        ((-1, 1, 1, 1, 1), math.nan),
        ((1, -1, 1, 1, 1), math.nan),
        ((1, 1, -1, 1, 1), math.nan),
        ((1, 1, 1, -1.5, 2), math.nan),
        ((1, 1, 1, 0, 5000), math.nan),
        ((1, 1, math.inf, [0, 0], 0), math.nan),
        ((1, 1, 0, math.inf, 1), math.nan),
        ((1, 1, 0, [1, math.inf], 2), math.nan),
        ((1, 1, 0, [1, math.inf], 1), 0.5),
        ((1, 1, 0, [1, -1], 1), 0.5),
        ((1, 1, 0, [1, -1], 2), math.inf),
        ((1, 1, 0, [-2, -1], 1), math.nan),
        ((1, 1, 0, [-2, -1], 2), math.inf),
        ((1, 1, [-2, 0], 0, 0), 1.0),
        ((1, 1, [-2, 0], 0, 2), math.nan),
        ((1, 0, [1, 1], 0, 9), math.inf),
        ((1, 1, [1, 1], 0, math.nan), math.nan),
    ],
)
def test_projected_tam_multiple_at_the_edges(
    arguments: tuple[float, float, float, float, float], expected: float
) -> None:
    np.testing.assert_equal(float(projected_tam_multiple(*arguments)), expected)


def test_crossover_years_of_the_catalogue() -> None:
    assert float(crossover_years(10, 90, 1, 0.5)) == pytest.approx(math.log(9) / math.log(4 / 3), abs=1e-9)
    expected = [math.log(9 * target) / math.log(4 / 3) for target in (2, 3, 4)]
    np.testing.assert_allclose(expected, [10.05, 11.46, 12.46], atol=0.005)
    np.testing.assert_allclose(crossover_years(10, 90, 1, 0.5, [2, 3, 4]), expected, atol=1e-9)


@given(revenue, revenue, growth, st.floats(0.01, 2), st.floats(0.1, 10))
@settings(deadline=None)
def test_at_the_crossover_the_projection_is_the_target(
    a: float, i: float, below: float, gap: float, target: float
) -> None:
    years = float(crossover_years(a, i, below + gap, below, target))
    assume(a / i < target * (1 - 1e-9))
    assert years > 0
    assert a / i * ((1 + below + gap) / (1 + below)) ** years == pytest.approx(target, rel=1e-9)


@given(revenue, st.floats(1, 10), growth, growth)
@settings(deadline=None)
def test_a_multiple_that_is_already_there_takes_no_time(i: float, times: float, above: float, below: float) -> None:
    a = i * times
    assume(a / i >= 1)
    assert float(crossover_years(a, i, above, below)) == 0.0


@pytest.mark.parametrize(
    "arguments",
    [
        (1, 2, 1e-20, 0),
        (1e-300, 1e300, 1, 0),
        (10, 90, 0.5, 0.5),
        (10, 90, 0.2, 0.5),
        (0, 90, 1, 0.5),
        (10, 90, [1, 0.5], 0.5),
        ([10, 0], 90, 1, 0.5),
    ],
)
def test_a_multiple_never_reached_is_a_lookup_error(arguments: tuple[float, float, float, float]) -> None:
    with pytest.raises(LookupError, match="never"):
        crossover_years(*arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((100, 90, 0.1, 0.5), 0.0),
        ((1, 0, 1, 0), math.inf),
        ((0, 0, 0, 0), math.inf),
        ((1, 2, 1, -1), math.inf),
        ((-1, 2, 1, 0), math.nan),
        ((1, -2, 1, 0), math.nan),
        ((1, 2, -1, 0), math.nan),
        ((1, 2, 0, -1.5), math.nan),
        ((1, 2, 1, 0, 0), math.nan),
        ((1, 2, 1, 0, -1), math.nan),
        ((1, 2, 0, math.inf), math.nan),
        ((1, 2, math.inf, 0), math.nan),
    ],
)
def test_crossover_years_at_the_edges(arguments: tuple[float, float, float, float], expected: float) -> None:
    np.testing.assert_equal(float(crossover_years(*arguments)), expected)


def test_a_target_missed_by_rounding_alone_is_reached() -> None:
    assert 0.3 / 0.1 < 3
    assert float(crossover_years(0.3, 0.1, 0.2, 0.5, 3)) == 0.0
    assert float(crossover_years(0.3, 0.1, 1, 0.5, 3 * (1 + 1e-9))) > 0


def test_elements_that_do_not_wait_never_disturb_those_that_do() -> None:
    years = crossover_years([10, 100, 10, -1], [90, 90, 0, 90], [1, 0.5, 0.5, 1], 0.5)
    np.testing.assert_allclose(years, [math.log(9) / math.log(4 / 3), 0, math.inf, math.nan])


def test_required_growth_of_the_catalogue() -> None:
    assert float(required_growth(1.6, 26.2451, 5)) == pytest.approx(0.749789, abs=1e-6)


@given(st.floats(0.1, 100), st.floats(-0.3, 1), st.integers(1, 10))
@settings(deadline=None)
def test_required_growth_undoes_growth(current: float, rate: float, years: int) -> None:
    target = current * (1 + rate) ** years
    assert float(required_growth(current, target, years)) == pytest.approx(rate, abs=1e-9)


@given(st.floats(0.1, 100), st.floats(1, 20), st.integers(1, 10))
@settings(deadline=None)
def test_required_growth_agrees_with_rate_where_that_converges(current: float, times: float, years: int) -> None:
    with np.errstate(all="ignore"):  # rate warns, and gives nan, when it hits the root at once
        oracle = float(npf.rate(years, 0, -current, current * times, tol=1e-12))
    assume(oracle > -1)
    assert float(required_growth(current, current * times, years)) == pytest.approx(oracle, abs=1e-8)


def test_required_growth_stands_where_rate_returns_nonsense() -> None:
    assert npf.rate(5, 0, 1.6, 26) < -1
    assert float(required_growth(1.6, 26, 5)) == pytest.approx(math.expm1(math.log(26 / 1.6) / 5), abs=1e-12)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0, 1, 1), math.inf),
        ((1, 1, 0), math.inf),
        ((-1, -1, 0), math.inf),
        ((1, 0, 1), math.nan),
        ((-1, -1, 1), math.nan),
        ((1, 1, -1), math.nan),
        ((1, 2, math.inf), math.nan),
        ((1e-300, 1e300, 1), math.nan),
        ((1e300, 1e-300, 1000), math.nan),
    ],
)
def test_required_growth_at_the_edges(arguments: tuple[float, float, float], expected: float) -> None:
    np.testing.assert_equal(float(required_growth(*arguments)), expected)


def test_a_range_gives_to_the_last_digit_what_its_cells_give() -> None:
    targets = np.linspace(0.01, 50, 5000)
    assert required_growth(1.7, targets, 7).tolist() == [required_growth(1.7, target, 7) for target in targets.tolist()]
