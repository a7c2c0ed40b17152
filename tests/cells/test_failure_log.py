"""The log of failures: one line for each in a bounded file, and never a word where it cannot be written."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.made import made
from xlgenai.cells import failure_log
from xlgenai.cells.boundary import LOG, call
from xlgenai.cells.failure_log import FailureFile, keep_failures, log_path
from xlgenai.cells.values import CellError

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d "


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder for temporary files, for one test, after which no failure is kept any more."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(LOG, "handlers", [])
    level = LOG.level
    yield tmp_path
    LOG.setLevel(level)
    for handler in LOG.handlers:
        handler.close()


def fails(reason: Exception) -> CellError:
    """Let a function fail in a cell."""

    def broken(x: float) -> float:
        raise reason

    shown = call(made(broken, x="float"), [1.0])
    assert isinstance(shown, CellError)
    return shown


def lines() -> list[str]:
    return log_path().read_text(encoding="utf-8").splitlines()


def test_the_file_is_in_the_folder_for_temporary_files(folder: Path) -> None:
    assert log_path() == folder / "xlgenai.log"


def test_each_failure_is_one_line_with_time_function_and_reason(folder: Path) -> None:
    keep_failures()
    assert fails(ValueError("the saving\nis  € nothing")) is CellError.VALUE
    assert fails(LookupError("no such period")) is CellError.NA
    first, second = lines()
    assert re.fullmatch(
        TIME + r"BROKEN failed: ValueError: the saving is € nothing \(test_failure_log\.py, line \d+\)", first
    )
    assert re.fullmatch(TIME + "BROKEN: no such period", second)


def test_a_failure_without_an_exception_at_hand_is_told_too(folder: Path) -> None:
    keep_failures()
    LOG.warning("BROKEN failed", exc_info=ValueError("never raised"))
    assert re.fullmatch(TIME + "BROKEN failed: ValueError: never raised", lines()[0])


def test_no_file_is_made_before_something_has_failed(folder: Path) -> None:
    keep_failures()
    assert call(made(lambda x: x, x="float"), [1.0]) == 1.0
    assert list(folder.iterdir()) == []


def test_two_calls_attach_one_handler(folder: Path) -> None:
    keep_failures()
    keep_failures()
    assert [type(handler) for handler in LOG.handlers] == [FailureFile]
    fails(ValueError("once"))
    assert len(lines()) == 1


def test_a_level_that_someone_has_set_stays(folder: Path) -> None:
    LOG.setLevel(logging.ERROR)
    keep_failures()
    assert LOG.level == logging.ERROR


def test_a_long_reason_is_cut(folder: Path) -> None:
    keep_failures()
    fails(ValueError("x" * 100_000))
    assert len(lines()[0]) == 1_000
    assert lines()[0].endswith("x…")


def test_the_file_is_bounded_and_one_old_one_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failure_log, "LARGEST", 2_000)
    keep_failures()
    for number in range(100):
        fails(LookupError(f"period {number}"))
    assert sorted(path.name for path in folder.iterdir()) == ["xlgenai.log", "xlgenai.log.1"]
    assert all(path.stat().st_size <= 2_000 for path in folder.iterdir())
    assert lines()[-1].endswith("period 99")


def test_the_file_is_let_go_after_each_line_and_others_may_write_between(folder: Path) -> None:
    keep_failures()
    for number in range(3):
        fails(LookupError(f"period {number}"))
        assert [handler.stream for handler in LOG.handlers if isinstance(handler, FailureFile)] == [None]
        with log_path().open("a", encoding="utf-8") as file:
            file.write("a macro's line\n")
    assert [line.rpartition(": ")[2] for line in lines()[::2]] == ["period 0", "period 1", "period 2"]
    assert lines()[1::2] == ["a macro's line"] * 3


def test_a_file_that_someone_else_holds_open_grows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(source: str, target: str) -> None:
        raise PermissionError("another process is using the file")

    monkeypatch.setattr("os.rename", held)
    monkeypatch.setattr(failure_log, "LARGEST", 200)
    keep_failures()
    for number in range(20):
        fails(LookupError(f"period {number}"))
    assert [line.rpartition(" ")[2] for line in lines()] == [str(number) for number in range(20)]


def missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "missing"))


def a_folder_of_its_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log_path().mkdir()


def read_only(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr(FailureFile, "_open", refuse)  # a folder's permissions do not bind every user


def none_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", nowhere)


@pytest.mark.parametrize("obstacle", [missing, a_folder_of_its_name, read_only, none_at_all])
def test_where_the_file_cannot_be_written_nothing_is_raised_or_printed(
    obstacle: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    obstacle(folder, monkeypatch)
    keep_failures()
    assert fails(ValueError("secret")) is CellError.VALUE
    assert fails(LookupError("secret")) is CellError.NA
    assert capsys.readouterr() == ("", "")


IN_EXCEL = """
import sys, tempfile
tempfile.tempdir, host = sys.argv[1:]
from tests.support.classic import load_classic
classic, _ = load_classic()
import xlwings
if host != "linux":
    sys.platform = "win32"
if host == "server":
    xlwings.func = lambda **options: lambda function: function
sys.path.insert(0, tempfile.tempdir)
import mine
print(classic.call_udf("mine", "payback_years", (1.0,), None, None) if host != "server" else mine.payback_years(1.0))
"""
MINE = '''
import xlgenai

@xlgenai.function
def payback_years(price):
    """Years until a purchase has paid for itself.

    Parameters
    ----------
    price : float
        What it costs, in USD.
    """
    return price.paid
'''


@pytest.mark.parametrize("host", ["excel", "server", "linux"])
def test_in_excel_itself_the_failure_of_a_users_function_is_kept(host: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MINE, encoding="utf-8")
    command = [sys.executable, "-c", IN_EXCEL, str(tmp_path), host]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "#VALUE!" in done.stdout
    log = tmp_path / "xlgenai.log"
    assert log.exists() == (host == "excel")
    if host == "excel":
        reason = "PAYBACK_YEARS failed: AttributeError: 'float' object has no attribute 'paid' (mine.py, line 13)"
        assert log.read_text(encoding="utf-8").rstrip().endswith(reason)
