"""Machines that tests make up: a Windows with a home of its own, on whatever system the tests run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from xlgenai.operations.setup.looks_machine import APP_PATHS, CLICK_TO_RUN
from xlgenai.operations.setup.machine import Machine, Xlwings

if TYPE_CHECKING:
    from pathlib import Path

VERSION = "1.2.3"
ADDIN = b"the add-in of 1.2.3"
EXCEL = r"C:\Program Files\Microsoft Office\root\Office16\EXCEL.EXE"
REGISTRY = {(rf"HKLM\{APP_PATHS}", ""): EXCEL, (CLICK_TO_RUN, "Platform"): "x64"}


def windows(root: Path, registry: dict[tuple[str, str], str] | None = None, **changes: Any) -> Machine:
    """Make a Windows machine below a folder: Excel with 64 bits, a Python with xlwings, an empty home."""
    python, package = root / "env" / "Scripts" / "python.exe", root / "env" / "Lib" / "xlwings"
    if not python.exists():
        python.parent.mkdir(parents=True)
        python.write_bytes(b"")
        for bits in (32, 64):
            (root / "env" / f"xlwings{bits}-{VERSION}.dll").write_bytes(b"")
        (package / "addin").mkdir(parents=True)
        (package / "udfs.py").write_text("", encoding="utf-8")
        (package / "addin" / "xlwings.xlam").write_bytes(ADDIN)
        (root / "home").mkdir()
        (root / "temp").mkdir()
    home = root / "home"
    known = REGISTRY if registry is None else registry
    machine = Machine(
        system="win32",
        home=home,
        roaming=home / "AppData" / "Roaming",
        local=home / "AppData" / "Local",
        documents=home / "Documents",
        temporary=root / "temp",
        python="3.11.7",
        bits=64,
        interpreter=python,
        base=root / "env",
        conda=None,
        xlwings=Xlwings(VERSION, package),
        pywin32=True,
        encoding="cp1252",
        environment={"USERPROFILE": str(home)},
        registry=lambda key, name: known.get((key, name)),
    )
    return replace(machine, **changes)


def tree(folder: Path) -> dict[str, bytes | None]:
    """All that lies below a folder: files with their content, folders with None."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }
