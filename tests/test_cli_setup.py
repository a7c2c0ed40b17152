"""install, uninstall and doctor as a person meets them, with a home of their own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.machines import tree

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[str]]

MODEL = Path(__file__).parents[1] / "workbooks" / "genai_value_chain.xlsx"
ELSEWHERE = pytest.mark.skipif(sys.platform == "win32", reason="on Windows there is something to install")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "home").mkdir()
    names = {"HOME": "home", "USERPROFILE": "home", "APPDATA": "home/roaming", "LOCALAPPDATA": "home/local"}
    environment = {**os.environ, **{name: str(tmp_path / folder) for name, folder in names.items()}}
    environment |= {name: str(tmp_path) for name in ("TMPDIR", "TEMP", "TMP")}

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "xlgenai", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return command


@ELSEWHERE
@pytest.mark.parametrize("command", ["install", "uninstall"])
@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_there_is_nothing_to_install_and_that_is_no_failure(
    run: Run, tmp_path: Path, command: str, options: list[str]
) -> None:
    before = tree(tmp_path)
    done = run(command, *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert {"install": "on Windows only", "uninstall": "Nothing was installed here."}[command] in done.stdout
    assert tree(tmp_path) == before


@ELSEWHERE
def test_a_dry_run_names_every_place(run: Run) -> None:
    shown = run("install", "--dry-run").stdout
    assert "On Windows it would touch:" in shown
    for place in (
        "%LOCALAPPDATA%/xlgenai/installed.json",
        "%APPDATA%/Microsoft/Excel/XLSTART/xlwings.xlam",
        "%USERPROFILE%/.xlwings/xlwings.conf",
        '"UDF MODULES","udfs"',
        '"INTERPRETER_WIN",',
        "%USERPROFILE%/Documents/genai_value_chain.xlsm",
    ):
        assert place in shown
    assert "%" not in run("install").stdout


@ELSEWHERE
def test_the_doctor_is_content(run: Run, tmp_path: Path) -> None:
    shutil.copy(MODEL, tmp_path / "model.xlsx")
    before = tree(tmp_path)
    done = run("doctor", "model.xlsx")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("OK       Python: Python 3.")
    assert "unseen   Excel: only on Windows, where Excel can call Python functions." in lines
    assert lines[-1] == "Doctor: 0 to mend, 8 not to be seen from here, 20 looks."
    assert tree(tmp_path) == before


@ELSEWHERE
def test_the_doctor_has_something_to_mend(run: Run, tmp_path: Path) -> None:
    shutil.copy(MODEL, tmp_path / "model.xlsm")
    done = run("doctor", "model.xlsm")
    assert done.returncode == 1
    assert "to mend  Macro project: it carries no macros" in done.stdout
    done = run("doctor", "model.xlsm", "--format", "json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["to_mend"] == 1
    assert [line["name"] for line in report["lines"] if line["status"] == "mend"] == ["Macro project"]
    assert {line["status"] for line in report["lines"]} == {"ok", "mend", "unseen"}
    assert {frozenset(line) for line in report["lines"]} == {frozenset({"name", "status", "message", "mend"})}


def test_a_workbook_that_is_not_there_is_a_line_too(run: Run) -> None:
    done = run("doctor", "absent.xlsm")
    assert (done.returncode, done.stderr) == (1, "")
    assert "File: absent.xlsm is not there" in done.stdout


def test_a_format_that_nobody_knows(run: Run) -> None:
    done = run("doctor", "--format", "yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "xlgenai: --format takes text, json, not 'yaml'.\n"


def test_the_log_is_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "xlgenai.log").write_text("an old line\nNET_MARGIN: no Python\n", encoding="utf-8")
    assert "is: NET_MARGIN: no Python" in run("doctor").stdout
