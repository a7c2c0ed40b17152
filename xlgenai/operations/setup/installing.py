"""Make Excel on this machine run the functions, and put the machine back as it was.

The story is that of a refresh: look, plan the steps as plain data, show them or apply them. Three things are put in
place: the add-in that xlwings ships, the user's settings of xlwings, and a finished workbook. A record of what was
found and what was left lets `uninstall` undo exactly that.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlgenai.operations.setup.planning import plan_install, plan_uninstall
from xlgenai.operations.setup.steps import FolderStep, apply_steps

if TYPE_CHECKING:
    from xlgenai.operations.setup.machine import Machine
    from xlgenai.operations.setup.planning import Build
    from xlgenai.operations.setup.steps import ExtensionStep, Step

ELSEWHERE: Final = (
    "Excel calls Python functions on Windows only, so there is nothing to set up on this system. What works here:"
    " build, calculate and check workbooks without Excel; open one that was built as .xlsx, with every value"
    " calculated, in any spreadsheet program; and change its inputs with xlgenai refresh."
)


@dataclass(frozen=True)
class SetupResult:
    """What an installation or its undoing does.

    Attributes
    ----------
    steps : tuple of Step or ExtensionStep
        Every folder, file, setting and extension that is touched, in order.
    notes : tuple of str
        What stays as it is, and why, one sentence each.
    applied : bool
        False after a dry run, and where there is nothing to set up.
    elsewhere : bool
        True where there is nothing to set up: the steps, if any, are those of a Windows machine.
    program : str
        The program that is to be started anew.
    """

    steps: tuple[Step | ExtensionStep, ...]
    notes: tuple[str, ...]
    applied: bool
    elsewhere: bool = False
    program: str = "Excel"


def finished_workbook(name: str) -> bytes:
    """Build the workbook that the user gets.

    Parameters
    ----------
    name : str
        Its file name, which decides where its functions run.

    Returns
    -------
    bytes
        The finished file.
    """
    from xlgenai.operations.build import build  # noqa: PLC0415 - the engine takes a second to load

    with tempfile.TemporaryDirectory() as folder:
        return build(Path(folder) / name).path.read_bytes()


def install(machine: Machine, *, dry_run: bool = False, build: Build = finished_workbook) -> SetupResult:
    """Put the add-in, the settings and a copy of the workbook in place.

    Parameters
    ----------
    machine : Machine
        Where; usually ``Machine.here()``.
    dry_run : bool, optional
        Plan only, and change nothing.
    build : callable, optional
        Gives the content of the workbook by its file name.

    Returns
    -------
    SetupResult
        What was done or would be. Where Excel cannot call Python nothing is done; a dry run shows there what would be
        touched on Windows.

    Raises
    ------
    SetupError
        When a file cannot be read or changed. The steps before it are done and on record: run again, or uninstall.
    """
    if not machine.is_windows:
        steps = plan_install(_on_windows(machine), lambda _: b"")[0] if dry_run else ()
        shown = tuple(step for step in steps if not isinstance(step, FolderStep))
        return SetupResult(shown, (ELSEWHERE,), applied=False, elsewhere=True)
    steps, notes = plan_install(machine, build)
    if not dry_run:
        apply_steps(steps)
    return SetupResult(steps, notes, applied=not dry_run)


def uninstall(machine: Machine, *, dry_run: bool = False) -> SetupResult:
    """Undo what `install` did, where it is still as `install` left it.

    Parameters
    ----------
    machine : Machine
        Where; usually ``Machine.here()``.
    dry_run : bool, optional
        Plan only, and change nothing.

    Returns
    -------
    SetupResult
        What was undone or would be, and what stays because it was changed since.

    Raises
    ------
    SetupError
        When a file cannot be read or changed; run again once that is mended.
    """
    steps, notes = plan_uninstall(machine)
    if not dry_run:
        apply_steps(steps)
    return SetupResult(steps, notes, applied=not dry_run)


def _on_windows(machine: Machine) -> Machine:
    """Describe a Windows machine by the names of its folders, to show what is touched there."""
    return replace(
        machine,
        system="win32",
        home=Path("%USERPROFILE%"),
        roaming=Path("%APPDATA%"),
        local=Path("%LOCALAPPDATA%"),
        documents=Path("%USERPROFILE%", "Documents"),
        interpreter=Path("python.exe of this environment"),
        conda=None,
    )
