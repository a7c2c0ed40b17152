"""Arguments of functions that look up Nvidia's quarters: metrics, periods and tables, right and wrong."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from xlgenai.cells.values import CellError, Scalar, serial
from xlgenai.data.bundled import nvidia_quarters
from xlgenai.data.nvidia import METRICS

if TYPE_CHECKING:
    import random

WRONG: Final[tuple[Scalar, ...]] = (None, True, "", "revenues", "FY2024Q5", "FY1999", "FY20", "2024", -1.0, *CellError)
"""What stands for no metric and no period; nothing and an empty text are the latest quarter."""
FIRST_DAY, DAYS = dt.date(2022, 5, 1), 1500
"""From the end of the first quarter until after that of the last one."""


def rows() -> list[list[Scalar]]:
    """Return the quarters that come with xlgenai as cells hold them, header row first."""
    return [[_cell(value) for value in row] for row in nvidia_quarters().matrix()]


def metric(chance: random.Random) -> Scalar:
    """Return what might be asked for."""
    if chance.random() < 0.08:
        return chance.choice(WRONG)
    name = chance.choice(list(METRICS))
    return chance.choice((name, name, name, name.upper(), f" {name} "))


def period(chance: random.Random) -> Scalar:
    """Return what might stand for a quarter or a year."""
    luck = chance.random()
    if luck < 0.08:
        return chance.choice(WRONG)
    if luck < 0.25:
        return serial(FIRST_DAY) + chance.randint(-30, DAYS)
    year, quarter = chance.randint(2022, 2028), chance.randint(1, 4)
    return chance.choice((f"FY{year}Q{quarter}", f"FY{year}Q{quarter}", f"fy{year} q{quarter}", f"FY{year}"))


def quarters(chance: random.Random) -> list[list[Scalar]]:
    """Return a table: columns and rows in any order, perhaps some missing, perhaps with a cell that is wrong."""
    header, *records = rows()
    chance.shuffle(records)
    columns = chance.sample(range(len(header)), len(header) - (chance.random() < 0.2))
    table = [[row[column] for column in columns] for row in [header, *records[: chance.randint(8, len(records))]]]
    if chance.random() < 0.2:
        table[chance.randrange(len(table))][chance.randrange(len(columns))] = chance.choice((None, "n/a", CellError.NA))
    return table


def _cell(value: object) -> Scalar:
    if isinstance(value, dt.date):
        return serial(value)
    return float(value) if isinstance(value, int | float) else str(value)
