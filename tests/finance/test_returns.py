"""Tests of the returns of an investment, against the catalogue, plain algebra and numpy-financial."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from xlgenai.finance import (
    breakeven_growth,
    required_growth,
    venture_irr,
    venture_npv,
)

flows = st.lists(st.floats(0, 1000), min_size=1, max_size=10)


def excel_npv(rate: float, values: list[float]) -> float:
    """Excel's own definition: the first value is one period away."""
    return math.fsum(value / (1 + rate) ** (year + 1) for year, value in enumerate(values))


def test_breakeven_growth_of_the_catalogue() -> None:
    assert float(breakeven_growth(86, 1.6, 10, 5, 0.25)) == pytest.approx(0.749790, abs=1e-6)


@given(
    st.floats(1, 1000), st.floats(0.5, 5), st.floats(2, 30), st.integers(1, 10), st.floats(0, 0.6), st.floats(0, 0.8)
)
@settings(deadline=None)
def test_breakeven_growth_earns_exactly_the_required_return(
    valuation: float, revenue: float, multiple: float, years: int, required: float, dilution: float
) -> None:
    growth = float(breakeven_growth(valuation, revenue, multiple, years, required, dilution))
    stake_at_exit = (1 - dilution) * multiple * revenue * (1 + growth) ** years
    assert (stake_at_exit / valuation) ** (1 / years) - 1 == pytest.approx(required, abs=1e-9)
    revenue_at_exit = valuation * (1 + required) ** years / ((1 - dilution) * multiple)
    assert growth == pytest.approx(float(required_growth(revenue, revenue_at_exit, years)), abs=1e-9)
    with np.errstate(all="ignore"):
        oracle = float(npf.rate(years, 0, -revenue, revenue_at_exit, tol=1e-12))
    if oracle > -1:  # rate may fail, with a warning, or land on a root that is no growth rate
        assert growth == pytest.approx(oracle, abs=1e-8)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((86, 0, 10, 5, 0.25), math.inf),
        ((86, 1.6, 0, 5, 0.25), math.inf),
        ((86, 1.6, 10, 0, 0.25), math.inf),
        ((86, 1.6, 10, 5, 0.25, 1), math.inf),
        ((-86, 0, 10, 5, 0.25), math.inf),
        ((86, 1.6, 10, 5, -1), math.nan),
        ((0, 1.6, 10, 5, 0.25), math.nan),
        ((86, -1.6, -10, 5, 0.25), math.nan),
        ((86, 1.6, 10, -5, 0.25), math.nan),
        ((86, 1.6, 10, 5, 0.25, -0.1), math.nan),
        ((86, 1.6, 10, 5, 0.25, 1.1), math.nan),
        ((1e300, 1e-300, 10, 5, 0.25), math.nan),
        ((1, 1e200, 1e200, 5, 0.25), math.nan),
    ],
)
def test_breakeven_growth_at_the_edges(arguments: tuple[float, float, float, float, float], expected: float) -> None:
    np.testing.assert_equal(float(breakeven_growth(*arguments)), expected)


def test_venture_npv_of_the_catalogue() -> None:
    assert float(venture_npv(0.1, 100, [30] * 5)) == pytest.approx(13.723603, abs=1e-6)


@given(st.floats(-0.5, 2), st.floats(0, 1000), st.lists(st.floats(-1000, 1000), max_size=10))
@settings(deadline=None)
def test_venture_npv_counts_as_excel_does(rate: float, funding: float, values: list[float]) -> None:
    expected = -funding + excel_npv(rate, values)
    assert float(venture_npv(rate, funding, values)) == pytest.approx(expected, rel=1e-9, abs=1e-6)
    assert float(npf.npv(rate, [-funding, *values])) == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_numpy_financial_leaves_the_first_cash_flow_undiscounted() -> None:
    values = [30.0] * 5
    assert float(npf.npv(0.1, values)) == pytest.approx(excel_npv(0.1, values) * 1.1)
    assert float(venture_npv(0.1, 0, values)) == pytest.approx(excel_npv(0.1, values))


def test_venture_npv_broadcasts_over_rate_and_funding() -> None:
    values = venture_npv([[0.0], [0.1]], [100, 200, 300], [[60, 60]])
    funding = np.array([100.0, 200.0, 300.0])
    np.testing.assert_allclose(values, [120 - funding, excel_npv(0.1, [60, 60]) - funding])


@pytest.mark.parametrize(
    ("rate", "funding", "values", "expected"),
    [
        (0.1, 100, [], -100),
        (0.1, -100, [], 100),
        (-1, 100, [30], math.inf),
        (-1, 100, [math.nan], math.nan),
        (-1.5, 100, [30], math.nan),
        (0.1, math.inf, [30], math.nan),
        (0.1, 100, [math.inf], math.nan),
        (math.inf, 100, [30], math.nan),
        (0.0, 0, [1e308, 1e308], math.nan),
    ],
)
def test_venture_npv_at_the_edges(rate: float, funding: float, values: list[float], expected: float) -> None:
    np.testing.assert_equal(float(venture_npv(rate, funding, values)), expected)


def test_venture_irr_of_the_catalogue() -> None:
    assert float(venture_irr(100, [30] * 5)) == pytest.approx(0.152382, abs=1e-6)


@given(st.floats(1, 1000), flows)
@settings(deadline=None)
def test_irr_makes_npv_zero(funding: float, values: list[float]) -> None:
    assume(max(values) > 1)
    rate = float(venture_irr(funding, values))
    scale = funding + math.fsum(abs(value) / (1 + rate) ** (year + 1) for year, value in enumerate(values))
    assert -funding + excel_npv(rate, values) == pytest.approx(0, abs=1e-9 * scale)
    assert float(venture_npv(rate, funding, values)) == pytest.approx(0, abs=1e-9 * scale)


@given(st.integers(1, 1000), st.lists(st.integers(0, 1000), min_size=1, max_size=10).filter(any))
@settings(deadline=None)
def test_irr_agrees_with_numpy_financial(funding: int, values: list[int]) -> None:
    assert float(venture_irr(funding, values)) == pytest.approx(float(npf.irr([-funding, *values])), abs=1e-9)


@pytest.mark.parametrize("last", [1e-17, 1e-30, 1e-300, 5e-324, 0])
def test_a_tiny_last_cash_flow_does_no_harm(last: float) -> None:
    assert float(venture_irr(1, [2, 3, 4, 5, last])) == pytest.approx(float(npf.irr([-1, 2, 3, 4, 5])), abs=1e-9)


@given(st.floats(-0.9, 5), st.integers(1, 15), st.floats(1, 1e6))
@settings(deadline=None)
def test_irr_of_a_single_exit_is_its_growth(rate: float, years: int, funding: float) -> None:
    values = [0.0] * (years - 1) + [funding * (1 + rate) ** years]
    assert float(venture_irr(funding, values)) == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize(
    ("values", "rate"),
    [
        ([20, -50, 204], 0.2),  # 100, then 170, then 204 are due: later funding is no obstacle
        ([-50, -50, 304.8], 0.2),
        ([120, -50, 60], 0.2),  # all is paid back, then invested anew at the same rate
        ([-50, 20, 27.6], -0.4),
        ([110, 0, 0], 0.1),
        ([0, 121, 5e-324], 0.1),
    ],
)
def test_money_that_stays_invested_has_one_rate_whatever_the_changes_of_sign(values: list[float], rate: float) -> None:
    assert float(venture_irr(100, values)) == pytest.approx(rate, abs=1e-9)


@given(st.lists(st.floats(-0.9, 3), min_size=1, max_size=8), st.floats(-0.5, 2))
@settings(deadline=None)
def test_a_path_of_balances_that_are_never_negative_is_paid_back_at_its_rate(changes: list[float], rate: float) -> None:
    balances = [100.0]
    for change in changes:
        balances.append(balances[-1] * (1 + change))
    values = [before * (1 + rate) - after for before, after in pairwise(balances)]
    values.append(balances[-1] * (1 + rate))
    assert float(venture_irr(100, values)) == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize(
    ("funding", "values"),
    [
        (100, [230, -132]),  # 10% and 20%
        (100, [360, -431, 171.6]),  # 10%, 20% and 30%
        (100, [140, -74, 60]),  # 20% alone, but the investor owes 20 after the first year
        (100, [220, -121]),  # 10%, twice
        (100, [300, -10]),  # 197%, and -97%
        (100, [100, -100]),  # none
        (100, []),
        (100, [0, 0]),
        (100, [-5, -5]),
        (0, [30]),
        (-100, [30]),
        (-100, [-30]),
        (math.nan, [30]),
        (100, [30, math.nan]),
        (100, [30, math.inf]),
        (5e-324, [30, 30]),
    ],
)
def test_venture_irr_has_no_answer(funding: float, values: list[float]) -> None:
    assert math.isnan(venture_irr(funding, values))


def test_venture_irr_broadcasts_over_funding() -> None:
    np.testing.assert_allclose(venture_irr([[100], [50], [-1]], [110]), [[0.1], [1.2], [math.nan]])
