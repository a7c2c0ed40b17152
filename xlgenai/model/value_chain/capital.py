"""Capital: venture money that comes back as revenue, what chips ask of end users, what a round must earn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.model.parts import COUNT, PERCENT, USD_BILLION, Line, Section, Sheet, Timeline
from xlgenai.model.value_chain.claims import stated

if TYPE_CHECKING:
    from xlgenai.data.table import DataTable

MODELS = 'SUMIFS(ValueChain[share],ValueChain[vintage],"Dealroom",ValueChain[layer],"models")'
ROUND = "{exit_multiple},{exit_years},{required_return},{dilution}"


def capital(benchmarks: DataTable) -> Sheet:
    """Describe the sheet on capital."""
    return Sheet(
        "Capital",
        "Capital: where the money goes round",
        "Venture money buys compute, and so becomes the infrastructure revenue that the value chain is judged by.",
        (
            Section("Compute bought with venture money", (*_compute("post", 0), *_compute("next", 1), *_later())),
            Section("End-user revenue that the chips imply", _end_users(benchmarks)),
            Section("What a model company's round must earn", _round()),
        ),
        timeline=Timeline(10, "{position}", COUNT),
    )


def _compute(when: str, after: int) -> tuple[Line, ...]:
    """Follow one calendar year's funding, against Nvidia's fiscal year that ends a month later."""
    year = 2023 + after
    centre = {"post": "data_center_post_year", "next": "data_center_next_year"}[when]
    funding = f'SUMIFS(ValueChain[usd_b],ValueChain[vintage],"PitchBook",ValueChain[as_of],"{year}-12")'
    return (
        Line(f"funding_{when}", f"Generative-AI funding, {year}", USD_BILLION, funding, "PitchBook; whole market"),
        Line(
            f"model_funding_{when}",
            f"of which model companies, {year}",
            USD_BILLION,
            f"{{funding_{when}}}*{MODELS}",
            "Dealroom: over 70% of funding, cumulative over five years",
        ),
        _spend(when, f"{{model_funding_{when}}}", str(year)),
        _circular(when, f"{{model_funding_{when}}}", centre, str(year)),
    )


def _later() -> tuple[Line, ...]:
    return (
        _spend("later", "{model_funding_later}", "2025 (assumed funding)"),
        _circular("later", "{model_funding_later}", "data_center_year_after", "2025 (assumed funding)"),
    )


def _spend(when: str, funding: str, year: str) -> Line:
    formula = f"COMPUTE_SPEND({funding},{{compute_share}})"
    return Line(f"compute_spend_{when}", f"Compute that it buys, {year}", USD_BILLION, formula, "an upper bound")


def _circular(when: str, funding: str, centre: str, year: str) -> Line:
    return Line(
        f"circular_share_{when}",
        f"as a share of Nvidia's data-center revenue, {year}",
        PERCENT,
        f"CIRCULAR_REVENUE_SHARE({funding},{{{centre}}},{{compute_share}},{{passthrough}})",
        "Nvidia's fiscal year ends in January of the year after",
    )


def _end_users(benchmarks: DataTable) -> tuple[Line, ...]:
    rest = "{chip_cost_share},{end_user_margin},{cloud_margin}"
    first, _ = stated(benchmarks, "Required end-user revenue, run rate 50")
    second, _ = stated(benchmarks, "Required end-user revenue, run rate 150")
    note = f"Sequoia: {first:g} at a run rate of 50 (2023), {second:g} at 150 (2024)"
    return (
        Line(
            "required_revenue_post",
            "Required end-user revenue, quarter of the post",
            USD_BILLION,
            f"REQUIRED_END_REVENUE({{post_run_rate}},{rest})",
            note,
        ),
        Line(
            "required_revenue_latest",
            "Required end-user revenue, latest quarter",
            USD_BILLION,
            f"REQUIRED_END_REVENUE({{latest_run_rate}},{rest})",
            note,
        ),
    )


def _round() -> tuple[Line, ...]:
    return (
        Line(
            "breakeven_growth",
            "Growth at which investors earn what they require",
            PERCENT,
            f"BREAKEVEN_GROWTH({{company_valuation}},{{company_revenue}},{ROUND})",
            "of revenue, every year until exit",
        ),
        Line(
            "exit_value",
            "Value at exit, to today's shareholders",
            USD_BILLION,
            "{company_revenue}*(1+{company_growth})^{exit_years}*{exit_multiple}*(1-{dilution})",
        ),
        Line("stake", "Stake that the round buys", PERCENT, "{round_funding}/{company_valuation}"),
        Line(
            "cash_flow",
            "Cash back to the round's investors",
            USD_BILLION,
            "SUM({cash_flow[:]})",
            "by year after the round",
            across="IF({heading}={exit_years},{exit_value}*{stake},0)",
        ),
        Line(
            "round_npv",
            "Net present value of the round",
            USD_BILLION,
            "VENTURE_NPV({required_return},{round_funding},{cash_flow[:]})",
            "at the required return",
        ),
        Line("round_irr", "Return of the round", PERCENT, "VENTURE_IRR({round_funding},{cash_flow[:]})"),
        Line(
            "exit_growth",
            "Growth that reaches today's valuation in revenue",
            PERCENT,
            "REQUIRED_GROWTH({company_revenue},{company_valuation},{exit_years})",
            "for scale: revenue as large as the valuation, by exit",
        ),
    )
