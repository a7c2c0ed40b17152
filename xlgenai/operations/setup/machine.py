"""The machine that Excel runs on: its folders, its Python and its registry, all that setting up and looking need."""

from __future__ import annotations

import contextlib
import importlib.util
import locale
import os
import re
import struct
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from xlgenai.cells.failure_log import NAME

Registry = Callable[[str, str], str | None]
"""From a key such as ``HKCU\\SOFTWARE\\...`` and the name of a value to the value, None where there is none."""
VARIABLE: Final = re.compile(r"%([^%]+)%")
SHELL_FOLDERS: Final = r"HKCU\SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"


@dataclass(frozen=True)
class Xlwings:
    """The installed xlwings.

    Attributes
    ----------
    version : str
        Its version.
    folder : Path
        Where the package is.
    """

    version: str
    folder: Path

    @property
    def addin(self) -> Path:
        """The add-in for Excel that the package brings."""
        return self.folder / "addin" / "xlwings.xlam"


@dataclass(frozen=True)
class Machine:
    """What is to be known of a machine; `Machine.here` is this one.

    Attributes
    ----------
    system : str
        What Python calls it: ``win32``, ``darwin``, ``linux``.
    home, roaming, local, documents, temporary : Path
        The user's folders; on Windows ``%USERPROFILE%``, ``%APPDATA%``, ``%LOCALAPPDATA%``, Documents and ``%TEMP%``.
    python : str
        Version of this Python.
    bits : int
        32 or 64, of this Python.
    interpreter, base : Path
        The program of this Python, and the installation that it comes from.
    conda : tuple of str or None
        Folder of conda and name of the environment, when this Python is in one.
    xlwings : Xlwings or None
        The installed xlwings.
    pywin32 : bool
        Whether this Python can talk to Excel.
    encoding : str
        How Excel's VBA reads and writes text files.
    environment : mapping of str to str
        The environment variables.
    registry : callable
        Reads one value of the registry.
    administrator : bool
        Whether this is the user ``root``, whom LibreOffice gives no extensions of their own.
    """

    system: str
    home: Path
    roaming: Path
    local: Path
    documents: Path
    temporary: Path
    python: str
    bits: int
    interpreter: Path
    base: Path
    conda: tuple[str, str] | None
    xlwings: Xlwings | None
    pywin32: bool
    encoding: str
    environment: Mapping[str, str]
    registry: Registry
    administrator: bool = False

    @classmethod
    def here(cls) -> Machine:
        """Describe this machine."""
        home, environment = Path.home(), dict(os.environ)
        documents = read_registry(SHELL_FOLDERS, "Personal")
        return cls(
            system=sys.platform,
            home=home,
            roaming=Path(environment.get("APPDATA") or home / "AppData" / "Roaming"),
            local=Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local"),
            documents=Path(expand(documents, environment)) if documents else home / "Documents",
            temporary=Path(tempfile.gettempdir()),
            python=".".join(map(str, sys.version_info[:3])),
            bits=8 * struct.calcsize("P"),
            interpreter=_console_program(Path(sys.executable)),
            base=Path(sys.base_prefix),
            conda=_conda(environment),
            xlwings=_xlwings(),
            pywin32=importlib.util.find_spec("pythoncom") is not None,
            encoding=locale.getencoding(),
            environment=environment,
            registry=read_registry,
            administrator=sys.platform != "win32" and os.geteuid() == 0,
        )

    @property
    def is_windows(self) -> bool:
        """Whether Excel can call Python functions here."""
        return self.system == "win32"

    @property
    def addin(self) -> Path:
        """Where Excel looks for add-ins when it starts."""
        return self.roaming / "Microsoft" / "Excel" / "XLSTART" / "xlwings.xlam"

    @property
    def configuration(self) -> Path:
        """The user's own settings of xlwings."""
        return self.home / ".xlwings" / "xlwings.conf"

    @property
    def record(self) -> Path:
        """Where the installation notes what it did."""
        return self.local / "xlgenai" / "installed.json"

    @property
    def log(self) -> Path:
        """Where Excel notes why a Python function failed."""
        return self.temporary / NAME

    def expand(self, text: str) -> str:
        """Replace ``%NAME%`` by the environment variable, as Excel does in settings."""
        return expand(text, self.environment)


def expand(text: str, environment: Mapping[str, str]) -> str:
    r"""Replace ``%NAME%`` by the environment variable of that name, whatever its case; an unknown one stays.

    Examples
    --------
    >>> expand(r"%UserProfile%\env", {"USERPROFILE": r"C:\Users\Ada"})
    'C:\\Users\\Ada\\env'
    """
    known = {name.casefold(): value for name, value in environment.items()}
    return VARIABLE.sub(lambda found: known.get(found[1].casefold(), found[0]), text)


def read_registry(key: str, name: str) -> str | None:
    """Read one value of the Windows registry as text.

    Parameters
    ----------
    key : str
        The key, beginning with ``HKCU`` or ``HKLM``.
    name : str
        Name of the value; ``""`` is the key's own.

    Returns
    -------
    str or None
        The value; None where there is none, and on other systems.
    """
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415 - only Windows has it

        hive, _, path = key.partition("\\")
        roots = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):  # Excel and Python may differ in bitness
            with (
                contextlib.suppress(OSError),
                winreg.OpenKey(roots[hive], path, access=winreg.KEY_READ | view) as opened,
            ):
                return str(winreg.QueryValueEx(opened, name)[0])
    return None


def _console_program(executable: Path) -> Path:
    """What xlwings itself writes: python.exe, whose window its library hides, not pythonw.exe."""
    return executable.with_name("python.exe") if executable.name.lower() == "pythonw.exe" else executable


def _conda(environment: Mapping[str, str]) -> tuple[str, str] | None:
    prefix, program, name = (environment.get(key) for key in ("CONDA_PREFIX", "CONDA_EXE", "CONDA_DEFAULT_ENV"))
    if not (prefix and program and name) or Path(prefix) != Path(sys.prefix):
        return None
    return str(Path(program).parents[1]), name


def _xlwings() -> Xlwings | None:
    """Find xlwings without importing it, which takes long and needs pywin32 on Windows."""
    spec = importlib.util.find_spec("xlwings")
    if spec is None or spec.origin is None:
        return None
    return Xlwings(version("xlwings"), Path(spec.origin).parent)
