"""One office that answers questions: a script for the Python that LibreOffice's bridge is built for.

Called with the program, a folder for everything, and a folder of extensions. Each line of its input is a
command as JSON, ``[name, argument, ...]``, and each line of its output the answer: ``{"ok": ...}`` or
``{"error": "..."}``. It ends, and the office with it, when its input ends.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ALLOWED = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
VALUES, ERRORS = 7, 4  # com.sun.star.sheet.CellFlags, com.sun.star.sheet.FormulaResult
FILTERS = {"pdf": "calc_pdf_Export", "xlsx": "Calc MS Excel 2007 XML", "ods": "calc8"}


class Worker:
    """The office and the documents that are open in it."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.desktop = self.create("com.sun.star.frame.Desktop")
        self.documents: dict[str, Any] = {}

    def open(self, path: str, macros: bool = False) -> list[str]:
        """Open a workbook, and name its sheets; a new one where no path is given."""
        from com.sun.star.beans import PropertyValue  # noqa: PLC0415 - only this Python has it

        options = [PropertyValue("Hidden", 0, True, 0)]
        if macros:
            options.append(PropertyValue("MacroExecutionMode", 0, ALLOWED, 0))
        url = Path(path).as_uri() if path.startswith("/") else "private:factory/scalc"
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, tuple(options))
        if document is None:
            raise ValueError(f"{path} was not opened")
        self.documents[path] = document
        return list(document.Sheets.ElementNames)

    def close(self, path: str) -> None:
        """Close a document without saving it."""
        self.documents.pop(path).close(True)

    def set(self, path: str, sheet: str, cells: str, values: list[list[Any]]) -> None:
        """Put numbers and texts into a range; None empties a cell."""
        self._range(path, sheet, cells).setDataArray(
            tuple(tuple("" if v is None else v for v in row) for row in values)
        )

    def formulas(self, path: str, sheet: str, cells: str, formulas: list[list[str]]) -> None:
        """Put formulas into a range, with semicolons between arguments."""
        self._range(path, sheet, cells).setFormulaArray(tuple(map(tuple, formulas)))

    def array(self, path: str, sheet: str, cells: str, formula: str) -> None:
        """Put one array formula over a range."""
        self._range(path, sheet, cells).setArrayFormula(formula)

    def recalculate(self, path: str, everything: bool = True) -> float:
        """Calculate all, or what has changed; return the seconds that it took."""
        start = time.perf_counter()
        if everything:
            self.documents[path].calculateAll()
        else:
            self.documents[path].calculate()
        return time.perf_counter() - start

    def changed(self, path: str, sheet: str, cell: str, value: float) -> float:
        """Put a number into a cell and calculate what follows; return the seconds that it took."""
        target = self._range(path, sheet, cell)
        start = time.perf_counter()
        target.setValue(value)
        self.documents[path].calculate()
        return time.perf_counter() - start

    def read(self, path: str, sheet: str, cells: str) -> list[list[Any]]:
        """Return what the cells of a range show: numbers, texts, or ``{"error": code}``."""
        area = self._range(path, sheet, cells)
        shown = [list(row) for row in area.getDataArray()]
        top, left = area.RangeAddress.StartRow, area.RangeAddress.StartColumn
        for found in area.queryFormulaCells(ERRORS).RangeAddresses:
            for row in range(found.StartRow, found.EndRow + 1):
                for column in range(found.StartColumn, found.EndColumn + 1):
                    cell = area.getCellByPosition(column - left, row - top)
                    shown[row - top][column - left] = {"error": cell.getError()}
        return shown

    def formula(self, path: str, sheet: str, cell: str) -> str:
        """Return the formula of a cell as Calc keeps it."""
        return str(self._range(path, sheet, cell).getFormula())

    def type(self, path: str, sheet: str, cell: str, text: str) -> str:
        """Type a formula as a user does, in the language of the office; return how the file has it."""
        target = self._range(path, sheet, cell)
        target.FormulaLocal = text
        return str(target.getFormula())

    def save(self, path: str, target: str) -> None:
        """Save a document as a file of another kind, which its suffix names."""
        from com.sun.star.beans import PropertyValue  # noqa: PLC0415

        kind = PropertyValue("FilterName", 0, FILTERS[target.rpartition(".")[2]], 0)
        self.documents[path].storeToURL(Path(target).as_uri(), (kind,))

    def wizard(self, name: str) -> dict[str, Any]:
        """Return what the function wizard shows of a function."""
        descriptions = self.create("com.sun.star.sheet.FunctionDescriptions")
        found = {entry.Name: entry.Value for entry in descriptions.getByName(name)}
        arguments = [[a.Name, a.Description] for a in found["Arguments"] or ()]
        return {"category": found["Category"], "description": found["Description"], "arguments": arguments}

    def basic(self, path: str, calls: list[tuple[str, str, list[Any]]]) -> list[Any]:
        """Call functions of a workbook's own VBA."""
        scripts = self.documents[path].getScriptProvider()
        script = "vnd.sun.star.script:VBAProject.{}.{}?language=Basic&location=document"
        return [scripts.getScript(script.format(m, f)).invoke(tuple(a), (), ())[0] for m, f, a in calls]

    def modules(self, path: str) -> list[str]:
        """Name the modules of a workbook's own VBA."""
        return list(self.documents[path].BasicLibraries.getByName("VBAProject").getElementNames())

    def version(self) -> str:
        """Return the version of LibreOffice."""
        from com.sun.star.beans import PropertyValue  # noqa: PLC0415

        where = PropertyValue("nodepath", 0, "/org.openoffice.Setup/Product", 0)
        provider = self.create("com.sun.star.configuration.ConfigurationProvider")
        access = provider.createInstanceWithArguments("com.sun.star.configuration.ConfigurationAccess", (where,))
        return str(access.getByName("ooSetupVersion"))

    def _range(self, path: str, sheet: str, cells: str) -> Any:
        sheets = self.documents[path].Sheets
        return (sheets.getByName(sheet) if sheet else sheets.getByIndex(0)).getCellRangeByName(cells)

    def create(self, service: str) -> Any:
        """Make an object of a service."""
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)


def main(program: str, folder: Path, extensions: str) -> None:
    """Start an office, answer until the input ends, and end it."""
    pipe = f"xlgenai{os.getpid()}"
    places = {"UserInstallation": folder / "profile", "BUNDLED_EXTENSIONS": Path(extensions)}
    options = [f"-env:{name}={place.as_uri()}" for name, place in places.items()]
    command = [program, *options, "--headless", "--norestore"]
    silent: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([*command, "--terminate_after_init"], check=False, **silent)
    listening = ["--nologo", "--nodefault", "--nolockcheck", f"--accept=pipe,name={pipe};urp;"]
    with subprocess.Popen([*command, *listening], **silent) as office:
        try:
            worker = Worker(connect(pipe))
            print(json.dumps({"ok": "ready"}), flush=True)
            for line in sys.stdin:
                waiting = in_main_thread(worker, partial(answer, worker, *json.loads(line)))
                while not waiting.done.wait(0.02):
                    if office.poll() is not None:
                        return
                if not waiting.answer:
                    return
                print(json.dumps(waiting.answer), flush=True)
        finally:  # the office is a process of its own below the one that was started
            os.killpg(0, signal.SIGKILL)


def connect(pipe: str) -> Any:
    """Return the context of the office, once it listens."""
    import uno  # noqa: PLC0415

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.05)


def in_main_thread(worker: Worker, carry_out: Callable[[], dict[str, Any]]) -> Any:
    """Let the office carry out a command where it does what a user asks: its Python is twice as fast there.

    What a call from there calls in turn stays in that thread.
    """
    import unohelper  # noqa: PLC0415
    from com.sun.star.awt import XCallback  # noqa: PLC0415

    class Callback(unohelper.Base, XCallback):  # type: ignore[misc] # nobody has types for them
        def __init__(self) -> None:
            self.done = threading.Event()
            self.answer: dict[str, Any] = {}

        def notify(self, _data: Any) -> None:
            try:
                self.answer = carry_out()
            finally:
                self.done.set()

    waiting = Callback()
    worker.create("com.sun.star.awt.AsyncCallback").addCallback(waiting, None)
    return waiting


def answer(worker: Worker, name: str, *arguments: Any) -> dict[str, Any]:
    """Carry out one command; what goes wrong is an answer too, but for the end of the office."""
    try:
        return {"ok": getattr(worker, name)(*arguments)}
    except Exception as error:
        if type(error).__name__.endswith("DisposedException"):
            return {}
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
