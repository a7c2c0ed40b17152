"""The doctor's looks at a workbook: whether Excel lets its macros run, whether it can be saved, what it carries."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlgenai.errors import WorkbookError
from xlgenai.operations.setup.diagnosis import SHEET, ok, to_mend
from xlgenai.workbook.saving import lock_file

if TYPE_CHECKING:
    from xlgenai.operations.setup.diagnosis import Case, Diagnosis

ZONE: Final = re.compile(r"^\s*ZoneId\s*=\s*(\d+)", re.MULTILINE)
UNTRUSTED: Final = 3
"""From this zone on (the internet, restricted sites) Excel runs no macro of a file."""


def look_file(name: str, case: Case) -> Diagnosis:
    """Whether the file is there; what it is worth, the other looks say."""
    path = _file(case)
    if path.is_file():
        return ok(name, str(path))
    what = "is a folder" if path.is_dir() else "is not there"
    return to_mend(name, f"{path} {what}", "give the path of an .xlsx or .xlsm file")


def look_workbook(name: str, case: Case) -> Diagnosis:
    """Whether the file is a whole workbook."""
    try:
        return ok(name, f"it opens, with {len(case.package.sheets)} sheets")
    except WorkbookError as error:
        message, _, mend = str(error).rstrip(".").rpartition(": ")
        return to_mend(name, message, mend)


def look_mark(name: str, case: Case) -> Diagnosis:
    """Whether Windows marked the file as one from the internet, so that its macros are blocked."""
    stream = Path(f"{_file(case)}:Zone.Identifier")
    try:
        text = stream.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ok(name, "Windows does not mark the file as one from the internet")
    zone = ZONE.search(text)
    if zone is None or int(zone[1]) < UNTRUSTED:
        return ok(name, "Windows marks the file as one from a trusted place")
    return to_mend(
        name,
        "Windows marks the file as one from the internet, so Excel blocks its macros",
        "close it, right-click it in the Explorer, Properties, tick Unblock; only if you trust where it comes from",
    )


def look_access(name: str, case: Case) -> Diagnosis:
    """Whether the file can be changed."""
    path = _file(case)
    if lock := lock_file(path):
        mend = f"close it before you refresh it; if it is not open, delete {lock.name}"
        return to_mend(name, f"it is open in another program ({lock.name})", mend)
    if not path.stat().st_mode & 0o222:
        return to_mend(name, "it is marked read-only", "take the mark away in the file's properties")
    try:
        with path.open("r+b"):
            return ok(name, "it can be changed")
    except OSError as error:
        return to_mend(name, f"it cannot be changed ({error.strerror})", "close it in Excel, or ask for access to it")


def look_folder(name: str, case: Case) -> Diagnosis:
    """Whether a file can be put beside it, as every save does first."""
    folder = _file(case).absolute().parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ok(name, f"{folder} takes files")
    except OSError as error:
        return to_mend(name, f"{folder} takes no files ({error.strerror})", "move the workbook to a folder of yours")


def look_project(name: str, case: Case) -> Diagnosis:
    """Whether a macro workbook carries macros; any other workbook calls no Python in Excel, and need not."""
    package = case.package
    if package.related(package.workbook_part, "vbaProject"):
        return ok(name, "it carries macros")
    if package.name.lower().endswith(".xlsx"):
        return ok(
            name, "it carries no macros, so Excel calls no Python from it; xlgenai build NAME.xlsm makes one that does"
        )
    return to_mend(name, "it carries no macros, so Excel cannot call Python from it", "xlgenai build NAME.xlsm")


def look_sheet(name: str, case: Case) -> Diagnosis:
    """Whether the workbook's own settings help or hinder."""
    found = case.sheet
    if found is None:
        return ok(name, f"it has no sheet {SHEET}, so your own settings hold")
    if not found.get("INTERPRETER_WIN", "stands elsewhere"):
        return to_mend(
            name,
            f"the sheet {SHEET} has INTERPRETER_WIN without a value, which hides the one in your own settings",
            "delete that row, or write the path of python.exe into it",
        )
    return ok(name, f"the sheet {SHEET} sets {', '.join(found) or 'nothing'}")


def _file(case: Case) -> Path:
    if case.file is None:
        raise ValueError("no workbook was given")
    return case.file


FILE_LOOKS: Final = (
    ("Workbook", look_workbook, False),
    ("Mark of the Web", look_mark, True),
    ("Write access", look_access, False),
    ("Folder", look_folder, False),
    ("Macro project", look_project, False),
    ("Workbook settings", look_sheet, False),
)
"""Name, look, and whether it can be made on Windows only."""
