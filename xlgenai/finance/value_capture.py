"""Who takes the money: shares of a total, capture of revenue beside funding, and concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xlgenai.finance._domain import Numbers, added_up, numbers, settle, vector

if TYPE_CHECKING:
    import numpy.typing as npt


def layer_share(value: npt.ArrayLike, values: npt.ArrayLike) -> Numbers:
    """Share of a total that one layer takes.

    How revenue or funding divides among the layers of the value chain: infrastructure, models, applications. All
    amounts must come from the same source and period, as sources define the layers differently.

    Formula::

        value / SUM(--values)

    Domain::

        SUM(values) <> 0 else #DIV/0!
        value >= 0 and MIN(values) >= 0 else #NUM!

    Parameters
    ----------
    value : array_like of float
        Amount of the layer, in the unit of `values`; not negative.
    values : sequence of float
        Amounts of all layers, in one unit; none negative, their sum positive.

    Returns
    -------
    float or ndarray
        Share as a decimal, between 0 and 1 for a layer of `values`, one for each value.

    Notes
    -----
    A sum of zero gives inf (#DIV/0!), a negative amount nan (#NUM!).

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023.
    Apoorv Agrawal (Altimeter), The Economics of Generative AI, April 2024.

    Examples
    --------
    >>> float(layer_share(90, [90, 10]))
    0.9
    >>> [round(float(share), 4) for share in layer_share([75, 10, 5], [75, 10, 5])]
    [0.8333, 0.1111, 0.0556]
    """
    (amount,), amounts = numbers(value), vector(values)
    with np.errstate(all="ignore"):
        total = amounts.sum()  # not finite when an amount is not
        return settle(
            amount / total,
            given=(amount, total),
            inside=(amount >= 0) & (amounts >= 0).all(),
            divisors=(total,),
        )


def capture_index(revenue_share: npt.ArrayLike, funding_share: npt.ArrayLike) -> Numbers:
    """Share of revenue that a layer takes for each unit of its share of funding.

    Above 1 the layer takes more of the revenue than of the venture capital; below 1 it is funded ahead of its revenue.

    Formula::

        revenue_share / funding_share

    Domain::

        funding_share <> 0 else #DIV/0!
        revenue_share >= 0 and revenue_share <= 1 and funding_share > 0 and funding_share <= 1 else #NUM!

    Parameters
    ----------
    revenue_share : array_like of float
        Share of all revenue that the layer takes, as a decimal from 0 to 1.
    funding_share : array_like of float
        Share of all funding that the layer receives, as a decimal from 0 to 1.

    Returns
    -------
    float or ndarray
        Capture index, a ratio of two shares.

    Notes
    -----
    A funding share of zero gives inf (#DIV/0!), a share outside 0 to 1 nan (#NUM!).

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023: infrastructure received 13% of venture
    capital, models and applications account for 10% of revenue.

    Examples
    --------
    >>> round(float(capture_index(0.90, 0.13)), 4)
    6.9231
    """
    revenue, funding = numbers(revenue_share, funding_share)
    with np.errstate(all="ignore"):
        return settle(
            revenue / funding,
            given=(revenue, funding),
            inside=(revenue >= 0) & (revenue <= 1) & (funding > 0) & (funding <= 1),
            divisors=(funding,),
        )


def concentration(values: npt.ArrayLike, normalised: bool = False) -> Numbers:
    """Herfindahl-Hirschman index (HHI) of concentration, from 0 to 10,000.

    The sum of the squared percentage shares: 10,000 when one layer or firm takes everything, 10,000/n when n of them
    take the same. Normalised, it is 0 for equal shares and 1 for a monopoly, whatever their number.

    Formula::

        LET(shares, values/SUM(values),
            equal, 1/ROWS(values),
            IF(normalised, MIN(1, SUM((shares-equal)^2)/(1-equal)), MIN(1, SUM(shares^2))*10000))

    Domain::

        SUM(values) <> 0 and IF(normalised, ROWS(values)>1, TRUE) else #DIV/0!
        MIN(values) >= 0 else #NUM!

    Parameters
    ----------
    values : sequence of float
        Amounts of all layers or firms, in one unit; none negative, their sum positive.
    normalised : bool, optional
        TRUE for the index from 0 to 1, adjusted for the number n of amounts, (H-1/n)/(1-1/n). Default FALSE, the
        index from 0 to 10,000.

    Returns
    -------
    float
        The index, in 0 to 10,000, or in 0 to 1 when normalised.

    Notes
    -----
    A sum of zero gives inf (#DIV/0!), and so does normalising one amount alone; a negative amount gives nan (#NUM!).
    H-1/n is the sum of the squared distances of the shares from 1/n, and is computed so: near equal shares nothing is
    lost to rounding.

    Examples
    --------
    >>> round(float(concentration([75, 10, 5])), 2)
    7098.77
    >>> round(float(concentration([90, 10], normalised=True)), 6)
    0.64
    """
    amounts = vector(values)
    with np.errstate(all="ignore"):
        total = added_up(amounts)  # not finite when an amount is not
        shares, equal = amounts / total, np.float64(1.0) / amounts.size
        divisors = (total, 1 - equal) if normalised else (total,)
        index = added_up((shares - equal) ** 2) / (1 - equal) if normalised else added_up(shares**2)
        scaled = np.minimum(1, index) * (1 if normalised else 10_000)  # rounding can take a monopoly above the ceiling
        return settle(scaled, given=(total,), inside=(amounts >= 0).all(), divisors=divisors)
