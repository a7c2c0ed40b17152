"""NVIDIA and NVIDIA_NET_MARGIN against figures computed independently, and against tables of the test's own."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlgenai.cells.function import Kind, describe
from xlgenai.data.bundled import nvidia_quarters
from xlgenai.data.nvidia import METRICS, nvidia, nvidia_net_margin

if TYPE_CHECKING:
    from collections.abc import Callable

HEADER: Final = (
    "fiscal_year",
    "fiscal_quarter",
    "period_end",
    "revenue_usd_m",
    "data_center_revenue_usd_m",
    "net_income_usd_m",
    "cost_of_revenue_usd_m",
)
ROWS: Final[tuple[tuple[object, ...], ...]] = (
    (2001, "Q1", 36646.0, 100.0, 10.0, -50.0, 60.0),
    (2001, "Q2", 36738.0, 200.0, 20.0, 10.0, 80.0),
    (2001, "Q3", 36829.0, 300.0, 40.0, 20.0, 90.0),
    (2001, "Q4", 36921.0, 400.0, 80.0, 40.0, 100.0),
    (2002, "Q1", 37011.0, 250.0, 25.0, 25.0, 50.0),
)


def table(*rows: tuple[object, ...]) -> list[list[object]]:
    return [list(HEADER), *(list(row) for row in rows)]


@pytest.mark.parametrize(
    ("metric", "period", "expected"),
    [
        ("net_margin", "FY2024Q3", 0.510099),
        ("data_center_share", "FY2024Q3", 0.800993),
        ("data_center_growth_qoq", "FY2024Q3", 0.405987),
        ("data_center_growth", "FY2024Q3", 2.78659),
        ("run_rate", "FY2024Q3", 58.056),
        ("revenue", "FY2024", 60.922),
        ("data_center_revenue", "FY2024", 47.525),
        ("net_income", "FY2024", 29.759),
        ("gross_margin", "FY2024Q3", 13400 / 18120),
        ("gross_margin", "FY2024", 44301 / 60922),
        ("net_margin", "FY2024", 29759 / 60922),
        ("revenue_growth", "FY2024Q3", 12189 / 5931),
        ("revenue_growth", "FY2024", 60922 / 26974 - 1),
        ("data_center_growth", "FY2024", 47525 / 15005 - 1),
        ("run_rate", "FY2024", 4 * 18.404),
        ("data_center_growth_qoq", "FY2024Q1", 4284 / 3616 - 1),
        ("net_margin", "FY2027Q1", 0.714587),
        ("data_center_revenue", "FY2026", 193.737),
    ],
)
def test_oracles(metric: str, period: str, expected: float) -> None:
    assert nvidia(metric, period) == pytest.approx(expected, rel=2e-6)


@pytest.mark.parametrize("period", ["FY2024Q3", "FY2024 Q3", "fy2024q3", "  Fy2024  q3 ", 45228, 45228.9, 45318.0])
def test_ways_to_name_a_quarter(period: str | float) -> None:
    assert nvidia("revenue", period) == 18.12


def test_a_date_means_the_latest_quarter_ended_by_then() -> None:
    assert nvidia("revenue", dt.date(2023, 10, 29)) == 18.12
    assert nvidia("revenue", dt.datetime(2023, 10, 28, 23, 59)) == 13.507
    assert nvidia("revenue", dt.date(2030, 1, 1)) == 81.615


def test_empty_means_the_latest_quarter() -> None:
    assert nvidia("revenue") == nvidia("revenue", "") == nvidia("revenue", "  ") == 81.615
    assert nvidia_net_margin() == pytest.approx(0.714587, abs=5e-7)


def test_net_margin_function() -> None:
    assert nvidia_net_margin("FY2024Q3") == pytest.approx(0.510099, abs=5e-7)
    assert nvidia_net_margin("FY2001", table(*ROWS)) == pytest.approx(0.02)


def test_metric_ignores_capitals_and_spaces() -> None:
    assert nvidia(" Net_Income ", "FY2024Q3") == 9.243


@pytest.mark.parametrize(
    ("metric", "period", "words"),
    [
        ("net_marge", "FY2024Q3", "did you mean net_margin"),
        ("", "FY2024Q3", "revenue or data_center_revenue"),
        ("revenue", "2024Q3", "There is no period '2024Q3'"),
        ("revenue", "FY2024Q5", "There is no period"),
        ("revenue", "FY2019Q1", "no FY2019Q1; it holds FY2023Q1 to FY2027Q1"),
        ("revenue", "FY2027", "FY2027Q2, FY2027Q3, FY2027Q4 missing"),
        ("run_rate", "FY2027", "not all of FY2027"),
        ("revenue", dt.date(2022, 4, 30), "No quarter of the table ended by"),
        ("revenue", 0.0, "No quarter"),
        ("revenue", math.nan, "No quarter"),
        ("revenue_growth", "FY2023Q1", "no FY2022Q1"),
        ("revenue_growth", "FY2023", "not all of FY2022"),
        ("data_center_growth_qoq", "FY2023Q1", "no FY2022Q4"),
        ("data_center_growth_qoq", "FY2024", "FY2024 on the quarter before is not defined"),
    ],
)
def test_what_cannot_be_found(metric: str, period: str | float | dt.date, words: str) -> None:
    with pytest.raises(LookupError, match=words):
        nvidia(metric, period)


@pytest.mark.parametrize(
    ("metric", "period", "expected"),
    [
        ("revenue", "FY2001", 1.0),
        ("net_income", "FY2001Q1", -0.05),
        ("net_margin", "FY2001Q1", -0.5),
        ("net_margin", "FY2001", 0.02),
        ("gross_margin", "FY2001", 0.67),
        ("data_center_share", "FY2001", 0.15),
        ("revenue_growth", "", 1.5),
        ("data_center_growth_qoq", "", 25 / 80 - 1),
        ("data_center_growth_qoq", "FY2001Q4", 1.0),
        ("run_rate", "FY2001", 0.32),
        ("revenue", 36737.0, 0.1),
    ],
)
def test_a_table_of_ones_own(metric: str, period: str | float, expected: float) -> None:
    assert nvidia(metric, period, table(*ROWS)) == pytest.approx(expected)


def test_dates_may_be_serials_dates_or_datetimes() -> None:
    rows = [list(row) for row in ROWS[:3]]
    rows[0][2], rows[1][2] = dt.date(2000, 4, 30), dt.datetime(2000, 7, 31)
    assert nvidia("revenue", dt.date(2000, 4, 30), [list(HEADER), *rows]) == 0.1
    assert nvidia("revenue", 36738, [list(HEADER), *rows]) == 0.2


def test_the_bundled_table_handed_over_gives_the_same() -> None:
    quarters = nvidia_quarters().matrix()
    assert nvidia("data_center_growth", "FY2024Q3", quarters) == pytest.approx(2.78659, abs=5e-6)
    assert nvidia_net_margin("", quarters) == pytest.approx(0.714587, abs=5e-7)


@pytest.mark.parametrize("function", [nvidia, nvidia_net_margin])
def test_the_wizard_can_show_the_help(function: Callable[..., float]) -> None:
    record = describe(function)
    assert all(0 < len(parameter.help) <= 200 for parameter in record.parameters)
    assert record.twin
    assert record.examples
    assert [parameter.kind for parameter in record.parameters][-2:] == [Kind.DATE, Kind.TABLE]


def test_nothing_sold_is_a_zero_denominator() -> None:
    quarters = table((2001, "Q1", 36646.0, 0.0, 0.0, -5.0, 0.0), (2002, "Q1", 37011.0, 1.0, 1.0, 1.0, 1.0))
    for metric in ("net_margin", "gross_margin", "data_center_share"):
        assert nvidia(metric, "FY2001Q1", quarters) == math.inf
    for metric in ("revenue_growth", "data_center_growth"):
        assert nvidia(metric, "FY2002Q1", quarters) == math.inf


def test_blank_rows_and_blank_cells_count_as_in_excel() -> None:
    blank: tuple[object, ...] = (None, "", None, "", None, None, None)
    quarters = table((*ROWS[0][:6], None), blank)
    assert nvidia("gross_margin", "", quarters) == 1.0


@pytest.mark.parametrize(
    ("quarters", "words"),
    [
        ([], "no column fiscal_year"),
        ([["fiscal_year", "revenue_usd_m"], [2024, 1]], "no column fiscal_quarter, period_end"),
        ([[*HEADER]], "no row below its header"),
        (table(ROWS[0], ROWS[0]), "FY2001Q1 in 2 rows"),
        (table((2001, "Q1", 36646.0, "12", 1.0, 1.0, 1.0)), "'12' in revenue_usd_m, which must be a number"),
        (table((2001, "Q9", 36646.0, 12.0, 1.0, 1.0, 1.0)), "quarter 'Q9'"),
        (table((2001.5, "Q1", 36646.0, 12.0, 1.0, 1.0, 1.0)), "year 2001.5"),
        (table(ROWS[0], (2001, "Q2")), "rows of different length"),
    ],
)
def test_malformed_tables(quarters: list[list[object]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        nvidia("revenue", "", quarters)


@given(
    columns=st.permutations(range(len(HEADER))),
    rows=st.permutations(ROWS),
    metric=st.sampled_from(sorted(METRICS)),
    shout=st.booleans(),
)
@settings(deadline=None, max_examples=60)
def test_order_of_rows_and_columns_does_not_matter(
    columns: list[int], rows: list[tuple[object, ...]], metric: str, shout: bool
) -> None:
    header = [f" {name.upper()} " if shout else name for name in HEADER]
    shuffled = [[line[column] for column in columns] for line in (header, *rows)]
    figures = {
        "revenue": 0.25,
        "data_center_revenue": 0.025,
        "net_income": 0.025,
        "gross_margin": 0.8,
        "net_margin": 0.1,
        "data_center_share": 0.1,
        "revenue_growth": 1.5,
        "data_center_growth": 1.5,
        "data_center_growth_qoq": -0.6875,
        "run_rate": 0.1,
    }
    assert nvidia(metric, "", shuffled) == pytest.approx(figures[metric])


@given(factor=st.floats(0.01, 1000), metric=st.sampled_from(["net_margin", "revenue_growth", "data_center_share"]))
@settings(deadline=None, max_examples=60)
def test_ratios_do_not_depend_on_the_unit_of_money(factor: float, metric: str) -> None:
    scaled = [(*row[:3], *(float(str(money)) * factor for money in row[3:])) for row in ROWS]
    assert nvidia(metric, "", table(*scaled)) == pytest.approx(nvidia(metric, "", table(*ROWS)))
