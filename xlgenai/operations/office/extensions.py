"""The extension in a LibreOffice: where it is, what it calls, and how it is put there and taken away."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from lxml import etree

from xlgenai.cells.formula import CALC
from xlgenai.editions.libreoffice.extension import DESCRIPTION, IDENTIFIER, Home
from xlgenai.errors import OfficeError
from xlgenai.operations.office.program import find_office
from xlgenai.operations.office.running import run

if TYPE_CHECKING:
    from xlgenai.operations.office.program import Office
    from xlgenai.operations.setup.machine import Machine

NAME: Final = "xlgenai.oxt"
LIST: Final = "uno_packages.pmap"
"""Names the folders of a user's extensions; there is none where they are kept for all users."""
REMOVED: Final = "removed"
"""Ends the name of a file beside a folder that is only waiting to be deleted."""
LOCK: Final = ".lock"
"""Is in the profile while LibreOffice is open."""
VERSION: Final = f"{{{DESCRIPTION}}}version"
PROFILES: Final = {"win32": ("bootstrap.ini", "LibreOffice"), "darwin": ("bootstraprc", "LibreOffice")}
"""By system the file that says where profiles are, and the folder that they are in where it does not."""
INSTALLATION: Final = re.compile(r"^UserInstallation=\$SYSUSERCONFIG/(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Installed:
    """An extension of ours that is in a LibreOffice.

    Attributes
    ----------
    version : str
        Of xlgenai when it was made.
    folder : Path
        Where LibreOffice keeps it.
    home : Home
        Where it loads the functions from.
    """

    version: str
    folder: Path
    home: Home


def store(office: Office, machine: Machine) -> Path:
    """Return where a LibreOffice keeps a user's extensions; for the system's administrator those of all users.

    Parameters
    ----------
    office : Office
        The program.
    machine : Machine
        Whose extensions.

    Returns
    -------
    Path
        The folder, which need not exist yet.
    """
    if machine.administrator:
        return office.folder.parent / "share" / "uno_packages" / "cache"
    return _profile(office, machine) / "user" / "uno_packages" / "cache"


def _profile(office: Office, machine: Machine) -> Path:
    """Where LibreOffice keeps what it knows of a user."""
    file, folder = PROFILES.get(machine.system, ("bootstraprc", "libreoffice"))
    places = [office.folder / file, office.folder.parent / "Resources" / file]
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in places if path.is_file()]
    found = next(filter(None, map(INSTALLATION.search, texts)), None)
    return _configuration(machine) / (found[1] if found else f"{folder}/4")


def find_installed(place: Path) -> Installed | None:
    """Find our extension among those that are kept in a place.

    Parameters
    ----------
    place : Path
        As `store` returns it.

    Returns
    -------
    Installed or None
        None where it is not installed.
    """
    folders = sorted((place / "uno_packages").glob("*_/*/settings.json"), key=lambda path: path.stat().st_mtime)
    found = (_read(path.parent) for path in reversed(folders) if _is_there(place, path.parents[1].name[:-1]))
    return next(filter(None, found), None)


def installed_extension(machine: Machine) -> tuple[Office | None, Installed | None]:
    """Find LibreOffice on a machine, and our extension in it; None for each that is not there."""
    office = find_office(machine.system, machine.environment)
    return office, find_installed(store(office, machine)) if office else None


def _is_there(place: Path, name: str) -> bool:
    """Whether a folder is one of an extension that was not removed since."""
    if (place / "uno_packages" / f"{name}{REMOVED}").exists():
        return False
    listed = place / LIST
    return not listed.is_file() or name.encode() in listed.read_bytes()


def _read(folder: Path) -> Installed | None:
    """Read an extension; None when it is not ours."""
    try:
        description = etree.parse(folder / "description.xml").getroot()
        settings = json.loads((folder / "settings.json").read_bytes())
        home = Home(settings["python"], tuple(settings["folders"]), tuple(settings["modules"]))
    except (OSError, ValueError, KeyError, TypeError, etree.XMLSyntaxError):
        return None
    version = description.find(VERSION)
    if settings.get("service") != CALC or version is None:
        return None
    return Installed(str(version.get("value")), folder, home)


def add_extension(office: Office, machine: Machine, content: bytes) -> None:
    """Put an extension in the place of the one before.

    Parameters
    ----------
    office : Office
        The program.
    machine : Machine
        Whose extension it is to be.
    content : bytes
        The extension.

    Raises
    ------
    OfficeError
        When LibreOffice did not take it.
    """
    before = find_installed(store(office, machine))
    with TemporaryDirectory(prefix="xlgenai-extension-") as folder:
        file = Path(folder, NAME)
        file.write_bytes(content)
        said = _unopkg(office, machine, "add", "--force", "--suppress-license", str(file))
    after = find_installed(store(office, machine))
    if after is None or (before is not None and after.folder == before.folder):
        raise OfficeError(f"LibreOffice did not take the extension{_because(said)}: close LibreOffice and run again.")


def remove_extension(office: Office, machine: Machine) -> None:
    """Take our extension away.

    Parameters
    ----------
    office : Office
        The program.
    machine : Machine
        Whose extension it is.

    Raises
    ------
    OfficeError
        When LibreOffice kept it.
    """
    said = _unopkg(office, machine, "remove", IDENTIFIER)
    if find_installed(store(office, machine)) is not None:
        raise OfficeError(f"LibreOffice kept the extension{_because(said)}: close LibreOffice and run again.")


def _unopkg(office: Office, machine: Machine, command: str, *arguments: str) -> str:
    if not office.unopkg.is_file():
        raise OfficeError(f"{office.unopkg}, which installs extensions, is not there: repair LibreOffice.")
    lock = _profile(office, machine) / LOCK
    if lock.exists():  # the program would wait without end for the one that is open
        raise OfficeError(f"LibreOffice is open: close it and run again (if it is not open, delete {lock}).")
    everyone = ["--shared"] if machine.administrator else []
    return run([str(office.unopkg), command, *everyone, *arguments], "changing its extensions")


def _because(said: str) -> str:
    return f" (it said: {said})" if said else ""


def _configuration(machine: Machine) -> Path:
    """Where the system keeps what programs know of a user."""
    if machine.is_windows:
        return machine.roaming
    if machine.system == "darwin":
        return machine.home / "Library" / "Application Support"
    return Path(machine.environment.get("XDG_CONFIG_HOME") or machine.home / ".config")
