"""The command line as a person meets it: real processes, exit codes, one sentence when something is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

import xlgenai
from tests.support.made_office import make_printer, needs_shell
from tests.support.quarters import bundled_rows, write_csv
from xlgenai._version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xlgenai", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("cli") / "model.xlsx").path


@pytest.fixture
def model(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(built, tmp_path / "model.xlsx"))


def test_build_prints_the_headline_numbers(tmp_path: Path) -> None:
    done = run("build", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    shown = {line.rsplit(None, 1)[0].strip(): line.split()[-1] for line in done.stdout.splitlines() if line.split()}
    assert shown["Infrastructure: share of revenue"] == "90.0%"
    assert shown["Infrastructure: share of funding"] == "13.0%"
    assert shown["Infrastructure: capture index"] == "6.92x"
    margins = [shown[f"Implied gross margin at the {end} multiple"] for end in ("low", "middle", "high")]
    assert margins == ["50.0%", "66.7%", "75.0%"]
    assert shown["Nvidia: net margin, quarter of the post"] == "51.0%"
    assert shown["Nvidia: data-center share, quarter of the post"] == "80.1%"
    assert shown["Master check"] == "OK"
    assert (tmp_path / "genai_value_chain.xlsx").is_file()


def test_check_exit_codes(model: Path, tmp_path: Path) -> None:
    assert run("check", "model.xlsx", cwd=tmp_path).returncode == 0
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "=NO_SUCH_FUNCTION()"
    book.save(tmp_path / "wrong.xlsx")
    done = run("check", "wrong.xlsx", "--format", "json", cwd=tmp_path)
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert {finding["rule"] for finding in report["findings"]} == {"F202", "F209"}
    assert run("check", "absent.xlsx", cwd=tmp_path).returncode == 2


def test_refresh_and_dry_run(model: Path, tmp_path: Path) -> None:
    before = model.read_bytes()
    done = run("refresh", "model.xlsx", "--set", "serving_share=0.5", "--dry-run", cwd=tmp_path)
    assert (done.returncode, model.read_bytes()) == (0, before)
    assert "83.3%" in done.stdout
    done = run("refresh", "model.xlsx", "--set", "serving_share=0.5", "--scenario", "Bull", cwd=tmp_path)
    assert done.returncode == 0
    assert model.read_bytes() != before
    assert run("check", "model.xlsx", cwd=tmp_path).returncode == 0


def test_calculate_gives_every_value_as_json(model: Path, tmp_path: Path) -> None:
    done = run("calculate", "model.xlsx", "--json", cwd=tmp_path)
    values = json.loads(done.stdout)
    stored = openpyxl.load_workbook(model, data_only=True)
    formulas = openpyxl.load_workbook(model)
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    expected = stored[sheet.title][cell.coordinate].value
                    assert values[sheet.title][cell.coordinate] == (expected if expected is not None else "")
    assert values["ValueChain"]["A36"] == "models and applications"  # spilled from A35


@needs_shell
def test_preview_names_every_file(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLGENAI_SOFFICE", str(make_printer(tmp_path / "office", 2)))
    done = run("preview", "model.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["Written to model.pdf", "Pages: 2"]
    done = run("preview", "model.xlsx", "page.png", "--sheet", "Cover", "--sheet", "Dashboard", cwd=tmp_path)
    assert done.stdout.splitlines() == ["Written to page-1.png", "Written to page-2.png", "Pages: 2"]
    made = {"model.pdf", "page-1.png", "page-2.png"}
    assert {path.name for path in tmp_path.iterdir()} == {"office", "model.xlsx", *made}
    given = openpyxl.load_workbook(tmp_path / "office" / "given" / "model.xlsx")
    assert [s.title for s in given.worksheets if s.sheet_state == "visible"] == ["Cover", "Dashboard"]


def test_preview_without_libreoffice(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XLGENAI_SOFFICE", str(tmp_path / "absent"))
    done = run("preview", "model.xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("xlgenai: LibreOffice was not found at ")
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["model.xlsx"]


def test_functions_and_rules(tmp_path: Path) -> None:
    records = json.loads(run("functions", "--format", "json", cwd=tmp_path).stdout)
    assert len(records) == 17
    assert "net_income / revenue" in run("functions", "net_margin", cwd=tmp_path).stdout
    assert "L103" in run("rules", "l103", cwd=tmp_path).stdout
    assert run("--version", cwd=tmp_path).stdout.strip() == f"xlgenai {__version__}"


def test_a_module_of_the_users_own_in_the_current_folder(tmp_path: Path) -> None:
    source = (
        "import xlgenai\n\n@xlgenai.function\ndef twice_it(x):\n"
        '    """Twice a number.\n\n    Parameters\n    ----------\n    x : float\n        A number.\n    """\n'
        "    return 2 * x\n"
    )
    (tmp_path / "my_own.py").write_text(source, encoding="utf-8")
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = "=TWICE_IT(21)"
    book.save(tmp_path / "book.xlsx")
    for module in ("my_own", "my_own.py"):
        done = run("calculate", "book.xlsx", "--json", "--udfs", module, cwd=tmp_path)
        assert json.loads(done.stdout) == {"Sheet": {"A1": 42.0}}
    assert "Twice a number." in run("functions", "twice_it", "--udfs", "my_own", cwd=tmp_path).stdout


def bomb(folder: Path) -> None:
    archive = zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("xl/worksheets/sheet1.xml", "w") as part:
        for _ in range(200):
            part.write(b" " * 2**20)


def truncated(folder: Path) -> None:
    path = folder / "model.xlsx"
    (folder / "cut.xlsx").write_bytes(path.read_bytes()[:-2000])


def open_in_excel(folder: Path) -> None:
    (folder / "~$model.xlsx").write_bytes(b"owner")


def quarters(*rows: list[str], header: list[str] | None = None) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        first, *rest = bundled_rows()
        write_csv(folder / "data.csv", [header or first, *rest, *rows])

    return write


def layers(folder: Path) -> None:
    header = ["vintage", "as_of", "layer", "metric", "usd_b", "share", "basis", "source", "note"]
    write_csv(folder / "data.csv", [header, ["Me 2026", "2026-01", "blockchain", "revenue", "5", "", "", "", ""]])


def nothing(folder: Path) -> None:
    (folder / "data.csv").write_text("", encoding="utf-8")


def a_text_file(folder: Path) -> None:
    (folder / "text.xlsx").write_text("no workbook", encoding="utf-8")


QUARTER = ["2027", "Q2", "2026-07-26", "90000", "84000", "50000", "25000", "", ""]
REFUSED: list[tuple[list[str], Callable[[Path], None] | None, str]] = [
    (["build", "x.xlsx", "--set", "serving_shar=0.5"], None, "did you mean serving_share"),
    (["build", "x.xlsx", "--set", "serving_share=7"], None, "from 0.01 to 1"),
    (["build", "x.xlsx", "--set", "serving_share=half"], None, "takes a number"),
    (["build", "x.xlsx", "--set", "serving_share"], None, "KEY=VALUE"),
    (["build", "x.xlsx", "--scenario", "Bul"], None, "Bear, Base, Bull"),
    (["build", "x.xlsx", "--set", "revenue_vintage=Mu"], None, "Mu 2023, Agrawal 2024"),
    (["build", "x.pdf"], None, ".xlsx"),
    (["build", "no/such/folder/x.xlsx"], None, "folder"),
    (["build", "/proc/x.xlsx"], None, "/proc"),
    (["build", "model.xlsx"], open_in_excel, "open in Excel"),
    (["refresh", "model.xlsx", "--set", "serving_share=0.5"], open_in_excel, "open in Excel"),
    (["refresh", "model.xlsx", "--nvidia", "data.csv"], quarters(header=["year", *["x"] * 8]), "fiscal_year"),
    (["refresh", "model.xlsx", "--nvidia", "data.csv"], quarters(QUARTER, QUARTER), "Q2"),
    (["refresh", "model.xlsx", "--nvidia", "data.csv"], quarters([*QUARTER[:3], "many", *QUARTER[4:]]), "many"),
    (["refresh", "model.xlsx", "--nvidia", "data.csv"], quarters([*QUARTER[:3], "-5", "1", *QUARTER[5:]]), "negative"),
    (["refresh", "model.xlsx", "--nvidia", "data.csv"], quarters([*QUARTER[:4], "95000", *QUARTER[5:]]), "data_center"),
    (["refresh", "model.xlsx", "--nvidia", "data.csv"], nothing, "empty"),
    (["refresh", "model.xlsx", "--value-chain", "data.csv"], layers, "blockchain"),
    (["refresh", "model.xlsx", "--nvidia", "absent.csv"], None, "absent.csv"),
    (["check", "text.xlsx"], a_text_file, "text.xlsx"),
    (["check", "cut.xlsx"], truncated, "cut.xlsx"),
    (["preview", "model.xlsx", "page.jpg"], None, ".pdf or .png"),
    (["preview", "model.xlsx", "--sheet", "Dashbord"], None, "did you mean Dashboard"),
    (["preview", "cut.xlsx"], truncated, "cut.xlsx"),
    (["calculate", "bomb.xlsx"], bomb, "bomb.xlsx"),
    (["calculate", "absent.xlsx"], None, "absent.xlsx"),
    (["check", "model.xlsx", "--format", "yaml"], None, "text, json"),
    (["check", "model.xlsx", "--udfs", "no_such_module"], None, "no_such_module"),
    (["functions", "NET_MARGN"], None, "NET_MARGIN"),
    (["rules", "L999"], None, "L999"),
]


@pytest.mark.parametrize(("command", "prepare", "sentence"), REFUSED, ids=[" ".join(c) + s[:12] for c, _, s in REFUSED])
def test_what_is_refused_is_one_sentence_and_changes_nothing(
    command: list[str], prepare: Callable[[Path], None] | None, sentence: str, model: Path, tmp_path: Path
) -> None:
    if prepare:
        prepare(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    done = run(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.startswith("xlgenai: ")
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    if prepare is open_in_excel:  # the new workbook waits beside the one that is open
        assert after.pop("model (new).xlsx")
    assert after == before
