"""The pandera schema of a table, and what pandera says of a frame in the words of the declaration."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from xlgenai.data.parsing import shown
from xlgenai.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import pandas as pd
    import pandera.pandas as pa

    from xlgenai.data.rules import Findings
    from xlgenai.data.schema import Field, Rule, TableSchema
    from xlgenai.data.table import Value

DTYPES: Final = {"integer": "Int64", "number": "float64", "text": "object", "date": "datetime64[ns]"}
MISSING: Final = "must be filled in"
ABSENT: Final = "the column is missing"

Place: TypeAlias = tuple[int | None, str]
"""Row number and column name of a field."""


def frame_of(schema: TableSchema, rows: Mapping[int, Mapping[str, Value]]) -> pd.DataFrame:
    """Make the typed frame that `contract` judges.

    Parameters
    ----------
    schema : TableSchema
        The table.
    rows : mapping
        Values by column name, by row number; a column that no row has is left out of the frame.

    Returns
    -------
    pandas.DataFrame
        Indexed by row number.
    """
    import pandas as pd  # noqa: PLC0415 - slow, and not needed to look up a bundled figure

    present = {name for row in rows.values() for name in row}
    columns = {
        column.name: pd.Series([row.get(column.name) for row in rows.values()], dtype=DTYPES[column.kind])
        for column in schema.columns
        if column.name in present
    }
    return pd.DataFrame(columns).set_axis(list(rows), axis="index")


def contract(schema: TableSchema) -> pa.DataFrameSchema:
    """Derive the pandera schema of a table from its declaration.

    Parameters
    ----------
    schema : TableSchema
        The table.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Columns, limits and rules; each check carries its words.
    """
    import pandera.pandas as pa  # noqa: PLC0415 - as pandas

    columns = {
        field.column.name: pa.Column(
            DTYPES[field.column.kind],
            _checks(field),
            nullable=not field.column.required,
            required=field.column.required,
        )
        for field in schema.fields
    }
    return pa.DataFrameSchema(columns, checks=[_frame_check(rule) for rule in schema.rules], name=schema.name)


def judge(schema: TableSchema, frame: pd.DataFrame, misread: Collection[Place] = ()) -> list[Problem]:
    """Validate a frame and collect every problem.

    Parameters
    ----------
    schema : TableSchema
        The table.
    frame : pandas.DataFrame
        As `frame_of` makes it.
    misread : collection of (int, str)
        Row and column of the fields that could not be read and stand as missing in the frame.

    Returns
    -------
    list of Problem
        Empty when the frame fits. A field with a problem of its own is not judged again together with others.
    """
    failures = _failures(schema, frame)
    fields = [_field_problem(failure) for failure in failures if failure["schema_context"] == "Column"]
    fields = [problem for problem in fields if (problem.row, problem.column) not in misread]
    wrong = {*misread, *((problem.row, problem.column) for problem in fields)}
    failed = {failure["check"] for failure in failures}
    between = [
        Problem(row, rule.columns[0], found, rule.words)
        for rule in schema.rules
        if rule.words in failed
        for row, found in rule.find(frame).items()
        if not any((row, column) in wrong for column in rule.columns)
    ]
    absent = [
        Problem(None, failure["failure_case"], "", ABSENT)
        for failure in failures
        if failure["check"] == "column_in_dataframe"
    ]
    return [*absent, *fields, *between]


def _failures(schema: TableSchema, frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Collect what pandera finds: one entry for each field, and for each column of a row that breaks a rule."""
    import pandera.pandas as pa  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what pandera thinks of pandas' next version is no news for the user
            contract(schema).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures: list[dict[str, Any]] = errors.failure_cases.to_dict("records")
        return failures
    return []


def _checks(field: Field) -> list[pa.Check]:
    import pandera.pandas as pa  # noqa: PLC0415

    checks = []
    if field.choices:
        checks.append(pa.Check.isin(field.choices, error=field.limits))
    if field.low is not None and field.high is not None:
        checks.append(pa.Check.in_range(field.low, field.high, error=field.limits))
    elif field.low is not None:
        checks.append(pa.Check.ge(field.low, error=field.limits))
    return checks


def _frame_check(rule: Rule) -> pa.Check:
    import pandas as pd  # noqa: PLC0415
    import pandera.pandas as pa  # noqa: PLC0415

    def holds(frame: pd.DataFrame) -> pd.Series[bool]:
        findings: Findings = rule.find(frame) if set(rule.columns) <= set(frame.columns) else {}
        return pd.Series(~frame.index.isin(list(findings)), index=frame.index)

    return pa.Check(holds, error=rule.words, ignore_na=False)


def _field_problem(failure: Mapping[str, Any]) -> Problem:
    missing = failure["check"] == "not_nullable"
    value = "" if missing else shown(failure["failure_case"])
    return Problem(int(failure["index"]), failure["column"], value, MISSING if missing else failure["check"])
