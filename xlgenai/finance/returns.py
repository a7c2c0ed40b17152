"""What an investment must earn and what it earns: breakeven growth, net present value, internal rate of return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy_financial as npf

from xlgenai.finance._domain import Numbers, largest, numbers, power, settle, vector

if TYPE_CHECKING:
    import numpy.typing as npt

HALVINGS: Final = 100
"""How often the search for a rate halves its steps: far beyond the last digit of a float."""
HAIR: Final = 1e-12
"""How much less growth, relatively, must leave money owing at the end: little, but more than rounding."""


def breakeven_growth(  # noqa: PLR0917 - the arguments that the quantity has
    valuation: npt.ArrayLike,
    revenue: npt.ArrayLike,
    exit_multiple: npt.ArrayLike,
    years: npt.ArrayLike,
    required_return: npt.ArrayLike,
    dilution: npt.ArrayLike = 0.0,
) -> Numbers:
    """Yearly revenue growth at which an investment at a valuation earns the required return.

    The stake must grow at the required return, revenue is valued at the exit multiple at the end, and later rounds
    dilute the stake on the way.

    Formula::

        (1+required_return)*(valuation/(1-dilution)/exit_multiple/revenue)^(1/years)-1

    Domain::

        dilution <> 1 and exit_multiple <> 0 and revenue <> 0 and years <> 0 else #DIV/0!
        valuation > 0 and revenue > 0 and exit_multiple > 0 and years > 0 else #NUM!
        required_return > -1 and dilution >= 0 and dilution < 1 else #NUM!

    Parameters
    ----------
    valuation : array_like of float
        Value of the company at entry, after the money; positive.
    revenue : array_like of float
        Yearly revenue at entry, in the unit of `valuation`; positive.
    exit_multiple : array_like of float
        Value at exit as a multiple of yearly revenue then; positive.
    years : array_like of float
        Years from entry to exit; positive, not necessarily whole.
    required_return : array_like of float
        Yearly return that the investor asks for, as a decimal above -1.
    dilution : array_like of float, optional
        Share of the stake that later rounds take away, as a decimal from 0 to below 1. Default 0.

    Returns
    -------
    float or ndarray
        Yearly growth of revenue as a decimal above -1.

    Notes
    -----
    A revenue, exit multiple or number of years of zero, or a dilution of exactly 1, gives inf (#DIV/0!), an argument
    outside its range nan (#NUM!). Equals RATE(years, 0, -revenue, value at exit/exit multiple).

    Examples
    --------
    >>> round(float(breakeven_growth(86, 1.6, 10, 5, 0.25)), 5)
    0.74979
    """
    given = numbers(valuation, revenue, exit_multiple, years, required_return, dilution)
    entry, sales, multiple, horizon, required, diluted = given
    positive = (entry > 0) & (sales > 0) & (multiple > 0) & (horizon > 0)
    with np.errstate(all="ignore"):
        at_no_return = entry / (1 - diluted) / multiple / sales  # zero only by underflow, which would pass for a loss
        # The required return is taken out of the root, where compounding could overflow or vanish.
        growth = (1 + required) * power(at_no_return, 1 / horizon) - 1
        return settle(
            growth,
            given=given,
            inside=positive & (required > -1) & (diluted >= 0) & (diluted < 1) & (at_no_return > 0),
            divisors=(1 - diluted, multiple, sales, horizon),
        )


def venture_npv(rate: npt.ArrayLike, funding: npt.ArrayLike, cash_flows: npt.ArrayLike) -> Numbers:
    """Net present value (NPV) of a venture investment.

    The funding is paid today and the cash flows come back at the end of year 1, 2 and so on.

    Formula::

        MAP(rate, LAMBDA(yearly, REDUCE(0, SEQUENCE(ROWS(cash_flows), 1, ROWS(cash_flows), -1),
            LAMBDA(later, year, (later+INDEX(cash_flows, year))/(1+yearly))))) - funding

    Domain::

        rate <> -1 else #DIV/0!
        rate > -1 else #NUM!

    Parameters
    ----------
    rate : array_like of float
        Yearly discount rate, as a decimal above -1.
    funding : array_like of float
        Amount invested today, as a positive number.
    cash_flows : sequence of float
        Cash flows at the end of each year, from year 1 on, in the unit of `funding`.

    Returns
    -------
    float or ndarray
        Net present value, in the unit of `funding`.

    Notes
    -----
    A rate of exactly -1 gives inf (#DIV/0!), a lower one nan (#NUM!). Without cash flows it is the funding lost.
    Equals -funding+NPV(rate, cash_flows).
    Excel's NPV discounts its first cash flow by one year (from t = 1), and so does this function; numpy_financial.npv
    leaves its first cash flow undiscounted (from t = 0).

    Examples
    --------
    >>> round(float(venture_npv(0.1, 100, [30, 30, 30, 30, 30])), 4)
    13.7236
    """
    (rates, invested), flows = numbers(rate, funding), vector(cash_flows)
    from_today = np.concatenate(([0.0], flows))  # npv counts from t = 0, where nothing comes back yet
    with np.errstate(all="ignore"):
        present = np.reshape([npf.npv(one, from_today) for one in rates.flat], rates.shape)
        return settle(
            present - invested,
            given=(rates, invested, largest(flows)),
            inside=rates > -1,
            divisors=(1 + rates,),
        )


def venture_irr(funding: npt.ArrayLike, cash_flows: npt.ArrayLike) -> Numbers:
    """Yearly internal rate of return (IRR) of a venture investment.

    The discount rate at which the cash flows, from the end of year 1 on, are worth exactly the funding paid today.

    Formula::

        MAP(funding, LAMBDA(invested, LET(
            highest, 1+MAX(0, cash_flows)/invested,
            growth, REDUCE(highest, SEQUENCE(100), LAMBDA(found, halving, LET(
                lower, found-highest/2^halving,
                owing, REDUCE(invested, cash_flows, LAMBDA(balance, flow,
                    IF(SIGN(balance)<0, balance, balance*lower-flow))),
                IF(IFERROR(SIGN(owing)<0, FALSE), found, lower)))),
            less, growth*(1-1E-12),
            IF(SIGN(REDUCE(invested, cash_flows, LAMBDA(balance, flow, balance*less-flow)))<0, growth-1, #NUM!))))

    Domain::

        funding > 0 else #NUM!

    Parameters
    ----------
    funding : array_like of float
        Amount invested today, as a positive number.
    cash_flows : sequence of float
        Cash flows at the end of each year, from year 1 on, in the unit of `funding`.

    Returns
    -------
    float or ndarray
        Yearly rate of return as a decimal above -1.

    Notes
    -----
    Cash flows that never change sign, several rates that may fit, and a funding that is not positive give nan (#NUM!).
    What is invested grows at the rate, and the cash flows pay it back. The answer is the lowest rate at which they
    never pay back more than is there, if in the end they pay back all of it; then no other rate above -1 fits. Cash
    flows that pay back more on the way and call for new money later, such as a last year with costs alone, are in part
    a loan to the investor: several rates may fit, and none is a return. Excel's IRR gives one near its guess.

    References
    ----------
    Teichroew, Robichek and Montalbano, An Analysis of Criteria for Investment and Financing Decisions under Certainty,
    Management Science 12(3), 1965.

    Examples
    --------
    >>> round(float(venture_irr(100, [30, 30, 30, 30, 30])), 6)
    0.152382
    """
    (invested,), flows = numbers(funding), vector(cash_flows)
    with np.errstate(all="ignore"):
        each = [_internal_rate(amount, flows.tolist()) for amount in invested.ravel().tolist()]
        rates = np.reshape(each, invested.shape)
        return settle(rates, given=(invested, largest(flows)), inside=invested > 0)


def _internal_rate(funding: float, flows: list[float]) -> float:
    """Return the one rate at which the flows are worth the funding; nan when there is none or there may be several."""
    if not funding > 0:
        return np.nan
    growth = highest = 1 + max([0.0, *flows]) / funding  # so much growth is never paid back
    for halving in range(1, HALVINGS + 1):
        lower = growth - highest / 2**halving
        if not _overpaid(funding, flows, lower):
            growth = lower
    owing = funding
    for flow in flows:
        owing = owing * (growth * (1 - HAIR)) - flow
    return growth - 1 if -np.inf < owing < 0 else np.nan


def _overpaid(balance: float, flows: list[float], growth: float) -> bool:
    """Tell whether the flows ever pay back more than what is still invested, grown year by year."""
    for flow in flows:
        balance = balance * growth - flow
        if balance < 0:
            return True
    return False
