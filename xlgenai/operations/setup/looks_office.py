"""The doctor's looks at LibreOffice: whether it is there, and whether its extension calls this Python."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlgenai._version import __version__
from xlgenai.errors import WorkbookError
from xlgenai.operations.office.extensions import installed_extension
from xlgenai.operations.setup.diagnosis import ok, to_mend
from xlgenai.workbook.carried import read_layout

if TYPE_CHECKING:
    from xlgenai.operations.office.extensions import Installed
    from xlgenai.operations.office.program import Office
    from xlgenai.operations.setup.diagnosis import Case, Diagnosis

INSTALL: Final = "xlgenai install --libreoffice"
NO_PYTHON: Final = "has no Python that it could call functions with"
BRING_PYTHON: Final = "install its package python3-uno (Linux), or LibreOffice from libreoffice.org, which brings one"


def look_libreoffice(name: str, case: Case) -> Diagnosis:
    """Whether LibreOffice is there; only its own edition and the preview need it."""
    office, found = installed_extension(case.machine)
    if office is None:
        return ok(name, "it was not found, and only xlgenai preview and workbooks of the libreoffice edition need it")
    if not office.python and (found or _asks_for_it(case)):
        return to_mend(name, f"{office.program} {NO_PYTHON}", BRING_PYTHON)
    return ok(name, f"{office.program}, which {f'runs Python {office.python}' if office.python else NO_PYTHON}")


def look_extension(name: str, case: Case) -> Diagnosis:
    """Whether Calc calls the functions of this version, in packages that are still there."""
    office, found = installed_extension(case.machine)
    if office is None or found is None:
        if _asks_for_it(case):
            mend = INSTALL if office else f"install LibreOffice, and then {INSTALL}"
            return to_mend(name, "it is not installed, and the workbook calls it", mend)
        return ok(name, f"it is not installed; {INSTALL} lets Calc call the functions")
    if problem := _problem(office, found):
        return to_mend(name, problem, INSTALL)
    return ok(name, f"xlgenai {found.version}, calling Python {found.home.python} with {found.home.folders[0]}")


def _problem(office: Office, found: Installed) -> str:
    if found.version != __version__:
        return f"it was made by xlgenai {found.version}, and this is {__version__}"
    if office.python and office.python != found.home.python:
        return f"it was made for Python {found.home.python}, and LibreOffice runs {office.python}"
    needed = [*found.home.folders, *(module for module in found.home.modules if module.endswith(".py"))]
    gone = next((path for path in needed if not Path(path).exists()), "")
    return f"{gone}, which it was made with, is not there any more" if gone else ""


def _asks_for_it(case: Case) -> bool:
    if case.file is None or not case.file.is_file():
        return False
    with contextlib.suppress(WorkbookError):  # no workbook: another line of the report says so
        layout = read_layout(case.package)
        return layout is not None and not layout.stores_values
    return False


OFFICE_LOOKS: Final = (
    ("LibreOffice", look_libreoffice, False),
    ("LibreOffice extension", look_extension, False),
)
"""Name, look, and whether it can be made on Windows only."""
