"""What the ribbon's buttons do and say, told by a stand-in for Excel."""

from __future__ import annotations

import logging
import shutil
import tempfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from tests.checks.editing import type_value
from tests.support.quarters import bundled_rows, write_csv
from xlgenai.operations import live

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.workbook.package import Package


@pytest.fixture
def caller(book: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """The book whose ribbon is clicked; the log is in a folder of the test's own."""
    monkeypatch.setattr("xlwings.Book.caller", lambda: book)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return book


def told(book: Any) -> tuple[str, str | None]:
    (alert,) = [alert for alert in book.app.alerts if "Put other quarters" not in alert[0]]
    return alert  # type: ignore[no-any-return]


def test_refresh_from_a_file_that_the_user_picks(caller: Any, longer: Path) -> None:
    caller.app.answers = ["yes"]
    caller.app.picked = str(longer)
    live.refresh_clicked()
    text, mode = told(caller)
    assert mode == "info"
    assert text.splitlines()[0] == "Table NvidiaQuarters: 17 rows -> 18 rows"
    assert "Required end-user revenue: 1,203.9 -> 1,344.0" in text
    assert [call[2] for call in caller.writes] == ["A7:I24"]


def test_refresh_from_the_bundled_data(caller: Any) -> None:
    caller.app.answers = ["no"]
    caller.app.calculation = "manual"
    live.refresh_clicked()
    text, _ = told(caller)
    assert text.splitlines() == [
        "Table NvidiaQuarters: 17 rows -> 17 rows",
        "",
        "No headline number moved.",
        "",
        "Excel is set to calculate by hand: press F9.",
    ]
    assert [call[2] for call in caller.writes] == ["A7:I23"]


@pytest.mark.parametrize("answer", ["yes", "cancel"])
def test_nothing_is_done_when_the_user_picks_nothing(caller: Any, answer: str) -> None:
    caller.app.answers = [answer]
    live.refresh_clicked()
    assert len(caller.app.alerts) == 1
    assert caller.calls == []


def test_a_refusal_is_one_sentence(caller: Any, tmp_path: Path) -> None:
    picked = write_csv(tmp_path / "bad.csv", [*bundled_rows()[:3], ["2027", "Q9", "soon", *["-1"] * 4, "", ""]])
    caller.app.answers = ["yes"]
    caller.app.picked = str(picked)
    live.refresh_clicked()
    text, mode = told(caller)
    assert mode == "critical"
    assert text.startswith("bad.csv was not used: row 4, fiscal_quarter")
    assert "Traceback" not in text
    assert caller.calls == []


def test_a_long_refusal_is_cut(caller: Any, tmp_path: Path) -> None:
    header, *rows = bundled_rows()
    picked = write_csv(tmp_path / "bad.csv", [header, *([row[0], "Q9", *row[2:]] for row in rows * 3)])
    caller.app.answers = ["yes"]
    caller.app.picked = str(picked)
    live.refresh_clicked()
    text, _ = told(caller)
    assert len(text) == 1504
    assert text.endswith(" ...")


def test_what_nobody_foresaw_is_in_the_log(caller: Any, tmp_path: Path) -> None:
    caller.app.api = None
    caller.app.answers = ["yes"]
    live.refresh_clicked()
    log = tmp_path / "xlgenai.log"
    assert told(caller) == (f"Refresh failed (AttributeError): the reason is in {log}.", "critical")
    assert "GetOpenFilename" in log.read_text(encoding="utf-8")
    assert "Refresh failed: AttributeError" in log.read_text(encoding="utf-8")
    assert "(buttons.py, line " in log.read_text(encoding="utf-8")
    assert logging.getLogger("xlgenai.functions").handlers == []


def test_a_log_that_cannot_be_written_stops_nothing(
    caller: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "xlgenai.log").mkdir()
    caller.app.api = None
    caller.app.answers = ["yes"]
    live.refresh_clicked()
    assert told(caller)[0].startswith("Refresh failed (AttributeError)")
    assert "GetOpenFilename" in caplog.text


def test_a_workbook_of_another_origin(caller: Any, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.xlsx"
    openpyxl.Workbook().save(foreign)
    caller.api.SaveCopyAs = lambda target: shutil.copy(foreign, target)
    caller.app.answers = ["no"]
    live.refresh_clicked()
    assert told(caller)[0].startswith("model.xlsx was not built by xlgenai")


def test_excel_cannot_save_a_copy(caller: Any) -> None:
    del caller.api.SaveCopyAs
    live.check_clicked()
    text, mode = told(caller)
    assert (text, mode) == (
        "Excel could not save a copy of model.xlsx to read: save the workbook on this computer and try again.",
        "critical",
    )


def test_check_of_a_sound_workbook(caller: Any, tmp_path: Path) -> None:
    live.check_clicked()
    assert told(caller) == ("model.xlsx: no findings", "info")
    assert caller.calls == []
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_check_lists_its_findings_in_a_new_workbook(caller: Any, model: Path, package: Package) -> None:
    type_value(package, "Inputs", "C27", 7.0)
    model.write_bytes(package.to_bytes())
    live.check_clicked()
    assert caller.app.alerts == []
    (added,) = caller.app.added
    sheet = added.sheets[0]
    assert [sheet.values[f"{column}1"] for column in "ABCDEF"] == [
        "Rule",
        "Severity",
        "Sheet",
        "Cell",
        "Finding",
        "How to mend it",
    ]
    assert [sheet.values[f"{column}2"] for column in "BCD"] == ["error", "Inputs", "C27"]
    assert "is 7.0, but must be at most" in sheet.values["E2"]
    last = f"F{max(int(where[1:]) for where in sheet.values)}"
    assert added.calls == [
        ("value", "Sheet1", f"A1:{last}"),
        ("bold", "Sheet1", "A1:F1", True),
        ("autofit", "Sheet1", f"A1:{last}"),
    ]


def test_the_workbooks_own_modules_are_loaded(caller: Any, tmp_path: Path) -> None:
    module = tmp_path / "mine.py"
    module.write_text("import xlgenai\n\n\n@xlgenai.function\ndef f(x):\n    return x\n", encoding="utf-8")
    caller.sheets.sheets.append(type(caller.sheets["Inputs"])(caller, "xlwings.conf"))
    caller.sheets["xlwings.conf"].values.update(A3="UDF MODULES", B3=f"udfs; {tmp_path / 'absent.py'}")
    live.check_clicked()
    assert told(caller)[0].startswith(f"There is no Python file {tmp_path / 'absent.py'}")


def test_help_names_every_function(caller: Any) -> None:
    live.help_clicked()
    text, mode = told(caller)
    assert mode == "info"
    assert len(text) < 1500
    for word in ("Refresh", "Check", "IMPLIED_GROSS_MARGIN", "VENTURE_IRR", "xlgenai functions CAPTURE_INDEX"):
        assert word in text
