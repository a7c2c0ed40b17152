"""What the ribbon's buttons do: each ends with something to read, and never with a traceback."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlgenai._version import __version__
from xlgenai.cells.boundary import LOG
from xlgenai.cells.failure_log import FailureFile, log_path
from xlgenai.cells.formula import address
from xlgenai.cells.modules import load_functions
from xlgenai.checks.run import check_package
from xlgenai.data.bundled import FOLDER
from xlgenai.data.schema import NVIDIA
from xlgenai.errors import WorkbookError, XlgenaiError
from xlgenai.operations.live.refreshing import refresh_book
from xlgenai.operations.refresh import own_layout
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import xlwings as xw

    from xlgenai.checks.report import Report
    from xlgenai.operations.results import Change, LiveRefresh

TITLE: Final = "xlgenai"
LONGEST: Final = 1500
"""Letters of a message that still fits on a small screen."""
QUESTION: Final = (
    "Put other quarters of Nvidia into this workbook?\n\n"
    "Yes: from a file of yours (CSV, Excel or Parquet).\n"
    f"No: those that came with xlgenai {__version__}.\n"
    "Cancel: leave everything as it is.\n\n"
    "The rows of the table NvidiaQuarters are replaced, and Excel cannot undo that."
)
FILTER: Final = "Quarters (*.csv;*.xlsx;*.xlsm;*.parquet),*.csv;*.xlsx;*.xlsm;*.parquet"
CONFIGURATION: Final = "xlwings.conf"
"""The sheet on which xlwings keeps the settings of a workbook."""
HEADINGS: Final = ("Rule", "Severity", "Sheet", "Cell", "Finding", "How to mend it")
BY_HAND: Final = "Excel is set to calculate by hand: press F9."
HELP: Final = """xlgenai {version}: the economics of generative AI, in Excel.

Refresh puts other quarters of Nvidia into the data table; every sheet and chart follows.
Check holds the workbook against the model that it was built from, and lists what differs and how to mend it.
Inputs are the blue cells of the sheet Inputs: change them, and everything follows.

Functions: {functions}.

One function's arguments, formula and source: in a command prompt, xlgenai functions {example}
Every command: xlgenai --help"""


def refresh_clicked() -> None:
    """Ask for other quarters of Nvidia, put them into the calling workbook, and say what changed."""
    _answer("Refresh", _refresh)


def check_clicked() -> None:
    """Check the calling workbook, and list the findings in a new one."""
    _answer("Check", _check)


def help_clicked() -> None:
    """Say what the buttons do, and which functions there are."""
    _answer("Help", lambda _: _help())


def _answer(what: str, action: Callable[[xw.Book], str]) -> None:
    """Run one button on the calling workbook, and show what it says or why it failed."""
    import xlwings as xw  # noqa: PLC0415 - on Excel's own machine it is loaded already, elsewhere it is not needed

    book = xw.Book.caller()
    with _failures_kept():
        try:
            text, mode = action(book), "info"
        except XlgenaiError as error:
            text, mode = str(error), "critical"
        except Exception as error:
            LOG.exception("%s failed", what)
            text, mode = f"{what} failed ({type(error).__name__}): the reason is in {log_path()}.", "critical"
    if text:
        book.app.alert(text if len(text) <= LONGEST else f"{text[:LONGEST]} ...", TITLE, mode=mode)


@contextmanager
def _failures_kept() -> Iterator[None]:
    """Keep the reasons of failures as long as a button works, in the file where those of the functions are."""
    handler = FailureFile(log_path())
    LOG.addHandler(handler)
    try:
        yield
    finally:
        LOG.removeHandler(handler)


def _refresh(book: xw.Book) -> str:
    source = _choose_quarters(book)
    if source is None:
        return ""
    layout = own_layout(_package(book))
    told = _told(refresh_book(book, layout, nvidia=source, udfs=_modules(book)))
    return f"{told}\n\n{BY_HAND}" if book.app.calculation == "manual" else told


def _choose_quarters(book: xw.Book) -> Path | None:
    """Ask where the quarters come from; None when the user would rather leave them."""
    answer = book.app.alert(QUESTION, TITLE, buttons="yes_no_cancel")
    if answer == "yes":
        return pick_file(book)
    return Path(str(files("xlgenai.data").joinpath(FOLDER, NVIDIA.file))) if answer == "no" else None


def pick_file(book: xw.Book) -> Path | None:
    """Let the user pick a file in Excel's own dialog; None when nothing was picked."""
    picked = book.app.api.GetOpenFilename(FILTER, 1, "Nvidia's quarters")
    return Path(picked) if isinstance(picked, str) else None


def save_copy(book: xw.Book, folder: Path) -> Path:
    """Let Excel save a copy of a workbook as it is now, wherever it lies and whether or not it was ever saved."""
    path = folder / (book.name if Path(book.name).suffix else f"{book.name}.xlsx")
    try:
        book.api.SaveCopyAs(str(path))
    except Exception as error:
        raise WorkbookError(
            f"Excel could not save a copy of {book.name} to read: save the workbook on this computer and try again."
        ) from error
    return path


def _package(book: xw.Book) -> Package:
    """Read an open workbook's file: what a workbook carries beside its cells cannot be read through Excel."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        return Package.open(save_copy(book, Path(folder)))


def _modules(book: xw.Book) -> tuple[str, ...]:
    """The modules that the workbook's own settings name for its functions."""
    if CONFIGURATION not in [sheet.name for sheet in book.sheets]:
        return ()
    settings = book.sheets[CONFIGURATION].range("A1:B40").options(ndim=2).value
    named = next((str(value) for key, value in settings if key == "UDF MODULES" and value), "")
    return tuple(name.strip() for name in named.split(";") if name.strip())


def _told(result: LiveRefresh) -> str:
    moved = [change for change in result.headlines if change.before != change.after]
    lines = [*_lines(result.writes), "", *(_lines(moved) if moved else ["No headline number moved."])]
    return "\n".join(lines)


def _lines(changes: Iterable[Change]) -> list[str]:
    return [f"{change.label}: {change.before} -> {change.after}" for change in changes]


def _check(book: xw.Book) -> str:
    report = check_package(_package(book), load_functions(_modules(book)))
    if not report.findings:
        return report.summary
    _list_findings(book.app, report)
    return ""


def _list_findings(app: xw.App, report: Report) -> None:
    """Put the findings into a workbook of their own, in one write; every cell is a text."""
    rows = [HEADINGS]
    for finding in report.findings:
        rule = finding.rule
        rows.append((f"{rule.id} {rule.name}", rule.severity, finding.sheet, finding.cell, finding.message, rule.mend))
    sheet = app.books.add().sheets[0]
    block = sheet.range(f"A1:{address(len(rows), len(HEADINGS))}")
    block.value = [[f"'{text}" for text in row] for row in rows]
    sheet.range(f"A1:{address(1, len(HEADINGS))}").font.bold = True
    block.columns.autofit()


def _help() -> str:
    functions = load_functions()
    return HELP.format(version=__version__, functions=", ".join(functions), example=next(iter(functions)))
