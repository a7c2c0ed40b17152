"""Write an add-in as a file: for LibreOffice, an extension that calls the functions in this Python."""

from __future__ import annotations

import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import xlgenai
from xlgenai.cells.modules import STANDARD, load_functions
from xlgenai.editions.libreoffice.extension import Home, extension
from xlgenai.errors import InputError
from xlgenai.workbook.saving import save_exactly

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

DEFAULT_NAME: Final = "xlgenai.oxt"


@dataclass(frozen=True)
class Addin:
    """An add-in, ready to be saved or installed.

    Attributes
    ----------
    content : bytes
        What the file holds.
    functions : tuple of str
        The functions that it brings.
    home : Home
        Where it loads them from.
    """

    content: bytes
    functions: tuple[str, ...]
    home: Home


def libreoffice_addin(udfs: Iterable[str] = ()) -> Addin:
    """Make the extension for LibreOffice that calls the functions of this Python.

    Parameters
    ----------
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.

    Returns
    -------
    Addin
        The extension.

    Raises
    ------
    FunctionError
        When a module cannot be loaded, or a function has a name that LibreOffice cannot take.
    """
    modules = tuple(str(Path(name).absolute()) if name.endswith(".py") else name for name in udfs)
    functions = load_functions(modules)
    home = Home(f"{sys.version_info[0]}.{sys.version_info[1]}", _folders(modules), modules)
    return Addin(extension(functions, home), tuple(functions), home)


def write_libreoffice_addin(path: str | os.PathLike[str] = DEFAULT_NAME, *, udfs: Iterable[str] = ()) -> Addin:
    """Write the extension for LibreOffice as a file.

    Parameters
    ----------
    path : str or path-like, optional
        Where to: an ``.oxt``.
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.

    Returns
    -------
    Addin
        What was written.

    Raises
    ------
    InputError
        When the name does not end in ``.oxt``.
    XlgenaiError
        When a function cannot be taken along, or the disk does not take the file.
    """
    target = Path(path)
    if target.suffix.lower() != ".oxt":
        raise InputError(f"{target.name} should end in .oxt, as extensions of LibreOffice do: give it such a name.")
    addin = libreoffice_addin(udfs)
    save_exactly(target, addin.content)
    return addin


def _folders(modules: Sequence[str]) -> tuple[str, ...]:
    """Where this Python has xlgenai, the functions, and all that they need."""
    names = [STANDARD, *(name for name in modules if not name.endswith(".py"))]
    homes = [Path(str(xlgenai.__file__)).parents[1], *map(_home, names)]
    homes += [Path(sysconfig.get_path(kind)) for kind in ("purelib", "platlib")]
    if site.ENABLE_USER_SITE:
        homes.append(Path(site.getusersitepackages()))
    return tuple(dict.fromkeys(str(folder.absolute()) for folder in homes if folder.is_dir()))


def _home(module: str) -> Path:
    """The folder from which a module is imported by its whole name."""
    loaded = sys.modules[module]
    file = Path(str(loaded.__file__))
    return file.parents[module.count(".") + hasattr(loaded, "__path__")]
