"""Data_ValueChain, Data_Nvidia and Sources: the facts, one a row, and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.model.parts import Section, Sheet, Table, Text

if TYPE_CHECKING:
    from xlgenai.data.table import DataTable

GAPS = (
    (
        "Funding by layer",
        "No source at hand splits venture funding by layer after 2023, so the capture index stays there.",
    ),
    ("Definitions", "Each vintage of Data_ValueChain draws its layers differently; a share never mixes two vintages."),
    ("Nvidia FY2027 Q1", "Net income holds about USD 15.9 billion of unrealised equity gains."),
    (
        "Nvidia FY2024 Q4",
        "Net income is USD 12,285 million as published, 12,286 as full year less nine months; the checks allow it.",
    ),
    ("Nvidia FY2023 Q2 to FY2024 Q2", "Data-center revenue is rounded to USD 10 million in the source at hand."),
)
METHOD = (
    ("Margins", "Gross margin = 1 - markup x serving share / (TAM multiple x hosting share); see docs/functions.md."),
    (
        "End-user revenue",
        "Sequoia's arithmetic: chip revenue / chip cost share / (1 - margin of each step to the user).",
    ),
    ("Growth", "Growth in year t = long run + (year 1 - long run) x (1 - fade)^(t - 1), for both sides alike."),
)


def value_chain_data(chain_facts: DataTable) -> Sheet:
    """Describe the sheet with revenue and funding by layer."""
    return Sheet(
        "Data_ValueChain",
        "Data: revenue and funding by layer",
        "One fact a row, with who stated it and when; amounts in USD billion or shares of the vintage's total.",
        (Section("Table ValueChain", (Table(chain_facts),)),),
        headed=False,
        colour="7F7F7F",
    )


def nvidia_data(quarters: DataTable) -> Sheet:
    """Describe the sheet with Nvidia's quarters."""
    return Sheet(
        "Data_Nvidia",
        "Data: Nvidia by fiscal quarter",
        "As reported, in USD million; a new quarter goes in by a refresh, or in the row below the last.",
        (Section("Table NvidiaQuarters", (Table(quarters),)),),
        headed=False,
        colour="7F7F7F",
    )


def sources(*tables: DataTable) -> Sheet:
    """Describe the sheet that names every source."""
    used: dict[str, str] = {}
    for table in tables:
        for source in table.column("source"):
            used.setdefault(str(source), table.name)
    return Sheet(
        "Sources",
        "Sources and limits",
        "Where every figure comes from, what the figures do not say, and how the model computes.",
        (
            Section("Sources", tuple(Text(source, label=name) for source, name in used.items())),
            Section("What the data do not say", tuple(Text(text, label=label) for label, text in GAPS)),
            Section("Method", tuple(Text(text, label=label) for label, text in METHOD)),
        ),
        headed=False,
        colour="7F7F7F",
    )
