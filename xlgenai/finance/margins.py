"""The link between gross margin and the total addressable market (TAM) multiple, and net margin.

Let A be application and model revenue and I infrastructure revenue, so that the TAM multiple is m = A / I. A share h of
A's cost of revenue goes to hosting, a share s of I is A's cost of revenue (the rest is training, resale between
infrastructure layers, and capacity built ahead of need), and A pays k for each unit of I. Then h x cost of revenue =
k x s x I, and the gross margin is 1 - k s / (m h).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlgenai.finance._domain import Mask, Numbers, numbers, settle

if TYPE_CHECKING:
    import numpy.typing as npt


def implied_gross_margin(
    tam_multiple: npt.ArrayLike,
    hosting_share: npt.ArrayLike = 1.0,
    serving_share: npt.ArrayLike = 1.0,
    infrastructure_markup: npt.ArrayLike = 1.0,
) -> Numbers:
    """Gross margin of applications and models that a TAM multiple implies.

    What applications and models keep of their revenue when their market is a given multiple of the infrastructure
    market and infrastructure revenue is their cost. A negative margin is an answer, not an error.

    Formula::

        1 - infrastructure_markup*serving_share/(tam_multiple*hosting_share)

    Domain::

        tam_multiple <> 0 and hosting_share <> 0 else #DIV/0!
        tam_multiple > 0 else #NUM!
        hosting_share > 0 and hosting_share <= 1 else #NUM!
        serving_share >= 0 and serving_share <= 1 and infrastructure_markup >= 0 else #NUM!

    Parameters
    ----------
    tam_multiple : array_like of float
        Application and model revenue as a multiple of infrastructure revenue; positive.
    hosting_share : array_like of float, optional
        Share of the applications' cost of revenue that goes to hosting, as a decimal above 0, up to 1. Default 1.
    serving_share : array_like of float, optional
        Share of infrastructure revenue that is the applications' cost of revenue, as a decimal from 0 to 1. The rest is
        training, resale between infrastructure layers, and capacity built ahead of need. Default 1.
    infrastructure_markup : array_like of float, optional
        What applications pay for each unit of infrastructure revenue; not negative. Default 1.

    Returns
    -------
    float or ndarray
        Gross margin as a decimal, at most 1; negative when the cost of revenue exceeds revenue.

    Notes
    -----
    A multiple or a hosting share of zero gives inf (#DIV/0!), an argument outside its range nan (#NUM!). The inverse of
    `implied_tam_multiple`.

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023: a multiple of 2 to 4, and software gross
    margins of 70% to 90%. The two agree only at a serving share of about 0.4 to 0.6.

    Examples
    --------
    >>> [round(float(margin), 6) for margin in implied_gross_margin([2, 3, 4])]
    [0.5, 0.666667, 0.75]
    >>> round(float(implied_gross_margin(3, serving_share=0.4)), 6)
    0.866667
    """
    multiple, hosting, serving, markup = numbers(tam_multiple, hosting_share, serving_share, infrastructure_markup)
    with np.errstate(all="ignore"):
        return settle(
            1 - markup * serving / (multiple * hosting),
            given=(multiple, hosting, serving, markup),
            inside=(multiple > 0) & _cost_terms_hold(hosting, serving, markup),
            divisors=(multiple, hosting),
        )


def implied_tam_multiple(
    gross_margin: npt.ArrayLike,
    hosting_share: npt.ArrayLike = 1.0,
    serving_share: npt.ArrayLike = 1.0,
    infrastructure_markup: npt.ArrayLike = 1.0,
) -> Numbers:
    """TAM multiple of applications and models over infrastructure that a gross margin implies.

    How many times the infrastructure market the application and model market must be for its gross margin to be as
    given, when infrastructure revenue is its cost.

    Formula::

        infrastructure_markup*serving_share/((1-gross_margin)*hosting_share)

    Domain::

        gross_margin <> 1 and hosting_share <> 0 else #DIV/0!
        gross_margin < 1 else #NUM!
        hosting_share > 0 and hosting_share <= 1 else #NUM!
        serving_share >= 0 and serving_share <= 1 and infrastructure_markup >= 0 else #NUM!

    Parameters
    ----------
    gross_margin : array_like of float
        Gross margin of applications and models, as a decimal below 1; it may be negative.
    hosting_share : array_like of float, optional
        Share of the applications' cost of revenue that goes to hosting, as a decimal above 0, up to 1. Default 1.
    serving_share : array_like of float, optional
        Share of infrastructure revenue that is the applications' cost of revenue, as a decimal from 0 to 1. The rest is
        training, resale between infrastructure layers, and capacity built ahead of need. Default 1.
    infrastructure_markup : array_like of float, optional
        What applications pay for each unit of infrastructure revenue; not negative. Default 1.

    Returns
    -------
    float or ndarray
        Application and model revenue as a multiple of infrastructure revenue.

    Notes
    -----
    A gross margin of exactly 1 or a hosting share of zero gives inf (#DIV/0!), an argument outside its range nan
    (#NUM!). The inverse of `implied_gross_margin`.

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023: software gross margins of 70% to 90%.

    Examples
    --------
    >>> [round(float(multiple), 4) for multiple in implied_tam_multiple([0.7, 0.8, 0.9])]
    [3.3333, 5.0, 10.0]
    """
    margin, hosting, serving, markup = numbers(gross_margin, hosting_share, serving_share, infrastructure_markup)
    with np.errstate(all="ignore"):
        cost = 1 - margin
        return settle(
            markup * serving / (cost * hosting),
            given=(margin, hosting, serving, markup),
            inside=(cost > 0) & _cost_terms_hold(hosting, serving, markup),
            divisors=(cost, hosting),
        )


def net_margin(net_income: npt.ArrayLike, revenue: npt.ArrayLike) -> Numbers:
    """Net income as a share of revenue.

    What is left of each unit of revenue after all costs, interest and tax. Net income may hold gains that are not
    from operations, such as those on equity stakes.

    Formula::

        net_income / revenue

    Domain::

        revenue <> 0 else #DIV/0!
        revenue > 0 else #NUM!

    Parameters
    ----------
    net_income : array_like of float
        Net income of the period, in the unit of `revenue`; negative for a loss.
    revenue : array_like of float
        Revenue of the same period; positive.

    Returns
    -------
    float or ndarray
        Net margin as a decimal.

    Notes
    -----
    A revenue of zero gives inf (#DIV/0!), a negative one nan (#NUM!).

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023: Nvidia's third quarter, 18.1 billion of
    revenue and 9.2 billion of net profit.

    Examples
    --------
    >>> round(float(net_margin(9243, 18120)), 6)
    0.510099
    """
    income, sales = numbers(net_income, revenue)
    with np.errstate(all="ignore"):
        return settle(income / sales, given=(income, sales), inside=sales > 0, divisors=(sales,))


def _cost_terms_hold(hosting: Numbers, serving: Numbers, markup: Numbers) -> Mask:
    """Tell where the three terms that link cost of revenue to infrastructure revenue are in their ranges."""
    return (hosting > 0) & (hosting <= 1) & (serving >= 0) & (serving <= 1) & (markup >= 0)
