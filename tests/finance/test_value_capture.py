"""Shares, capture and concentration against the catalogue's figures and plain arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgenai.finance import capture_index, concentration, layer_share

amounts = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("values", "shares"),
    [([90, 10], [0.9, 0.1]), ([75, 10, 5], [75 / 90, 10 / 90, 5 / 90]), ([7], [1.0]), ([0, 4], [0.0, 1.0])],
)
def test_layer_share_of_each_layer(values: list[float], shares: list[float]) -> None:
    np.testing.assert_allclose(layer_share(values, values), shares, rtol=1e-12)


def test_layer_share_keeps_the_shape_of_the_value_and_flattens_the_vector() -> None:
    share = layer_share([[10], [20]], [[10, 20], [30, 40]])
    np.testing.assert_allclose(share, [[0.1], [0.2]])
    assert isinstance(layer_share(90, [90, 10]), float)


@given(amounts)
@settings(deadline=None)
def test_layer_shares_sum_to_one(values: list[float]) -> None:
    assert float(np.sum(layer_share(values, values))) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("value", "values", "expected"),
    [
        (1, [], math.inf),
        (0, [0, 0], math.inf),
        (-1, [0], math.inf),
        (1, [1, -1], math.inf),
        (-1, [1, 2], math.nan),
        (1, [3, -1], math.nan),
        (1, [math.nan], math.nan),
        (math.nan, [0], math.nan),
        (1, [math.inf, 1], math.nan),
        (1, [1e308, 1e308], math.nan),
    ],
)
def test_layer_share_outside_its_domain(value: float, values: list[float], expected: float) -> None:
    np.testing.assert_equal(float(layer_share(value, values)), expected)


def test_capture_index_of_the_source_post() -> None:
    np.testing.assert_allclose(capture_index([0.9, 0.1], [0.13, 0.87]), [6.923077, 0.114943], atol=1e-6)


@pytest.mark.parametrize(
    ("revenue_share", "funding_share", "expected"),
    [
        (0.5, 0, math.inf),
        (2, 0, math.inf),
        (1.1, 0.5, math.nan),
        (0.5, 1.1, math.nan),
        (-0.1, 0.5, math.nan),
        (0, 1, 0),
    ],
)
def test_capture_index_at_the_edges(revenue_share: float, funding_share: float, expected: float) -> None:
    np.testing.assert_equal(float(capture_index(revenue_share, funding_share)), expected)


@given(st.integers(1, 1000), st.integers(1, 1000))
@settings(deadline=None)
def test_capture_indices_weighted_by_funding_average_to_one(revenue: int, funding: int) -> None:
    revenue_shares = np.array([revenue, 1000]) / (revenue + 1000)
    funding_shares = np.array([funding, 1000]) / (funding + 1000)
    assert float(np.sum(capture_index(revenue_shares, funding_shares) * funding_shares)) == pytest.approx(1)


@pytest.mark.parametrize(
    ("values", "index"),
    [([90, 10], 8200), ([13, 87], 7738), ([75, 10, 5], 7098.765432), ([300, 75, 60], 5243.757432), ([5], 10_000)],
)
def test_concentration_of_the_catalogue(values: list[float], index: float) -> None:
    exact = 10_000 * sum((Fraction(value) / Fraction(sum(values))) ** 2 for value in values)
    assert float(exact) == pytest.approx(index, abs=1e-6)
    assert float(concentration(values)) == pytest.approx(index, abs=1e-6)


def test_concentration_normalised() -> None:
    assert float(concentration([90, 10], normalised=True)) == pytest.approx(0.64, abs=1e-12)
    assert float(concentration([1, 0, 0, 0], normalised=True)) == 1.0
    assert float(concentration([0.1] * 3, normalised=True)) == pytest.approx(0, abs=1e-12)


@given(amounts, st.floats(0.01, 100))
@settings(deadline=None)
def test_concentration_ignores_unit_and_order(values: list[float], unit: float) -> None:
    scaled = [value * unit for value in reversed(values)]
    assert float(concentration(scaled)) == pytest.approx(float(concentration(values)), rel=1e-9)


@given(amounts)
@settings(deadline=None)
def test_concentration_lies_between_equal_shares_and_monopoly(values: list[float]) -> None:
    assert 10_000 / len(values) * (1 - 1e-12) <= float(concentration(values)) <= 10_000
    if len(values) > 1:
        assert 0 <= float(concentration(values, normalised=True)) <= 1


@pytest.mark.parametrize(
    ("values", "normalised", "expected"),
    [
        ([], False, math.inf),
        ([], True, math.inf),
        ([0, 0], False, math.inf),
        ([5], True, math.inf),
        ([-5], True, math.inf),
        ([3, -1], False, math.nan),
        ([3, -1], True, math.nan),
        ([math.nan, 1], False, math.nan),
        ([math.nan], True, math.nan),
        ([1e308, 1e308], False, math.nan),
    ],
)
def test_concentration_outside_its_domain(values: list[float], normalised: bool, expected: float) -> None:
    np.testing.assert_equal(float(concentration(values, normalised)), expected)
