"""ValueChain: who is paid and who is funded, by layer; the post's own chart."""

from __future__ import annotations

from xlgenai.model.parts import AMOUNT, MULTIPLE, PERCENT, POINTS, TEXT, Chart, Line, Section, Series, Sheet, Spill

POST_CHART = Chart(
    "post_chart",
    "Share of revenue against share of funding",
    "bar",
    (Series("revenue_share", "Share of revenue"), Series("funding_share", "Share of funding")),
    x_title="Side of the value chain",
    y_title="Share of the total",
    y_max=1,
)


def _amount(vintage: str, metric: str, extra: str = "") -> str:
    """Sum the facts of a vintage, stated in dollars or as shares."""
    terms = f'ValueChain[vintage],{vintage},ValueChain[metric],"{metric}"{extra}'
    return f"SUMIFS(ValueChain[usd_b],{terms})+SUMIFS(ValueChain[share],{terms})"


HHI = "0 to 10,000; above 1,800 counts as highly concentrated"
BY_SIDE = ",ValueChain[group],{heading}"
CHOSEN = '(ValueChain[vintage]={revenue_vintage})*(ValueChain[metric]="revenue")'
AMOUNTS = f"FILTER(ValueChain[usd_b]+ValueChain[share],{CHOSEN})"


def value_chain() -> Sheet:
    """Describe the sheet of shares by layer."""
    return Sheet(
        "ValueChain",
        "Who is paid and who is funded",
        "Infrastructure takes most of the revenue; models and applications raise most of the money.",
        (
            Section("By side of the value chain", (*_sides(), POST_CHART)),
            Section("Layers of the chosen figures", (*_concentration(), _layers())),
            Section("Every vintage of revenue figures", (_vintages(),)),
        ),
        columns=("infrastructure", "applications"),
    )


def _sides() -> tuple[Line, ...]:
    return (
        Line(
            "revenue_amount",
            "Revenue",
            AMOUNT,
            "SUM({revenue_amount[:]})",
            "USD billion, or shares of 1",
            across=_amount("{revenue_vintage}", "revenue", BY_SIDE),
        ),
        Line("revenue_share", "Share of revenue", PERCENT, across="LAYER_SHARE({revenue_amount},{revenue_amount[:]})"),
        Line(
            "funding_amount",
            "Funding",
            AMOUNT,
            "SUM({funding_amount[:]})",
            "USD billion, or shares of 1",
            across=_amount("{funding_vintage}", "funding", BY_SIDE),
        ),
        Line("funding_share", "Share of funding", PERCENT, across="LAYER_SHARE({funding_amount},{funding_amount[:]})"),
        Line(
            "capture_index",
            "Capture index",
            MULTIPLE,
            note="share of revenue over share of funding: above 1 earns more than it raises",
            across="CAPTURE_INDEX({revenue_share},{funding_share})",
        ),
        Line(
            "revenue_concentration", "Concentration of revenue (HHI)", POINTS, "CONCENTRATION({revenue_amount[:]})", HHI
        ),
        Line(
            "funding_concentration", "Concentration of funding (HHI)", POINTS, "CONCENTRATION({funding_amount[:]})", HHI
        ),
        Line(
            "normalised_concentration",
            "Concentration of revenue, normalised",
            PERCENT,
            "CONCENTRATION({revenue_amount[:]},TRUE)",
            "0% = equal shares, 100% = one side has all",
        ),
    )


def _layers() -> Spill:
    return Spill(
        "layers",
        ("Layer", "Basis", "Revenue share", "Source"),
        (
            f"FILTER(ValueChain[layer],{CHOSEN})",
            f"FILTER(ValueChain[basis],{CHOSEN})",
            f"LAYER_SHARE({AMOUNTS},{AMOUNTS})",
            f"FILTER(ValueChain[source],{CHOSEN})",
        ),
        (TEXT, TEXT, PERCENT, TEXT),
        rows=8,
    )


def _concentration() -> tuple[Line, ...]:
    return (Line("layer_concentration", "Concentration by layer (HHI)", POINTS, f"CONCENTRATION({AMOUNTS})", HHI),)


def _vintages() -> Spill:
    applications = _amount("{row}", "revenue", ',ValueChain[group],"applications"')
    return Spill(
        "vintages",
        ("Vintage", "As of", "Application share", "Source"),
        (
            'UNIQUE(FILTER(ValueChain[vintage],ValueChain[metric]="revenue"))',
            "@INDEX(ValueChain[as_of],MATCH({row},ValueChain[vintage],0))",
            f"@LAYER_SHARE({applications},{_amount('{row}', 'revenue')})",
            "@INDEX(ValueChain[source],MATCH({row},ValueChain[vintage],0))",
        ),
        (TEXT, TEXT, PERCENT, TEXT),
        rows=10,
    )
