"""The four kinds of source give the same table; what cannot be read is refused in one sentence."""

from __future__ import annotations

import datetime as dt
import sys
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from xlgenai.data.bundled import nvidia_quarters, value_chain
from xlgenai.data.user import load_nvidia, load_value_chain
from xlgenai.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlgenai.data.table import DataTable

LOADERS: dict[str, tuple[Callable[[Any], DataTable], Callable[[], DataTable], str]] = {
    "nvidia": (load_nvidia, nvidia_quarters, "nvidia_quarterly.csv"),
    "value chain": (load_value_chain, value_chain, "value_chain.csv"),
}


def write_book(path: Path, matrix: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in matrix:
        sheet.append(row)
    book.create_sheet("Another").append(["not", "read"])
    book.save(path)
    return path


def sources(table: DataTable, bundled: str, folder: Path) -> dict[str, Any]:
    matrix = table.matrix()
    frame = pd.DataFrame(matrix[1:], columns=[str(name) for name in matrix[0]])
    frame.to_parquet(folder / "own.parquet")
    text = (files("xlgenai.data") / "tables" / bundled).read_text(encoding="utf-8")
    (folder / "own.csv").write_text(text, encoding="utf-8")
    (folder / "excel.CSV").write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig", newline="")
    frame.to_csv(folder / "semicolon.csv", sep=";", index=False)
    frame.to_csv(folder / "tab.csv", sep="\t", index=False)
    return {
        "csv": folder / "own.csv",
        "csv as text path": str(folder / "own.csv"),
        "csv from Excel": folder / "excel.CSV",
        "csv with semicolons": folder / "semicolon.csv",
        "csv with tabs": folder / "tab.csv",
        "parquet": folder / "own.parquet",
        "xlsx": write_book(folder / "own.xlsx", matrix),
        "xlsm": write_book(folder / "own.xlsm", matrix),
        "frame": frame,
        "frame of objects": frame.astype(object),
        "frame with nullable types": frame.convert_dtypes(),
        "frame with another index": frame.set_axis(range(100, 100 + len(frame))),
    }


@pytest.mark.parametrize("which", LOADERS)
def test_every_kind_of_source_gives_the_same_table(which: str, tmp_path: Path) -> None:
    load, bundled, file = LOADERS[which]
    table = bundled()
    for kind, source in sources(table, file, tmp_path).items():
        loaded = load(source)
        assert loaded.rows == table.rows, kind
        assert (loaded.name, loaded.columns) == (table.name, table.columns), kind


def test_dates_as_datetimes_in_a_frame(tmp_path: Path) -> None:
    frame = pd.DataFrame(nvidia_quarters().records())
    frame["period_end"] = pd.to_datetime(frame["period_end"])
    frame.to_parquet(tmp_path / "own.parquet")
    assert load_nvidia(frame).rows == load_nvidia(tmp_path / "own.parquet").rows == nvidia_quarters().rows


def test_provenance_and_source_name_the_file(tmp_path: Path) -> None:
    frame = pd.DataFrame(nvidia_quarters().records()).drop(columns="source")
    frame.to_csv(tmp_path / "mine.csv", index=False)
    table = load_nvidia(tmp_path / "mine.csv")
    assert table.provenance == "Loaded from mine.csv."
    assert set(table.column("source")) == {"mine.csv"}


def test_blank_rows_are_skipped_and_still_counted(tmp_path: Path) -> None:
    matrix = [[str(cell) for cell in row] for row in nvidia_quarters().matrix()[:4]]
    matrix[3][3] = "abc"
    path = tmp_path / "own.csv"
    blank = "," * (len(matrix[0]) - 1)
    lines = [",".join(row) for row in matrix]
    path.write_text("\n".join([lines[0], "", lines[1], blank, lines[2], lines[3], "", ""]), encoding="utf-8")
    book = write_book(tmp_path / "own.xlsx", [matrix[0], [], matrix[1], [None, " "], matrix[2], matrix[3], []])
    for source in (path, book):
        with pytest.raises(DataError) as caught:
            load_nvidia(source)
        assert [(problem.row, problem.column) for problem in caught.value.problems] == [(6, "revenue_usd_m")]


def test_a_short_line_lacks_its_last_fields(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("vintage,as_of,layer,metric,share\nOurs,2025,models,funding\n", encoding="utf-8")
    with pytest.raises(DataError, match="row 2, usd_b: exactly one of usd_b and share"):
        load_value_chain(path)


def test_a_long_line_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    text = "vintage,as_of,layer,metric,share\nOurs, Inc.,2025,models,funding,1\nOurs,2025,models,funding,1,,\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"own.csv was not used: row 2: the row has more cells than .* so quote texts"):
        load_value_chain(path)


def test_excel_errors_and_numbers_stored_as_text(tmp_path: Path) -> None:
    matrix: list[list[Any]] = nvidia_quarters().matrix()[:3]
    matrix[1][3], matrix[2][3] = "8288", "#N/A"
    matrix[1][2] = 44682  # 1 May 2022, with its date format lost
    with pytest.raises(DataError) as caught:
        load_nvidia(write_book(tmp_path / "own.xlsx", matrix))
    assert [(problem.row, problem.value) for problem in caught.value.problems] == [(3, "#N/A")]
    matrix[2][3] = 6704
    table = load_nvidia(write_book(tmp_path / "own.xlsx", matrix))
    assert table.rows[0][2:4] == (dt.date(2022, 5, 1), 8288.0)


def test_months_that_excel_turned_into_dates(tmp_path: Path) -> None:
    matrix: list[list[Any]] = value_chain().matrix()
    for row in matrix[1:]:
        row[1] = dt.datetime.strptime(row[1], "%Y-%m")
    assert load_value_chain(write_book(tmp_path / "own.xlsx", matrix)).rows == value_chain().rows


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("own.txt", b"x", "own.txt was not used: the file must end in .csv, .parquet, .xlsx, .xlsm"),
        ("own", b"x", "the file must end in"),
        ("own.csv", b"", "its first row must hold the names of the columns"),
        ("own.csv", b"\n\n", "its first row must hold the names of the columns"),
        ("own.csv", b"fiscal_year,fiscal_quarter\n,\n", "there is no row of data below"),
        ("own.csv", "fiscal_year\nQuartalsabschluß".encode("latin-1"), "save it from Excel as CSV UTF-8"),
        ("own.csv", b'fiscal_year\n"open', "the file cannot be read as what its ending says"),
        ("own.xlsx", b"not a zip", "the file cannot be read as what its ending says"),
        ("own.xlsm", b"PK\x05\x06" + bytes(18), "the file cannot be read as what its ending says"),
        ("own.parquet", b"not parquet", "the file cannot be read as what its ending says"),
    ],
)
def test_what_cannot_be_read(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DataError, match=words) as caught:
        load_nvidia(path)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.value) == (None, "", "")


def test_an_empty_sheet(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="its first row must hold the names of the columns"):
        load_nvidia(write_book(tmp_path / "own.xlsx", []))


def test_no_such_file(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(DataError) as caught:
            load_nvidia(path)
        assert len(caught.value.problems) == 1
    with pytest.raises(DataError, match=r"gone.csv was not used: there is no such file in .*, so check the path"):
        load_nvidia(tmp_path / "gone.csv")


@pytest.mark.parametrize("source", [[1, 2], None, 3.0])
def test_neither_path_nor_frame(source: Any) -> None:
    with pytest.raises(DataError, match="it must be the path of a file or a pandas DataFrame, not"):
        load_nvidia(source)


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DataError, match=r"reading Parquet needs pyarrow, so install xlgenai\[parquet\] or give a CSV"):
        load_nvidia(path)


def test_a_file_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "own.csv"
    path.write_text("fiscal_year\n2024\n", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(DataError, match="the file may not be opened, so close it in other programs"):
        load_nvidia(path)
