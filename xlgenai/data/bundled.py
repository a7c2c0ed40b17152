"""The tables that come with xlgenai, read with the standard library alone so that the first cell need not wait."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

from xlgenai.data.parsing import complete, parse
from xlgenai.data.schema import BENCHMARKS, NVIDIA, VALUE_CHAIN, TableSchema
from xlgenai.data.table import DataTable

FOLDER: Final = "tables"


def nvidia_quarters() -> DataTable:
    """Return Nvidia's fiscal quarters, in USD million.

    Returns
    -------
    DataTable
        One row a quarter, in order.

    Examples
    --------
    >>> nvidia_quarters().records()[6]["revenue_usd_m"]
    18120.0
    """
    return _read(NVIDIA)


def value_chain() -> DataTable:
    """Return revenue and funding by layer of the value chain.

    Returns
    -------
    DataTable
        One fact a row.
    """
    return _read(VALUE_CHAIN)


def benchmarks() -> DataTable:
    """Return the ranges that the model sets its results beside.

    Returns
    -------
    DataTable
        One range a row.
    """
    return _read(BENCHMARKS)


@cache
def _read(schema: TableSchema) -> DataTable:
    text = files("xlgenai.data").joinpath(FOLDER, schema.file).read_text(encoding="utf-8")
    asked = [field for field in schema.fields if not field.derive]
    rows = tuple(
        complete(schema, {field.column.name: parse(record[field.column.name], field) for field in asked})
        for record in csv.DictReader(text.splitlines())
    )
    return DataTable(schema.name, schema.columns, rows, schema.provenance)
