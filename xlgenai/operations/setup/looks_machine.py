"""The doctor's looks at Excel, at xlwings, and at what has gone wrong so far."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from xlgenai.operations.setup.diagnosis import ok, to_mend, unseen
from xlgenai.operations.setup.steps import read

if TYPE_CHECKING:
    from xlgenai.operations.setup.diagnosis import Case, Diagnosis
    from xlgenai.operations.setup.machine import Machine

APP_PATHS: Final = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN: Final = r"HKLM\SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
CLASSIC: Final = r"HKLM\SOFTWARE\Microsoft\Office\16.0\Outlook"
SECURITY: Final = r"HKCU\SOFTWARE\Microsoft\Office\16.0\Excel\Security"
POLICY: Final = r"HKCU\SOFTWARE\Policies\Microsoft\Office\16.0\Excel\Security"
MACROS_OFF: Final = {"3": "only macros with a signature run", "4": "macros are switched off without a question"}
ALLOW_MACROS: Final = "in Excel, File > Options > Trust Center > Macro Settings, choose to be asked (with notification)"
TAIL: Final = 8192
"""How much of the end of a log is read."""


def look_excel(name: str, case: Case) -> Diagnosis:
    """Whether there is an Excel, and not the one from the Microsoft Store, which hides its COM objects from Python."""
    program = next((found for hive in ("HKLM", "HKCU") if (found := _registry(case, rf"{hive}\{APP_PATHS}", ""))), None)
    if program is None:
        return to_mend(name, "no Excel is registered on this machine", "install Excel for the desktop")
    if "WindowsApps" in program:
        return to_mend(
            name,
            f"{program} comes from the Microsoft Store, and cannot reach Python",
            "uninstall it and install Office from office.com, which brings the desktop programs",
        )
    return ok(name, program)


def look_bits(name: str, case: Case) -> Diagnosis:
    """Whether Excel has 32 or 64 bits; Python may differ, because it is a process of its own."""
    bits, own = excel_bits(case.machine), case.machine.bits
    if bits is None:
        return unseen(name, f"Excel does not say in the registry whether it has 32 or 64 bits; Python has {own}")
    if bits == own:
        return ok(name, f"Excel and Python have {bits} bits")
    return ok(name, f"Excel has {bits} bits and Python {own}, which xlwings allows: Python is a process of its own")


def look_macros(name: str, case: Case) -> Diagnosis:
    """Whether Excel runs macros at all; a function of the workbook is a macro too."""
    by_policy = _registry(case, POLICY, "VBAWarnings")
    level = by_policy or _registry(case, SECURITY, "VBAWarnings") or "2"
    if level in MACROS_OFF:
        mend = "ask your administrator to allow them" if by_policy else ALLOW_MACROS
        return to_mend(name, MACROS_OFF[level], mend)
    return ok(name, "every macro runs" if level == "1" else "Excel asks before it runs the macros of a file")


def look_xlwings(name: str, case: Case) -> Diagnosis:
    """Whether xlwings is there whole: its free core needs no licence key."""
    found = case.machine.xlwings
    if found is None:
        return to_mend(name, "xlwings is not installed in this Python", "python -m pip install xlwings")
    if not (found.folder / "udfs.py").is_file() or not found.addin.is_file():
        return to_mend(name, f"files of xlwings {found.version} are missing", _again(found.version))
    if case.machine.is_windows and not case.machine.pywin32:
        return to_mend(name, "pywin32 is missing, by which xlwings reaches Excel", "python -m pip install pywin32")
    return ok(name, f"xlwings {found.version}, its free core: no licence key is needed")


def look_library(name: str, case: Case) -> Diagnosis:
    """Whether the library that Excel loads is where the add-in looks: beside python.exe, or one folder above."""
    found = case.machine.xlwings
    if found is None:
        return unseen(name, "xlwings is not installed")
    bits = excel_bits(case.machine)
    wanted = [f"xlwings{size}-{found.version}.dll" for size in ([bits] if bits else [32, 64])]
    places = case.machine.interpreter.parents[:2]
    missing = [library for library in wanted if not any((place / library).is_file() for place in places)]
    if not missing:
        return ok(name, f"{' and '.join(wanted)} beside Python")
    return to_mend(
        name,
        f"{missing[0]} is neither in {places[0]} nor in {places[1]}",
        f"{_again(found.version)}, in a virtual environment rather than with --user; if the file vanishes again, the"
        " virus scanner took it",
    )


def look_addin(name: str, case: Case) -> Diagnosis:
    """Whether Excel loads the very add-in that the package ships; another version asks for another library."""
    found, place = case.machine.xlwings, case.machine.addin
    if found is None:
        return unseen(name, "xlwings is not installed")
    present = read(place)
    if present is None:
        mend = "xlgenai install (a workbook that was built with --standalone does without)"
        return to_mend(name, f"{place} is not there", mend)
    if present != read(found.addin):
        return to_mend(name, f"{place} is not that of xlwings {found.version}", "close Excel and run xlgenai install")
    return ok(name, f"{place} is that of xlwings {found.version}, byte for byte")


def look_log(name: str, case: Case) -> Diagnosis:
    """What Excel noted of Python functions that failed."""
    log = case.machine.log
    if not log.is_file():
        return ok(name, f"no failure of a function is noted ({log} is not there)")
    with log.open("rb") as file:
        file.seek(0, os.SEEK_END)
        file.seek(max(0, file.tell() - TAIL))
        lines = [line for line in file.read().decode("utf-8", "replace").splitlines() if line.strip()]
    return ok(name, f"the last line of {log} is: {lines[-1].strip()}" if lines else f"{log} is empty")


def excel_bits(machine: Machine) -> int | None:
    """Return 32 or 64 for the installed Excel, None where the registry does not say."""
    platform = machine.registry(CLICK_TO_RUN, "Platform") or machine.registry(CLASSIC, "Bitness")
    return {"x86": 32, "x64": 64}.get((platform or "").lower())


def _registry(case: Case, key: str, value: str) -> str | None:
    return case.machine.registry(key, value)


def _again(version: str) -> str:
    return f"python -m pip install --force-reinstall --no-deps xlwings=={version}"


MACHINE_LOOKS: Final = (
    ("Excel", look_excel, True),
    ("Bitness", look_bits, True),
    ("Macros", look_macros, True),
    ("xlwings", look_xlwings, False),
    ("Library", look_library, True),
    ("Add-in", look_addin, True),
    ("Log", look_log, False),
)
"""Name, look, and whether it can be made on Windows only."""
