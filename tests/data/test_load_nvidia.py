"""A user's own quarters: every rule alone, several at once, and what is forgiven."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgenai.data.user import load_nvidia
from xlgenai.errors import DataError

QUARTERS: Final[list[dict[str, Any]]] = [
    {
        "fiscal_year": year,
        "fiscal_quarter": quarter,
        "period_end": end,
        "revenue_usd_m": revenue,
        "data_center_revenue_usd_m": data_center,
        "net_income_usd_m": income,
        "cost_of_revenue_usd_m": cost,
        "data_center_basis": "as reported",
        "source": "results release",
    }
    for year, quarter, end, revenue, data_center, income, cost in [
        (2023, "Q4", "2023-01-29", 6051, 3616, 1414, 2218),
        (2024, "Q1", "2023-04-30", 7192, 4284, 2043, 2544),
        (2024, "Q2", "2023-07-30", 13507, 10323, 6188, 4045),
        (2024, "Q3", "2023-10-29", 18120, 14514, 9243, 4720),
        (2024, "Q4", "2024-01-28", 22103, 18404, 12285, 5312),
    ]
]
LOADED: Final = (
    (2023, "Q4", dt.date(2023, 1, 29), 6051.0, 3616.0, 1414.0, 2218.0, "as reported", "results release"),
    (2024, "Q1", dt.date(2023, 4, 30), 7192.0, 4284.0, 2043.0, 2544.0, "as reported", "results release"),
    (2024, "Q2", dt.date(2023, 7, 30), 13507.0, 10323.0, 6188.0, 4045.0, "as reported", "results release"),
    (2024, "Q3", dt.date(2023, 10, 29), 18120.0, 14514.0, 9243.0, 4720.0, "as reported", "results release"),
    (2024, "Q4", dt.date(2024, 1, 28), 22103.0, 18404.0, 12285.0, 5312.0, "as reported", "results release"),
)


def changed(*changes: tuple[int, str, object]) -> pd.DataFrame:
    """The quarters with some fields changed, each named by its row in a spreadsheet."""
    rows = [dict(row) for row in QUARTERS]
    for row, column, value in changes:
        rows[row - 2][column] = value
    return pd.DataFrame(rows, dtype=object)


def problems(frame: pd.DataFrame) -> list[tuple[int | None, str, str]]:
    """Row, column and value of each problem."""
    with pytest.raises(DataError) as caught:
        load_nvidia(frame)
    return [(problem.row, problem.column, problem.value) for problem in caught.value.problems]


def test_a_good_table() -> None:
    table = load_nvidia(pd.DataFrame(QUARTERS))
    assert table.rows == LOADED
    assert table.name == "NvidiaQuarters"
    assert table.provenance == "Loaded from DataFrame."


@pytest.mark.parametrize(
    ("row", "column", "value", "shown", "rule"),
    [
        (3, "revenue_usd_m", "abc", "abc", "must be a plain number"),
        (3, "revenue_usd_m", "7,192", "7,192", "must be a plain number"),
        (3, "revenue_usd_m", "7_192", "7_192", "must be a plain number"),
        (3, "revenue_usd_m", True, "True", "must be a plain number"),
        (3, "net_income_usd_m", dt.date(2024, 1, 1), "2024-01-01", "must be a plain number"),
        (3, "revenue_usd_m", "x" * 100, "x" * 60 + "…", "must be a plain number"),
        (3, "revenue_usd_m", None, "", "must be filled in"),
        (3, "revenue_usd_m", "  ", "", "must be filled in"),
        (3, "revenue_usd_m", math.nan, "", "must be filled in"),
        (3, "revenue_usd_m", "NaN", "NaN", "must be a finite number"),
        (3, "revenue_usd_m", math.inf, "inf", "must be a finite number"),
        (3, "net_income_usd_m", "-inf", "-inf", "must be a finite number"),
        (3, "net_income_usd_m", 10**400, "1" + "0" * 59 + "…", "must be a finite number"),
        (3, "revenue_usd_m", -1, "-1", "must not be negative"),
        (3, "data_center_revenue_usd_m", -0.5, "-0.5", "must not be negative"),
        (3, "cost_of_revenue_usd_m", -2218, "-2218", "must not be negative"),
        (3, "data_center_revenue_usd_m", 7193, "7193 of 7192", "must not be above revenue_usd_m"),
        (3, "fiscal_quarter", "Q5", "Q5", "must be one of Q1, Q2, Q3, Q4"),
        (3, "fiscal_quarter", None, "", "must be filled in"),
        (3, "fiscal_year", 2024.5, "2024.5", "must be a whole number"),
        (3, "fiscal_year", 10**30, "1" + "0" * 30, "must be a whole number"),
        (3, "fiscal_year", 1989, "1989", "must lie between 1990 and 2100"),
        (3, "fiscal_year", 2101, "2101", "must lie between 1990 and 2100"),
        (3, "fiscal_year", "FY24", "FY24", "must be a plain number"),
        (3, "period_end", "30/04/2023", "30/04/2023", "must be a date such as"),
        (3, "period_end", "soon", "soon", "must be a date such as"),
        (3, "period_end", 20230430, "20230430", "must be a date such as"),
        (3, "period_end", 2023, "2023", "must be a date such as"),
        (3, "period_end", math.inf, "inf", "must be a date such as"),
        (3, "period_end", None, "", "must be filled in"),
        (3, "period_end", "2023-01-29", "2023-01-29", "must be later than the end of the quarter before"),
        (4, "period_end", "2022-07-30", "2022-07-30", "must be later than the end of the quarter before"),
    ],
)
def test_each_rule_alone(row: int, column: str, value: object, shown: str, rule: str) -> None:
    with pytest.raises(DataError) as caught:
        load_nvidia(changed((row, column, value)))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.value) == (row, column, shown)
    assert problem.rule.startswith(rule)


def test_a_duplicate_quarter() -> None:
    frame = pd.concat([pd.DataFrame(QUARTERS), pd.DataFrame(QUARTERS[2:3])])
    with pytest.raises(DataError, match=r"row 7, fiscal_quarter: a quarter must stand in one row only") as caught:
        load_nvidia(frame)
    assert [(problem.row, problem.value) for problem in caught.value.problems] == [(7, "2024 Q2")]


@pytest.mark.parametrize(("gone", "row", "value"), [([2], 4, "2024 Q3"), ([1, 2], 3, "2024 Q3")])
def test_a_gap(gone: list[int], row: int, value: str) -> None:
    with pytest.raises(DataError, match="the quarter before this one is missing") as caught:
        load_nvidia(pd.DataFrame(QUARTERS).drop(index=gone))
    assert [(problem.row, problem.value) for problem in caught.value.problems] == [(row, value)]


def test_a_missing_column_offers_the_nearest_name() -> None:
    frame = pd.DataFrame(QUARTERS).rename(columns={"net_income_usd_m": "Net income usd"})
    with pytest.raises(DataError) as caught:
        load_nvidia(frame)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (None, "net_income_usd_m")
    assert problem.rule == "the column is missing; if 'Net income usd' is meant, rename it"


def test_a_missing_column_without_any_near_name() -> None:
    with pytest.raises(DataError, match="period_end: the column is missing, so add it"):
        load_nvidia(pd.DataFrame(QUARTERS).drop(columns="period_end"))


def test_a_column_twice() -> None:
    frame = pd.DataFrame(QUARTERS).assign(Fiscal_Year=2024)
    with pytest.raises(DataError, match="row 1, fiscal_year: two columns have this name"):
        load_nvidia(frame)


def test_no_rows() -> None:
    with pytest.raises(DataError, match="there is no row of data below the names of the columns"):
        load_nvidia(pd.DataFrame(QUARTERS[:0], columns=list(QUARTERS[0])))


def test_several_problems_are_all_reported_in_order() -> None:
    frame = changed(
        (2, "revenue_usd_m", "abc"),
        (2, "period_end", None),
        (3, "cost_of_revenue_usd_m", -1),
        (4, "data_center_revenue_usd_m", 99999),
        (5, "net_income_usd_m", "inf"),
        (6, "period_end", "2023-10-29"),
    ).drop(columns="source")
    frame = pd.concat([frame, frame.iloc[[4]]]).rename(columns={"fiscal_quarter": "quarter"})
    assert problems(frame) == [
        (None, "fiscal_quarter", ""),
        (2, "period_end", ""),
        (2, "revenue_usd_m", "abc"),
        (3, "cost_of_revenue_usd_m", "-1"),
        (4, "data_center_revenue_usd_m", "99999 of 13507"),
        (5, "net_income_usd_m", "inf"),
    ]
    assert problems(frame.rename(columns={"quarter": "fiscal_quarter"})) == [
        (2, "period_end", ""),
        (2, "revenue_usd_m", "abc"),
        (3, "cost_of_revenue_usd_m", "-1"),
        (4, "data_center_revenue_usd_m", "99999 of 13507"),
        (5, "net_income_usd_m", "inf"),
        (6, "period_end", "2023-10-29"),
        (7, "fiscal_quarter", "2024 Q4"),
    ]


def test_the_message_names_source_row_column_and_value() -> None:
    with pytest.raises(DataError) as caught:
        load_nvidia(changed((4, "revenue_usd_m", "n/a")))
    assert str(caught.value) == (
        "DataFrame was not used: row 4, revenue_usd_m: must be a plain number such as 1234.5 (found 'n/a')."
    )


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (2, "revenue_usd_m", " 6051 "),
        (2, "revenue_usd_m", "6.051e3"),
        (2, "fiscal_year", "2023"),
        (2, "fiscal_year", 2023.0),
        (2, "fiscal_quarter", " q4"),
        (2, "period_end", dt.date(2023, 1, 29)),
        (2, "period_end", dt.datetime(2023, 1, 29, 12)),
        (2, "period_end", pd.Timestamp("2023-01-29")),
        (2, "period_end", 44955),
        (2, "period_end", "44955"),
        (2, "period_end", "2023-01-29 00:00:00"),
    ],
)
def test_ways_to_write_the_same(row: int, column: str, value: object) -> None:
    assert load_nvidia(changed((row, column, value))).rows == LOADED


def test_a_loss_is_no_problem() -> None:
    assert load_nvidia(changed((2, "net_income_usd_m", -5))).column("net_income_usd_m")[0] == -5.0


def test_optional_columns_may_be_left_out() -> None:
    table = load_nvidia(pd.DataFrame(QUARTERS).drop(columns=["data_center_basis", "source"]))
    assert set(table.column("data_center_basis")) == {""}
    assert set(table.column("source")) == {"DataFrame"}


def test_the_frame_is_left_as_it_was() -> None:
    frame = pd.DataFrame(QUARTERS[::-1])
    before = frame.copy()
    load_nvidia(frame)
    pd.testing.assert_frame_equal(frame, before)


@given(rows=st.permutations(QUARTERS), columns=st.permutations(list(QUARTERS[0])), shout=st.booleans())
@settings(deadline=None, max_examples=25)
def test_order_and_capitals_do_not_matter(rows: list[dict[str, Any]], columns: list[str], shout: bool) -> None:
    frame = pd.DataFrame(rows)[columns].assign(comment="ignored")
    assert load_nvidia(frame.rename(columns=lambda name: f" {name.upper()} ") if shout else frame).rows == LOADED


JUNK: Final = st.one_of(
    st.none(), st.booleans(), st.floats(), st.integers(), st.text(max_size=5), st.dates(), st.binary(max_size=3)
)


@given(cells=st.lists(st.tuples(st.integers(2, 6), st.sampled_from(list(QUARTERS[0])), JUNK), min_size=1, max_size=6))
@settings(deadline=None, max_examples=30)
def test_junk_gives_a_data_error_or_a_table_and_nothing_else(cells: list[tuple[int, str, object]]) -> None:
    with contextlib.suppress(DataError):
        assert len(load_nvidia(changed(*cells)).rows) == 5
