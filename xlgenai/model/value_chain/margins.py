"""Margins: what a TAM multiple says about gross margin, the other way round, and what reconciles the two."""

from __future__ import annotations

from xlgenai.model.parts import MULTIPLE, PERCENT, Chart, Grid, Line, Section, Series, Sheet, Unit

MARGIN_CHART = Chart(
    "margin_chart",
    "Gross margin that a TAM multiple implies",
    "scatter",
    (
        Series("margin_by_multiple"),
        Series("saas_low", "SaaS: low end", reference=True),
        Series("saas_high", "SaaS: high end", reference=True),
    ),
    categories="saas_multiples",
    x_title="Application revenue as a multiple of infrastructure revenue",
    y_title="Implied gross margin",
    x_format='0"x"',
    x_max=10,
    y_max=1,
)
REST = "{hosting_share},{serving_share},{infrastructure_markup}"
SERVING = Unit("%", '0%" serving"')
HOSTING = Unit("%", '0%" hosting"')


def margins() -> Sheet:
    """Describe the sheet that holds margins against multiples."""
    return Sheet(
        "Margins",
        "Margins and the TAM multiple",
        "2-4 times infrastructure means margins of 50-75%, not 70-90%, unless infrastructure serves others too.",
        (
            Section("What the post's multiples imply", tuple(_implied_margin(end) for end in ("low", "mid", "high"))),
            Section("What SaaS gross margins imply", tuple(_implied_multiple(end) for end in ("low", "mid", "high"))),
            Section("What reconciles the two", tuple(_reconciling_share(end) for end in ("low", "mid", "high"))),
            Section("Sensitivity of the gross margin", (MARGIN_GRID,)),
            Section("Sensitivity of the TAM multiple", (MULTIPLE_GRID,)),
            Section("Chart", (*SAAS, MARGIN_CHART)),
        ),
    )


def _implied_margin(end: str) -> Line:
    label = {"low": "low end", "mid": "middle", "high": "high end"}[end]
    return Line(
        f"implied_margin_{end}",
        f"Implied gross margin, {label}",
        PERCENT,
        f"IMPLIED_GROSS_MARGIN({{tam_multiple_{end}}},{REST})",
        f"at the {label} of the multiple on Inputs",
    )


def _implied_multiple(end: str) -> Line:
    label = {"low": "low end", "mid": "middle", "high": "high end"}[end]
    return Line(
        f"implied_multiple_{end}",
        f"Implied TAM multiple, {label}",
        MULTIPLE,
        f"IMPLIED_TAM_MULTIPLE({{gross_margin_{end}}},{REST})",
        f"at the {label} of the gross margin on Inputs",
    )


def _reconciling_share(end: str) -> Line:
    label = {"low": "low ends", "mid": "middles", "high": "high ends"}[end]
    return Line(
        f"reconciling_share_{end}",
        f"Serving share at which the {label} agree",
        PERCENT,
        f"{{tam_multiple_{end}}}/IMPLIED_TAM_MULTIPLE({{gross_margin_{end}}},{{hosting_share}},1,{{infrastructure_markup}})",
        "the share of infrastructure revenue that must be the applications' cost",
    )


def _saas_line(end: str) -> Line:
    """Hold one end of SaaS's margins at both ends of the chart."""
    beside = (f"={{gross_margin_{end}}}",) * 2
    return Line(f"saas_{end}", f"Gross margin of SaaS, {end} end", PERCENT, note="from Inputs", beside=beside)


MARGIN_GRID = Grid(
    "margin_by_multiple",
    "Implied gross margin",
    PERCENT,
    "IMPLIED_GROSS_MARGIN({row},{hosting_share},{column},{infrastructure_markup})",
    row_label="TAM multiple",
    column_label="share of infrastructure revenue that serves applications",
    row_unit=MULTIPLE,
    column_unit=SERVING,
    rows=(1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10),
    columns=(1.0, 0.8, 0.6, 0.4),
)
MULTIPLE_GRID = Grid(
    "multiple_by_margin",
    "Implied TAM multiple",
    MULTIPLE,
    "IMPLIED_TAM_MULTIPLE({row},{column},{serving_share},{infrastructure_markup})",
    row_label="Gross margin",
    column_label="hosting as a share of cost of revenue",
    row_unit=PERCENT,
    column_unit=HOSTING,
    rows=(0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9),
    columns=(1.0, 0.9, 0.8, 0.7),
)
ROWS = "{margin_by_multiple.rows}"
SAAS = (
    Line(
        "saas_multiples",
        "From the lowest to the highest multiple",
        MULTIPLE,
        note="ends of the lines of SaaS in the chart",
        beside=(f"=MIN({ROWS})+(MAX({ROWS})-MIN({ROWS}))*({{position}}-1)",) * 2,
    ),
    _saas_line("low"),
    _saas_line("high"),
)
