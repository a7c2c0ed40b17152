"""The doctor: what is in order, each thing that can be wrong with its cure, and what cannot be seen from here."""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.support.machines import ADDIN, EXCEL, REGISTRY, VERSION, tree, windows
from xlgenai.operations.setup.diagnosis import Diagnosis, Status
from xlgenai.operations.setup.doctor import WINDOWS_ONLY, doctor
from xlgenai.operations.setup.installing import install
from xlgenai.operations.setup.looks_machine import APP_PATHS, CLASSIC, CLICK_TO_RUN, POLICY, SECURITY
from xlgenai.operations.setup.machine import Machine, read_registry
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from collections.abc import Callable

OK, MEND, UNSEEN = Status.OK, Status.MEND, Status.UNSEEN
PROJECT = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
MARK = "[ZoneTransfer]\r\nZoneId={}\r\nHostUrl=about:internet\r\n"
MACHINE_NAMES = [
    *("Python", "Settings", "Interpreter", "Functions", "Excel", "Bitness", "Macros"),
    *("xlwings", "Library", "Add-in", "Log"),
    *("LibreOffice", "LibreOffice extension"),
]
FILE_NAMES = ["File", "Workbook", "Mark of the Web", "Write access", "Folder", "Macro project", "Workbook settings"]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine on which everything was installed."""
    machine = windows(tmp_path)
    install(machine, build=lambda _: b"")
    return machine


def macro_workbook(path: Path, settings: dict[str, str | None] | None = None) -> Path:
    """Write a workbook with a VBA project, and with a sheet of settings if any are given."""
    book = openpyxl.Workbook()
    if settings is not None:
        sheet = book.create_sheet("xlwings.conf")
        for row in settings.items():
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    package = Package.from_bytes(stream.getvalue(), path.name)
    package.add_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0", "application/vnd.ms-office.vbaProject")
    package.add_relationship(package.workbook_part, PROJECT, "xl/vbaProject.bin")
    path.write_bytes(package.to_bytes())
    return path


def look(machine: Machine, name: str, file: Path | None = None) -> Diagnosis:
    (found,) = (line for line in doctor(machine, file) if line.name == name)
    return found


def assert_look(machine: Machine, name: str, status: Status, words: str, file: Path | None = None) -> None:
    found = look(machine, name, file)
    assert (found.status, bool(found.mend)) == (status, status is MEND), found
    assert words in f"{found.message} | {found.mend}", found


def registry(*changes: tuple[tuple[str, str], str | None]) -> dict[tuple[str, str], str]:
    return {key: value for key, value in {**REGISTRY, **dict(changes)}.items() if value is not None}


# In order


def test_a_machine_that_was_set_up_is_in_order(machine: Machine, tmp_path: Path) -> None:
    lines = doctor(machine, macro_workbook(tmp_path / "book.xlsm", {"UDF MODULES": "udfs"}))
    assert [line.name for line in lines] == MACHINE_NAMES + FILE_NAMES
    assert [line for line in lines if line.status is not OK or line.mend] == []


def test_a_machine_that_is_new_says_to_install(tmp_path: Path) -> None:
    lines = doctor(windows(tmp_path))
    cures = {line.name: line.mend for line in lines if line.status is MEND}
    assert sorted(cures) == ["Add-in", "Interpreter", "Settings"]
    assert all("xlgenai install" in cure for cure in cures.values())


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_what_only_windows_has_is_not_looked_at_elsewhere(tmp_path: Path, system: str, model: Path) -> None:
    lines = doctor(windows(tmp_path / "machine", system=system), model)
    hidden = ["Settings", "Interpreter", "Excel", "Bitness", "Macros", "Library", "Add-in", "Mark of the Web"]
    assert [line.name for line in lines if line.status is UNSEEN] == hidden
    assert {line.message for line in lines if line.status is UNSEEN} == {WINDOWS_ONLY}
    assert [line for line in lines if line.status is MEND] == []


def test_a_look_changes_nothing(machine: Machine, tmp_path: Path) -> None:
    file = macro_workbook(tmp_path / "book.xlsm", {"UDF MODULES": "udfs"})
    before, path = tree(tmp_path), list(sys.path)
    doctor(machine, file)
    assert tree(tmp_path) == before
    assert sys.path == path


def test_this_machine_can_be_looked_at(model: Path) -> None:
    lines = {line.name: line for line in doctor(Machine.here(), model)}
    assert f"Python {sys.version.split()[0]}" in lines["Python"].message
    assert "17 in udfs" in lines["Functions"].message
    assert lines["Workbook"].message == "it opens, with 13 sheets"
    assert lines["xlwings"].status is OK


def test_the_page_on_trouble_tells_what_each_look_is_for() -> None:
    page = (Path(__file__).parents[3] / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    table = [row.split("|")[1].strip(" *") for row in page.splitlines() if row.startswith("| **")]
    assert table == MACHINE_NAMES + FILE_NAMES


# Excel

OFFICE = (rf"HKLM\{APP_PATHS}", "")
STORE = r"C:\Program Files\WindowsApps\Microsoft.Office.Desktop.Excel_16\EXCEL.EXE"


@pytest.mark.parametrize(
    ("name", "changes", "status", "words"),
    [
        ("Excel", [], OK, EXCEL),
        ("Excel", [(OFFICE, None)], MEND, "install Excel"),
        ("Excel", [(OFFICE, None), ((rf"HKCU\{APP_PATHS}", ""), EXCEL)], OK, EXCEL),
        ("Excel", [(OFFICE, STORE)], MEND, "Microsoft Store"),
        ("Bitness", [], OK, "Excel and Python have 64 bits"),
        ("Bitness", [((CLICK_TO_RUN, "Platform"), "x86")], OK, "Excel has 32 bits and Python 64, which xlwings allows"),
        ("Bitness", [((CLICK_TO_RUN, "Platform"), None)], UNSEEN, "Python has 64"),
        ("Bitness", [((CLICK_TO_RUN, "Platform"), None), ((CLASSIC, "Bitness"), "x86")], OK, "Excel has 32 bits"),
        ("Macros", [], OK, "asks"),
        ("Macros", [((SECURITY, "VBAWarnings"), "1")], OK, "every macro runs"),
        ("Macros", [((SECURITY, "VBAWarnings"), "2")], OK, "asks"),
        ("Macros", [((SECURITY, "VBAWarnings"), "3")], MEND, "signature"),
        ("Macros", [((SECURITY, "VBAWarnings"), "4")], MEND, "Trust Center"),
        ("Macros", [((POLICY, "VBAWarnings"), "4"), ((SECURITY, "VBAWarnings"), "1")], MEND, "administrator"),
    ],
)
def test_excel(
    tmp_path: Path, name: str, changes: list[tuple[tuple[str, str], str | None]], status: Status, words: str
) -> None:
    assert_look(windows(tmp_path, registry(*changes)), name, status, words)


# xlwings


def test_xlwings_missing(tmp_path: Path) -> None:
    machine = windows(tmp_path, xlwings=None)
    assert_look(machine, "xlwings", MEND, "pip install xlwings")
    assert_look(machine, "Library", UNSEEN, "not installed")
    assert_look(machine, "Add-in", UNSEEN, "not installed")


@pytest.mark.parametrize("file", ["udfs.py", "addin/xlwings.xlam"])
def test_xlwings_not_whole(machine: Machine, file: str) -> None:
    assert machine.xlwings is not None
    (machine.xlwings.folder / file).unlink()
    assert_look(machine, "xlwings", MEND, f"--force-reinstall --no-deps xlwings=={VERSION}")


def test_pywin32_missing(machine: Machine) -> None:
    assert_look(replace(machine, pywin32=False), "xlwings", MEND, "pip install pywin32")
    assert_look(replace(machine, pywin32=False, system="linux"), "xlwings", OK, VERSION)


def test_the_library_for_excel_may_lie_beside_python_or_above(machine: Machine, tmp_path: Path) -> None:
    library = f"xlwings64-{VERSION}.dll"
    assert_look(machine, "Library", OK, library)
    shutil.move(tmp_path / "env" / library, machine.interpreter.parent / library)
    assert_look(machine, "Library", OK, library)
    (machine.interpreter.parent / library).unlink()
    assert_look(machine, "Library", MEND, library)


def test_the_library_is_the_one_for_the_bits_of_excel(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "env" / f"xlwings32-{VERSION}.dll").unlink()
    assert_look(machine, "Library", OK, "xlwings64")
    small = windows(tmp_path, registry(((CLICK_TO_RUN, "Platform"), "x86")))
    assert_look(small, "Library", MEND, "xlwings32")
    unknown = windows(tmp_path, registry(((CLICK_TO_RUN, "Platform"), None)))
    assert_look(unknown, "Library", MEND, "xlwings32")


def test_the_addin(machine: Machine) -> None:
    assert_look(machine, "Add-in", OK, f"that of xlwings {VERSION}")
    machine.addin.write_bytes(ADDIN + b"of another version")
    assert_look(machine, "Add-in", MEND, "close Excel and run xlgenai install")
    machine.addin.unlink()
    assert_look(machine, "Add-in", MEND, "--standalone")


def test_the_log(machine: Machine) -> None:
    assert_look(machine, "Log", OK, "no failure")
    machine.log.write_bytes(b"")
    assert_look(machine, "Log", OK, "is empty")
    machine.log.write_bytes(b"x" * 20_000 + b"\r\nfirst\r\nNET_MARGIN: caf\xe9\r\n\r\n")
    assert_look(machine, "Log", OK, "is: NET_MARGIN: caf\ufffd")


# Python and the settings


def configure(machine: Machine, text: str) -> None:
    machine.configuration.write_text(text, encoding="cp1252")


@pytest.mark.parametrize("field", ["interpreter", "base"])
def test_python_from_the_store(machine: Machine, field: str) -> None:
    store = Path("C:/Users/Ada/AppData/Local/Microsoft/WindowsApps/PythonSoftwareFoundation.Python.3.11/python.exe")
    assert_look(replace(machine, **{field: store}), "Python", MEND, "python.org")  # type: ignore[arg-type]


def test_lines_that_xlwings_misreads(machine: Machine) -> None:
    configure(machine, '"A","1"\n\n"B","2"\nUDF MODULES=udfs\n')
    assert_look(machine, "Settings", MEND, "misreads: 2, 4")


INTERPRETERS: list[tuple[str, Status, str]] = [
    ('"INTERPRETER_WIN","{python}"', OK, "which is this Python"),
    ('"INTERPRETER_WIN","{pythonw}"', OK, "which is this Python"),
    ('interpreter_win,"%userprofile%/../env/Scripts/python.exe"', OK, "which is this Python"),
    ('"INTERPRETER_WIN","{python}"\n"INTERPRETER_WIN","C:/gone.exe"', OK, "which is this Python"),
    ('"INTERPRETER_WIN",""\n"INTERPRETER","{python}"', OK, "which is this Python"),
    ('"INTERPRETER_WIN","{home}/python.exe"', MEND, "is not there"),
    ('"INTERPRETER_WIN","{other}"', MEND, "another Python than this one"),
    ('"INTERPRETER_WIN",""', MEND, "the first on the path"),
    ('"INTERPRETER_WIN","pythonw"', MEND, "the first on the path"),
    ('"CONDA PATH","C:/conda"\n"CONDA ENV","finance"', MEND, "not this Python"),
]


@pytest.mark.parametrize(("text", "status", "words"), INTERPRETERS)
def test_the_interpreter(machine: Machine, tmp_path: Path, text: str, status: Status, words: str) -> None:
    pythonw, other = machine.interpreter.with_name("pythonw.exe"), tmp_path / "other" / "python.exe"
    other.parent.mkdir()
    for program in (pythonw, other):
        program.write_bytes(b"")
    configure(machine, text.format(python=machine.interpreter, pythonw=pythonw, other=other, home=machine.home) + "\n")
    assert_look(machine, "Interpreter", status, words)


def test_the_interpreter_of_conda(machine: Machine) -> None:
    conda = replace(machine, conda=("C:/conda", "finance"))
    configure(conda, '"CONDA PATH","C:/conda"\n"CONDA ENV","finance"\n"INTERPRETER_WIN",""\n')
    assert_look(conda, "Interpreter", OK, "conda environment finance")
    configure(conda, '"CONDA PATH","C:/conda"\n"CONDA ENV","base"\n')
    assert_look(conda, "Interpreter", MEND, "conda environment base")


def test_a_blank_interpreter_in_the_workbook_hides_the_users(machine: Machine, tmp_path: Path) -> None:
    """xlwings takes a key without a value for a setting, and asks no further."""
    file = macro_workbook(tmp_path / "book.xlsm", {"INTERPRETER_WIN": None, "UDF MODULES": "udfs"})
    assert_look(machine, "Interpreter", MEND, "hides", file)
    assert_look(machine, "Workbook settings", MEND, "hides", file)
    assert_look(machine, "Interpreter", OK, "this Python")


def test_settings_of_the_workbook_and_beside_it_come_first(machine: Machine, tmp_path: Path) -> None:
    file = macro_workbook(tmp_path / "book.xlsm", {"UDF MODULES": "udfs"})
    (tmp_path / "xlwings.conf").write_text('"INTERPRETER_WIN","C:/beside.exe"\n', encoding="cp1252")
    assert_look(machine, "Interpreter", MEND, "beside.exe", file)
    file = macro_workbook(tmp_path / "book.xlsm", {"INTERPRETER_WIN": str(machine.interpreter)})
    assert_look(machine, "Interpreter", OK, "this Python", file)


def test_settings_after_an_empty_row_do_not_count(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "book.xlsm"
    book = openpyxl.Workbook()
    book.worksheets[0].title = "xlwings.conf"
    book.worksheets[0]["A1"], book.worksheets[0]["B1"] = "udf modules", "udfs"
    book.worksheets[0]["A3"] = "INTERPRETER_WIN"
    book.save(file)
    assert_look(machine, "Workbook settings", OK, "the sheet xlwings.conf sets UDF MODULES |", file)


def test_functions_of_the_users_own(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "payback_of_doctor", raising=False)
    file = macro_workbook(tmp_path / "book.xlsm", {"UDF MODULES": "payback_of_doctor;udfs"})
    assert_look(machine, "Functions", MEND, "No module named 'payback_of_doctor'", file)
    (tmp_path / "payback_of_doctor.py").write_text("raise SystemExit('no')", encoding="utf-8")
    assert_look(machine, "Functions", MEND, "does not load: no", file)
    source = "def plain(x):\n    return x\n\ndef marked(x):\n    return x\nmarked.__xlfunc__ = {}\n"
    (tmp_path / "payback_of_doctor.py").write_text(source, encoding="utf-8")
    shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)
    assert_look(machine, "Functions", OK, "17 in udfs, 1 in payback_of_doctor", file)
    monkeypatch.delitem(sys.modules, "payback_of_doctor")
    configure(machine, f'"UDF MODULES","payback_of_doctor"\n"PYTHONPATH","{tmp_path}"\n')
    assert_look(machine, "Functions", OK, "1 in payback_of_doctor")
    monkeypatch.delitem(sys.modules, "payback_of_doctor")


# A workbook


@pytest.mark.parametrize(
    ("zone", "status", "words"),
    [("3", MEND, "Unblock"), ("4", MEND, "blocks its macros"), ("2", OK, "trusted place"), ("x", OK, "trusted place")],
)
def test_the_mark_of_the_web(machine: Machine, tmp_path: Path, zone: str, status: Status, words: str) -> None:
    file = macro_workbook(tmp_path / "book.xlsm")
    assert_look(machine, "Mark of the Web", OK, "does not mark", file)
    Path(f"{file}:Zone.Identifier").write_text(MARK.format(zone), encoding="ascii")
    assert_look(machine, "Mark of the Web", status, words, file)


def test_a_file_that_is_not_there_or_is_no_workbook(machine: Machine, tmp_path: Path) -> None:
    assert_look(machine, "File", MEND, "is not there", tmp_path / "absent.xlsm")
    assert_look(machine, "File", MEND, "is a folder", tmp_path)
    assert [line.name for line in doctor(machine, tmp_path)] == [*MACHINE_NAMES, "File"]
    text = tmp_path / "text.xlsm"
    text.write_text("no workbook", encoding="utf-8")
    lines = doctor(machine, text)
    assert [line.name for line in lines] == MACHINE_NAMES + FILE_NAMES
    assert_look(machine, "Workbook", MEND, "text.xlsm", text)
    assert_look(machine, "Macro project", UNSEEN, "text.xlsm", text)
    assert_look(machine, "Interpreter", OK, "this Python", text)


def test_a_workbook_without_macros(machine: Machine, tmp_path: Path, model: Path) -> None:
    assert_look(machine, "Macro project", OK, "xlgenai build NAME.xlsm", model)
    file = Path(shutil.copy(model, tmp_path / "renamed.xlsm"))
    assert_look(machine, "Macro project", MEND, "xlgenai build NAME.xlsm", file)
    assert_look(machine, "Workbook settings", OK, "your own settings hold", file)


def test_a_workbook_that_is_open_or_read_only(machine: Machine, tmp_path: Path) -> None:
    file = macro_workbook(tmp_path / "book.xlsm")
    (tmp_path / "~$book.xlsm").write_bytes(b"")
    assert_look(machine, "Write access", MEND, "~$book.xlsm", file)
    (tmp_path / "~$book.xlsm").unlink()
    file.chmod(0o444)
    assert_look(machine, "Write access", MEND, "read-only", file)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has a folder that takes no file from root")
def test_a_folder_that_takes_no_files(machine: Machine) -> None:
    assert_look(machine, "Folder", MEND, "/proc takes no files", Path("/proc/version"))


# Whatever happens


def test_a_look_that_fails_is_a_line(tmp_path: Path) -> None:
    def fail(key: str, name: str) -> str | None:
        raise RuntimeError("the registry\nis broken")

    lines = {line.name: line for line in doctor(replace(windows(tmp_path), registry=fail))}
    assert lines["Excel"] == Diagnosis("Excel", UNSEEN, "this look failed: the registry is broken")
    assert lines["xlwings"].status is OK


def folder_in_place_of_settings(machine: Machine) -> None:
    machine.configuration.unlink()
    machine.configuration.mkdir()


def folder_in_place_of_addin(machine: Machine) -> None:
    machine.addin.unlink()
    machine.addin.mkdir()


@pytest.mark.parametrize("damage", [folder_in_place_of_settings, folder_in_place_of_addin])
def test_what_cannot_be_read_is_a_line(machine: Machine, damage: Callable[[Machine], None]) -> None:
    damage(machine)
    lines = doctor(machine)
    assert [line.name for line in lines] == MACHINE_NAMES
    assert any(line.status is UNSEEN and "cannot be read" in line.message for line in lines)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a registry")
def test_elsewhere_there_is_no_registry() -> None:
    assert read_registry(r"HKLM\SOFTWARE", "") is None


def test_where_things_are_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, folder in {"HOME": "h", "USERPROFILE": "h", "APPDATA": "r", "LOCALAPPDATA": "l"}.items():
        monkeypatch.setenv(name, str(tmp_path / folder))
    here = Machine.here()
    assert here.configuration == tmp_path / "h" / ".xlwings" / "xlwings.conf"
    assert here.addin == tmp_path / "r" / "Microsoft" / "Excel" / "XLSTART" / "xlwings.xlam"
    assert here.record == tmp_path / "l" / "xlgenai" / "installed.json"
    assert here.bits == (64 if sys.maxsize > 2**32 else 32)
    assert here.interpreter.parent == Path(sys.executable).parent
    assert here.environment == dict(os.environ)


def test_conda_counts_only_when_this_python_is_its(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONDA_EXE", "/opt/conda/bin/conda")
    monkeypatch.setenv("CONDA_DEFAULT_ENV", "finance")
    monkeypatch.setenv("CONDA_PREFIX", "/opt/conda/envs/finance")
    assert Machine.here().conda is None
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    assert Machine.here().conda == ("/opt/conda", "finance")
