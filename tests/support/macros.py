"""Run the VBA of a workbook in LibreOffice: a script for the Python that comes with its bridge.

Called with the workbook and a profile; reads a list of calls from its input, each ``[module, function, arguments]``,
and writes the answers, and the modules that LibreOffice imported, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PATIENCE = 150
"""Seconds until an office that does not answer is given up."""


def main(workbook: Path, profile: Path) -> None:
    """Start an office on a pipe of its own, ask it, and end it."""
    pipe = f"xlgenai{os.getpid()}"
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
    with subprocess.Popen(
        [*command, f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as office:
        try:
            signal.alarm(PATIENCE)
            answers = ask(connect(pipe), workbook, json.load(sys.stdin))
            print(json.dumps(answers))
        finally:
            os.killpg(office.pid, signal.SIGKILL)


def connect(pipe: str) -> Any:
    """Return the desktop of the office, once it listens."""
    import uno  # noqa: PLC0415 - only the system's Python has it

    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", context)
    while True:
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            time.sleep(0.1)


def ask(desktop: Any, workbook: Path, calls: list[tuple[str, str, list[Any]]]) -> dict[str, Any]:
    """Open a workbook with its macros allowed, and call them."""
    from com.sun.star.beans import PropertyValue  # noqa: PLC0415

    always = 4  # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN
    options = (PropertyValue("Hidden", 0, True, 0), PropertyValue("MacroExecutionMode", 0, always, 0))
    document = desktop.loadComponentFromURL(workbook.as_uri(), "_blank", 0, options)
    library = document.BasicLibraries.getByName("VBAProject")
    scripts = document.getScriptProvider()

    def call(module: str, function: str, arguments: list[Any]) -> Any:
        script = f"vnd.sun.star.script:VBAProject.{module}.{function}?language=Basic&location=document"
        return scripts.getScript(script).invoke(tuple(arguments), (), ())[0]

    return {
        "modules": list(library.getElementNames()),
        "answers": [call(module, function, arguments) for module, function, arguments in calls],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
