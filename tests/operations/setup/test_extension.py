"""install and uninstall for LibreOffice: what is said, what is refused, and that a dry run changes nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.machines import tree
from tests.support.made_office import make_installer, needs_shell
from xlgenai._version import __version__
from xlgenai.errors import OfficeError, SetupError
from xlgenai.operations.setup.diagnosis import Diagnosis, Status
from xlgenai.operations.setup.doctor import doctor
from xlgenai.operations.setup.extension import ACTIVE, EVERYBODY, install_extension, uninstall_extension
from xlgenai.operations.setup.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = needs_shell
DOUBLED = """
import xlgenai

@xlgenai.function
def doubled(x):
    '''Twice.

    Parameters
    ----------
    x : float
        A number.
    '''
    return 2 * x
"""
OWN = f"{sys.version_info[0]}.{sys.version_info[1]}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Linux with a LibreOffice that takes extensions."""
    cache = tmp_path / "home" / ".config" / "libreoffice" / "4" / "user" / "uno_packages" / "cache"
    office = make_installer(tmp_path / "office" / "program", cache)
    environment = {"XLGENAI_SOFFICE": str(office.program)}
    here = replace(Machine.here(), system="linux", home=tmp_path / "home", administrator=False)
    return replace(here, environment=environment)


def looks(machine: Machine, file: Path | None = None) -> list[Diagnosis]:
    return [line for line in doctor(machine, file) if line.name.startswith("LibreOffice")]


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(machine: Machine, tmp_path: Path) -> None:
    before = tree(tmp_path)
    result = install_extension(machine, dry_run=True)
    assert tree(tmp_path) == before
    (step,) = result.steps
    assert (step.before, result.applied, result.program) == (None, False, "LibreOffice")
    assert str(step.after).startswith(f"xlgenai {__version__}, 17 functions, calling Python {OWN} with ")
    assert result.notes == ()


def test_what_was_installed_is_found_replaced_and_removed(machine: Machine, tmp_path: Path) -> None:
    assert install_extension(machine).applied
    (again,) = install_extension(machine).steps
    assert again.before == f"xlgenai {__version__}, calling Python {OWN}"
    before = tree(tmp_path)
    (planned,) = uninstall_extension(machine, dry_run=True).steps
    assert tree(tmp_path) == before
    assert (planned.before, planned.after) == (again.before, None)
    assert uninstall_extension(machine).applied
    nothing = uninstall_extension(machine)
    assert (nothing.steps, nothing.applied) == ((), False)
    assert nothing.notes == ("No extension of xlgenai is in LibreOffice here.",)


def test_functions_of_a_users_own_come_along(machine: Machine, tmp_path: Path) -> None:
    source = tmp_path / "mine.py"
    source.write_text(DOUBLED, encoding="utf-8")
    (step,) = install_extension(machine, udfs=[str(source)]).steps
    assert "18 functions" in str(step.after)
    source.unlink()
    _, extension = looks(machine)
    assert extension.status is Status.MEND
    assert f"{source}, which it was made with, is not there any more" in extension.message


def test_the_administrator_and_an_active_environment_are_told(machine: Machine) -> None:
    environment = {**machine.environment, "VIRTUAL_ENV": "somewhere"}
    told = install_extension(replace(machine, administrator=True, environment=environment), dry_run=True)
    assert told.notes == (EVERYBODY, ACTIVE)


def test_another_python_is_refused_before_anything_is_touched(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "office" / "program" / "libpyuno.so").write_bytes(b"libpython3.8.so.1.0")
    before = tree(tmp_path)
    with pytest.raises(SetupError, match=rf"runs Python 3\.8, and xlgenai is installed in Python {OWN}: install"):
        install_extension(machine)
    assert tree(tmp_path) == before


def test_an_office_without_python_is_told_how_to_get_one(
    machine: Machine, libreoffice_workbook: Path, tmp_path: Path
) -> None:
    (tmp_path / "office" / "program" / "libpyuno.so").unlink()
    with pytest.raises(SetupError, match=r"has no Python that it could call functions with: install its package"):
        install_extension(machine)
    office, _ = looks(machine)
    assert (office.status, "has no Python" in office.message) == (Status.OK, True)
    office, _ = looks(machine, libreoffice_workbook)
    assert office.status is Status.MEND
    assert "python3-uno" in office.mend


def test_a_machine_without_libreoffice_is_told_where_to_get_it(machine: Machine) -> None:
    without = replace(machine, environment={"XLGENAI_SOFFICE": "/nowhere/soffice"})
    with pytest.raises(OfficeError, match="LibreOffice was not found at"):
        install_extension(without)
    assert uninstall_extension(without).steps == ()


# The doctor


def test_the_doctor_is_content_with_and_without_the_extension(machine: Machine) -> None:
    for _ in range(2):
        office, extension = looks(machine)
        assert (office.status, extension.status) == (Status.OK, Status.OK)
        assert office.message.endswith(f"which runs Python {OWN}")
        install_extension(machine)
    assert f"xlgenai {__version__}, calling Python {OWN} with " in looks(machine)[1].message


def test_the_doctor_is_content_without_libreoffice(machine: Machine) -> None:
    office, extension = looks(replace(machine, environment={"PATH": ""}, system="win32"))
    assert (office.status, extension.status) == (Status.OK, Status.OK)
    assert "it was not found" in office.message


def test_a_file_that_is_no_workbook_does_not_keep_the_doctor_from_looking(machine: Machine, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"no workbook")
    assert [look.status for look in looks(machine, broken)] == [Status.OK, Status.OK]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            f'version value="{__version__}"',
            'version value="0.0.1"',
            f"made by xlgenai 0.0.1, and this is {__version__}",
        ),
        (f'"python": "{OWN}"', '"python": "3.99"', f"made for Python 3.99, and LibreOffice runs {OWN}"),
        (
            '"folders": [',
            '"folders": ["/gone/site-packages",',
            "/gone/site-packages, which it was made with, is not there",
        ),
    ],
)
def test_the_doctor_sees_what_is_wrong_with_an_extension(
    old: str, new: str, words: str, machine: Machine, tmp_path: Path
) -> None:
    install_extension(machine)
    (folder,) = (tmp_path / "home").rglob("xlgenai.oxt")
    for file in (folder / "description.xml", folder / "settings.json"):
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    _, extension = looks(machine)
    assert (extension.status, extension.mend) == (Status.MEND, "xlgenai install --libreoffice")
    assert words in extension.message


def test_a_workbook_that_calls_a_missing_extension_is_to_be_mended(
    machine: Machine, libreoffice_workbook: Path, model: Path
) -> None:
    assert looks(machine, model)[1].status is Status.OK
    assert looks(machine, libreoffice_workbook)[1].mend == "xlgenai install --libreoffice"
    without = replace(machine, environment={"PATH": ""}, system="win32")
    assert looks(without, libreoffice_workbook)[1].mend == "install LibreOffice, and then xlgenai install --libreoffice"
    install_extension(machine)
    assert looks(machine, libreoffice_workbook)[1].status is Status.OK
