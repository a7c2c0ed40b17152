"""What venture money buys and what must come of it: compute, circular revenue, end-user revenue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlgenai.finance._domain import Numbers, numbers, settle

if TYPE_CHECKING:
    import numpy.typing as npt


def compute_spend(funding: npt.ArrayLike, compute_share: npt.ArrayLike = 0.8) -> Numbers:
    """Amount of funding that is spent on compute.

    What model companies pay to infrastructure out of the money that they raise. The default share is the source's "up
    to" figure, so the result is an upper bound.

    Formula::

        funding*compute_share

    Domain::

        funding >= 0 and compute_share >= 0 and compute_share <= 1 else #NUM!

    Parameters
    ----------
    funding : array_like of float
        Funding that model companies raise, in any unit of money; not negative.
    compute_share : array_like of float, optional
        Share of the funding that goes to compute, as a decimal from 0 to 1. Default 0.8.

    Returns
    -------
    float or ndarray
        Spend on compute, in the unit of `funding`.

    Notes
    -----
    A negative funding or a share outside 0 to 1 gives nan (#NUM!).

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023: up to 80% of model companies' funding.

    Examples
    --------
    >>> float(compute_spend(20))
    16.0
    """
    raised, share = numbers(funding, compute_share)
    with np.errstate(all="ignore"):
        return settle(
            raised * share,
            given=(raised, share),
            inside=(raised >= 0) & (share >= 0) & (share <= 1),
        )


def circular_revenue_share(
    funding: npt.ArrayLike,
    infrastructure_revenue: npt.ArrayLike,
    compute_share: npt.ArrayLike = 0.8,
    passthrough: npt.ArrayLike = 1.0,
) -> Numbers:
    """Share of infrastructure revenue that venture money pays for.

    How much of infrastructure revenue comes from funding spent on compute rather than from end users. It may exceed 1,
    when the funding of a year is spent over several.

    Formula::

        funding*compute_share*passthrough/infrastructure_revenue

    Domain::

        infrastructure_revenue <> 0 else #DIV/0!
        funding >= 0 and infrastructure_revenue > 0 else #NUM!
        compute_share >= 0 and compute_share <= 1 and passthrough >= 0 and passthrough <= 1 else #NUM!

    Parameters
    ----------
    funding : array_like of float
        Funding that model companies raise in a year; not negative.
    infrastructure_revenue : array_like of float
        Infrastructure revenue of the same year, in the unit of `funding`; positive.
    compute_share : array_like of float, optional
        Share of the funding that goes to compute, as a decimal from 0 to 1. Default 0.8.
    passthrough : array_like of float, optional
        Share of the compute spend that reaches the infrastructure revenue, as a decimal from 0 to 1. Default 1.

    Returns
    -------
    float or ndarray
        Share of infrastructure revenue as a decimal.

    Notes
    -----
    An infrastructure revenue of zero gives inf (#DIV/0!), an argument outside its range nan (#NUM!).

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023: up to 80% of model companies' funding.

    Examples
    --------
    >>> round(float(circular_revenue_share(0.7 * 29.1, 47.525)), 6)
    0.342893
    """
    raised, revenue, share, through = numbers(funding, infrastructure_revenue, compute_share, passthrough)
    with np.errstate(all="ignore"):
        shares_hold = (share >= 0) & (share <= 1) & (through >= 0) & (through <= 1)
        return settle(
            raised * share * through / revenue,
            given=(raised, revenue, share, through),
            inside=(raised >= 0) & (revenue > 0) & shares_hold,
            divisors=(revenue,),
        )


def required_end_revenue(
    chip_revenue: npt.ArrayLike,
    chip_cost_share: npt.ArrayLike = 0.5,
    end_user_margin: npt.ArrayLike = 0.5,
    cloud_margin: npt.ArrayLike = 0.0,
) -> Numbers:
    """End-user revenue that pays back the spend on chips.

    Chips are part of the cost of a data center, the data center is the cost of the cloud, and the cloud is the cost of
    those who sell to end users, each with its margin.

    Formula::

        chip_revenue/chip_cost_share/(1-end_user_margin)/(1-cloud_margin)

    Domain::

        chip_cost_share <> 0 and end_user_margin <> 1 and cloud_margin <> 1 else #DIV/0!
        chip_revenue >= 0 and chip_cost_share > 0 and chip_cost_share <= 1 else #NUM!
        end_user_margin < 1 and cloud_margin < 1 else #NUM!

    Parameters
    ----------
    chip_revenue : array_like of float
        Revenue from chips for data centers, a run rate, in any unit of money; not negative.
    chip_cost_share : array_like of float, optional
        Share of chips in the cost of a data center, as a decimal above 0, up to 1. Default 0.5.
    end_user_margin : array_like of float, optional
        Gross margin of those who sell to end users, as a decimal below 1. Default 0.5.
    cloud_margin : array_like of float, optional
        Gross margin of the cloud in between, as a decimal below 1. Default 0.

    Returns
    -------
    float or ndarray
        Revenue from end users, in the unit of `chip_revenue`.

    Notes
    -----
    A chip cost share of zero or a margin of exactly 1 gives inf (#DIV/0!), an argument outside its range nan (#NUM!).
    Negative margins are allowed.

    References
    ----------
    Sequoia, AI's $200B Question, September 2023, and AI's $600B Question, June 2024.

    Examples
    --------
    >>> float(required_end_revenue(50))
    200.0
    >>> float(required_end_revenue(150))
    600.0
    """
    chips, cost_share, end_margin, middle_margin = numbers(chip_revenue, chip_cost_share, end_user_margin, cloud_margin)
    with np.errstate(all="ignore"):
        end_cost, middle_cost = 1 - end_margin, 1 - middle_margin
        return settle(
            chips / cost_share / end_cost / middle_cost,
            given=(chips, cost_share, end_margin, middle_margin),
            inside=(chips >= 0) & (cost_share > 0) & (cost_share <= 1) & (end_cost > 0) & (middle_cost > 0),
            divisors=(cost_share, end_cost, middle_cost),
        )
