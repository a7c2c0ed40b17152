"""From what a source holds in one cell to the value of a field, alike for CSV text, Excel cells and data frames."""

from __future__ import annotations

import datetime as dt
import math
import numbers
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from xlgenai.data.rules import FIRST_YEAR, LAST_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.data.schema import Field, TableSchema
    from xlgenai.data.table import Value

NOT_A_NUMBER: Final = "must be a plain number such as 1234.5"
NOT_FINITE: Final = "must be a finite number"
NOT_WHOLE: Final = "must be a whole number"
NOT_A_DATE: Final = f"must be a date such as 2023-10-29, in the years {FIRST_YEAR} to {LAST_YEAR}"
LONGEST: Final = 60
"""As much of a wrong value as a message shows."""
EXACT: Final = 2**53
"""Beyond this a spreadsheet's number no longer tells one whole number from the next."""
EPOCH: Final = dt.date(1899, 12, 30).toordinal()
"""Day 0 of Excel's serial numbers, from March 1900 on."""


def serial(day: dt.date) -> int:
    """Return Excel's serial number of a date (1900 system).

    Parameters
    ----------
    day : date
        From March 1900 on.

    Returns
    -------
    int
        Days since 30 December 1899.

    Examples
    --------
    >>> serial(dt.date(2023, 10, 29))
    45228
    """
    return day.toordinal() - EPOCH


def parse(cell: object, field: Field) -> Value:
    """Read one cell for a field.

    Parameters
    ----------
    cell : object
        What the source holds. A number may be stored as text; a date may be a date, ISO text or Excel's serial number.
    field : Field
        What it stands for. A text that is one of its choices but for capitals is taken as that choice.

    Returns
    -------
    Value
        The value; None for an empty cell.

    Raises
    ------
    ValueError
        When the cell cannot be read as that kind; the message is the rule in words.
    """
    if isinstance(cell, str):
        cell = cell.strip()
        if not cell:
            return None
    if cell is None:
        return None
    match field.column.kind:
        case "number":
            return _number(cell)
        case "integer":
            return _integer(cell)
        case "date":
            return _date(cell)
        case "text":
            text = _text(cell)
            return next((choice for choice in field.choices if choice.casefold() == text.casefold()), text)


def complete(schema: TableSchema, row: Mapping[str, Value], source: str = "") -> tuple[Value, ...]:
    """Make a row of a table out of the values that were read.

    Parameters
    ----------
    schema : TableSchema
        The table.
    row : mapping
        Values by column name.
    source : str
        What stands in the column `source` where the row does not say it.

    Returns
    -------
    tuple
        The row in column order; a text that is not given is empty, and derived columns are filled in.
    """

    def value(field: Field) -> Value:
        column = field.column
        if field.derive:
            return field.derive(row)
        given = row.get(column.name)
        if given is None and column.kind == "text":
            return source if column.name == "source" else ""
        return given

    return tuple(value(field) for field in schema.fields)


def shown(cell: object) -> str:
    """Return a value as a message shows it: in one line, and no longer than it takes to recognise it.

    Parameters
    ----------
    cell : object
        What was found.

    Returns
    -------
    str
        Its text, cut when it is long.

    Examples
    --------
    >>> shown(18120.0)
    '18120'
    """
    text = f"{cell:.15g}" if isinstance(cell, float) else " ".join(str(cell).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _number(cell: object) -> float:
    try:
        number = float(_plain(cell))
    except OverflowError:
        raise ValueError(NOT_FINITE) from None
    except ValueError:
        raise ValueError(NOT_A_NUMBER) from None
    if not math.isfinite(number):
        raise ValueError(NOT_FINITE)
    return number


def _plain(cell: object) -> str | numbers.Real | Decimal:
    match cell:
        case bool():
            pass
        case str() | numbers.Real() | Decimal() if "_" not in str(cell):  # Python reads 1_000, no spreadsheet does
            return cell
    raise ValueError(NOT_A_NUMBER)


def _integer(cell: object) -> int:
    number = _number(cell)
    if not number.is_integer() or abs(number) > EXACT:
        raise ValueError(NOT_WHOLE)
    return int(number)


def _date(cell: object) -> dt.date:
    try:
        day = _day(cell)
    except (ValueError, OverflowError):
        raise ValueError(NOT_A_DATE) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(NOT_A_DATE)
    return day


def _day(cell: object) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, str):
        try:
            return dt.datetime.fromisoformat(cell).date()
        except ValueError:
            pass  # a serial number stored as text
    return dt.date.fromordinal(EPOCH + math.floor(_number(cell)))


def _text(cell: object) -> str:
    match cell:
        case dt.date() if cell.day == 1:  # Excel turns the text 2023-11 into the first of November
            return f"{cell:%Y-%m}"
        case dt.date():
            return f"{cell:%Y-%m-%d}"
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell)
