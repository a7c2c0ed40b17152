"""Make LibreOffice on this machine call the functions, and undo it: the extension, in the user's own profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xlgenai._version import __version__
from xlgenai.errors import SetupError
from xlgenai.operations.addin import Addin, libreoffice_addin
from xlgenai.operations.office.extensions import (
    add_extension,
    find_installed,
    installed_extension,
    remove_extension,
    store,
)
from xlgenai.operations.office.program import need_office
from xlgenai.operations.setup.installing import SetupResult
from xlgenai.operations.setup.looks_office import BRING_PYTHON, NO_PYTHON
from xlgenai.operations.setup.steps import ExtensionStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlgenai.operations.office.extensions import Installed
    from xlgenai.operations.office.program import Office
    from xlgenai.operations.setup.machine import Machine

WHAT: Final = "extension of LibreOffice"
EVERYBODY: Final = (
    "LibreOffice keeps no extensions for the administrator alone: this one is there for all users of the machine."
)
ACTIVE: Final = (
    "A virtual environment is active in this terminal: start LibreOffice from the menu, or from a terminal without"
    " one, because its own Python would take that environment for its home."
)


def install_extension(machine: Machine, *, udfs: Iterable[str] = (), dry_run: bool = False) -> SetupResult:
    """Put the extension into the user's LibreOffice.

    Parameters
    ----------
    machine : Machine
        Where; usually ``Machine.here()``.
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.
    dry_run : bool, optional
        Plan only, and change nothing.

    Returns
    -------
    SetupResult
        What was done or would be.

    Raises
    ------
    OfficeError
        When there is no LibreOffice, or it did not take the extension.
    SetupError
        When it has no Python, or one of another version.
    """
    office = need_office(machine.system, machine.environment)
    _refuse_other_python(office, machine)
    addin = libreoffice_addin(udfs)
    place = store(office, machine)
    before = find_installed(place)
    if not dry_run:
        add_extension(office, machine, addin.content)
    notes = [EVERYBODY] if machine.administrator else []
    if machine.environment.get("VIRTUAL_ENV"):
        notes.append(ACTIVE)
    step = ExtensionStep(WHAT, place, _described(before), _promised(addin))
    return SetupResult((step,), tuple(notes), applied=not dry_run, program="LibreOffice")


def uninstall_extension(machine: Machine, *, dry_run: bool = False) -> SetupResult:
    """Take the extension out of the user's LibreOffice.

    Parameters
    ----------
    machine : Machine
        Where; usually ``Machine.here()``.
    dry_run : bool, optional
        Plan only, and change nothing.

    Returns
    -------
    SetupResult
        What was undone or would be; no step where the extension is not installed.

    Raises
    ------
    OfficeError
        When LibreOffice kept the extension.
    """
    office, found = installed_extension(machine)
    if office is None or found is None:
        return SetupResult((), ("No extension of xlgenai is in LibreOffice here.",), applied=False)
    if not dry_run:
        remove_extension(office, machine)
    step = ExtensionStep(WHAT, store(office, machine), _described(found), None)
    return SetupResult((step,), (), applied=not dry_run, program="LibreOffice")


def _refuse_other_python(office: Office, machine: Machine) -> None:
    own = ".".join(machine.python.split(".")[:2])
    if not office.python:
        raise SetupError(f"LibreOffice in {office.folder} {NO_PYTHON}: {BRING_PYTHON}.")
    if office.python != own:
        raise SetupError(
            f"LibreOffice in {office.folder} runs Python {office.python}, and xlgenai is installed in Python {own}:"
            f" install xlgenai in a Python {office.python} and run this there, or a LibreOffice with Python {own}."
        )


def _described(found: Installed | None) -> str | None:
    return f"xlgenai {found.version}, calling Python {found.home.python}" if found else None


def _promised(addin: Addin) -> str:
    count, folder = len(addin.functions), addin.home.folders[0]
    return f"xlgenai {__version__}, {count} functions, calling Python {addin.home.python} with {folder}"
