"""The doctor's looks at Python: which one runs, which one Excel starts, and whether the functions load in it."""

from __future__ import annotations

import contextlib
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlgenai.cells.expose import record_of
from xlgenai.cells.modules import STANDARD
from xlgenai.operations.setup.configuration import broken_lines, decode, settings
from xlgenai.operations.setup.diagnosis import Setting, ok, to_mend
from xlgenai.operations.setup.steps import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.operations.setup.diagnosis import Case, Diagnosis

ANY_PYTHON: Final = frozenset({"", "python", "pythonw"})
"""Values by which xlwings takes the first Python on the path, or that of conda."""
INSTALL: Final = "run xlgenai install from the Python that has xlgenai"


def look_python(name: str, case: Case) -> Diagnosis:
    """Which Python this is; the one from the Microsoft Store is closed to Excel."""
    machine = case.machine
    which = f"Python {machine.python}, {machine.bits} bits, {machine.interpreter}"
    if machine.is_windows and any("WindowsApps" in path.parts for path in (machine.interpreter, machine.base)):
        return to_mend(name, f"{which}, comes from the Microsoft Store", "install Python from python.org or conda")
    return ok(name, which)


def look_settings(name: str, case: Case) -> Diagnosis:
    """Whether the user's settings of xlwings can be read."""
    path = case.machine.configuration
    content = read(path)
    if content is None:
        return to_mend(name, f"{path} is not there, so Excel takes any Python that it finds", "xlgenai install")
    text = decode(content, case.machine.encoding)
    if broken := broken_lines(text):
        numbers = ", ".join(map(str, broken))
        return to_mend(
            name,
            f"{path} has lines that xlwings misreads: {numbers}",
            'delete empty lines, and write the others as "KEY","VALUE"',
        )
    return ok(name, f"{path} sets {', '.join(settings(text)) or 'nothing'}")


def look_interpreter(name: str, case: Case) -> Diagnosis:
    """Whether the Python that Excel starts is this one."""
    found = list(case.settings("INTERPRETER_WIN"))
    setting = found[0] if found and found[0].value else case.setting("INTERPRETER")  # the older name
    if not setting.value and any(hidden.value for hidden in found):
        return to_mend(
            name,
            f"{found[0].source} has INTERPRETER_WIN without a value, which hides that of {found[-1].source}",
            "delete that line, or write the path of python.exe into it",
        )
    if setting.value.lower() in ANY_PYTHON:
        return _look_conda(name, case)
    return _look_program(name, case, setting)


def look_functions(name: str, case: Case) -> Diagnosis:
    """Whether the modules with the functions load, and how many functions they bring."""
    setting = case.setting("UDF MODULES")
    modules = [module.strip() for module in setting.value.split(";") if module.strip()]
    counts = []
    for module in dict.fromkeys([STANDARD, *modules]):  # the formulas of our workbooks name it themselves
        with _path(case):
            try:
                counts.append(f"{_functions(module)} in {module}")
            except (Exception, SystemExit) as error:
                reason = " ".join(str(error).split()) or type(error).__name__
                where = f", named in {setting.source}," if setting.source else ""
                mend = "mend the module, install it into this Python, or take its name out of UDF MODULES"
                return to_mend(name, f"the module {module}{where} does not load: {reason}", mend)
    return ok(name, f"functions that load: {', '.join(counts)}")


def _look_conda(name: str, case: Case) -> Diagnosis:
    path, environment = case.setting("CONDA PATH").value, case.setting("CONDA ENV").value
    if not (path and environment):
        return to_mend(name, "no Python is named, so Excel takes the first on the path, if any", INSTALL)
    if case.machine.conda is None or (Path(path), environment) != (Path(case.machine.conda[0]), case.machine.conda[1]):
        return to_mend(name, f"Excel starts the conda environment {environment} of {path}, not this Python", INSTALL)
    return ok(name, f"Excel starts the conda environment {environment}, as this is")


def _look_program(name: str, case: Case, setting: Setting) -> Diagnosis:
    program, own = Path(setting.value), case.machine.interpreter
    if not program.is_file():
        return to_mend(name, f"{setting.source} names {program}, which is not there", INSTALL)
    if program.parent.resolve() != own.parent.resolve():
        return to_mend(name, f"{setting.source} names {program}, another Python than this one ({own})", INSTALL)
    return ok(name, f"Excel starts {program}, which is this Python")


def _functions(module: str) -> int:
    """Count the functions of a module; those of plain xlwings are marked by it on Windows only."""
    return sum(
        record_of(item) is not None or hasattr(item, "__xlfunc__")
        for item in vars(importlib.import_module(module)).values()
    )


@contextlib.contextmanager
def _path(case: Case) -> Iterator[None]:
    """Look for modules where Excel would too: beside the workbook, and where PYTHONPATH says."""
    folders = [folder for folder in case.setting("PYTHONPATH").value.split(";") if folder]
    if case.file is not None and case.setting("ADD_WORKBOOK_TO_PYTHONPATH").value.lower() in {"", "true"}:
        folders.append(str(case.file.absolute().parent))
    before = list(sys.path)
    sys.path[0:0] = folders
    try:
        yield
    finally:
        sys.path[:] = before


PYTHON_LOOKS: Final = (
    ("Python", look_python, False),
    ("Settings", look_settings, True),
    ("Interpreter", look_interpreter, True),
    ("Functions", look_functions, False),
)
"""Name, look, and whether it can be made on Windows only."""
