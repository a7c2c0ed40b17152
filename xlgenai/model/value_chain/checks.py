"""Checks: statements that must be true of the model, and the master check over them."""

from __future__ import annotations

from xlgenai.model.parts import FLAG, Check, Line, Section, Sheet

REST = "{hosting_share},{serving_share},{infrastructure_markup}"
TABLE = "NvidiaQuarters[#All]"
YEAR_NET_INCOME = f'NVIDIA("net_income","FY"&{{post_fiscal_year}},{TABLE})'


def _equal(left: str, right: str, tolerance: str = "{tolerance}") -> str:
    return f"ABS({left}-{right})<={tolerance}"


CHECKS = (
    Check("check_revenue_shares", "Shares of revenue add up to 100%", _equal("SUM({revenue_share[:]})", "1")),
    Check("check_funding_shares", "Shares of funding add up to 100%", _equal("SUM({funding_share[:]})", "1")),
    Check("check_layers", "Shares by layer add up to 100%", _equal("SUM({layers.revenue_share})", "1")),
    Check(
        "check_margin_inverse",
        "Margin and multiple are inverse",
        _equal(f"IMPLIED_TAM_MULTIPLE({{implied_margin_mid}},{REST})", "{tam_multiple_mid}"),
        "the multiple that the implied margin implies is the multiple",
    ),
    Check(
        "check_multiple",
        "The multiple is the ratio of the revenues",
        _equal("{tam_multiple[last]}", "{application_revenue[last]}/{infrastructure_revenue[last]}"),
        "two ways to the last year",
    ),
    Check(
        "check_scenario",
        "The live scenario is the chosen one",
        _equal(
            "{tam_multiple}",
            'IF({scenario}="Bear",{tam_multiple_bear},IF({scenario}="Bull",{tam_multiple_bull},{tam_multiple_base}))',
        ),
    ),
    Check(
        "check_quarters",
        "No quarter stands twice in Data_Nvidia",
        "ROWS(UNIQUE(NvidiaQuarters[period_end]))=ROWS(NvidiaQuarters[period_end])",
    ),
    Check(
        "check_data_center",
        "Data-center revenue is never above revenue",
        "SUMPRODUCT(--(NvidiaQuarters[data_center_revenue_usd_m]>NvidiaQuarters[revenue_usd_m]))=0",
    ),
    Check(
        "check_net_income",
        "Net income by quarter adds up to the published year",
        f"IFNA({_equal(YEAR_NET_INCOME, '{published_net_income}', '{rounding}')},TRUE)",
        "within the rounding of published figures; true where the year is not in the data",
    ),
    Check(
        "check_net_margin",
        "Net margin is net income over revenue",
        _equal("{post_net_margin}", "NET_MARGIN({post_net_income},{post_revenue})"),
    ),
    Check(
        "check_circularity",
        "Compute bought is funding times its share",
        _equal("{compute_spend_post}*{passthrough}/{data_center_post_year}", "{circular_share_post}"),
    ),
    Check(
        "check_breakeven",
        "At breakeven growth the round earns what is required",
        _equal(
            "{company_revenue}*(1+{breakeven_growth})^{exit_years}*{exit_multiple}*(1-{dilution})",
            "{company_valuation}*(1+{required_return})^{exit_years}",
            "{tolerance}*{company_valuation}*(1+{required_return})^{exit_years}",
        ),
    ),
    Check(
        "check_irr",
        "The return of the round makes its present value zero",
        _equal("VENTURE_NPV({round_irr},{round_funding},{cash_flow[:]})", "0", "{tolerance}*{round_funding}"),
    ),
)


def checks() -> Sheet:
    """Describe the sheet of checks."""
    first, last = CHECKS[0].key, CHECKS[-1].key
    return Sheet(
        "Checks",
        "Checks",
        "Statements that must hold whatever the inputs; one that is false means that a number above cannot be trusted.",
        (
            Section("Master check", (Line("master_check", "All checks", FLAG, f"AND({{{first}:{last}}})"),)),
            Section("Each check", CHECKS),
        ),
        colour="548235",
    )
