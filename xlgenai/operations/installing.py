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

from xlgenai.cells.modules import STANDARD
from xlgenai.errors import SetupError
from xlgenai.operations import record
from xlgenai.operations.configuration import decode, find, line
from xlgenai.operations.steps import FileStep, FolderStep, LineStep, Preview, apply_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from xlgenai.operations.machine import Machine
    from xlgenai.operations.steps import Step

    Build = Callable[[str], bytes]

WORKBOOK: Final = "genai_value_chain.xlsm"
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
    steps : tuple of Step
        Every folder, file and setting that is touched, in order.
    notes : tuple of str
        What stays as it is, and why, one sentence each.
    applied : bool
        False after a dry run, and where there is nothing to set up.
    elsewhere : bool
        True where there is nothing to set up: the steps, if any, are those of a Windows machine.
    """

    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    applied: bool
    elsewhere: bool = False


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


def plan_install(machine: Machine, build: Build) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Plan an installation: the steps, and what stays as it is."""
    steps = [*_addin(machine), *_settings(machine)]
    notes = [_other_python(steps), _kept_modules(machine)]
    workbook = machine.documents / WORKBOOK
    if workbook.exists():
        notes.append(f"{workbook} is there already and stays as it is; xlgenai build NAME.xlsm makes a new one.")
    else:
        steps.append(FileStep("workbook", workbook, None, build(WORKBOOK)))
    return (tuple(_recorded(machine, steps)) if steps else ()), tuple(filter(None, notes))


def plan_uninstall(machine: Machine) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Plan to undo an installation, the last step first."""
    disk, notes = Preview(), list[str]()
    steps: list[Step] = []
    content = disk.read(machine.record)
    entries = record.from_bytes(content, machine.record)
    files = [entry for entry in reversed(entries) if not isinstance(entry.step, FolderStep)]
    folders = [entry for entry in reversed(entries) if isinstance(entry.step, FolderStep)]
    for entry in files:
        if step := entry.undoing(disk):
            _take(disk, steps, step)
        elif disk.read(entry.step.where) is not None:
            notes.append(f"{entry.step.where} stays: the {entry.step.what} in it was changed since.")
    if content is not None:
        _take(disk, steps, FileStep("record of the installation", machine.record, content, None))
    for entry in folders:
        if (step := entry.undoing(disk)) and disk.is_empty(step.where):
            _take(disk, steps, step)
    return tuple(steps), tuple(dict.fromkeys(notes)) if content is not None else ("Nothing was installed here.",)


def wanted_settings(machine: Machine) -> dict[str, str]:
    """Return the settings by which xlwings starts this Python; conda must be started by its own command."""
    if machine.conda is None:
        return {"INTERPRETER_WIN": str(machine.interpreter)}
    path, name = machine.conda
    return {"CONDA PATH": path, "CONDA ENV": name, "INTERPRETER_WIN": ""}


def _addin(machine: Machine) -> Iterator[Step]:
    shipped = Preview().read(machine.xlwings.addin) if machine.xlwings else None
    if machine.xlwings is None or shipped is None:
        raise SetupError(
            "xlwings is not installed whole in this Python: python -m pip install --force-reinstall xlwings."
        )
    present = Preview().read(machine.addin)
    if shipped != present:
        yield FileStep(f"add-in of xlwings {machine.xlwings.version}", machine.addin, present, shipped)


def _settings(machine: Machine) -> Iterator[Step]:
    where, encoding = machine.configuration, machine.encoding
    content = Preview().read(where)
    text = decode(content or b"", encoding)
    wanted: Mapping[str, str] = wanted_settings(machine)
    if content is None:
        yield FileStep("settings of xlwings", where, None, b"")
        wanted = {**wanted, "UDF MODULES": STANDARD}
    for key, value in wanted.items():
        found = find(text, key)
        if (found.value if found else "") != value:
            after = _writable(line(key, value), encoding)
            yield LineStep(f"setting {key}", where, found.line if found else None, after, encoding)


def _writable(text: str, encoding: str) -> str:
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        raise SetupError(
            f"Excel reads its settings in {encoding}, which cannot hold {text}: put the Python environment into a"
            " folder with plain letters."
        ) from error
    return text


def _other_python(steps: list[Step]) -> str:
    replaced = [step.before for step in steps if isinstance(step, LineStep) and step.before]
    if not replaced:
        return ""
    return f"Other workbooks with macros of yours use this Python too from now on; uninstall brings {replaced[0]} back."


def _kept_modules(machine: Machine) -> str:
    """UDF MODULES of a user who has settings already stays: other workbooks of theirs may rely on it."""
    content = Preview().read(machine.configuration)
    if content is None:
        return ""
    found = find(decode(content, machine.encoding), "UDF MODULES")
    if found and STANDARD in found.value.split(";"):
        return ""
    return (
        f"{machine.configuration} keeps its UDF MODULES{f' ({found.value})' if found and found.value else ''}: the"
        f" workbook names {STANDARD} itself; add {STANDARD} there to call the functions from other workbooks too."
    )


def _recorded(machine: Machine, steps: list[Step]) -> Iterator[Step]:
    """Put in front of the steps the folders that they need and the record of all: a broken run can be undone."""
    before = Preview().read(machine.record)
    entries = record.from_bytes(before, machine.record)
    folders = list(_missing_folders([machine.record, *(step.where for step in steps)]))
    entries += record.done([*folders, *steps])
    yield from folders
    yield FileStep("record of the installation", machine.record, before, record.to_bytes(entries))
    yield from steps


def _missing_folders(files: list[Path]) -> Iterator[FolderStep]:
    missing = {folder for file in files for folder in file.parents if not folder.exists()}
    for folder in sorted(missing, key=lambda folder: len(folder.parts)):
        yield FolderStep("folder", folder, before=False, after=True)


def _take(disk: Preview, steps: list[Step], step: Step) -> None:
    disk.take(step)
    steps.append(step)


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
