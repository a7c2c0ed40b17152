"""The bundled tables: their figures, as printed in the sources, and their shape."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from xlgenai.data.bundled import benchmarks, nvidia_quarters, value_chain
from xlgenai.data.contract import contract, frame_of, judge
from xlgenai.data.schema import BENCHMARKS, NVIDIA, VALUE_CHAIN, TableSchema
from xlgenai.data.table import Column, DataTable


@pytest.mark.parametrize(
    ("row", "facts"),
    [
        (0, (2023, "Q1", dt.date(2022, 5, 1), 8288.0, 3750.0, 1618.0, 2857.0)),
        (6, (2024, "Q3", dt.date(2023, 10, 29), 18120.0, 14514.0, 9243.0, 4720.0)),
        (7, (2024, "Q4", dt.date(2024, 1, 28), 22103.0, 18404.0, 12285.0, 5312.0)),
        (16, (2027, "Q1", dt.date(2026, 4, 26), 81615.0, 75246.0, 58321.0, 20458.0)),
    ],
)
def test_nvidia_figures_are_those_published(row: int, facts: tuple[object, ...]) -> None:
    assert nvidia_quarters().rows[row][:7] == facts


def test_nvidia_has_all_quarters_of_fy2023_to_fy2027_q1() -> None:
    table = nvidia_quarters()
    years, quarters = table.column("fiscal_year"), table.column("fiscal_quarter")
    expected = [(year, f"Q{quarter}") for year in range(2023, 2027) for quarter in range(1, 5)]
    assert list(zip(years, quarters, strict=True)) == [*expected, (2027, "Q1")]


def test_rounded_data_center_figures_are_marked() -> None:
    rounded = [record for record in nvidia_quarters().records() if record["data_center_basis"] != "as reported"]
    assert [(r["fiscal_year"], r["fiscal_quarter"]) for r in rounded] == [
        (2023, "Q2"),
        (2023, "Q3"),
        (2023, "Q4"),
        (2024, "Q1"),
        (2024, "Q2"),
    ]


def test_value_chain_facts() -> None:
    facts = {(r["vintage"], r["as_of"], r["layer"], r["metric"]): r for r in value_chain().records()}
    assert len(facts) == 13
    post = facts["Mu 2023", "2023-11", "infrastructure", "funding"]
    assert (post["share"], post["usd_b"], post["group"], post["basis"]) == (0.13, None, "infrastructure", "stated")
    chips = facts["Agrawal 2026", "2026-04", "semiconductors", "revenue"]
    assert (chips["share"], chips["usd_b"], chips["group"]) == (None, 300.0, "infrastructure")
    apps = facts["Agrawal 2024", "2024-04", "applications and models", "revenue"]
    assert (apps["usd_b"], apps["group"]) == (5.0, "applications")
    total = facts["PitchBook", "2024-12", "all generative AI", "funding"]
    assert (total["usd_b"], total["group"], total["note"]) == (56.0, "total", "885 deals")
    assert facts["Mu 2023", "2023-11", "models and applications", "revenue"]["note"] == ""


def test_group_stands_after_layer() -> None:
    names = [column.name for column in value_chain().columns]
    assert names[2:4] == ["layer", "group"]


def test_benchmarks() -> None:
    ranges = {r["benchmark"]: (r["low"], r["high"], r["unit"]) for r in benchmarks().records()}
    assert len(ranges) == 12
    assert ranges["SaaS gross margin"] == (0.7, 0.9, "ratio")
    assert ranges["Share of foundation-model funding spent on compute"] == (None, 0.8, "ratio")
    assert ranges["Required end-user revenue, run rate 150"] == (600.0, 600.0, "USD billion")


@pytest.mark.parametrize(
    ("table", "name"),
    [(nvidia_quarters(), "NvidiaQuarters"), (value_chain(), "ValueChain"), (benchmarks(), "Benchmarks")],
)
def test_names_and_provenance(table: DataTable, name: str) -> None:
    assert table.name == name
    assert table.provenance.endswith(".")
    assert all(column.label for column in table.columns)


@pytest.mark.parametrize(
    ("schema", "table"),
    [(NVIDIA, nvidia_quarters()), (VALUE_CHAIN, value_chain()), (BENCHMARKS, benchmarks())],
    ids=["nvidia", "value chain", "benchmarks"],
)
def test_bundled_tables_pass_the_pandera_schema(schema: TableSchema, table: DataTable) -> None:
    frame = frame_of(schema, dict(enumerate(table.records(), start=2)))
    assert judge(schema, frame) == []
    assert len(contract(schema).validate(frame, lazy=True)) == len(table.rows)


def test_a_table_is_read_once() -> None:
    assert nvidia_quarters() is nvidia_quarters()


def test_reading_needs_no_pandas() -> None:
    code = (
        "import sys; from xlgenai.data import bundled, nvidia, user; "
        "bundled.nvidia_quarters(), bundled.value_chain(), bundled.benchmarks(), nvidia.nvidia_net_margin(); "
        "assert not {'pandas', 'pandera', 'openpyxl'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_table_as_matrix_and_records() -> None:
    table = DataTable("T", (Column("a", "integer", "A"), Column("b", "text", "B")), ((1, "x"), (2, "")), "Made up.")
    assert table.matrix() == [["a", "b"], [1, "x"], [2, ""]]
    assert table.records() == [{"a": 1, "b": "x"}, {"a": 2, "b": ""}]
    assert table.column("b") == ("x", "")
    with pytest.raises(KeyError, match="T has no column 'c'; it has a, b"):
        table.column("c")
