"""Projection: ten years of revenue by side, the multiple by year and scenario, and when applications overtake."""

from __future__ import annotations

from xlgenai.model.parts import INDEX, MULTIPLE, PERCENT, YEAR, YEARS, Chart, Line, Section, Series, Sheet, Timeline

SCENARIOS = ("bear", "base", "bull")
MULTIPLE_CHART = Chart(
    "multiple_chart",
    "TAM multiple by year and scenario",
    "line",
    (
        *(Series(f"tam_multiple_{scenario}", scenario.capitalize()) for scenario in SCENARIOS),
        Series("range_low", "Post: low end", reference=True),
        Series("range_high", "Post: high end", reference=True),
    ),
    x_title="Year",
    y_title="Multiple of infrastructure",
    y_format='#,##0"x"',
)
BASES = "{application_base},{infrastructure_base}"


def projection() -> Sheet:
    """Describe the ten-year projection."""
    return Sheet(
        "Projection",
        "Ten-year projection",
        "How far growth carries the application and model market towards a multiple of infrastructure.",
        (
            Section("Base year", _base()),
            Section("Growth, fading", (*(_growth(side, "") for side in SIDES), *map(_growth_factor, SIDES))),
            Section("Revenue", (*(_revenue(side) for side in SIDES), *_multiple())),
            Section("Crossover", _crossover()),
            Section("Scenarios side by side", (*_side_by_side(), MULTIPLE_CHART)),
        ),
        timeline=Timeline(10, "{base_year}+{position}", YEAR),
    )


SIDES = ("application", "infrastructure")
NAMES = {"application": "Models and applications", "infrastructure": "Infrastructure"}


def _base() -> tuple[Line, ...]:
    return (
        Line("application_base", f"{NAMES['application']}: revenue", INDEX, "{market_revenue}*{revenue_share[last]}"),
        Line(
            "infrastructure_base",
            f"{NAMES['infrastructure']}: revenue",
            INDEX,
            "{market_revenue}*{revenue_share[first]}",
        ),
        Line("base_multiple", "TAM multiple", MULTIPLE, "{application_base}/{infrastructure_base}"),
    )


def _growth(side: str, scenario: str) -> Line:
    """Fade from the growth of year 1 towards the long run; of one scenario, or of the live one."""
    start = f"{{{side}_growth.{scenario}}}" if scenario else f"{{{side}_growth}}"
    return Line(
        f"{side}_growth_{scenario or 'path'}",
        f"{NAMES[side]}: growth" + (f", {scenario.capitalize()}" if scenario else ""),
        PERCENT,
        across=f"{{long_run_growth}}+({start}-{{long_run_growth}})*(1-{{growth_fade}})^({{position}}-1)",
    )


def _growth_factor(side: str) -> Line:
    """Give the growth as what it multiplies revenue by, so that a plain product compounds it."""
    return Line(
        f"{side}_growth_factor",
        f"{NAMES[side]}: growth as a factor",
        MULTIPLE,
        across=f"1+{{{side}_growth_path}}",
    )


def _revenue(side: str) -> Line:
    return Line(
        f"{side}_revenue",
        f"{NAMES[side]}: revenue",
        INDEX,
        across=f"{{{side}_base}}*PRODUCT({{{side}_growth_factor[:0]}})",
    )


def _multiple() -> tuple[Line, ...]:
    return (
        Line(
            "application_share",
            "Models and applications: share of revenue",
            PERCENT,
            across="{application_revenue}/({application_revenue}+{infrastructure_revenue})",
        ),
        Line(
            "tam_multiple",
            "TAM multiple",
            MULTIPLE,
            "{tam_multiple[last]}",
            "the last year of the projection",
            across=f"PROJECTED_TAM_MULTIPLE({BASES},{{application_growth_path[:]}},{{infrastructure_growth_path[:]}},{{position}})",
        ),
        Line(
            "required_application_growth",
            "Growth that reaches the middle of the post's range",
            PERCENT,
            "REQUIRED_GROWTH({application_base},{tam_multiple_mid}*{infrastructure_revenue[last]},{count_of_years})",
            "of models and applications, every year of the projection, against infrastructure as projected",
        ),
        Line("count_of_years", "Years of the projection", YEARS, "COUNT({tam_multiple[:]})"),
    )


def _crossover() -> tuple[Line, ...]:
    return (
        _crossover_at("crossover", "{crossover_target}", "Years to the crossover"),
        _crossover_at("crossover_low", "{tam_multiple_low}", "Years to the low end of the post's range"),
        _crossover_at("crossover_mid", "{tam_multiple_mid}", "Years to the middle of the post's range"),
        _crossover_at("crossover_high", "{tam_multiple_high}", "Years to the high end of the post's range"),
        Line(
            "crossover_fading",
            "First year of the crossover when growth fades",
            YEAR,
            'IFNA(INDEX({year[:]},MATCH(TRUE,{tam_multiple[:]}>={crossover_target},0)),"after "&{year[last]})',
            "in the projection above",
            array=True,
        ),
        Line("year", "Year", YEAR, across="{heading}"),
    )


def _crossover_at(key: str, target: str, label: str) -> Line:
    formula = f"CROSSOVER_YEARS({BASES},{{application_growth}},{{infrastructure_growth}},{target})"
    return Line(key, label, YEARS, f'IFNA({formula},"never")', "if both sides kept the growth of year 1")


def _side_by_side() -> tuple[Line, ...]:
    growth = tuple(_growth(side, scenario) for scenario in SCENARIOS for side in SIDES)
    return (*growth, *(_scenario_multiple(scenario) for scenario in SCENARIOS), _range("low"), _range("high"))


def _range(end: str) -> Line:
    """Hold one end of the post's range beside every year, for the chart."""
    return Line(
        f"range_{end}",
        f"Long-run range of the post, {end} end",
        MULTIPLE,
        note="from Inputs",
        across=f"{{tam_multiple_{end}}}",
    )


def _scenario_multiple(scenario: str) -> Line:
    paths = f"{{application_growth_{scenario}[:]}},{{infrastructure_growth_{scenario}[:]}}"
    return Line(
        f"tam_multiple_{scenario}",
        f"TAM multiple, {scenario.capitalize()}",
        MULTIPLE,
        f"{{tam_multiple_{scenario}[last]}}",
        "the last year of the projection",
        across=f"PROJECTED_TAM_MULTIPLE({BASES},{paths},{{position}})",
    )
