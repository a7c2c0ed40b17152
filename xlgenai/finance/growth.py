"""How the TAM multiple moves when applications and infrastructure grow at different rates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xlgenai.finance._domain import Numbers, finite, numbers, power, settle, vector

if TYPE_CHECKING:
    import numpy.typing as npt
    from numpy.typing import NDArray

ROUNDED: Final = 1e-9
"""What may be missing from a whole number of years, as 0.3 / 0.1 is not quite 3."""
REACHED: Final = 1e-12
"""How much of a multiple, relatively, may be missing where it counts as reached, for the same reason."""


def projected_tam_multiple(
    application_revenue: npt.ArrayLike,
    infrastructure_revenue: npt.ArrayLike,
    application_growth: npt.ArrayLike,
    infrastructure_growth: npt.ArrayLike,
    years: npt.ArrayLike,
) -> Numbers:
    """TAM multiple of applications over infrastructure after some years of growth.

    Today's ratio of application and model revenue to infrastructure revenue, carried forward at the growth of each.

    Formula::

        LET(rates_above, ROWS(application_growth),
            rates_below, ROWS(infrastructure_growth),
            fewer, MIN(rates_above, rates_below),
            covered, IF(fewer>1, fewer, MAX(rates_above, rates_below)),
            yearly, covered>1,
            each_year, SEQUENCE(covered+1, 1, 0),
            above, IF(rates_above>1, VSTACK(0, TAKE(application_growth, covered)), application_growth),
            below, IF(rates_below>1, VSTACK(0, TAKE(infrastructure_growth, covered)), infrastructure_growth),
            ratios, (1+above)/(1+below),
            factor, MAP(years, LAMBDA(horizon, LET(
                whole, ROUND(horizon, 0),
                exists, IF(yearly, (ABS(horizon-whole)<1E-9)*(whole>=0)*(whole<=covered), 1),
                counted, each_year<=IF(yearly, exists*whole, 0),
                slowest, MIN(IF(counted, above, 0), IF(counted, below, 0)),
                IF(SUM(counted*(below=-1))>0, #DIV/0!,
                IF((exists=0)+(slowest<=-1), #NUM!,
                IF(yearly, REDUCE(1, IF(counted*(each_year>0), ratios, 1), LAMBDA(product, ratio, product*ratio)),
                           INDEX(ratios, 1)^horizon)))))),
            sound, (application_revenue>=0)*(infrastructure_revenue>0),
            factor*IF(sound, application_revenue/infrastructure_revenue, #NUM!))

    Domain::

        infrastructure_revenue <> 0 else #DIV/0!

    Parameters
    ----------
    application_revenue : array_like of float
        Application and model revenue today; not negative.
    infrastructure_revenue : array_like of float
        Infrastructure revenue today, in the unit of `application_revenue`; positive.
    application_growth : sequence of float
        Yearly growth of application revenue, as a decimal above -1: one constant rate, or one rate for each year.
    infrastructure_growth : sequence of float
        Yearly growth of infrastructure revenue, as a decimal above -1: one constant rate, or one rate for each year.
    years : array_like of float
        Years from today; any number at constant rates, else how many of the yearly rates are compounded.

    Returns
    -------
    float or ndarray
        Application and model revenue as a multiple of infrastructure revenue.

    Notes
    -----
    An infrastructure revenue of zero or an infrastructure growth of exactly -1 gives inf (#DIV/0!), an argument outside
    its range nan (#NUM!). With yearly rates, years that are not whole (but for rounding), negative, or more than there
    are rates give nan, and only the rates that are compounded matter. At constant rates the formula is
    application_revenue/infrastructure_revenue*((1+application_growth)/(1+infrastructure_growth))^years.

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023: application and model TAM 2 to 4 times
    infrastructure.

    Examples
    --------
    >>> round(float(projected_tam_multiple(10, 90, 1, 0.5, 5)), 6)
    0.468221
    >>> [round(float(multiple), 4) for multiple in projected_tam_multiple(10, 100, [1, 0.5], 0.25, [0, 1, 2])]
    [0.1, 0.16, 0.192]
    """
    application, infrastructure, horizon = numbers(application_revenue, infrastructure_revenue, years)
    with np.errstate(all="ignore"):
        factor, slowest, slowest_below = _compounded(vector(application_growth), vector(infrastructure_growth), horizon)
        return settle(
            application / infrastructure * factor,
            given=(application, infrastructure, horizon, slowest, slowest_below),
            inside=(application >= 0) & (infrastructure > 0) & (slowest > -1) & (slowest_below > -1),
            divisors=(infrastructure, 1 + slowest_below),
        )


def crossover_years(
    application_revenue: npt.ArrayLike,
    infrastructure_revenue: npt.ArrayLike,
    application_growth: npt.ArrayLike,
    infrastructure_growth: npt.ArrayLike,
    target_multiple: npt.ArrayLike = 1.0,
) -> Numbers:
    """Years until applications reach a multiple of infrastructure revenue.

    How long application and model revenue must outgrow infrastructure revenue, both at constant rates, before their
    ratio is the target; 0 when it is there already.

    Formula::

        LET(today, application_revenue/infrastructure_revenue,
            pace, (1+application_growth)/(1+infrastructure_growth),
            IF(today>=target_multiple*(1-1E-12), 0,
            IF((application_revenue>0)*(pace>1), LN(target_multiple/today)/LN(pace), #N/A)))

    Domain::

        infrastructure_revenue <> 0 and infrastructure_growth <> -1 else #DIV/0!
        application_revenue >= 0 and infrastructure_revenue > 0 and target_multiple > 0 else #NUM!
        application_growth > -1 and infrastructure_growth > -1 else #NUM!

    Parameters
    ----------
    application_revenue : array_like of float
        Application and model revenue today; not negative.
    infrastructure_revenue : array_like of float
        Infrastructure revenue today, in the unit of `application_revenue`; positive.
    application_growth : array_like of float
        Yearly growth of application revenue, as a decimal above -1.
    infrastructure_growth : array_like of float
        Yearly growth of infrastructure revenue, as a decimal above -1.
    target_multiple : array_like of float, optional
        Multiple of infrastructure revenue that applications are to reach; positive. Default 1.

    Returns
    -------
    float or ndarray
        Years from today, not rounded; never negative.

    Raises
    ------
    LookupError
        When an element never gets there: applications grow no faster than infrastructure, as far as a float can tell,
        or start from nothing.

    Notes
    -----
    An infrastructure revenue of zero or an infrastructure growth of exactly -1 gives inf (#DIV/0!), an argument outside
    its range nan (#NUM!); a multiple that is never reached shows as #N/A. A multiple that is short of its target by
    rounding alone is there already. Where it is not, equals NPER(pace-1, 0, -today, target_multiple).

    References
    ----------
    Kelvin Mu, post on generative-AI revenue and fundraising, November 2023: application and model TAM 2 to 4 times
    infrastructure.

    Examples
    --------
    >>> round(float(crossover_years(10, 90, 1, 0.5)), 3)
    7.638
    >>> [round(float(years), 2) for years in crossover_years(10, 90, 1, 0.5, [2, 3, 4])]
    [10.05, 11.46, 12.46]
    """
    given = numbers(
        application_revenue, infrastructure_revenue, application_growth, infrastructure_growth, target_multiple
    )
    application, infrastructure, growth, growth_below, target = given
    inside = (application >= 0) & (infrastructure > 0) & (growth > -1) & (growth_below > -1) & (target > 0)
    with np.errstate(all="ignore"):
        start, pace = application / infrastructure, (1 + growth) / (1 + growth_below)
        waiting = inside & finite(*given) & (start < target * (1 - REACHED))
        if np.any(waiting & ((pace <= 1) | (start == 0))):
            raise LookupError(
                "The multiple is never reached: applications grow no faster than infrastructure, or start from nothing."
            )
        years = np.where(waiting, np.log(target / start) / np.log(pace), 0.0)
        inside = inside & np.isfinite(pace)
        return settle(years, given=given, inside=inside, divisors=(infrastructure, 1 + growth_below))


def required_growth(current: npt.ArrayLike, target: npt.ArrayLike, years: npt.ArrayLike) -> Numbers:
    """Constant yearly growth that takes an amount to a target.

    The compound annual growth rate between today's amount and the one that is needed after some years.

    Formula::

        (target/current)^(1/years)-1

    Domain::

        current <> 0 and years <> 0 else #DIV/0!
        current > 0 and target > 0 and years > 0 else #NUM!

    Parameters
    ----------
    current : array_like of float
        Amount today; positive.
    target : array_like of float
        Amount that is needed, in the unit of `current`; positive.
    years : array_like of float
        Years from today until the target; positive, not necessarily whole.

    Returns
    -------
    float or ndarray
        Yearly growth as a decimal above -1.

    Notes
    -----
    A current amount or a number of years of zero gives inf (#DIV/0!), a negative argument or a target of zero nan
    (#NUM!). Equals RATE(years, 0, -current, target).

    Examples
    --------
    >>> round(float(required_growth(1.6, 26.2451, 5)), 6)
    0.749789
    """
    today, goal, horizon = numbers(current, target, years)
    with np.errstate(all="ignore"):
        factor = goal / today  # zero only by underflow, which would pass for a loss of everything
        # The closed form: numpy_financial.rate iterates and can return nonsense (rate(5, 0, 1.6, 26) is -2.75).
        return settle(
            power(factor, 1 / horizon) - 1,
            given=(today, goal, horizon),
            inside=(today > 0) & (goal > 0) & (horizon > 0) & (factor > 0),
            divisors=(today, horizon),
        )


def _compounded(
    above: NDArray[np.float64], below: NDArray[np.float64], years: NDArray[np.float64]
) -> tuple[Numbers, Numbers, Numbers]:
    """Compound two growths, each one constant rate or yearly rates, and divide.

    Returns
    -------
    tuple of float or ndarray
        The factor for each of the years, nan where the rates do not cover them, and the lowest rate of each growth up
        to there; the lowest `below` is -1 wherever one is, as that is the zero denominator.
    """
    if above.size == below.size == 1:
        return power((1 + above[0]) / (1 + below[0]), years), above[0], below[0]
    covered = min(rates.size for rates in (above, below) if rates.size != 1)
    above, below = _by_year(above, covered), _by_year(below, covered)
    ratios = (1 + above) / (1 + below)
    ratios[0] = 1.0
    whole = np.rint(years)
    exists = (np.abs(years - whole) < ROUNDED) & (whole >= 0) & (whole <= covered)
    year = np.where(exists, whole, 0).astype(int)
    lowest = np.where(np.logical_or.accumulate(below == -1), -1.0, np.minimum.accumulate(below))
    return np.where(exists, np.cumprod(ratios)[year], np.nan), np.minimum.accumulate(above)[year], lowest[year]


def _by_year(rates: NDArray[np.float64], covered: int) -> NDArray[np.float64]:
    """Rate of each year, today as year 0 included; inf becomes nan, which a running minimum carries along."""
    rates = np.where(np.isfinite(rates), rates, np.nan)
    return np.repeat(rates, covered + 1) if rates.size == 1 else np.concatenate(([0.0], rates[:covered]))
