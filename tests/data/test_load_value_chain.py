"""A user's own value chain: every rule alone, several at once, and what is forgiven."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgenai.data.layers import GROUPS
from xlgenai.data.user import load_value_chain
from xlgenai.errors import DataError

FACTS: Final[list[dict[str, Any]]] = [
    {
        "vintage": vintage,
        "as_of": as_of,
        "layer": layer,
        "metric": metric,
        "usd_b": usd_b,
        "share": share,
        "basis": "stated",
        "source": "a report",
        "note": "",
    }
    for vintage, as_of, layer, metric, usd_b, share in [
        ("Ours", "2025-06", "infrastructure", "revenue", None, 0.8),
        ("Ours", "2025-06", "applications", "revenue", None, 0.2),
        ("Ours", "2025-06", "infrastructure", "funding", 12.5, None),
        ("Ours", "2025-06", "models", "funding", 30, None),
        ("Theirs", "2024-12", "all generative AI", "funding", 56, None),
        ("Theirs", "2025-12", "all generative AI", "funding", 80, None),
        ("Others", "2023-06", "models", "funding", None, 0.7),
    ]
]
GROUPED: Final = (
    "infrastructure",
    "applications",
    "infrastructure",
    "applications",
    "total",
    "total",
    "applications",
)


def changed(*changes: tuple[int, str, object]) -> pd.DataFrame:
    """The facts with some fields changed, each named by its row in a spreadsheet."""
    rows = [dict(row) for row in FACTS]
    for row, column, value in changes:
        rows[row - 2][column] = value
    return pd.DataFrame(rows, dtype=object)


def test_a_good_table() -> None:
    table = load_value_chain(pd.DataFrame(FACTS))
    assert table.name == "ValueChain"
    assert table.column("group") == GROUPED
    assert table.column("usd_b") == (None, None, 12.5, 30.0, 56.0, 80.0, None)
    assert table.column("share") == (0.8, 0.2, None, None, None, None, 0.7)
    assert table.rows[0] == (
        "Ours",
        "2025-06",
        "infrastructure",
        "infrastructure",
        "revenue",
        None,
        0.8,
        "stated",
        "a report",
        "",
    )


def test_layers_and_their_groups() -> None:
    assert GROUPS == {
        "infrastructure": "infrastructure",
        "semiconductors": "infrastructure",
        "cloud infrastructure": "infrastructure",
        "models and applications": "applications",
        "applications and models": "applications",
        "models": "applications",
        "applications": "applications",
        "all generative AI": "total",
    }


@pytest.mark.parametrize(
    ("changes", "problem", "rule"),
    [
        ([(2, "layer", "chips")], (2, "layer", "chips"), "must be one of infrastructure, semiconductors, cloud infra"),
        ([(2, "layer", None)], (2, "layer", ""), "must be filled in"),
        ([(4, "metric", "profit")], (4, "metric", "profit"), "must be one of revenue, funding"),
        ([(8, "vintage", " ")], (8, "vintage", ""), "must be filled in"),
        ([(8, "as_of", None)], (8, "as_of", ""), "must be filled in"),
        ([(6, "usd_b", -1)], (6, "usd_b", "-1"), "must not be negative"),
        ([(6, "usd_b", "much")], (6, "usd_b", "much"), "must be a plain number"),
        ([(6, "usd_b", "inf")], (6, "usd_b", "inf"), "must be a finite number"),
        ([(8, "share", 1.2)], (8, "share", "1.2"), "must lie between 0 and 1"),
        ([(8, "share", -0.1)], (8, "share", "-0.1"), "must lie between 0 and 1"),
        ([(8, "share", "70%")], (8, "share", "70%"), "must be a plain number"),
        ([(8, "share", None)], (8, "usd_b", "neither"), "exactly one of usd_b and share must be filled in"),
        ([(8, "usd_b", 3)], (8, "usd_b", "both"), "exactly one of usd_b and share must be filled in"),
        (
            [(5, "usd_b", None), (5, "share", 0.5)],
            (5, "usd_b", "share"),
            "one vintage and metric must be given in usd_b throughout or in share throughout",
        ),
        ([(3, "share", 0.19)], (2, "share", "0.99"), "the shares of a vintage, date and metric must add up to 1"),
        ([(3, "share", 0.2051)], (2, "share", "1.0051"), "the shares of a vintage, date and metric must add up to 1"),
        (
            [(7, "as_of", "2024-12")],
            (7, "layer", "Theirs 2024-12 all generative AI funding"),
            "a layer must stand in one row only of a vintage, date and metric",
        ),
    ],
)
def test_each_rule_alone(
    changes: list[tuple[int, str, object]], problem: tuple[int | None, str, str], rule: str
) -> None:
    with pytest.raises(DataError) as caught:
        load_value_chain(changed(*changes))
    (found,) = caught.value.problems
    assert (found.row, found.column, found.value) == problem
    assert found.rule.startswith(rule)


def test_an_unknown_layer_lists_all_that_are_known() -> None:
    with pytest.raises(DataError) as caught:
        load_value_chain(changed((2, "layer", "chips")))
    assert all(layer in str(caught.value) for layer in GROUPS)


def test_several_problems_are_all_reported_in_order() -> None:
    frame = changed((2, "share", 0.5), (4, "layer", "chips"), (4, "usd_b", "x"), (5, "metric", ""), (6, "usd_b", None))
    with pytest.raises(DataError) as caught:
        load_value_chain(frame.rename(columns={"vintage": "vintages"}).drop(columns="basis"))
    assert [(problem.row, problem.column, problem.value) for problem in caught.value.problems] == [
        (None, "vintage", ""),
        (4, "layer", "chips"),
        (4, "usd_b", "x"),
        (5, "metric", ""),
        (6, "usd_b", "neither"),
    ]
    with pytest.raises(DataError) as caught:
        load_value_chain(frame)
    assert [(problem.row, problem.column, problem.value) for problem in caught.value.problems] == [
        (2, "share", "0.7"),
        (4, "layer", "chips"),
        (4, "usd_b", "x"),
        (5, "metric", ""),
        (6, "usd_b", "neither"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        (2, "layer", " Infrastructure "),
        (2, "metric", "REVENUE"),
        (2, "share", "0.80"),
        (2, "as_of", dt.datetime(2025, 6, 1)),
        (2, "group", "total"),
    ],
)
def test_ways_to_write_the_same(change: tuple[int, str, object]) -> None:
    assert load_value_chain(changed(change)).rows == load_value_chain(pd.DataFrame(FACTS)).rows


def test_texts_that_excel_took_for_numbers_or_dates() -> None:
    table = load_value_chain(changed((8, "vintage", 2023.0), (8, "as_of", dt.date(2023, 6, 30))))
    assert table.rows[-1][:2] == ("2023", "2023-06-30")


def test_shares_may_be_rounded() -> None:
    assert load_value_chain(changed((3, "share", 0.205))).column("share")[1] == 0.205


def test_optional_columns_may_be_left_out() -> None:
    frame = pd.DataFrame(FACTS[:2]).drop(columns=["usd_b", "basis", "source", "note"])
    table = load_value_chain(frame)
    assert table.column("usd_b") == (None, None)
    assert table.column("basis") == table.column("note") == ("", "")
    assert table.column("source") == ("DataFrame", "DataFrame")


def test_a_blank_share_is_found_even_without_the_column_usd_b() -> None:
    frame = changed((3, "share", None)).head(2).drop(columns="usd_b")
    with pytest.raises(DataError, match="row 3, usd_b: exactly one of usd_b and share") as caught:
        load_value_chain(frame)
    assert len(caught.value.problems) == 1


@given(rows=st.permutations(range(len(FACTS))), columns=st.permutations(list(FACTS[0])))
@settings(deadline=None, max_examples=20)
def test_columns_in_any_order_and_rows_as_they_come(rows: list[int], columns: list[str]) -> None:
    table = load_value_chain(pd.DataFrame(FACTS).iloc[rows][columns])
    assert table.column("group") == tuple(GROUPED[row] for row in rows)
    assert table.column("layer") == tuple(FACTS[row]["layer"] for row in rows)
