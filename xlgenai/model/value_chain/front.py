"""Cover and Dashboard: what the workbook is, and what it says in one look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai._version import __version__
from xlgenai.model.parts import FLAG, MULTIPLE, PERCENT, POINTS, TEXT, USD_BILLION, YEARS, Line, Section, Sheet, Text
from xlgenai.model.value_chain.chain import POST_CHART
from xlgenai.model.value_chain.margins import MARGIN_CHART
from xlgenai.model.value_chain.nvidia import NVIDIA_CHART
from xlgenai.model.value_chain.projection import MULTIPLE_CHART
from xlgenai.model.value_chain.story import STORY

if TYPE_CHECKING:
    from xlgenai.model.parts import Unit

CONTENTS = (
    ("Dashboard", "The numbers and charts that matter"),
    ("Claims", "Every sentence with a number in the post, beside the model's number"),
    ("Inputs", "Every assumption: the only sheet to change"),
    ("Data_ValueChain", "Revenue and funding by layer, one fact a row"),
    ("Data_Nvidia", "Nvidia's reported quarters"),
    ("ValueChain", "Who is paid and who is funded"),
    ("Margins", "Gross margins against the TAM multiple, both ways"),
    ("Projection", "Ten years, three scenarios, the crossover"),
    ("Nvidia", "The quarter of the post, and every quarter since"),
    ("Capital", "Compute bought with venture money, and what it must earn"),
    ("Checks", "What must be true of the model"),
    ("Sources", "Where the figures come from, and what they do not say"),
)
STEPS = (
    ("1", "Change blue cells on Inputs, or pick another scenario there; every sheet, chart and check follows."),
    ("2", "New figures: xlgenai refresh FILE --nvidia quarters.csv puts them in and keeps all that you added."),
    ("3", "Before you pass it on: the master check above, and xlgenai check FILE."),
)
COLOURS = (
    ("input", "Input", "A number to change"),
    ("formula", "Formula", "A formula on the same sheet"),
    ("link", "Link", "A formula that reads another sheet"),
    ("stated", "Stated", "A number taken over from a source"),
)


def cover(edition: str) -> Sheet:
    """Describe the cover; it says where the functions run."""
    return Sheet(
        "Cover",
        "The economics of generative AI",
        "Who captures the value: a model of Kelvin Mu's post of November 2023, with what has happened since.",
        (
            Section(
                "About",
                (
                    Text(
                        "Infrastructure takes most of the revenue of generative AI with a small part of its funding."
                        " The model measures that gap, what margins a market of 2-4 times infrastructure implies, when"
                        " applications could overtake, and how much of the revenue is venture money going round.",
                        label="Purpose",
                    ),
                    Text(f"xlgenai {__version__}", label="Built with"),
                    *((Text(edition, label="Edition"),) if edition else ()),
                    Line("master", "Master check", FLAG, 'IF({master_check},"OK","ERROR")'),
                    Line("live_scenario", "Live scenario", TEXT, "{scenario}"),
                    Line("data_until", "Nvidia's figures until", TEXT, "{latest_quarter}"),
                ),
            ),
            Section("How to use it", tuple(Text(text, label=f"Step {number}") for number, text in STEPS)),
            Section("Sheets", tuple(Text(text, label=name, link=name) for name, text in CONTENTS)),
            Section("Colour key", tuple(Text(text, label=sample, swatch=role) for role, sample, text in COLOURS)),
        ),
        headed=False,
    )


def _headline(key: str, label: str, unit: Unit, source: str, note: str) -> Line:
    return Line(f"headline_{key}", label, unit, source, note, headline=True)


HEADLINES = (
    _headline(
        "revenue", "Infrastructure: share of revenue", PERCENT, "{revenue_share[first]}", "of the chosen vintage"
    ),
    _headline(
        "funding", "Infrastructure: share of funding", PERCENT, "{funding_share[first]}", "of venture capital, 2023"
    ),
    _headline(
        "capture",
        "Infrastructure: capture index",
        MULTIPLE,
        "{capture_index[first]}",
        "revenue share over funding share",
    ),
    _headline("concentration", "Concentration of revenue (HHI)", POINTS, "{revenue_concentration}", "0 to 10,000"),
    _headline(
        "margin_low",
        "Implied gross margin at the low multiple",
        PERCENT,
        "{implied_margin_low}",
        "2x in the model as built",
    ),
    _headline(
        "margin_mid",
        "Implied gross margin at the middle multiple",
        PERCENT,
        "{implied_margin_mid}",
        "3x in the model as built",
    ),
    _headline(
        "margin_high",
        "Implied gross margin at the high multiple",
        PERCENT,
        "{implied_margin_high}",
        "4x in the model as built",
    ),
    _headline(
        "crossover", "Years until applications overtake", YEARS, "{crossover}", "at the growth of year 1, live scenario"
    ),
    _headline(
        "multiple", "TAM multiple after ten years", MULTIPLE, "{tam_multiple}", "with fading growth, live scenario"
    ),
    _headline(
        "net_margin",
        "Nvidia: net margin, quarter of the post",
        PERCENT,
        "{post_net_margin}",
        "chosen on Inputs: FY2024 Q3 in the model as built",
    ),
    _headline(
        "data_center",
        "Nvidia: data-center share, quarter of the post",
        PERCENT,
        "{post_data_center_share}",
        "of its revenue",
    ),
    _headline(
        "circular", "Circularity", PERCENT, "{circular_share_post}", "venture money in Nvidia's data-center revenue"
    ),
    _headline(
        "required",
        "Required end-user revenue",
        USD_BILLION,
        "{required_revenue_latest}",
        "for the latest run rate of chips",
    ),
    _headline("check", "Master check", FLAG, "{master}", "see Checks"),
)


def dashboard() -> Sheet:
    """Describe the dashboard."""
    return Sheet(
        "Dashboard",
        "Dashboard",
        "Infrastructure is paid, applications are funded: the story, the numbers behind it and four charts.",
        (
            Section("The story", STORY),
            Section("Headline numbers", HEADLINES),
            Section("Charts", (POST_CHART, MULTIPLE_CHART, NVIDIA_CHART, MARGIN_CHART)),
        ),
    )
