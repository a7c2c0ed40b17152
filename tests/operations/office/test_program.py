"""LibreOffice is found where each system has it, and told apart from what only leads to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.made_office import needs_shell
from tests.support.office import OFFICE, needs_office
from xlgenai.errors import OfficeError
from xlgenai.operations.office.program import find_office, need_office

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = needs_shell


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def installed(folder: Path) -> Path:
    """Make the program folder of a LibreOffice on Linux, and return its program."""
    program(folder / "soffice.bin")
    return program(folder / "soffice")


def test_there_is_none(tmp_path: Path) -> None:
    for system in ("linux", "darwin", "win32"):
        assert find_office(system, {"PATH": str(tmp_path), "HOME": str(tmp_path)}, tmp_path) is None
    with pytest.raises(OfficeError) as caught:
        need_office("linux", {}, tmp_path)
    assert str(caught.value) == (
        "LibreOffice was not found: install it from libreoffice.org (package libreoffice-calc on Linux), "
        "or set XLGENAI_SOFFICE to its program soffice."
    )


def test_the_variable_decides_alone(tmp_path: Path) -> None:
    installed(tmp_path / "bin")
    mine = installed(tmp_path / "mine")
    environment = {"PATH": str(tmp_path / "bin"), "XLGENAI_SOFFICE": str(mine)}
    assert need_office("linux", environment, tmp_path).program == mine
    environment["XLGENAI_SOFFICE"] = str(tmp_path / "absent")
    assert find_office("linux", environment, tmp_path) is None
    with pytest.raises(OfficeError, match=r"not found at \S+/absent, which XLGENAI_SOFFICE names: .* or unset it\.$"):
        need_office("linux", environment, tmp_path)
    environment["XLGENAI_SOFFICE"] = ""
    assert need_office("linux", environment, tmp_path).program == tmp_path / "bin" / "soffice"


def test_the_path_comes_before_the_usual_places(tmp_path: Path) -> None:
    usual = installed(tmp_path / "usr" / "lib" / "libreoffice" / "program")
    assert need_office("linux", {"PATH": str(tmp_path / "bin")}, tmp_path).program == usual
    other = program(tmp_path / "bin" / "libreoffice")
    assert need_office("linux", {"PATH": str(tmp_path / "bin")}, tmp_path).program == other


def test_the_newest_of_several(tmp_path: Path) -> None:
    for release in ("7.6", "24.8", "24.2"):
        installed(tmp_path / "opt" / f"libreoffice{release}" / "program")
    office = need_office("linux", {}, tmp_path)
    assert office.program == tmp_path / "opt" / "libreoffice24.8" / "program" / "soffice"


def test_a_link_is_followed(tmp_path: Path) -> None:
    real = installed(tmp_path / "lib" / "program")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "soffice").symlink_to(real)
    office = need_office("linux", {"PATH": str(tmp_path / "bin")}, tmp_path)
    assert office.program == tmp_path / "bin" / "soffice"
    assert office.folder == real.parent
    assert office.unopkg == real.parent / "unopkg"


@pytest.mark.parametrize("line", ['exec {} "$@"', "exec '{}' \"$@\"", 'X=1 exec "{}" $*'])
def test_a_script_that_starts_it_is_followed(line: str, tmp_path: Path) -> None:
    real = installed(tmp_path / "lib" / "program")
    wrapper = program(tmp_path / "bin" / "soffice", f"#!/bin/sh\n# not /usr/share/soffice.cfg\n{line.format(real)}\n")
    office = need_office("linux", {"PATH": str(wrapper.parent)}, tmp_path)
    assert (office.program, office.folder) == (wrapper, real.parent)


def test_scripts_that_start_each_other_come_to_an_end(tmp_path: Path) -> None:
    one, two = tmp_path / "one" / "soffice", tmp_path / "two" / "soffice"
    program(one, f"#!/bin/sh\nexec {two}\n")
    program(two, f"#!/bin/sh\nexec {one}\n")
    assert need_office("linux", {"PATH": str(one.parent)}, tmp_path).folder in {one.parent, two.parent}


@pytest.mark.parametrize("variable", ["PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)"])
def test_windows(variable: str, tmp_path: Path) -> None:
    folder = tmp_path / "LibreOffice" / "program"
    program(folder / "soffice.exe")
    (folder / "python-core-3.10.19").mkdir()
    office = need_office("win32", {variable: str(tmp_path)}, tmp_path / "nowhere")
    assert office.program == folder / "soffice.exe"
    assert office.folder == folder
    assert office.unopkg == folder / "unopkg.com"
    assert office.python == "3.10"


@pytest.mark.parametrize("home", [False, True])
@pytest.mark.parametrize("place", ["Frameworks", "Resources"])
def test_macos(home: bool, place: str, tmp_path: Path) -> None:
    contents = tmp_path / "Applications" / "LibreOffice.app" / "Contents"
    soffice = program(contents / "MacOS" / "soffice")
    versions = contents / place / "LibreOfficePython.framework" / "Versions"
    (versions / "3.9").mkdir(parents=True)
    (versions / "3.10").mkdir()
    (versions / "Current").symlink_to("3.10")
    environment, root = ({"HOME": str(tmp_path)}, tmp_path / "nowhere") if home else ({}, tmp_path)
    office = need_office("darwin", environment, root)
    assert (office.program, office.python) == (soffice, "3.10")
    assert office.unopkg == contents / "MacOS" / "unopkg"


def test_the_python_of_linux_is_the_library_that_another_one_needs(tmp_path: Path) -> None:
    folder = tmp_path / "usr" / "lib64" / "libreoffice" / "program"
    installed(folder)
    assert need_office("linux", {}, tmp_path).python == ""
    (folder / "libpyuno.so").write_bytes(b"\x7fELF\x00libc.so.6\x00libpython3.12.so.1.0\x00")
    assert need_office("linux", {}, tmp_path).python == "3.12"
    (folder / "libpyuno.so").write_bytes(b"\x7fELF\x00libc.so.6\x00")
    assert need_office("linux", {}, tmp_path).python == ""


@needs_office
def test_the_one_of_this_machine() -> None:
    assert OFFICE is not None
    assert OFFICE.program.is_file()
    assert any(OFFICE.folder.glob("soffice*"))
