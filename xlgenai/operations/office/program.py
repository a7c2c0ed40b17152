"""Where LibreOffice is on this machine, and which Python it embeds: found by looking, never by starting it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlgenai.errors import OfficeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE: Final = "XLGENAI_SOFFICE"
"""The environment variable that names the program."""
PROGRAM_FOLDERS: Final = ("PROGRAMFILES", "PROGRAMW6432", "PROGRAMFILES(X86)")
"""Where Windows keeps programs; a 32-bit Python is told the folder of 32-bit programs by the first."""
MAC: Final = Path("Applications", "LibreOffice.app", "Contents", "MacOS", "soffice")
WRAPPED: Final = re.compile(rb"(/[^\s\"']*/(?:soffice|libreoffice))(?![\w./-])")
"""The program that a script starts."""
LARGEST_WRAPPER: Final = 65536
EMBEDDED: Final = re.compile(rb"libpython(3\.[0-9]+)")
MINOR: Final = re.compile(r"(?:python-core-)?(3\.[0-9]+)(?:\.[0-9]+)*")


@dataclass(frozen=True)
class Office:
    """An installed LibreOffice.

    Attributes
    ----------
    program : Path
        The program ``soffice``, as it was found: perhaps a link or a script, which may set what the real one needs.
    folder : Path
        The folder of the real program, links and scripts followed as far as possible.
    unopkg : Path
        The program that installs extensions; it is there unless the installation leaves it out.
    python : str
        Version of the Python that it embeds, such as ``3.11``; empty when that cannot be told.
    """

    program: Path
    folder: Path
    unopkg: Path
    python: str


def find_office(system: str, environment: Mapping[str, str], root: Path = Path("/")) -> Office | None:
    """Find LibreOffice.

    Parameters
    ----------
    system : str
        What Python calls the system: ``win32``, ``darwin``, ``linux``.
    environment : mapping of str to str
        The environment variables. ``XLGENAI_SOFFICE`` decides alone where it is set; then ``PATH`` and the usual
        places are looked through.
    root : Path, optional
        Where the usual places of macOS and Linux begin.

    Returns
    -------
    Office or None
        The first that is there; None when there is none, or when the variable names no program.
    """
    named = environment.get(VARIABLE)
    places = [Path(named).expanduser().absolute()] if named else _places(system, environment, root)
    for program in places:
        if program.is_file():
            folder = _real(program).parent
            return Office(program, folder, _unopkg(system, folder), _python(folder))
    return None


def need_office(system: str, environment: Mapping[str, str], root: Path = Path("/")) -> Office:
    """Find LibreOffice, or say how to get it.

    Parameters
    ----------
    system, environment, root
        As `find_office` takes them.

    Returns
    -------
    Office
        The first that is there.

    Raises
    ------
    OfficeError
        When there is none, or when ``XLGENAI_SOFFICE`` names no program.
    """
    office = find_office(system, environment, root)
    if office is not None:
        return office
    if named := environment.get(VARIABLE):
        raise OfficeError(
            f"LibreOffice was not found at {named}, which {VARIABLE} names: "
            "set it to the program soffice of LibreOffice, or unset it."
        )
    raise OfficeError(
        "LibreOffice was not found: install it from libreoffice.org (package libreoffice-calc on Linux), "
        f"or set {VARIABLE} to its program soffice."
    )


def _places(system: str, environment: Mapping[str, str], root: Path) -> Iterator[Path]:
    """Where the program may be, the likeliest first."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name, path=environment.get("PATH", "")):
            yield Path(found)
    if system == "win32":
        folders = [environment[name] for name in PROGRAM_FOLDERS if environment.get(name)]
        yield from (Path(folder, "LibreOffice", "program", "soffice.exe") for folder in folders)
    elif system == "darwin":
        yield root / MAC
        if home := environment.get("HOME"):
            yield Path(home) / MAC
    else:
        yield from (root / "usr" / name / "libreoffice" / "program" / "soffice" for name in ("lib", "lib64"))
        newest_first = sorted((root / "opt").glob("libreoffice*/program/soffice"), key=_release, reverse=True)
        yield from newest_first


def _release(program: Path) -> tuple[int, ...]:
    """The release in the name of the folder that Linux has it in, such as 24.8 in ``libreoffice24.8``."""
    return tuple(int(number) for number in re.findall(r"[0-9]+", program.parents[1].name))


def _real(program: Path) -> Path:
    """Follow links, and scripts that do nothing but start the program elsewhere."""
    here = program.resolve()
    for _ in range(4):
        if (here.parent / "soffice.bin").exists():
            break
        there = _started(here)
        if there is None or there == here:
            break
        here = there
    return here


def _started(script: Path) -> Path | None:
    """The program that a script starts; None when it is no script, or starts none that is there."""
    try:
        with script.open("rb") as file:
            text = file.read(LARGEST_WRAPPER)
    except OSError:
        return None
    if not text.startswith(b"#!"):
        return None
    found = (Path(match.decode(errors="surrogateescape")) for match in WRAPPED.findall(text))
    return next((path.resolve() for path in found if path.is_file()), None)


def _unopkg(system: str, folder: Path) -> Path:
    """On Windows the one that waits and writes to the console."""
    return folder / ("unopkg.com" if system == "win32" else "unopkg")


def _python(folder: Path) -> str:
    """The version is in the name of what brings Python: a folder, on macOS a framework; else a library tells it."""
    contents = folder.parent
    versions = "LibreOfficePython.framework/Versions/3.*"
    brought = [
        *folder.glob("python-core-3.*"),
        *(contents / "Frameworks").glob(versions),
        *(contents / "Resources").glob(versions),
    ]
    minors = [found[1] for path in brought if (found := MINOR.fullmatch(path.name))]
    if minors:
        return max(minors, key=lambda minor: int(minor.partition(".")[2]))
    try:
        named = EMBEDDED.search((folder / "libpyuno.so").read_bytes())
    except OSError:
        return ""
    return named[1].decode() if named else ""
