"""Nothing is fixed at three layers or thirteen quarters: workbooks built from other data, and what they then show."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

import xlgenai

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

TABLES = Path(__file__).parents[2] / "xlgenai" / "data" / "tables"
QUARTERS = pd.read_csv(TABLES / "nvidia_quarterly.csv")
FACTS = pd.read_csv(TABLES / "value_chain.csv")
LAYERS = {
    "semiconductors": 400.0,
    "cloud infrastructure": 150.0,
    "infrastructure": 50.0,
    "models": 120.0,
    "applications": 80.0,
}


def built(path: Path, **options: Any) -> openpyxl.Workbook:
    result = xlgenai.build(path / "model.xlsx", **options)
    assert [finding for finding in result.report.findings if finding.rule.name != "error-value"] == []
    return openpyxl.load_workbook(result.path, data_only=True)


def row_of(sheet: Worksheet, label: str) -> list[Any]:
    """Return what stands in the further columns of the last row with a label."""
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0] == label]
    return [cell for cell in rows[-1][4:] if cell is not None]


def more_quarters(count: int) -> pd.DataFrame:
    """Return the bundled quarters with invented ones after them, each a tenth larger than the one before."""
    rows = QUARTERS.to_dict("records")
    while len(rows) < count:
        last = dict(rows[-1])
        year, quarter = int(last["fiscal_year"]), int(str(last["fiscal_quarter"])[1:])
        last["fiscal_year"], last["fiscal_quarter"] = (year + 1, "Q1") if quarter == 4 else (year, f"Q{quarter + 1}")
        last["period_end"] = str((pd.Timestamp(last["period_end"]) + pd.Timedelta(weeks=13)).date())
        for name in ("revenue_usd_m", "data_center_revenue_usd_m", "net_income_usd_m", "cost_of_revenue_usd_m"):
            last[name] = round(float(last[name]) * 1.1)
        rows.append(last)
    return pd.DataFrame(rows)


@pytest.mark.parametrize("count", [8, 25])
def test_every_quarter_that_has_one_a_year_before_gets_a_column(count: int, tmp_path: Path) -> None:
    quarters = more_quarters(count).head(count)
    sheet = built(tmp_path, nvidia=quarters)["Nvidia"]
    shown = quarters.iloc[4:]
    names = [f"FY{year} {quarter}" for year, quarter in zip(shown.fiscal_year, shown.fiscal_quarter, strict=True)]
    assert [cell.value for cell in sheet[4][4:]] == names
    assert row_of(sheet, "Revenue") == pytest.approx((shown.revenue_usd_m / 1000).tolist())
    margins = shown.net_income_usd_m / shown.revenue_usd_m
    assert row_of(sheet, "Net margin") == pytest.approx(margins.tolist())
    growth = quarters.revenue_usd_m.pct_change(4).dropna()
    assert row_of(sheet, "Revenue growth on the year") == pytest.approx(growth.tolist())


def test_a_vintage_of_five_layers_fills_five_rows(tmp_path: Path) -> None:
    new = pd.DataFrame(
        {
            "vintage": "Invented 2027",
            "as_of": "2027-04",
            "layer": list(LAYERS),
            "metric": "revenue",
            "usd_b": list(LAYERS.values()),
            "basis": "stated",
            "source": "made up",
        }
    )
    facts = pd.concat([FACTS, new], ignore_index=True)
    book = built(tmp_path, value_chain=facts, inputs={"revenue_vintage": "Invented 2027"})
    sheet = book["ValueChain"]
    start = next(cell.row for cell in sheet["A"] if cell.value == "Layer") + 1
    block: list[object] = [row[:3] for row in sheet.iter_rows(min_row=start, max_row=start + 7, values_only=True)]
    assert block[:5] == [(layer, "stated", pytest.approx(usd / 800)) for layer, usd in LAYERS.items()]
    assert block[5:] == [(None, None, None)] * 3
    assert row_of(sheet, "Share of revenue") == pytest.approx([0.75, 0.25])
    vintages = next(cell.row for cell in sheet["A"] if cell.value == "Vintage") + 1
    listed = [row[:3] for row in sheet.iter_rows(min_row=vintages, max_row=vintages + 4, values_only=True)]
    assert [row[0] for row in listed] == ["Mu 2023", "Agrawal 2024", "Agrawal 2026", "Invented 2027", None]
    newest: object = listed[3]
    assert newest == ("Invented 2027", "2027-04", pytest.approx(0.25))
    assert book["Cover"]["C14"].value == "OK"


def test_the_years_follow_the_base_year(tmp_path: Path) -> None:
    sheet = built(tmp_path, inputs={"base_year": 2026})["Projection"]
    assert [cell.value for cell in sheet[4][4:]] == list(range(2027, 2037))
    assert row_of(sheet, "Year") == list(range(2027, 2037))
