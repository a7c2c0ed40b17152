"""A built workbook holds what the catalogue says, follows inputs and data, and is the same on every day."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

import xlgenai
from tests.support.quarters import bundled_rows
from xlgenai.errors import InputError, ModelError, WorkbookError
from xlgenai.model.parts import (
    INDEX,
    MULTIPLE,
    PERCENT,
    YEAR,
    Chart,
    Check,
    Grid,
    Input,
    Line,
    Model,
    Section,
    Series,
    Sheet,
    Timeline,
)

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.data.sources import Source

CATALOGUE = {
    "revenue": 0.9,
    "funding": 0.13,
    "capture": 6.9231,
    "concentration": 8200,
    "margin_low": 0.5,
    "margin_mid": 0.666667,
    "margin_high": 0.75,
    "crossover": 7.638,
    "net_margin": 0.510099,
    "data_center": 0.800993,
    "circular": 0.342893,
}


def test_the_headline_numbers_are_those_of_the_catalogue(tmp_path: Path) -> None:
    result = xlgenai.build(tmp_path / "model.xlsx")
    for key, expected in CATALOGUE.items():
        assert result[key] == pytest.approx(expected, rel=1e-4), key
    assert result["check"] == "OK"
    assert result.report.findings == ()


def test_the_numbers_that_the_catalogue_sets_beside_the_claims(built: Path) -> None:
    names = openpyxl.load_workbook(built, data_only=True)
    capital = {row[0].value: row[2].value for row in names["Capital"].iter_rows(min_row=5, max_col=3)}
    assert capital["as a share of Nvidia's data-center revenue, 2025 (assumed funding)"] == pytest.approx(
        0.330345, 1e-5
    )
    assert capital["Growth at which investors earn what they require"] == pytest.approx(0.749790, rel=1e-5)
    projection = {row[0].value: row[2].value for row in names["Projection"].iter_rows(min_row=5, max_col=3)}
    targets = [projection[f"Years to the {end} of the post's range"] for end in ("low end", "middle", "high end")]
    assert targets == pytest.approx([10.05, 11.46, 12.46], abs=5e-3)
    margins = {row[0].value: row[2].value for row in names["Margins"].iter_rows(min_row=5, max_col=3)}
    ends = [margins[f"Implied TAM multiple, {end}"] for end in ("low end", "middle", "high end")]
    assert ends == pytest.approx([3.3333, 5, 10], rel=1e-4)
    assert margins["Serving share at which the low ends agree"] == pytest.approx(0.6)
    assert margins["Serving share at which the high ends agree"] == pytest.approx(0.4)


def test_two_builds_give_the_same_bytes_whatever_the_day_and_the_place(built: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xlgenai", "build", str(tmp_path / "again.xlsx")]
    environment = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "0"}
    subprocess.run(command, check=True, env=environment, cwd=tmp_path, capture_output=True)
    assert (tmp_path / "again.xlsx").read_bytes() == built.read_bytes()


def test_inputs_and_scenario_change_what_they_should(tmp_path: Path) -> None:
    inputs: dict[str, float | str] = {
        "serving_share": "50%",
        "application_growth[Bull]": 2.0,
        "revenue_vintage": "Agrawal 2024",
    }
    result = xlgenai.build(tmp_path / "model.xlsx", inputs=inputs, scenario="Bull")
    assert result["margin_mid"] == pytest.approx(1 - 0.5 / 3)
    assert result["revenue"] == pytest.approx(85 / 90)
    assert result["crossover"] == pytest.approx(4.0874, abs=1e-3)  # log(17) / log(3 / 1.5)
    assert result["check"] == "OK"
    layers = pd.read_excel(result.path, sheet_name="ValueChain", header=None, engine="openpyxl")
    assert {"semiconductors", "cloud infrastructure", "applications and models"} <= set(layers[0])


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx", "frame"])
def test_data_of_ones_own_in_every_form(form: str, longer: Path, tmp_path: Path) -> None:
    frame = pd.read_csv(longer)
    sources: dict[str, Source] = {
        "csv": longer,
        "parquet": tmp_path / "q.parquet",
        "xlsx": tmp_path / "q.xlsx",
        "frame": frame,
    }
    if form == "parquet":
        frame.to_parquet(tmp_path / "q.parquet")
    if form == "xlsx":
        frame.to_excel(tmp_path / "q.xlsx", index=False)
    result = xlgenai.build(tmp_path / "model.xlsx", nvidia=sources[form])
    sheet = openpyxl.load_workbook(result.path, data_only=True)["Nvidia"]
    assert [cell.value for cell in sheet[4]][-1] == "FY2027 Q2"
    assert len([cell for cell in sheet[4] if str(cell.value).startswith("FY")]) == len(bundled_rows()) - 1 + 1 - 4
    assert result["required"] == pytest.approx(4 * 84 / 0.5 / 0.5)


def small_model(
    multiple: str = "PROJECTED_TAM_MULTIPLE({applications},{infrastructure},{growth},0,{position})",
) -> Model:
    inputs = (
        Input("applications", "Applications", INDEX, 10, "assumption", low=0, high=1000),
        Input("infrastructure", "Infrastructure", INDEX, 40, "assumption", low=1, high=1000),
        Input("growth", "Growth of applications", PERCENT, 1.0, "assumption", low=-0.9, high=5),
    )
    lines = (
        Line("multiple", "TAM multiple", MULTIPLE, "{multiple[last]}", across=multiple, headline=True),
        Line("change", "Change on the year", MULTIPLE, across="{multiple}/{first_multiple}"),
        Line("first_multiple", "First", MULTIPLE, "{multiple[first]}"),
        Grid(
            "margins",
            "Implied gross margin",
            PERCENT,
            "IMPLIED_GROSS_MARGIN({row},{column})",
            row_label="multiple",
            column_label="hosting share",
            row_unit=MULTIPLE,
            column_unit=PERCENT,
            rows=(2, 4),
            columns=(1.0, 0.8),
        ),
        Check("check_first", "The first multiple is half", "{multiple[first]}=0.5"),
        Chart("chart", "Multiple", "line", (Series("multiple"),), x_title="Year", y_title="Multiple"),
    )
    sections = (Section("Inputs", inputs), Section("Result", lines))
    return Model(
        "Small", (Sheet("Small", "A small model", "For a test.", sections, timeline=Timeline(3, "{position}", YEAR)),)
    )


def test_a_model_of_ones_own(tmp_path: Path) -> None:
    result = xlgenai.build(tmp_path / "small.xlsx", model=small_model())
    assert result["multiple"] == 2.0
    assert result.report.findings == ()
    sheet = openpyxl.load_workbook(result.path, data_only=True)["Small"]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows()}
    assert rows["TAM multiple"][4:] == [0.5, 1, 2]
    assert rows["Change on the year"][4:] == [1, 2, 4]
    assert rows["The first multiple is half"][2] is True
    grid = [
        [cell.value for cell in row[4:6]]
        for row in sheet.iter_rows()
        if row[2].value in {2, 4} and row[0].value is None
    ]
    assert grid == [[0.5, pytest.approx(0.375)], [0.75, pytest.approx(0.6875)]]
    refreshed = xlgenai.refresh(result.path, inputs={"growth": 0})
    assert [(change.before, change.after) for change in refreshed.headlines] == [("2.00x", "0.25x")]


OWN_FUNCTION = '''
import xlgenai


@xlgenai.function
def payback_years(price, saving):
    """Years until a purchase has paid for itself.

    Formula::

        price / saving

    Parameters
    ----------
    price : float
        What it costs, in USD.
    saving : float
        What it saves in a year, in USD.
    """
    return price / saving
'''


def test_a_function_of_ones_own_in_a_model_and_in_any_workbook(tmp_path: Path) -> None:
    module = tmp_path / "own.py"
    module.write_text(OWN_FUNCTION, encoding="utf-8")
    model = small_model("PAYBACK_YEARS({applications},{position})")
    result = xlgenai.build(tmp_path / "small.xlsx", model=model, udfs=[str(module)])
    assert result["multiple"] == pytest.approx(10 / 3)
    assert [finding.place for finding in result.report.findings] == []
    values = xlgenai.calculate(result.path, udfs=[str(module)]).values["Small"]
    assert [values[cell] for cell in ("E11", "F11", "G11")] == pytest.approx([10, 5, 10 / 3])


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("{applicatons}", "no line 'applicatons'; did you mean applications"),
        ("PROJECTED_TAM_MULTIPEL(1,2)", "calls PROJECTED_TAM_MULTIPEL, which is no function; did you mean PROJECTED"),
        ("{growth[:]}", "has no timeline"),
        ("{multiple[-1]}", "lies outside the timeline"),
    ],
)
def test_a_slip_in_a_model_is_named_and_nothing_is_written(formula: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=sentence.replace("'", ".").replace("(", ".")):
        xlgenai.build(tmp_path / "small.xlsx", model=small_model(formula))
    assert list(tmp_path.iterdir()) == []


def test_a_key_used_twice_or_like_a_cell_is_refused(tmp_path: Path) -> None:
    for parts, sentence in (
        ((Line("a", "A", INDEX, "1"), Line("a", "B", INDEX, "2")), "used on S and again on S"),
        ((Line("fy2024", "A", INDEX, "1"),), "cannot be a key"),
    ):
        model = Model("M", (Sheet("S", "S", "S.", (Section("s", parts),)),))
        with pytest.raises(ModelError, match=sentence):
            xlgenai.build(tmp_path / "small.xlsx", model=model)


def test_what_a_build_refuses(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="did you mean serving_share"):
        xlgenai.build(tmp_path / "x.xlsx", inputs={"serving_shar": 1})
    with pytest.raises(InputError, match=r"takes a number from 0\.01 to 1, not 3"):
        xlgenai.build(tmp_path / "x.xlsx", inputs={"serving_share": 3})
    with pytest.raises(InputError, match="takes one of Mu 2023, Agrawal 2024, Agrawal 2026"):
        xlgenai.build(tmp_path / "x.xlsx", inputs={"revenue_vintage": "Mu 2024"})
    with pytest.raises(WorkbookError, match=r"should end in \.xlsx"):
        xlgenai.build(tmp_path / "x.xls")
    assert list(tmp_path.iterdir()) == []
