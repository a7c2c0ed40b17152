"""What an investment must earn and what it earns: breakeven growth, net present value, internal rate of return."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy_financial as npf

from xlgenai.finance._domain import Numbers, largest, numbers, settle, vector

if TYPE_CHECKING:
    import numpy.typing as npt
    from numpy.typing import NDArray

SAME_ROOT: Final = 1e-5
"""Roots closer than this, relative to their size, are one: rounding splits a double root by 1e-8, a triple by 1e-5."""
NOISE: Final = 1e-12
"""Roots smaller than this, relative to the largest, are zero: rounding gives them either sign."""


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
        growth = (1 + required) * at_no_return ** (1 / horizon) - 1
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

        -funding + NPV(rate, cash_flows)

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

        IRR(VSTACK(-funding, cash_flows))

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
    Cash flows that never change sign, several rates that fit, and a funding that is not positive give nan (#NUM!).
    Excel's IRR gives the rate nearest to its guess where several fit.

    Examples
    --------
    >>> round(float(venture_irr(100, [30, 30, 30, 30, 30])), 6)
    0.152382
    """
    (invested,), flows = numbers(funding), vector(cash_flows)
    with np.errstate(all="ignore"):
        rates = np.reshape([_internal_rate(amount, flows) for amount in invested.flat], invested.shape)
        return settle(rates, given=(invested, largest(flows)), inside=invested > 0)


def _internal_rate(funding: float, flows: NDArray[np.float64]) -> float:
    """Return the one rate at which the flows are worth the funding; nan when there is none or more than one."""
    try:
        # numpy_financial.irr solves for 1 / (1 + rate), and so fails or is far off when the last flow is tiny.
        roots = np.roots(np.concatenate(([-funding], flows)))
    except np.linalg.LinAlgError:  # nan among the flows, or flows so much larger than the funding that they overflow
        return np.nan
    sizes = np.abs(roots)
    positive = roots.real > NOISE * sizes.max(initial=0.0)
    growths = np.sort(roots.real[positive & (np.abs(roots.imag) <= SAME_ROOT * sizes)])
    distinct = np.count_nonzero(np.diff(growths, prepend=0.0) > SAME_ROOT * growths)
    return float(growths.mean()) - 1 if distinct == 1 else np.nan
