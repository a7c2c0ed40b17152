"""The extension in a LibreOffice: put there, found, replaced and removed, by a made-up program and by the real one."""

from __future__ import annotations

import csv
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.support.made_office import make_installer, needs_shell
from tests.support.office import OFFICE, needs_office
from xlgenai._version import __version__
from xlgenai.errors import OfficeError
from xlgenai.operations.addin import libreoffice_addin
from xlgenai.operations.office.extensions import add_extension, find_installed, remove_extension, store
from xlgenai.operations.office.program import Office
from xlgenai.operations.office.running import environment
from xlgenai.operations.setup.machine import Machine

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
"""Tests often run as the administrator, to whom LibreOffice gives no extensions of their own."""
SCRIPT = """#!/bin/sh
umask 000
for last; do :; done
if [ "$1" = add ] && [ "$2" != --shared ]; then
    cp "$last" "{copy}"; chmod 644 "{copy}"
    set -- add --force --suppress-license "{copy}"
fi
exec {command} "$@" {options}
"""
"""The real program, as another user: who cannot read a folder of ours, so that the file is copied first."""
ADDIN = libreoffice_addin()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return replace(Machine.here(), home=tmp_path / "home", environment={}, administrator=False)


@pytest.mark.parametrize(
    ("system", "text", "place"),
    [
        ("linux", "", "home/.config/libreoffice/4"),
        ("linux", "UserInstallation=$SYSUSERCONFIG/libreofficedev/24\n", "home/.config/libreofficedev/24"),
        ("darwin", "", "home/Library/Application Support/LibreOffice/4"),
        ("win32", "", "roaming/LibreOffice/4"),
    ],
)
def test_where_a_user_keeps_extensions(system: str, text: str, place: str, machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "program").mkdir()
    if text:
        (tmp_path / "program" / "bootstraprc").write_text(f"[Bootstrap]\n{text}", encoding="utf-8")
    office = Office(tmp_path / "program" / "soffice", tmp_path / "program", tmp_path / "program" / "unopkg", "")
    made = replace(machine, system=system, roaming=tmp_path / "roaming")
    assert store(office, made) == tmp_path / place / "user" / "uno_packages" / "cache"
    assert store(office, replace(made, administrator=True)) == tmp_path / "share" / "uno_packages" / "cache"


def test_a_folder_of_configuration_that_the_user_names_is_used(machine: Machine, tmp_path: Path) -> None:
    office = Office(tmp_path / "soffice", tmp_path, tmp_path / "unopkg", "")
    made = replace(machine, system="linux", environment={"XDG_CONFIG_HOME": str(tmp_path / "elsewhere")})
    assert store(office, made).is_relative_to(tmp_path / "elsewhere" / "libreoffice")


@needs_shell
def test_an_extension_is_put_there_replaced_and_taken_away(machine: Machine, tmp_path: Path) -> None:
    place = machine.home / ".config" / "libreoffice" / "4" / "user" / "uno_packages" / "cache"
    office = make_installer(tmp_path / "program", place)
    made = replace(machine, system="linux")
    assert find_installed(place) is None
    add_extension(office, made, ADDIN.content)
    first = find_installed(place)
    assert first is not None
    assert (first.version, first.home) == (__version__, ADDIN.home)
    add_extension(office, made, ADDIN.content)
    second = find_installed(place)
    assert second is not None
    assert second.folder != first.folder
    remove_extension(office, made)
    assert find_installed(place) is None
    calls = (tmp_path / "program" / "calls").read_text(encoding="utf-8").splitlines()
    assert [call.split()[0] for call in calls] == ["add", "add", "remove"]
    assert calls[-1] == "remove org.xlgenai.calc"
    assert "--shared" not in calls[0]


@needs_shell
def test_the_administrator_has_extensions_for_all_users_only(machine: Machine, tmp_path: Path) -> None:
    office = make_installer(tmp_path / "program", tmp_path / "share" / "uno_packages" / "cache")
    add_extension(office, replace(machine, administrator=True), ADDIN.content)
    assert (tmp_path / "program" / "calls").read_text(encoding="utf-8").startswith("add --shared ")


@needs_shell
@pytest.mark.parametrize("command", [add_extension, remove_extension])
def test_an_office_that_fails_is_quoted(command: object, machine: Machine, tmp_path: Path) -> None:
    place = store(make_installer(tmp_path / "program", tmp_path), machine)
    office = make_installer(tmp_path / "program", place)
    add_extension(office, machine, ADDIN.content)
    office.unopkg.write_text("#!/bin/sh\necho ERROR: it is running >&2\n", encoding="utf-8")
    arguments = [ADDIN.content] if command is add_extension else []
    with pytest.raises(OfficeError, match=r"it said: ERROR: it is running.*close LibreOffice and run again\.$"):
        command(office, machine, *arguments)  # type: ignore[operator]


def test_an_office_without_its_installer_is_to_be_repaired(machine: Machine, tmp_path: Path) -> None:
    office = Office(tmp_path / "soffice", tmp_path, tmp_path / "unopkg", "")
    with pytest.raises(OfficeError, match=r"unopkg, which installs extensions, is not there: repair LibreOffice\.$"):
        add_extension(office, machine, b"")


@needs_shell
def test_an_office_that_is_open_is_to_be_closed(machine: Machine, tmp_path: Path) -> None:
    made = replace(machine, system="linux")
    office = make_installer(tmp_path / "program", tmp_path)
    lock = machine.home / ".config" / "libreoffice" / "4" / ".lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with pytest.raises(OfficeError, match=r"^LibreOffice is open: close it and run again \(if it is not open, delete "):
        add_extension(office, made, ADDIN.content)
    assert not (tmp_path / "program" / "calls").exists()


def test_the_extension_of_someone_else_is_not_ours(tmp_path: Path) -> None:
    folder = tmp_path / "uno_packages" / "lu1.tmp_" / "other.oxt"
    folder.mkdir(parents=True)
    (folder / "settings.json").write_text('{"python": "3.11", "folders": [], "modules": []}', encoding="utf-8")
    (folder / "description.xml").write_text("<description/>", encoding="utf-8")
    assert find_installed(tmp_path) is None


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may write into."""
    folder = Path(mkdtemp(prefix="xlgenai-extension-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def real(folder: Path, *, administrator: bool) -> tuple[Office, Machine, list[str]]:
    """The real program on folders of the test's own, and the options by which it knows them."""
    assert OFFICE is not None
    machine = replace(Machine.here(), home=folder, environment={}, administrator=administrator)
    program = folder / "program"
    program.mkdir()
    office = Office(OFFICE.program, program, program / "unopkg", OFFICE.python)
    profile, shared = folder / ".config" / "libreoffice" / "4", folder / "share" / "uno_packages" / "cache"
    options = [f"-env:UserInstallation={profile.as_uri()}", f"-env:UNO_SHARED_PACKAGES_CACHE={shared.as_uri()}"]
    as_user = [] if administrator or os.geteuid() else AS_NOBODY
    command = shlex.join([*as_user, "env", f"HOME={folder}", str(OFFICE.unopkg)])
    script = SCRIPT.format(command=command, options=shlex.join(options), copy=folder / "copy.oxt")
    office.unopkg.write_text(script, encoding="utf-8")
    office.unopkg.chmod(0o755)
    return office, machine, options


@needs_office
@pytest.mark.skipif(sys.platform != "linux", reason="the real program is called through a shell script")
@pytest.mark.parametrize("administrator", [False, True])
def test_the_real_program_takes_it_and_calc_calls_it(administrator: bool, open_folder: Path) -> None:
    if administrator and os.geteuid():
        pytest.skip("only the administrator installs for all users")
    office, machine, options = real(open_folder, administrator=administrator)
    if office.python != ADDIN.home.python:
        pytest.skip(f"LibreOffice runs Python {office.python}")
    add_extension(office, machine, ADDIN.content)
    add_extension(office, machine, ADDIN.content)
    installed = find_installed(store(office, machine))
    assert installed is not None
    assert installed.home == ADDIN.home
    assert shown(office, open_folder, options) == "0.5"
    remove_extension(office, machine)
    assert shown(office, open_folder, options) == "#NAME?"


def shown(office: Office, folder: Path, options: list[str]) -> str:
    """What Calc makes of a formula that calls one of our functions."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "=XLG.NET_MARGIN(9.2,18.4)"
    book.save(folder / "asked.xlsx")
    command = [str(office.program), *options, "--headless", "--convert-to", "csv", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "asked.xlsx")], env=environment(os.environ), check=True, timeout=120)
    for path in folder.rglob("*"):  # another user goes on with them
        path.chmod(0o777)
    with (folder / "asked.csv").open(encoding="utf-8") as file:
        ((value,),) = csv.reader(file)
    return value
