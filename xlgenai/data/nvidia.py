"""Nvidia's figures by fiscal quarter or year: the two functions that look them up for a cell."""

from __future__ import annotations

import datetime as dt
import difflib
import math
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from xlgenai.data.bundled import nvidia_quarters
from xlgenai.data.parsing import serial
from xlgenai.data.quarters import Figures, History, read_history
from xlgenai.finance import margins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MILLIONS: Final = 1000
"""USD million in a USD billion."""
PERIOD: Final = re.compile(r"FY(\d{4})\s*(?:Q([1-4]))?", re.IGNORECASE)


def nvidia(
    metric: str, period: str | float | dt.date = "", quarters: Sequence[Sequence[object]] | None = None
) -> float:
    """Nvidia's reported or derived figure for a fiscal quarter or year.

    Money is in USD billion, margins, shares and growth rates are decimals. The flows of a year are the sums of its four
    quarters, and its ratios are those of the sums.

    Formula::

        LET(
            head, TAKE(quarters, 1),
            body, FILTER(DROP(quarters, 1), BYROW(DROP(quarters, 1), LAMBDA(line, SUM(LEN(line))>0))),
            field, LAMBDA(name, CHOOSECOLS(body, IFNA(XMATCH(name, head), #VALUE!))),
            figures, HSTACK(field("fiscal_year"), field("period_end"), field("revenue_usd_m"),
                field("data_center_revenue_usd_m"), field("net_income_usd_m"), field("cost_of_revenue_usd_m")),
            broken, REDUCE(0, quarters, LAMBDA(found, cell, found+0*LEN(cell))),
            number, MAP(field("fiscal_year"), field("fiscal_quarter"), LAMBDA(fiscal, quarter,
                4*fiscal+IFNA(XMATCH(TRIM(quarter), {"Q1","Q2","Q3","Q4"}), #VALUE!))),
            unread, 0*SUM(number)+REDUCE(0, figures, LAMBDA(found, cell,
                IF(ISTEXT(cell)*(LEN(cell)>0), #VALUE!, found))),
            ended, field("period_end"),
            asked, IF(LEN(metric)>=0, period),
            MAP(IF(LEN(asked)>=0, LOWER(TRIM(metric))), asked, LAMBDA(what, when, LET(
                text, UPPER(TRIM(when)),
                year, IFERROR(4*MID(text, 3, 4), 0)*(LEFT(text, 2)="FY"),
                part, TRIM(MID(text, 7, LEN(text))),
                one, XMATCH(part, {"Q1","Q2","Q3","Q4"}),
                latest, IF(text="", MAX(ended), MAX(IF(ended<=when, ended))),
                dated, (text="")+ISNUMBER(when)>0,
                last, IF(dated, IF(latest=0, NA(), SUM(number*(ended=latest))), year+IF(part="", 4, one)),
                first, IF(dated, last, IF(part="", year+1, last)),
                total, LAMBDA(name, back, IF(SUM((number>=first-back)*(number<=last-back))=last-first+1,
                    SUM(field(name)*(number>=first-back)*(number<=last-back)), NA())),
                rise, LAMBDA(name, back, total(name, 0)/total(name, back)-1),
                sales, total("revenue_usd_m", 0),
                chips, "data_center_revenue_usd_m",
                found, SWITCH(what,
                    "revenue", sales/1000,
                    "data_center_revenue", total(chips, 0)/1000,
                    "net_income", total("net_income_usd_m", 0)/1000,
                    "gross_margin", (sales-total("cost_of_revenue_usd_m", 0))/sales,
                    "net_margin", IF(sales<0, #NUM!, total("net_income_usd_m", 0)/sales),
                    "data_center_share", total(chips, 0)/sales,
                    "revenue_growth", rise("revenue_usd_m", 4),
                    "data_center_growth", rise(chips, 4),
                    "data_center_growth_qoq", IF(first=last, rise(chips, 1), NA()),
                    "run_rate", 0*sales+4*SUM(field(chips)*(number=last))/1000
                ),
                known, XMATCH(what, {"revenue","data_center_revenue","net_income","gross_margin","net_margin",
                    "data_center_share","revenue_growth","data_center_growth","data_center_growth_qoq","run_rate"}),
                broken+0*known+unread+found
            )))
        )

    Parameters
    ----------
    metric : str
        revenue, data_center_revenue, net_income, gross_margin, net_margin, data_center_share, revenue_growth,
        data_center_growth, data_center_growth_qoq or run_rate. Growth is on the year before, with _qoq on the quarter
        before; run_rate is four times the data-center revenue of the last quarter of the period.
    period : str or date, optional
        Fiscal quarter or year such as FY2024Q3 or FY2024, or a date for the latest quarter ended by then; empty for the
        latest quarter.
    quarters : table NvidiaQuarters, optional
        The quarters with their header row, NvidiaQuarters[#All]; left out, the table that comes with xlgenai. The order
        of its columns and rows is free.

    Returns
    -------
    float
        The figure; inf (#DIV/0!) when it is a share of zero.

    Raises
    ------
    LookupError
        When there is no such metric or period, a quarter that the figure needs is not in the table, or the growth of a
        full year on the quarter before is asked for (#N/A).
    ValueError
        When the table lacks a column or holds a text where a number belongs (#VALUE!).

    Notes
    -----
    FY2027 Q1 net income holds about USD 15.9 billion of unrealised equity gains. FY2024 Q4 net income is 12,285 million
    as published, where full year less nine months gives 12,286.

    References
    ----------
    SEC, XBRL company facts of Nvidia, CIK 0001045810; data-center revenue from Nvidia's quarterly results releases.

    Examples
    --------
    >>> nvidia("revenue", "FY2024Q3")
    18.12
    >>> round(nvidia("data_center_share", "fy2024 q3"), 6)
    0.800993
    >>> round(nvidia("data_center_revenue", "FY2024"), 3)
    47.525
    """
    key = metric.strip().casefold()
    if key not in METRICS:
        near = difflib.get_close_matches(key, METRICS, n=3) or list(METRICS)
        raise LookupError(f"There is no metric {metric!r}; did you mean {' or '.join(near)}?")
    history = _bundled() if quarters is None else _read(tuple(map(tuple, quarters)))
    return float(METRICS[key](history, _find(history, period)))


def nvidia_net_margin(period: str | float | dt.date = "", quarters: Sequence[Sequence[object]] | None = None) -> float:
    """Nvidia's net income as a share of its revenue, for a fiscal quarter or year.

    Formula::

        NVIDIA("net_margin", period, quarters)

    Parameters
    ----------
    period : str or date, optional
        Fiscal quarter or year such as FY2024Q3 or FY2024, or a date for the latest quarter ended by then; empty for the
        latest quarter.
    quarters : table NvidiaQuarters, optional
        The quarters with their header row, NvidiaQuarters[#All]; left out, the table that comes with xlgenai.

    Returns
    -------
    float
        Net margin as a decimal; inf (#DIV/0!) when there was no revenue.

    Raises
    ------
    LookupError
        When there is no such period in the table (#N/A).
    ValueError
        When the table lacks a column or holds a text where a number belongs (#VALUE!).

    Notes
    -----
    FY2027 Q1 net income holds about USD 15.9 billion of unrealised equity gains, so its margin of 71% is not that of
    the chip business alone. FY2024 Q4 net income is 12,285 million as published.

    References
    ----------
    SEC, XBRL company facts of Nvidia, CIK 0001045810.

    Examples
    --------
    >>> round(nvidia_net_margin("FY2024Q3"), 6)
    0.510099
    """
    return nvidia("net_margin", period, quarters)


@cache
def _bundled() -> History:
    return read_history(nvidia_quarters().matrix())


@lru_cache(maxsize=8)
def _read(rows: tuple[tuple[object, ...], ...]) -> History:
    """Read a table once, however many cells ask for it."""
    return read_history(rows)


def _find(history: History, period: str | float | dt.date) -> Figures:
    if isinstance(period, dt.date):
        return history.ended_by(serial(period))
    if not isinstance(period, str):
        return history.ended_by(period)
    text = period.strip()
    if not text:
        return history.latest()
    parts = PERIOD.fullmatch(text)
    if not parts:
        raise LookupError(f"There is no period {period!r}; write one such as FY2024Q3 or FY2024, or give a date.")
    year = int(parts[1])
    return history.quarter(year, int(parts[2])) if parts[2] else history.year(year)


def _year_before(history: History, now: Figures) -> Figures:
    return history.year(now.year - 1) if now.quarter is None else history.quarter(now.year - 1, now.quarter)


def _quarter_before(history: History, now: Figures) -> Figures:
    if now.quarter is None:
        raise LookupError(f"The growth of {now.name} on the quarter before is not defined; give a quarter.")
    return history.quarter(now.year, now.quarter - 1) if now.quarter > 1 else history.quarter(now.year - 1, 4)


def _ratio(part: float, whole: float) -> float:
    """Divide as the functions of `xlgenai.finance` do: inf by zero."""
    return part / whole if whole else math.inf


def _growth(now: float, before: float) -> float:
    return _ratio(now - before, before)


METRICS: Final[dict[str, Callable[[History, Figures], float]]] = {
    "revenue": lambda _, now: now.revenue / MILLIONS,
    "data_center_revenue": lambda _, now: now.data_center / MILLIONS,
    "net_income": lambda _, now: now.net_income / MILLIONS,
    "gross_margin": lambda _, now: _ratio(now.revenue - now.cost, now.revenue),
    "net_margin": lambda _, now: float(margins.net_margin(now.net_income, now.revenue)),
    "data_center_share": lambda _, now: _ratio(now.data_center, now.revenue),
    "revenue_growth": lambda history, now: _growth(now.revenue, _year_before(history, now).revenue),
    "data_center_growth": lambda history, now: _growth(now.data_center, _year_before(history, now).data_center),
    "data_center_growth_qoq": lambda history, now: _growth(now.data_center, _quarter_before(history, now).data_center),
    "run_rate": lambda _, now: 4 * now.last_data_center / MILLIONS,
}
"""What can be asked for, each as a function of the quarters and the period."""
