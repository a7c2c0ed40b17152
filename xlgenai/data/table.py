"""A table of facts with its provenance: what every sheet, function and check reads, wherever the facts came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal, TypeAlias

Value: TypeAlias = float | int | str | dt.date | None
"""What a field of a table can hold; None where a number is not given."""
ColumnKind: TypeAlias = Literal["integer", "number", "text", "date"]
"""How the values of a column are read."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
        Name in files and in Excel's structured references.
    kind : {"integer", "number", "text", "date"}
        How its values are read.
    label : str
        Name for people.
    unit : str
        Unit of its numbers, such as "USD million"; empty when there is none.
    required : bool
        Whether every row must have a value; otherwise the whole column may be left out.
    """

    name: str
    kind: ColumnKind
    label: str
    unit: str = ""
    required: bool = True


@dataclass(frozen=True)
class DataTable:
    """Rows of facts under named columns.

    Attributes
    ----------
    name : str
        Name of the Excel table that holds it.
    columns : tuple of Column
        In the order of the fields of a row.
    rows : tuple of tuple
        One fact or period a row.
    provenance : str
        Where the rows come from, as a sentence.

    Examples
    --------
    >>> table = DataTable("Demo", (Column("year", "integer", "Year"),), ((2023,), (2024,)), "Made up.")
    >>> table.column("year")
    (2023, 2024)
    >>> table.matrix()
    [['year'], [2023], [2024]]
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    provenance: str

    def column(self, name: str) -> tuple[Value, ...]:
        """Return the values of one column, in row order.

        Parameters
        ----------
        name : str
            Name of the column.

        Returns
        -------
        tuple
            One value a row.

        Raises
        ------
        KeyError
            When there is no such column.
        """
        names = self._names()
        if name not in names:
            raise KeyError(f"{self.name} has no column {name!r}; it has {', '.join(names)}.")
        position = names.index(name)
        return tuple(row[position] for row in self.rows)

    def records(self) -> list[dict[str, Value]]:
        """Return each row as a dictionary by column name."""
        names = self._names()
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def matrix(self) -> list[list[Value]]:
        """Return header and rows as a cell range would hold them."""
        return [[*self._names()], *(list(row) for row in self.rows)]

    def _names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)
