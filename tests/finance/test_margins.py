"""Gross margin, TAM multiple and net margin against the catalogue's figures and each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgenai.finance import implied_gross_margin, implied_tam_multiple, net_margin

share = st.floats(0.01, 1)
markup = st.floats(0.01, 10)


@pytest.mark.parametrize(
    ("terms", "margins"),
    [
        ({}, [0.5, 0.666667, 0.75]),
        ({"hosting_share": 0.8}, [0.375, 0.583333, 0.6875]),
        ({"serving_share": 0.6}, [0.7, 0.8, 0.85]),
        ({"serving_share": 0.4}, [0.8, 0.866667, 0.9]),
        ({"infrastructure_markup": 4}, [-1, -0.333333, 0]),
    ],
)
def test_implied_gross_margin_of_the_catalogue(terms: dict[str, float], margins: list[float]) -> None:
    np.testing.assert_allclose(implied_gross_margin([2, 3, 4], **terms), margins, atol=1e-6)


@pytest.mark.parametrize(
    ("terms", "multiples"),
    [({}, [3.333333, 5, 10]), ({"hosting_share": 0.8}, [4.166667, 6.25, 12.5]), ({"serving_share": 0}, [0, 0, 0])],
)
def test_implied_tam_multiple_of_the_catalogue(terms: dict[str, float], multiples: list[float]) -> None:
    np.testing.assert_allclose(implied_tam_multiple([0.7, 0.8, 0.9], **terms), multiples, atol=1e-6)


@given(st.floats(0.1, 100), share, share, markup)
@settings(deadline=None)
def test_the_margin_functions_invert_each_other(multiple: float, hosting: float, serving: float, price: float) -> None:
    margin = implied_gross_margin(multiple, hosting, serving, price)
    if margin < 1 - 1e-6:
        assert float(implied_tam_multiple(margin, hosting, serving, price)) == pytest.approx(multiple, rel=1e-9)


@given(st.floats(-10, 0.99), share, share, markup)
@settings(deadline=None)
def test_the_inverse_the_other_way_round(margin: float, hosting: float, serving: float, price: float) -> None:
    multiple = implied_tam_multiple(margin, hosting, serving, price)
    assert float(implied_gross_margin(multiple, hosting, serving, price)) == pytest.approx(margin, abs=1e-9)


@given(st.floats(0.1, 100), share, share, markup)
@settings(deadline=None)
def test_cost_of_revenue_balances(multiple: float, hosting: float, serving: float, price: float) -> None:
    infrastructure = 90.0
    revenue = multiple * infrastructure
    cost = revenue * (1 - float(implied_gross_margin(multiple, hosting, serving, price)))
    assert hosting * cost == pytest.approx(price * serving * infrastructure, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((0,), math.inf),
        ((0, 2), math.inf),
        ((2, 0), math.inf),
        ((-2, 0), math.inf),
        ((2, 1, 0), 1.0),
        ((-2,), math.nan),
        ((2, 1.1), math.nan),
        ((2, -0.1), math.nan),
        ((2, 1, -0.1), math.nan),
        ((2, 1, 1.1), math.nan),
        ((2, 1, 1, -1), math.nan),
        ((1e-300, 1, 1, 1e100), math.nan),
        ((math.inf,), math.nan),
        ((0, math.nan), math.nan),
    ],
)
def test_implied_gross_margin_at_the_edges(arguments: tuple[float, ...], expected: float) -> None:
    np.testing.assert_equal(float(implied_gross_margin(*arguments)), expected)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1,), math.inf),
        ((1, 1, 0), math.inf),
        ((0.5, 0), math.inf),
        ((1.1,), math.nan),
        ((0.5, 1.1), math.nan),
        ((0.5, 1, -0.1), math.nan),
        ((0.5, 1, 1, -1), math.nan),
        ((-math.inf,), math.nan),
        ((-1,), 0.5),
    ],
)
def test_implied_tam_multiple_at_the_edges(arguments: tuple[float, ...], expected: float) -> None:
    np.testing.assert_equal(float(implied_tam_multiple(*arguments)), expected)


def test_net_margin_of_nvidia() -> None:
    np.testing.assert_allclose(net_margin([9243, 9.2], [18120, 18.1]), [0.510099, 0.508287], atol=1e-6)


def test_net_margin_outside_its_domain() -> None:
    np.testing.assert_equal(net_margin([1, 0, 1, -5], [0, 0, -1, 10]), [math.inf, math.inf, math.nan, -0.5])
