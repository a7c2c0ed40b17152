"""A user's own tables: read from a file or a data frame, and taken only when every rule of the schema holds."""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING

from xlgenai.data.contract import ABSENT, frame_of, judge
from xlgenai.data.parsing import complete, parse, shown
from xlgenai.data.schema import NVIDIA, VALUE_CHAIN, TableSchema
from xlgenai.data.sources import RawTable, Source, read
from xlgenai.data.table import DataTable, Value
from xlgenai.errors import DataError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping


def load_nvidia(source: Source) -> DataTable:
    """Load a table of fiscal quarters in the place of the bundled one.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A file ending in .csv, .parquet, .xlsx or .xlsm (its first sheet), or a data frame. Columns are found by name,
        in any order, ignoring capitals and surrounding spaces; other columns are ignored. `data_center_basis` and
        `source` may be left out.

    Returns
    -------
    DataTable
        One row a quarter, in order of time.

    Raises
    ------
    DataError
        With every problem at once, each with row, column, value and rule.
    """
    return _load(source, NVIDIA)


def load_value_chain(source: Source) -> DataTable:
    """Load a table of revenue and funding by layer in the place of the bundled one.

    Parameters
    ----------
    source : path or pandas.DataFrame
        A file ending in .csv, .parquet, .xlsx or .xlsm (its first sheet), or a data frame. Columns are found by name,
        in any order, ignoring capitals and surrounding spaces; other columns are ignored, also `group`, which follows
        from the layer. `usd_b` or `share`, `basis`, `source` and `note` may be left out.

    Returns
    -------
    DataTable
        One fact a row, in the order of the source.

    Raises
    ------
    DataError
        With every problem at once, each with row, column, value and rule.
    """
    return _load(source, VALUE_CHAIN)


def _load(source: Source, schema: TableSchema) -> DataTable:
    raw = read(source)
    positions, twice = _match(raw, schema)
    rows, misread = _parse(raw, schema, positions)
    judged = judge(schema, frame_of(schema, rows), {(problem.row, problem.column) for problem in misread})
    problems = [*twice, *misread, *(_hinted(problem, raw, positions) for problem in judged)]
    if problems:
        names = [column.name for column in schema.columns]
        raise DataError(raw.name, sorted(problems, key=lambda p: (p.row or 0, names.index(p.column))))
    records = list(rows.values())
    if schema.order:  # years of four digits and Q1 to Q4 come in order of time as texts too
        records.sort(key=lambda row: [str(row[name]) for name in schema.order])
    completed = tuple(complete(schema, row, raw.name) for row in records)
    return DataTable(schema.name, schema.columns, completed, f"Loaded from {raw.name}.")


def _match(raw: RawTable, schema: TableSchema) -> tuple[dict[str, int], list[Problem]]:
    """Find the position of each column by its name; a name that stands twice is a problem."""
    header = [name.casefold() for name in raw.header]
    asked = [field.column.name for field in schema.fields if not field.derive]
    positions = {name: header.index(name) for name in asked if name in header}
    words = "two columns have this name, so rename or delete one of them"
    return positions, [Problem(1, name, "", words) for name in positions if header.count(name) > 1]


def _parse(
    raw: RawTable, schema: TableSchema, positions: Mapping[str, int]
) -> tuple[dict[int, dict[str, Value]], list[Problem]]:
    """Read every cell; one that cannot be read is a problem, and missing in the rows."""
    rows: dict[int, dict[str, Value]] = {number: {} for number in raw.rows}
    problems = []
    for field in schema.fields:
        name = field.column.name
        if field.derive or (field.column.required and name not in positions):
            continue
        for number, cells in raw.rows.items():
            cell = _cell(cells, positions.get(name))
            try:
                rows[number][name] = parse(cell, field)
            except ValueError as error:
                rows[number][name] = None
                problems.append(Problem(number, name, shown(cell), str(error)))
    return rows, problems


def _hinted(problem: Problem, raw: RawTable, positions: Mapping[str, int]) -> Problem:
    """Offer the nearest name in the source for a column that is missing."""
    if problem.rule != ABSENT:
        return problem
    spare = {name.casefold(): name for name in raw.header if name.casefold() not in positions}
    near = difflib.get_close_matches(problem.column, spare, n=1)
    if not near:
        return replace(problem, rule=f"{ABSENT}, so add it")
    return replace(problem, rule=f"{ABSENT}; if {spare[near[0]]!r} is meant, rename it")


def _cell(cells: tuple[object, ...], position: int | None) -> object:
    """Return one cell of a row; None where the column was left out, or the line of a CSV is short."""
    return None if position is None or position >= len(cells) else cells[position]
