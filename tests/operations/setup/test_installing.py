"""Setting up Excel and undoing it: what is put in place, what stays the user's, and that nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.machines import ADDIN, windows
from tests.support.machines import tree as whole_tree
from xlgenai.errors import SetupError
from xlgenai.operations.setup import installing
from xlgenai.operations.setup.installing import ELSEWHERE, finished_workbook
from xlgenai.operations.setup.machine import Machine, Xlwings
from xlgenai.operations.setup.planning import WORKBOOK
from xlgenai.operations.setup.steps import FileStep, FolderStep, apply_steps, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlgenai.operations.setup.installing import SetupResult

BUILT = b"a finished workbook"
NO_WORKBOOK = "the workbook must not be built"


def install(machine: Machine, **options: bool) -> SetupResult:
    return installing.install(machine, build=lambda name: BUILT + name.encode(), **options)


def tree(machine: Machine) -> dict[str, bytes | None]:
    return whole_tree(machine.home)


def configure(machine: Machine, content: bytes) -> None:
    machine.configuration.parent.mkdir(parents=True, exist_ok=True)
    machine.configuration.write_bytes(content)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return windows(tmp_path)


# Where things are before: each changes a machine that is new.


def nothing(machine: Machine) -> Machine:
    return machine


def other_settings(machine: Machine) -> Machine:
    configure(machine, b'"PYTHONPATH","C:\\x"\r\n"INTERPRETER_WIN","C:\\other\\python.exe"\r\n"UDF MODULES","mine"\r\n')
    return machine


def odd_settings(machine: Machine) -> Machine:
    """Unquoted, lower case, letters of another code page, no end of the last line."""
    configure(machine, b'interpreter_win,C:\\other\\python.exe\n\n"LOG","\x81\xe9"\nno setting\n"A","1"')
    return machine


def empty_settings(machine: Machine) -> Machine:
    configure(machine, b"")
    return machine


def older_addin(machine: Machine) -> Machine:
    machine.addin.parent.mkdir(parents=True)
    machine.addin.write_bytes(b"an older add-in")
    return machine


def same_addin(machine: Machine) -> Machine:
    machine.addin.parent.mkdir(parents=True)
    machine.addin.write_bytes(ADDIN)
    return machine


def own_workbook(machine: Machine) -> Machine:
    machine.documents.mkdir()
    (machine.documents / WORKBOOK).write_bytes(b"the user's own")
    return machine


def conda(machine: Machine) -> Machine:
    other_settings(machine)
    return replace(machine, conda=(r"C:\Miniconda", "finance"))


STARTS = [nothing, other_settings, odd_settings, empty_settings, older_addin, same_addin, own_workbook, conda]
start = pytest.mark.parametrize("start", STARTS)


def test_what_is_put_in_place(machine: Machine) -> None:
    result = install(machine)
    assert result.applied
    assert machine.addin.read_bytes() == ADDIN
    assert machine.configuration.read_bytes().decode("cp1252") == (
        f'"UDF MODULES","udfs"\r\n"INTERPRETER_WIN","{machine.interpreter}"\r\n'
    )
    assert (machine.documents / WORKBOOK).read_bytes() == BUILT + WORKBOOK.encode()
    assert result.notes == ()


@pytest.mark.skipif(sys.platform == "win32", reason="xlwings looks for the home in another variable")
def test_xlwings_itself_reads_the_settings(machine: Machine) -> None:
    configure(machine, b'"LICENSE_KEY","of the user"\r\n')
    install(machine)
    script = "import json, xlwings.utils; print(json.dumps(xlwings.utils.read_user_config()))"
    environment = {**os.environ, "HOME": str(machine.home)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == {"license_key": "of the user", "interpreter_win": str(machine.interpreter)}


def test_the_addin_is_the_one_that_xlwings_ships(tmp_path: Path) -> None:
    found = Machine.here().xlwings
    assert isinstance(found, Xlwings)
    machine = windows(tmp_path, xlwings=found)
    assert f"add-in of xlwings {found.version}" in {step.what for step in install(machine).steps}
    assert machine.addin.read_bytes() == (found.folder / "addin" / "xlwings.xlam").read_bytes()
    assert machine.addin.read_bytes()[:2] == b"PK"


@start
def test_a_dry_run_changes_nothing_and_shows_everything(machine: Machine, start: Callable[[Machine], Machine]) -> None:
    machine = start(machine)
    before = tree(machine)
    planned = install(machine, dry_run=True)
    assert not planned.applied
    assert tree(machine) == before
    done = install(machine)
    assert planned.steps == done.steps
    after = tree(machine)
    changed = {path for path in before.keys() | after.keys() if before.get(path, "") != after.get(path, "")}
    assert {str(step.where.relative_to(machine.home)) for step in planned.steps} == changed
    removal = installing.uninstall(machine, dry_run=True)
    assert tree(machine) == after
    assert not removal.applied
    assert installing.uninstall(machine).steps == removal.steps


@start
def test_twice_is_once(machine: Machine, start: Callable[[Machine], Machine]) -> None:
    machine = start(machine)
    install(machine)
    once = tree(machine)
    assert install(machine).steps == ()
    assert tree(machine) == once


@start
def test_undoing_gives_everything_back(machine: Machine, start: Callable[[Machine], Machine]) -> None:
    machine = start(machine)
    before = tree(machine)
    install(machine)
    assert tree(machine) != before
    installing.uninstall(machine)
    assert tree(machine) == before
    assert installing.uninstall(machine) == installing.SetupResult((), ("Nothing was installed here.",), applied=True)


LINES = st.one_of(
    st.sampled_from(['"INTERPRETER_WIN","C:\\x\\python.exe"', "interpreter_win,", '"UDF MODULES","a;b"', "", "junk"]),
    st.text(st.characters(codec="cp1252", exclude_characters="\n\r"), max_size=12),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=6), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_whatever_the_settings_are_they_come_back(lines: list[str], ending: str, ended: bool) -> None:
    with TemporaryDirectory() as folder:
        machine = windows(Path(folder))
        configure(machine, (ending.join(lines) + (ending if ended else "")).encode("cp1252"))
        before = tree(machine)
        install(machine)
        text = machine.configuration.read_text(encoding="cp1252")
        assert f'"INTERPRETER_WIN","{machine.interpreter}"' in text.splitlines()
        installing.uninstall(machine)
        assert tree(machine) == before


@pytest.mark.parametrize("start", [other_settings, odd_settings, conda])
def test_other_settings_of_the_user_stay(machine: Machine, start: Callable[[Machine], Machine]) -> None:
    machine = start(machine)
    before = machine.configuration.read_bytes().splitlines()
    install(machine)
    after = machine.configuration.read_bytes().splitlines()
    kept = [line for line in before if b"interpreter_win" not in line.lower()]
    assert [line for line in after if line in kept] == kept


def test_modules_of_the_user_stay_and_are_named(machine: Machine) -> None:
    result = install(other_settings(machine))
    assert b'"UDF MODULES","mine"\r\n' in machine.configuration.read_bytes()
    assert any("UDF MODULES (mine)" in note for note in result.notes)
    assert any(r"C:\other\python.exe" in note for note in result.notes)


def test_conda_is_started_by_its_own_command(machine: Machine) -> None:
    machine = conda(machine)
    install(machine)
    lines = machine.configuration.read_text(encoding="cp1252").splitlines()
    assert {'"CONDA PATH","C:\\Miniconda"', '"CONDA ENV","finance"', '"INTERPRETER_WIN",""'} <= set(lines)


def test_a_workbook_of_the_user_is_never_replaced(machine: Machine) -> None:
    def build(name: str) -> bytes:
        raise AssertionError(NO_WORKBOOK)

    own_workbook(machine)
    result = installing.install(machine, build=build)
    assert (machine.documents / WORKBOOK).read_bytes() == b"the user's own"
    assert any(WORKBOOK in note and "stays as it is" in note for note in result.notes)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("Documents/genai_value_chain.xlsm", b"with inputs of the user's own"),
        ("AppData/Roaming/Microsoft/Excel/XLSTART/xlwings.xlam", b"a newer add-in"),
        (".xlwings/xlwings.conf", b'"INTERPRETER_WIN","C:\\newer\\python.exe"\r\n'),
    ],
)
def test_what_was_changed_since_stays(machine: Machine, file: str, content: bytes) -> None:
    install(machine)
    (machine.home / file).write_bytes(content)
    result = installing.uninstall(machine)
    left = {path: found for path, found in tree(machine).items() if found is not None}
    assert left == {str(Path(file)): content}
    assert any(Path(file).name in note and "changed since" in note for note in result.notes)


def test_settings_that_came_later_stay(machine: Machine) -> None:
    install(machine)
    with machine.configuration.open("ab") as conf:
        conf.write(b'"SHOW CONSOLE","True"\r\n')
    installing.uninstall(machine)
    assert machine.configuration.read_bytes() == b'"SHOW CONSOLE","True"\r\n'


def test_a_workbook_deleted_since_is_no_trouble(machine: Machine) -> None:
    install(machine)
    shutil.rmtree(machine.documents)
    installing.uninstall(machine)
    assert tree(machine) == {}


def test_a_newer_xlwings_replaces_the_addin_and_all_is_undone(tmp_path: Path) -> None:
    machine = older_addin(windows(tmp_path))
    before = tree(machine)
    install(machine)
    assert machine.xlwings is not None
    machine.xlwings.addin.write_bytes(b"the add-in of 2.0")
    assert [step.where for step in install(machine).steps] == [machine.record, machine.addin]
    assert machine.addin.read_bytes() == b"the add-in of 2.0"
    installing.uninstall(machine)
    assert tree(machine) == before


def test_a_run_that_breaks_off_can_be_undone(machine: Machine) -> None:
    machine.documents.write_bytes(b"a file where a folder should be")
    before = tree(machine)
    with pytest.raises(SetupError, match=r"genai_value_chain\.xlsm cannot be changed"):
        install(machine)
    assert machine.addin.exists()
    installing.uninstall(machine)
    assert tree(machine) == before


def test_a_path_that_excel_could_not_read_is_refused_before_anything_is_changed(tmp_path: Path) -> None:
    machine = windows(tmp_path, interpreter=Path("C:/Users/Γιώργος/python.exe"))
    with pytest.raises(SetupError, match="cp1252"):
        install(machine)
    assert tree(machine) == {}


def test_without_xlwings_nothing_is_changed(tmp_path: Path) -> None:
    machine = windows(tmp_path, xlwings=None)
    with pytest.raises(SetupError, match="pip install"):
        install(machine)
    assert tree(machine) == {}


@pytest.mark.parametrize("content", [b"{", b"[1]", b'[{"kind": "file", "what": "", "where": ""}]', b"\xff"])
def test_a_damaged_record_is_refused_in_one_sentence(machine: Machine, content: bytes) -> None:
    install(machine)
    machine.record.write_bytes(content)
    before = tree(machine)
    for run in (installing.uninstall, install):
        machine.addin.write_bytes(b"older")
        with pytest.raises(SetupError, match=r"installed\.json.* is damaged"):
            run(machine)
        machine.addin.write_bytes(ADDIN)
        assert tree(machine) == before


@pytest.mark.parametrize("system", ["linux", "darwin"])
def test_elsewhere_nothing_is_done_and_a_dry_run_shows_what_windows_gets(
    tmp_path: Path, system: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    machine = windows(tmp_path, system=system)
    assert install(machine) == installing.SetupResult((), (ELSEWHERE,), applied=False, elsewhere=True)
    shown = install(machine, dry_run=True)
    assert shown.elsewhere
    assert not shown.applied
    assert tree(machine) == {}
    assert installing.uninstall(machine).notes == ("Nothing was installed here.",)
    there = [step for step in install(windows(tmp_path)).steps if not isinstance(step, FolderStep)]
    assert [step.what for step in shown.steps] == [step.what for step in there]
    names = {"%APPDATA%": "AppData/Roaming", "%LOCALAPPDATA%": "AppData/Local", "%USERPROFILE%": ""}
    places = [machine.home / names[step.where.parts[0]] / Path(*step.where.parts[1:]) for step in shown.steps]
    assert places == [step.where for step in there]


def test_the_workbook_is_a_finished_one() -> None:
    committed = Path(__file__).parents[3] / "workbooks" / "genai_value_chain.xlsx"
    assert finished_workbook(committed.name) == committed.read_bytes()


# One file at a time


def test_a_file_is_replaced_whole_and_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_no_unfinished_file_lies_where_excel_opens_everything(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    real = os.fsync

    def look(descriptor: int) -> None:
        if machine.addin.parent.exists():
            seen.append([path.name for path in machine.addin.parent.iterdir()])
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    install(machine)
    assert [] in seen
    assert all(names in ([], ["xlwings.xlam"]) for names in seen)


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    file = tmp_path / "file"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_the_disk_refuses_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SetupError, match=r"cannot be changed \(.*\): mend that"):
        write(tmp_path, b"new")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_bytes(b"")
    with pytest.raises(SetupError, match="cannot be removed"):
        apply_steps([FolderStep("folder", tmp_path / "full", before=True, after=False)])

    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(SetupError, match="close Excel"):
        apply_steps([FileStep("file", tmp_path / "file", None, b"new")])
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
