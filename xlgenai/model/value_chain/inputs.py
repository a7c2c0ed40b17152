"""Inputs: every assumption, with its unit, source and allowed range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.model.parts import (
    COUNT,
    INDEX,
    MULTIPLE,
    PERCENT,
    TEXT,
    USD_BILLION,
    YEAR,
    Input,
    Section,
    Sheet,
    Text,
    Unit,
)

if TYPE_CHECKING:
    from xlgenai.data.table import DataTable

POST = "Kelvin Mu, post, November 2023"
SMALL = Unit("number", "0.0E+00")


def inputs(chain_facts: DataTable) -> Sheet:
    """Describe the sheet of assumptions."""
    return Sheet(
        "Inputs",
        "Inputs",
        "The only sheet to change: every assumption, with its source and the range it may take.",
        (
            Section("Scenario and data", _selection(chain_facts)),
            Section("Growth", GROWTH),
            Section("Margins and the TAM multiple", MARGINS),
            Section("Capital", CAPITAL),
            Section("A model company's round", ROUND),
            Section("Nvidia and the post", NVIDIA),
            Section("Tolerances of the checks", TOLERANCES),
        ),
        columns=("Lowest", "Highest", "Bear", "Base", "Bull"),
        colour="2F6EBA",
    )


def split_vintages(chain_facts: DataTable, metric: str) -> tuple[str, ...]:
    """Return the vintages that state a metric for both sides of the value chain."""
    sides: dict[str, set[str]] = {}
    for fact in chain_facts.records():
        if fact["metric"] == metric and fact["group"] != "total":
            sides.setdefault(str(fact["vintage"]), set()).add(str(fact["group"]))
    return tuple(vintage for vintage, groups in sides.items() if len(groups) > 1)


def _selection(chain_facts: DataTable) -> tuple[Input | Text, ...]:
    revenue, funding = split_vintages(chain_facts, "revenue"), split_vintages(chain_facts, "funding")
    return (
        Input("scenario", "Scenario", TEXT, "Base", "picks the column on the right", choices=("Bear", "Base", "Bull")),
        Input(
            "revenue_vintage",
            "Revenue by layer: whose figures",
            TEXT,
            revenue[0] if revenue else "",
            "see Data_ValueChain; vintages never mix",
            options="vintages.vintage",
        ),
        Input(
            "funding_vintage",
            "Funding by layer: whose figures",
            TEXT,
            funding[0] if funding else "",
            "no source at hand splits funding by layer after 2023",
            choices=funding,
        ),
        Input("base_year", "Base year", YEAR, 2023, "the year of the post", low=2000, high=2100),
        Input(
            "market_revenue",
            "Generative-AI revenue in the base year",
            INDEX,
            100,
            "index: the post gives shares, not dollars",
            low=0.001,
            high=1e6,
        ),
    )


GROWTH = (
    Input(
        "application_growth",
        "Models and applications: growth in year 1",
        PERCENT,
        source="assumption; 100% a year doubles revenue",
        low=-0.5,
        high=5,
        scenarios=(0.6, 1.0, 1.5),
    ),
    Input(
        "infrastructure_growth",
        "Infrastructure: growth in year 1",
        PERCENT,
        source="assumption",
        low=-0.5,
        high=5,
        scenarios=(0.5, 0.5, 0.5),
    ),
    Input("long_run_growth", "Growth that both fade towards", PERCENT, 0.10, "assumption", low=-0.5, high=0.5),
    Input("growth_fade", "Share of the gap that closes each year", PERCENT, 0.10, "assumption", low=0, high=1),
    Input(
        "crossover_target", "Multiple that counts as a crossover", MULTIPLE, 1, "1 = equal revenue", low=0.01, high=100
    ),
)

MARGINS = (
    Input("tam_multiple_low", "Long-run TAM multiple, low end", MULTIPLE, 2, POST, low=0.1, high=100),
    Input("tam_multiple_mid", "Long-run TAM multiple, middle", MULTIPLE, 3, "halfway", low=0.1, high=100),
    Input("tam_multiple_high", "Long-run TAM multiple, high end", MULTIPLE, 4, POST, low=0.1, high=100),
    Input("gross_margin_low", "SaaS gross margin, low end", PERCENT, 0.70, POST, low=-1, high=0.99),
    Input("gross_margin_mid", "SaaS gross margin, middle", PERCENT, 0.80, "halfway", low=-1, high=0.99),
    Input("gross_margin_high", "SaaS gross margin, high end", PERCENT, 0.90, POST, low=-1, high=0.99),
    Input(
        "hosting_share",
        "Hosting as a share of cost of revenue",
        PERCENT,
        1,
        "strict reading: all of it",
        low=0.01,
        high=1,
    ),
    Input(
        "serving_share",
        "Share of infrastructure revenue that serves applications",
        PERCENT,
        1,
        "strict reading: all of it; the rest is training and capacity built ahead",
        low=0.01,
        high=1,
    ),
    Input(
        "infrastructure_markup",
        "Price paid per unit of infrastructure revenue",
        MULTIPLE,
        1,
        "strict reading: no markup",
        low=0.01,
        high=10,
    ),
)

CAPITAL = (
    Input("compute_share", "Share of funding that buys compute", PERCENT, 0.80, f"{POST}: up to 80%", low=0, high=1),
    Input("passthrough", "Share of it that reaches infrastructure revenue", PERCENT, 1, "upper bound", low=0, high=1),
    Input(
        "model_funding_later",
        "Model companies' funding, two years after the post",
        USD_BILLION,
        80,
        "assumption: no source at hand, replace it",
        low=0,
        high=10_000,
    ),
    Input("chip_cost_share", "Chips as a share of data-center cost", PERCENT, 0.50, "Sequoia, 2023", low=0.01, high=1),
    Input(
        "end_user_margin", "Gross margin of the end user's supplier", PERCENT, 0.50, "Sequoia, 2023", low=-1, high=0.99
    ),
    Input("cloud_margin", "Gross margin of the cloud in between", PERCENT, 0, "Sequoia, 2023: none", low=-1, high=0.99),
)

ROUND = (
    Input("company_valuation", "Valuation", USD_BILLION, 86, "illustration", low=0.001, high=100_000),
    Input("company_revenue", "Revenue, yearly", USD_BILLION, 1.6, "illustration", low=0.001, high=100_000),
    Input("round_funding", "Money raised in the round", USD_BILLION, 10, "illustration", low=0.001, high=100_000),
    Input("exit_multiple", "Exit value as a multiple of revenue", MULTIPLE, 10, "assumption", low=0.1, high=1000),
    Input("exit_years", "Years until exit", COUNT, 5, "assumption; whole years", low=1, high=10),
    Input("required_return", "Return that investors require", PERCENT, 0.25, "assumption", low=0, high=5),
    Input("dilution", "Dilution until exit", PERCENT, 0, "assumption", low=0, high=0.99),
    Input(
        "company_growth",
        "Revenue growth",
        PERCENT,
        source="assumption",
        low=-0.5,
        high=5,
        scenarios=(0.5, 0.75, 1.0),
    ),
)

NVIDIA = (
    Input("post_fiscal_year", "Nvidia's fiscal year at the time of the post", YEAR, 2024, POST, low=2000, high=2100),
    Input(
        "post_fiscal_quarter",
        "Nvidia's fiscal quarter at the time of the post",
        TEXT,
        "Q3",
        POST,
        choices=("Q1", "Q2", "Q3", "Q4"),
    ),
    Input(
        "published_net_income",
        "Net income of that fiscal year as published",
        USD_BILLION,
        29.760,
        "SEC: full year, of which the fourth quarter is 12,286",
        low=-1000,
        high=100_000,
    ),
)

TOLERANCES = (
    Input("tolerance", "Difference that counts as none", SMALL, 1e-6, "rounding of the computer", low=0, high=0.01),
    Input(
        "rounding",
        "Rounding of published figures",
        Unit("USD billion", "0.0000"),
        0.0011,
        "figures are published in USD million, so a sum may miss by 1",
        low=0,
        high=0.1,
    ),
    Input(
        "claim_tolerance",
        "Difference that counts as the stated figure",
        PERCENT,
        0.01,
        "the post rounds",
        low=0,
        high=0.1,
    ),
)
