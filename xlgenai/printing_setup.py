"""What install, uninstall and doctor print."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from xlgenai.operations.setup.diagnosis import Status
from xlgenai.operations.setup.steps import described
from xlgenai.printing import CONSOLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from xlgenai.operations.addin import Addin
    from xlgenai.operations.setup.diagnosis import Diagnosis
    from xlgenai.operations.setup.installing import SetupResult

LABELS: Final = {
    Status.OK: "[green]OK[/]     ",
    Status.MEND: "[red]to mend[/]",
    Status.UNSEEN: "[yellow]unseen[/] ",
}


def set_up(result: SetupResult) -> None:
    """Print what an installation or its undoing touches, and what it leaves."""
    for note in result.notes:
        CONSOLE.print(note, markup=False)
    if result.steps and not result.applied:
        where = "On Windows it" if result.elsewhere else "It"
        CONSOLE.print(f"Dry run: nothing was changed. {where} would touch:")
    for step in result.steps:
        CONSOLE.print(f"  {step.what}  {step.where}", markup=False)
        if not result.elsewhere:
            CONSOLE.print(f"    {described(step.before)} -> {described(step.after)}", markup=False)
        elif isinstance(step.after, str):
            CONSOLE.print(f"    {step.after}", markup=False)
    if result.applied:
        CONSOLE.print(f"Done: start {result.program} anew." if result.steps else "There was nothing to do.")


def written(addin: Addin, path: Path) -> None:
    """Print what an add-in brings, whose Python it calls, and how it gets into LibreOffice."""
    CONSOLE.print(f"Written to {path}", markup=False)
    python, folder = addin.home.python, addin.home.folders[0]
    CONSOLE.print(f"{len(addin.functions)} functions, called in Python {python} with {folder}", markup=False)
    CONSOLE.print("In LibreOffice: Tools > Extensions > Add; or let xlgenai install --libreoffice do it.")


def diagnosed(lines: Sequence[Diagnosis], *, as_json: bool) -> bool:
    """Print what the doctor found, and return whether all is well."""
    to_mend = sum(line.status is Status.MEND for line in lines)
    if as_json:
        print(json.dumps({"to_mend": to_mend, "lines": [line.as_dict() for line in lines]}, indent=1))
        return not to_mend
    for line in lines:
        CONSOLE.print(LABELS[line.status], end="  ")
        cure = f". To mend it: {line.mend}" if line.mend else ""
        CONSOLE.print(f"{line.name}: {line.message}{cure}.", markup=False)
    unseen = sum(line.status is Status.UNSEEN for line in lines)
    CONSOLE.print(f"Doctor: {to_mend} to mend, {unseen} not to be seen from here, {len(lines)} looks.")
    return not to_mend
