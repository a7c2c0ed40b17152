"""Claims: every sentence with a number in the post, beside the live number of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.errors import ModelError
from xlgenai.model.parts import MULTIPLE, PERCENT, USD_BILLION, Line, Section, Sheet, Unit, Value

if TYPE_CHECKING:
    from xlgenai.data.table import DataTable

READING = (
    '=IF({{{key}}}<{{{key}.post_low}}*(1-{{claim_tolerance}}),"below",'
    'IF({{{key}}}>{{{key}.post_high}}*(1+{{claim_tolerance}}),"above","as stated"))'
)


def stated(benchmarks: DataTable, name: str) -> tuple[float, float]:
    """Return the low and high end of a benchmark; an end that its source leaves open is the other end.

    Raises
    ------
    ModelError
        When the benchmarks have no such row.
    """
    for row in benchmarks.records():
        if row["benchmark"] == name:
            ends = [float(end) for end in (row["low"], row["high"]) if isinstance(end, int | float)]
            return ends[0], ends[-1]
    raise ModelError(f"The benchmarks have no row {name!r}: the bundled table is damaged, so install xlgenai again.")


def claims(benchmarks: DataTable) -> Sheet:
    """Describe the sheet that holds the post against the model."""
    return Sheet(
        "Claims",
        "The claims of the post",
        "Every sentence with a number in Kelvin Mu's post of November 2023, beside the model's number.",
        (
            Section("Who is paid, who is funded", _shares()),
            Section("Multiples and margins", _multiples(benchmarks)),
            Section("Compute and Nvidia", (*_compute(benchmarks), *_nvidia(benchmarks))),
        ),
        columns=("Post, low", "Post, high", "Reading"),
        colour="C55A11",
    )


def _claim(  # noqa: PLR0917 - the columns of the sheet, in their order
    key: str, label: str, unit: Unit, formula: str, ends: tuple[float, float] | None, note: str = ""
) -> Line:
    beside: tuple[Value, ...] = (*ends, READING.format(key=f"claim_{key}")) if ends else ()
    return Line(f"claim_{key}", label, unit, formula, note, beside=beside)


def _shares() -> tuple[Line, ...]:
    return (
        _claim(
            "funding",
            "Infrastructure received 13% of venture capital",
            PERCENT,
            "{funding_share[first]}",
            (0.13, 0.13),
            "its share of revenue is several times that: see the capture index",
        ),
        _claim(
            "capture",
            "… and so captures this multiple of its funding",
            MULTIPLE,
            "{capture_index[first]}",
            None,
            "share of revenue over share of funding",
        ),
        _claim(
            "revenue",
            "Models and applications account for only 10% of revenue",
            PERCENT,
            "{revenue_share[last]}",
            (0.10, 0.10),
            "of the vintage chosen on Inputs",
        ),
        _claim(
            "later_revenue",
            "… and in the newest vintage at hand",
            PERCENT,
            "INDEX({vintages.application_share},COUNT({vintages.application_share}))",
            None,
            "layers are defined differently there: a direction, not a comparison",
        ),
    )


def _multiples(benchmarks: DataTable) -> tuple[Line, ...]:
    multiple = stated(benchmarks, "Application and model TAM as a multiple of infrastructure")
    margin = stated(benchmarks, "SaaS gross margin")
    return (
        _claim(
            "multiple",
            "In the long run the application and model market is 2-4 times infrastructure",
            MULTIPLE,
            "{tam_multiple}",
            multiple,
            "the last year of the projection, live scenario",
        ),
        _claim(
            "margin",
            "SaaS gross margins are 70-90%",
            PERCENT,
            "{implied_margin_mid}",
            margin,
            "what the middle of the multiple implies",
        ),
        _claim(
            "margin_multiple",
            "… which by themselves imply this multiple (middle)",
            MULTIPLE,
            "{implied_multiple_mid}",
            multiple,
            "the two claims agree only at the serving share on Margins",
        ),
    )


def _compute(benchmarks: DataTable) -> tuple[Line, ...]:
    return (
        _claim(
            "compute",
            "Up to 80% of model companies' money buys compute",
            PERCENT,
            "{compute_share}",
            stated(benchmarks, "Share of foundation-model funding spent on compute"),
            "an upper bound, taken over as an input",
        ),
        _claim(
            "circular",
            "… which is this share of Nvidia's data-center revenue, 2023",
            PERCENT,
            "{circular_share_post}",
            None,
            "Capital shows the years after",
        ),
    )


def _nvidia(benchmarks: DataTable) -> tuple[Line, ...]:
    forecast = stated(benchmarks, "Nvidia data-center revenue expected next year")
    return (
        _claim("nvidia_revenue", "Nvidia's Q3 revenue was 18.1 billion", USD_BILLION, "{post_revenue}", (18.1, 18.1)),
        _claim("data_center", "… of which data center 14.5 billion", USD_BILLION, "{post_data_center}", (14.5, 14.5)),
        _claim("net_income", "… and net profit 9.2 billion", USD_BILLION, "{post_net_income}", (9.2, 9.2)),
        _claim(
            "forecast",
            "Data-center revenue is expected to double to 40 billion next year",
            USD_BILLION,
            "{data_center_next_year}",
            forecast,
            "Nvidia's fiscal year after that of the post",
        ),
    )
