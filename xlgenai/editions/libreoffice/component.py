"""The part of the extension that LibreOffice loads: it calls xlgenai in the packages of the user's own Python.

It must run in every Python that LibreOffice brings, also in one that is too old for xlgenai. Where xlgenai cannot be
loaded every function shows #NAME?, and XLGENAI_STATUS says why and how to mend it.
"""

from __future__ import annotations

import json
import os
import site
import struct
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

import uno
import unohelper

if TYPE_CHECKING:
    from collections.abc import Callable

with open(os.path.join(os.path.dirname(__file__), "settings.json"), encoding="utf-8") as _file:
    SETTINGS = json.load(_file)
VERSION = "{}.{}".format(*sys.version_info)
NO_NAME = ((struct.unpack("<d", struct.pack("<II", 525, 0x7FF80000))[0],),)
"""The error #NAME? as Calc takes it."""


class Functions(unohelper.Base):  # type: ignore[misc] # nobody has types for it
    """One object for all functions of the extension."""

    def __init__(self, context: Any, *arguments: Any) -> None:
        self.context = context

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in SETTINGS["functions"]:
            raise AttributeError(name)
        found = status if name == SETTINGS["status"] else LOADED.callbacks().get(name, missing)
        setattr(self, name, found)
        return found

    def getTypes(self) -> tuple[Any, ...]:
        """Name the interfaces: there is no type library for Python's to be looked up in."""
        names = (
            SETTINGS["interface"],
            "com.sun.star.lang.XServiceInfo",
            "com.sun.star.lang.XTypeProvider",
            "com.sun.star.uno.XWeak",
        )
        return tuple(uno.getTypeByName(name) for name in names)

    def getImplementationId(self) -> Any:
        """Return nothing, as is the rule by now."""
        return uno.ByteSequence(b"")

    def getImplementationName(self) -> str:
        """Return the name under which the extension registers this class."""
        return str(SETTINGS["implementation"])

    def supportsService(self, name: str) -> bool:
        """Whether this is the service of that name."""
        return bool(name == SETTINGS["service"])

    def getSupportedServiceNames(self) -> tuple[str, ...]:
        """Return the name that stands before the dot of each function in a file."""
        return (SETTINGS["service"],)


class Loaded:
    """The functions, loaded at the first call: LibreOffice starts no slower for them."""

    def __init__(self) -> None:
        self.found: dict[str, Callable[..., Any]] | None = None
        self.status = ""

    def callbacks(self) -> dict[str, Callable[..., Any]]:
        """Return what Calc calls, by name; nothing where xlgenai cannot be loaded."""
        if self.found is None:
            try:
                self.found, self.status = load()
            except (Exception, SystemExit) as error:
                self.found, self.status = {}, sentence(error)
                note(self.status)
        return self.found


def load() -> tuple[dict[str, Callable[..., Any]], str]:
    """Load xlgenai from where it was when the extension was made, if that is for this version of Python."""
    if SETTINGS["python"] == VERSION:
        before = list(sys.path)
        for folder in SETTINGS["folders"]:
            site.addsitedir(folder)
        sys.path[:] = [path for path in sys.path if path not in before] + before
    from xlgenai.editions.libreoffice.serving import serve

    found, told = serve(SETTINGS["modules"])
    return found, f"{told}, in Python {VERSION}"


def sentence(error: BaseException) -> str:
    """Say what is missing, and how to mend it."""
    reason = " ".join(str(error).split()) or type(error).__name__
    if SETTINGS["python"] != VERSION:
        return (
            "LibreOffice runs Python {0}, but this extension was made for Python {1} ({2}): install xlgenai in a"
            " Python {0}, and there run xlgenai install --libreoffice."
        ).format(VERSION, SETTINGS["python"], reason)
    return "xlgenai was not found in {} ({}): run xlgenai install --libreoffice where xlgenai is installed.".format(
        " or ".join(SETTINGS["folders"]), reason
    )


def note(reason: str) -> None:
    """Put a line where failures of functions are noted too, and xlgenai doctor looks."""
    try:
        with open(os.path.join(tempfile.gettempdir(), "xlgenai.log"), "a", encoding="utf-8") as log:
            log.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {reason}\n")
    except OSError:  # no room for a log is no reason for another failure
        pass


def status() -> tuple[tuple[str, ...], ...]:
    """Tell which xlgenai runs in which Python, or what is missing."""
    LOADED.callbacks()
    return ((LOADED.status,),)


def missing(*arguments: Any) -> tuple[tuple[float, ...], ...]:
    """Show that there is no such function."""
    return NO_NAME


LOADED = Loaded()
g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, SETTINGS["implementation"], (SETTINGS["service"],))
