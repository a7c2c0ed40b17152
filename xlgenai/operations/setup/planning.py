"""Plan what an installation does and what undoes it: a look at the machine, then steps as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xlgenai.cells.modules import STANDARD
from xlgenai.errors import SetupError
from xlgenai.operations.setup import record
from xlgenai.operations.setup.configuration import decode, find, line
from xlgenai.operations.setup.steps import FileStep, FolderStep, LineStep, Preview, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from xlgenai.operations.setup.machine import Machine
    from xlgenai.operations.setup.steps import Step

    Build = Callable[[str], bytes]

WORKBOOK: Final = "genai_value_chain.xlsm"
"""What the user's copy is called."""


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
            notes.append(f"{entry.step.where}: the {entry.step.what} was changed since, and stays.")
    if content is not None:
        _take(disk, steps, FileStep("record of the installation", machine.record, content, None))
    for entry in folders:
        if (step := entry.undoing(disk)) and disk.is_empty(step.where):
            _take(disk, steps, step)
    return tuple(steps), tuple(dict.fromkeys(notes)) if content is not None else ("Nothing was installed here.",)


def _addin(machine: Machine) -> Iterator[Step]:
    shipped = read(machine.xlwings.addin) if machine.xlwings else None
    if machine.xlwings is None or shipped is None:
        raise SetupError(
            "xlwings is not installed whole in this Python: python -m pip install --force-reinstall xlwings."
        )
    present = read(machine.addin)
    if shipped != present:
        yield FileStep(f"add-in of xlwings {machine.xlwings.version}", machine.addin, present, shipped)


def _settings(machine: Machine) -> Iterator[Step]:
    where, encoding = machine.configuration, machine.encoding
    content = read(where)
    text = decode(content or b"", encoding)
    wanted: Mapping[str, str] = _wanted(machine)
    if content is None:
        yield FileStep("settings of xlwings", where, None, b"")
        wanted = {**wanted, "UDF MODULES": STANDARD}
    for key, value in wanted.items():
        found = find(text, key)
        if (found.value if found else "") != value:
            after = _writable(line(key, value), encoding)
            yield LineStep(f"setting {key}", where, found.line if found else None, after, encoding)


def _wanted(machine: Machine) -> dict[str, str]:
    """Return the settings by which xlwings starts this Python; conda must be started by its own command."""
    if machine.conda is None:
        return {"INTERPRETER_WIN": str(machine.interpreter)}
    path, name = machine.conda
    return {"CONDA PATH": path, "CONDA ENV": name, "INTERPRETER_WIN": ""}


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
    content = read(machine.configuration)
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
    before = read(machine.record)
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
