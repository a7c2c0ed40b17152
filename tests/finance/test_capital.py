"""Tests of compute, circularity and end-user revenue, against the catalogue and plain algebra."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgenai.finance import (
    circular_revenue_share,
    compute_spend,
    required_end_revenue,
)


def test_compute_spend() -> None:
    np.testing.assert_allclose(compute_spend([20, 29.1]), [16, 23.28])
    np.testing.assert_equal(compute_spend([0, -1, 1, 1], [0.8, 0.8, 1.1, -0.1]), [0, math.nan, math.nan, math.nan])


def test_circular_revenue_share_of_the_catalogue() -> None:
    shares = circular_revenue_share([0.7 * 29.1, 80], [47.525, 193.737])
    np.testing.assert_allclose(shares, [0.342893, 0.330345], atol=1e-6)
    assert float(circular_revenue_share(100, 10, 0.5, 0.5)) == 2.5


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((1, 0), math.inf),
        ((-1, 0, 2), math.inf),
        ((1, -1), math.nan),
        ((-1, 1), math.nan),
        ((1, 1, 1.1), math.nan),
        ((1, 1, 1, 1.1), math.nan),
        ((1, 1, 1, -0.1), math.nan),
        ((1, math.inf), math.nan),
    ],
)
def test_circular_revenue_share_at_the_edges(arguments: tuple[float, ...], expected: float) -> None:
    np.testing.assert_equal(float(circular_revenue_share(*arguments)), expected)


def test_required_end_revenue_of_the_catalogue() -> None:
    np.testing.assert_allclose(required_end_revenue([50, 150]), [200, 600])
    assert float(required_end_revenue(50, cloud_margin=0.3)) == pytest.approx(285.714286, abs=1e-6)


@given(st.floats(0, 1e6), st.floats(0.01, 1), st.floats(-5, 0.99), st.floats(-5, 0.99))
@settings(deadline=None)
def test_end_revenue_pays_back_the_chips(chips: float, share: float, end_margin: float, cloud_margin: float) -> None:
    revenue = float(required_end_revenue(chips, share, end_margin, cloud_margin))
    cloud_bill = revenue * (1 - end_margin)
    data_center = cloud_bill * (1 - cloud_margin)
    assert data_center * share == pytest.approx(chips, rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((50, 0), math.inf),
        ((50, 0.5, 1), math.inf),
        ((50, 0.5, 0.5, 1), math.inf),
        ((50, 0.5, 2, 1), math.inf),
        ((50, 0.5, 1.1), math.nan),
        ((50, 0.5, 1.1, 1.1), math.nan),
        ((50, 1.1), math.nan),
        ((50, -0.5), math.nan),
        ((-50,), math.nan),
        ((0,), 0.0),
    ],
)
def test_required_end_revenue_at_the_edges(arguments: tuple[float, ...], expected: float) -> None:
    np.testing.assert_equal(float(required_end_revenue(*arguments)), expected)
