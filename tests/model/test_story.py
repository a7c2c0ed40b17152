"""The story on the dashboard: sentences that say what the numbers say, whatever the inputs and the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

import xlgenai
from tests.support.quarters import bundled_rows, write_csv

if TYPE_CHECKING:
    from pathlib import Path


def story(
    folder: Path, inputs: dict[str, float | str], scenario: str = "Base", nvidia: Path | None = None
) -> list[str]:
    result = xlgenai.build(folder / "model.xlsx", scenario=scenario, nvidia=nvidia, inputs=inputs)
    sheet = openpyxl.load_workbook(result.path, data_only=True)["Dashboard"]
    assert sheet["A5"].value == "The story"
    assert sheet["A10"].value is None
    return [str(sheet[f"A{row}"].value) for row in range(6, 10)]


def test_the_story_of_the_post(tmp_path: Path) -> None:
    assert story(tmp_path, {}) == [
        "Infrastructure takes 90% of the revenue with 13% of the funding; models and applications take 10% with 87%.",
        "At 2 to 4 times infrastructure, applications would earn a gross margin of 50% to 75%,"
        " against 70% to 90% for SaaS.",
        "In the live scenario (Base) applications overtake infrastructure in 7.6 years if growth lasts;"
        " as it fades, they stand at 0.92 times it in 2033.",
        "Up to 34% of Nvidia's data-center revenue is venture money going round;"
        " Nvidia kept 51% of its revenue as profit in FY2024Q3.",
    ]


@pytest.mark.parametrize(
    ("scenario", "inputs", "words"),
    [
        ("Bear", {}, "(Bear) applications overtake infrastructure in 34.0 years if growth lasts"),
        ("Bear", {"application_growth": 0.5}, "(Bear) applications never overtake infrastructure if growth lasts"),
        ("Base", {"crossover_target": 2.5}, "applications reach 2.5 times infrastructure in 10.8 years if"),
        ("Base", {"crossover_target": 0.1}, "applications already reach 0.1 times infrastructure if growth lasts"),
        ("Base", {"base_year": 2030}, "they stand at 0.92 times it in 2040."),
    ],
)
def test_the_crossover_is_told_as_it_is(
    scenario: str, inputs: dict[str, float | str], words: str, tmp_path: Path
) -> None:
    assert words in story(tmp_path, inputs, scenario)[2]


def test_the_other_sentences_follow_their_inputs(tmp_path: Path) -> None:
    told = story(
        tmp_path,
        {"tam_multiple_low": 2.5, "gross_margin_high": 0.95, "compute_share": 0.4, "post_fiscal_quarter": "Q1"},
    )
    assert told[1].startswith("At 2.5 to 4 times infrastructure")
    assert "margin of 60% to 75%, against 70% to 95% for SaaS" in told[1]
    assert told[3].startswith("Up to 17% of Nvidia's")
    assert told[3].endswith("kept 28% of its revenue as profit in FY2024Q1.")


def test_data_without_the_quarter_of_the_post_are_said_to_lack_it(tmp_path: Path) -> None:
    header, *rows = bundled_rows()
    shorter = write_csv(tmp_path / "late.csv", [header, *rows[-8:]])
    assert story(tmp_path, {}, nvidia=shorter)[3] == "The data hold no figures of Nvidia for the quarter of the post."
