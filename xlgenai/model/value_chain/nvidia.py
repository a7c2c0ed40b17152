"""Nvidia: the quarter of the post, every quarter since, and what became of the forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.model.parts import (
    COUNT,
    MULTIPLE,
    PERCENT,
    TEXT,
    USD_BILLION,
    Chart,
    Line,
    Section,
    Series,
    Sheet,
    Timeline,
)
from xlgenai.model.value_chain.claims import stated

if TYPE_CHECKING:
    from xlgenai.data.table import DataTable
    from xlgenai.model.parts import Unit

TABLE = "NvidiaQuarters[#All]"
GAINS = "FY2027 Q1 holds about USD 15.9 billion of unrealised equity gains"
NVIDIA_CHART = Chart(
    "nvidia_chart",
    "Nvidia: revenue and margins by quarter",
    "combination",
    (Series("nvidia_revenue", "Revenue"),),
    x_title="Fiscal quarter",
    y_title="USD billion",
    y_format="#,##0",
    overlay=(Series("nvidia_data_center_share", "Data-center share"), Series("nvidia_net_margin", "Net margin")),
    overlay_title="Share of revenue",
    x_turned=True,
)
BY_QUARTER: tuple[tuple[str, str, Unit, str], ...] = (
    ("revenue", "Revenue", USD_BILLION, ""),
    ("data_center_revenue", "Data-center revenue", USD_BILLION, ""),
    ("net_income", "Net income", USD_BILLION, GAINS),
    ("gross_margin", "Gross margin", PERCENT, ""),
    ("net_margin", "Net margin", PERCENT, GAINS),
    ("data_center_share", "Data-center share of revenue", PERCENT, ""),
    ("revenue_growth", "Revenue growth on the year", PERCENT, ""),
    ("data_center_growth", "Data-center growth on the year", PERCENT, ""),
    ("data_center_growth_qoq", "Data-center growth on the quarter", PERCENT, ""),
    ("run_rate", "Data-center run rate", USD_BILLION, "four times the quarter"),
)


def nvidia(quarters: DataTable, benchmarks: DataTable) -> Sheet:
    """Describe the Nvidia sheet: one column for each quarter that has a quarter a year before."""
    return Sheet(
        "Nvidia",
        "Nvidia, where the revenue goes",
        "The quarter of the post, the forecast of its author against what happened, and every quarter since.",
        (
            Section("The quarter of the post", _post()),
            Section("The forecast and what happened", _forecast(benchmarks)),
            Section("The latest quarter", _latest()),
            Section("By fiscal quarter", (*_quarters(), *(_by_quarter(*row) for row in BY_QUARTER), NVIDIA_CHART)),
        ),
        timeline=Timeline(
            max(1, len(quarters.rows) - 4),
            'IF({table_row}<1,"none","FY"&INDEX(NvidiaQuarters[fiscal_year],{table_row})'
            '&" "&INDEX(NvidiaQuarters[fiscal_quarter],{table_row}))',
        ),
    )


def _figure(  # noqa: PLR0917 - the columns of the sheet, in their order
    key: str, label: str, unit: Unit, metric: str, period: str, note: str = ""
) -> Line:
    return Line(key, label, unit, f'NVIDIA("{metric}",{period},{TABLE})', note)


def _post() -> tuple[Line, ...]:
    period = "{post_quarter}"
    return (
        Line("post_quarter", "Fiscal quarter", TEXT, '"FY"&{post_fiscal_year}&{post_fiscal_quarter}'),
        _figure("post_revenue", "Revenue", USD_BILLION, "revenue", period, "the post: 18.1"),
        _figure(
            "post_data_center", "Data-center revenue", USD_BILLION, "data_center_revenue", period, "the post: 14.5"
        ),
        _figure("post_net_income", "Net income", USD_BILLION, "net_income", period, "the post: 9.2"),
        Line("post_net_margin", "Net margin", PERCENT, f"NVIDIA_NET_MARGIN({period},{TABLE})"),
        _figure("post_data_center_share", "Data-center share of revenue", PERCENT, "data_center_share", period),
        _figure("post_growth", "Data-center growth on the year", PERCENT, "data_center_growth", period),
        _figure("post_growth_qoq", "Data-center growth on the quarter", PERCENT, "data_center_growth_qoq", period),
        _figure("post_run_rate", "Data-center run rate", USD_BILLION, "run_rate", period, "four times the quarter"),
    )


def _forecast(benchmarks: DataTable) -> tuple[Line, ...]:
    forecast, _ = stated(benchmarks, "Nvidia data-center revenue expected next year")
    metric = "data_center_revenue"
    return (
        _figure("data_center_post_year", "Data-center revenue, fiscal year of the post", USD_BILLION, metric, _year(0)),
        _figure("data_center_next_year", "Data-center revenue, the year after", USD_BILLION, metric, _year(1)),
        _figure("data_center_year_after", "Data-center revenue, two years after", USD_BILLION, metric, _year(2)),
        Line(
            "forecast_ratio",
            "The year after, as a multiple of the forecast",
            MULTIPLE,
            "{data_center_next_year}/{claim_forecast.post_low}",
            f"the forecast of the post: {forecast:g}",
        ),
    )


def _year(after: int) -> str:
    year = "{post_fiscal_year}" + "+1" * after
    return f'"FY"&({year})'


def _latest() -> tuple[Line, ...]:
    return (
        Line("latest_quarter", "Fiscal quarter", TEXT, "{quarter[last]}"),
        Line("latest_net_margin", "Net margin", PERCENT, f'NVIDIA_NET_MARGIN("",{TABLE})', GAINS),
        _figure("latest_data_center_share", "Data-center share of revenue", PERCENT, "data_center_share", '""'),
        _figure("latest_run_rate", "Data-center run rate", USD_BILLION, "run_rate", '""', "four times the quarter"),
    )


def _quarters() -> tuple[Line, ...]:
    rows = "ROWS(NvidiaQuarters[fiscal_year])"
    return (
        Line(
            "table_row",
            "Row of Data_Nvidia",
            COUNT,
            rows,
            "the last rows of the table, however many it has",
            across=f"{rows}-{{count}}+{{position}}",
        ),
        Line("quarter", "Fiscal quarter", TEXT, across="{heading}"),
    )


def _by_quarter(metric: str, label: str, unit: Unit, note: str) -> Line:
    formula = f'IFNA(NVIDIA("{metric}",{{heading}},{TABLE}),"")'
    return Line(f"nvidia_{metric}", label, unit, note=note, across=formula)
