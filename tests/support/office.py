"""Run LibreOffice without a screen: a profile of its own for each run, and an end even where it would never end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest

SOFFICE: Final = shutil.which("soffice")
LONGEST: Final = 90
"""Seconds until a conversion counts as hanging."""
needs_office: Final = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")

ALWAYS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""The setting that makes Calc calculate every formula of a file, whoever wrote it."""


def convert(source: Path, kind: str, folder: Path) -> Path:
    """Let LibreOffice open a workbook, calculate all of it, and save it as another kind of file.

    Parameters
    ----------
    source : Path
        The workbook.
    kind : str
        ``xlsx`` or ``pdf``.
    folder : Path
        Where the result goes; not the folder of the source.

    Returns
    -------
    Path
        The result, which exists: LibreOffice itself reports success also when it failed.
    """
    with TemporaryDirectory(prefix="office") as profile:
        settings = Path(profile, "user", "registrymodifications.xcu")
        settings.parent.mkdir()
        settings.write_text(ALWAYS, encoding="utf-8")
        command = [
            str(SOFFICE),
            f"-env:UserInstallation={Path(profile).as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--convert-to", kind, "--outdir", str(folder), str(source)),
        ]
        said = _run(command)
    result = folder / f"{source.stem}.{kind}"
    assert result.is_file(), f"LibreOffice made no {result.name}: {said}"
    return result


def _run(command: list[str]) -> str:
    """Run a program with all that it starts as one group, so that all of it can be ended."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            return process.communicate(timeout=LONGEST)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"LibreOffice took more than {LONGEST} seconds")
