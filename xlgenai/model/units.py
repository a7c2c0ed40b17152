"""What numbers are counted in, and how cells show them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """What a number is counted in, and how a cell shows it."""

    name: str
    number_format: str


PERCENT = Unit("%", "0.0%")
MULTIPLE = Unit("x", '0.00"x"')
USD_BILLION = Unit("USD billion", "#,##0.0")
USD_MILLION = Unit("USD million", "#,##0")
INDEX = Unit("index", "#,##0.0")
AMOUNT = Unit("as stated", "#,##0.00")
POINTS = Unit("points", "#,##0")
YEARS = Unit("years", "0.0")
YEAR = Unit("year", "0")
COUNT = Unit("number", "0")
DATE = Unit("date", "yyyy-mm-dd")
TEXT = Unit("text", "@")
NAME = Unit("", "General")
FLAG = Unit("OK?", '"TRUE";"TRUE";"FALSE";@')
