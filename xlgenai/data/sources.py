"""What a user hands over, as a header and rows of cells: a CSV, Parquet or Excel file, or a pandas data frame."""

from __future__ import annotations

import csv
import warnings
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from xlgenai.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

Source: TypeAlias = "str | PathLike[str] | pd.DataFrame"
"""A path, or a data frame."""


@dataclass(frozen=True)
class RawTable:
    """A source as it stands, nothing read into its cells yet.

    Attributes
    ----------
    name : str
        The file's name, or "DataFrame".
    header : tuple of str
        Names of the columns, without surrounding spaces.
    rows : dict
        Cells by row number, as a spreadsheet counts (the header is row 1); blank rows are left out.
    """

    name: str
    header: tuple[str, ...]
    rows: dict[int, tuple[object, ...]]


def read(source: Source) -> RawTable:
    """Read a source without judging what is in it.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A file ending in .csv, .parquet, .xlsx or .xlsm (its first sheet), or a data frame.

    Returns
    -------
    RawTable
        Header and rows.

    Raises
    ------
    DataError
        When there is no such file, it is of another kind, it cannot be read, or there is nothing in it.
    """
    if not isinstance(source, str | PathLike):
        return _from_frame(source)
    path = Path(source)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise _refusal(path.name, f"the file must end in {', '.join(READERS)}, or be given as a pandas DataFrame")
    if not path.is_file():
        raise _refusal(path.name, f"there is no such file in {path.parent.resolve()}, so check the path")
    try:
        lines = reader(path)
    except ImportError:
        raise _refusal(path.name, "reading Parquet needs pyarrow, so install xlgenai[parquet] or give a CSV") from None
    except UnicodeDecodeError:
        raise _refusal(path.name, "the file is not UTF-8 text, so save it from Excel as CSV UTF-8") from None
    except PermissionError:
        raise _refusal(path.name, "the file may not be opened, so close it in other programs and try again") from None
    except Exception as error:  # a damaged file makes the readers below raise nearly anything
        words = "the file cannot be read as what its ending says, so open it where it was made and save it again"
        raise _refusal(path.name, words) from error
    return _table(path.name, lines)


def _from_frame(frame: object) -> RawTable:
    import pandas as pd  # noqa: PLC0415 - only a script has a data frame, and pandas is slow to import

    if not isinstance(frame, pd.DataFrame):
        kind = type(frame).__name__
        raise _refusal("The source", f"it must be the path of a file or a pandas DataFrame, not {kind}")
    return _table("DataFrame", _frame_lines(frame))


def _frame_lines(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    cells = frame.astype(object).to_numpy()
    missing = frame.isna().to_numpy()
    rows = [
        tuple(None if gone else cell for cell, gone in zip(row, blanks, strict=True))
        for row, blanks in zip(cells, missing, strict=True)
    ]
    return [tuple(frame.columns), *rows]


def _csv(path: Path) -> list[tuple[object, ...]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        first = file.readline()
        file.seek(0)
        delimiter = max(",;\t", key=first.count)  # Excel writes the list separator of the user's country
        return [tuple(line) for line in csv.reader(file, delimiter=delimiter, strict=True)]


def _parquet(path: Path) -> list[tuple[object, ...]]:
    import pandas as pd  # noqa: PLC0415

    return _frame_lines(pd.read_parquet(path, engine="pyarrow"))


def _excel(path: Path) -> list[tuple[object, ...]]:
    import openpyxl  # noqa: PLC0415

    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of parts that it drops, and none of them is a value
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        return [tuple(row) for row in book.worksheets[0].iter_rows(values_only=True)]


READERS: Final[dict[str, Callable[[Path], list[tuple[object, ...]]]]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _excel,
    ".xlsm": _excel,
}
"""How each kind of file is read, by its ending."""


def _table(name: str, lines: Sequence[Sequence[object]]) -> RawTable:
    """Part header and rows, and refuse what has none."""
    header = tuple("" if cell is None else str(cell).strip() for cell in lines[0]) if lines else ()
    if not any(header):
        raise _refusal(name, "its first row must hold the names of the columns, but it is empty")
    numbered = enumerate(lines[1:], start=2)
    rows = {number: tuple(line) for number, line in numbered if not _blank(line)}
    if not rows:
        raise _refusal(name, "there is no row of data below the names of the columns")
    long = [number for number, line in rows.items() if not _blank(line[len(header) :])]
    if long:
        words = "the row has more cells than there are column names, so quote texts that contain the separator"
        raise DataError(name, [Problem(number, "", "", words) for number in long])
    return RawTable(name, header, rows)


def _blank(cells: Iterable[object]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _refusal(name: str, words: str) -> DataError:
    return DataError(name, [Problem(None, "", "", words)])
