"""Look at all that must be right for Excel or LibreOffice to call the functions, and say how to mend what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.operations.setup.diagnosis import Case, Status, unseen
from xlgenai.operations.setup.looks_file import FILE_LOOKS, look_file
from xlgenai.operations.setup.looks_machine import MACHINE_LOOKS
from xlgenai.operations.setup.looks_office import OFFICE_LOOKS
from xlgenai.operations.setup.looks_python import PYTHON_LOOKS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xlgenai.operations.setup.diagnosis import Diagnosis
    from xlgenai.operations.setup.machine import Machine

WINDOWS_ONLY = "only on Windows, where Excel can call Python functions"


def doctor(machine: Machine, file: Path | None = None) -> tuple[Diagnosis, ...]:
    """Look at a machine, and at a workbook on it; nothing is changed, and nothing is raised.

    Parameters
    ----------
    machine : Machine
        Usually ``Machine.here()``.
    file : Path, optional
        A workbook that does not do what it should.

    Returns
    -------
    tuple of Diagnosis
        One line for each look; what could not be looked at is a line too.
    """
    case = Case(machine, file)
    lines = [_look(case, *look) for look in (*PYTHON_LOOKS, *MACHINE_LOOKS, *OFFICE_LOOKS)]
    if file is not None:
        found = _look(case, "File", look_file, False)
        lines.append(found)
        if found.status is Status.OK:
            lines += [_look(case, *look) for look in FILE_LOOKS]
    return tuple(lines)


def _look(case: Case, name: str, look: Callable[[str, Case], Diagnosis], windows_only: bool) -> Diagnosis:
    if windows_only and not case.machine.is_windows:
        return unseen(name, WINDOWS_ONLY)
    try:
        return look(name, case)
    except Exception as error:  # the report goes on, whatever one look runs into
        return unseen(name, f"this look failed: {' '.join(str(error).split()) or type(error).__name__}")
