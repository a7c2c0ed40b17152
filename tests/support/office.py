"""The LibreOffice of this machine, for tests that need a real one."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

import pytest

from xlgenai.operations.office import running
from xlgenai.operations.office.program import find_office

if TYPE_CHECKING:
    from pathlib import Path

OFFICE: Final = find_office(sys.platform, os.environ)
needs_office: Final = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")

ALWAYS: Final = """<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
"""
"""The setting that makes Calc calculate every formula of a file, whoever wrote it."""


def convert(source: Path, kind: str, folder: Path) -> Path:
    """Let LibreOffice open a workbook, calculate all of it, and save it as another kind of file."""
    assert OFFICE is not None
    return running.convert(OFFICE, source, kind, folder, settings=ALWAYS, patience=90)
