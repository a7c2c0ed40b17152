"""The package as a script meets it: nothing is loaded before it is used, everything that is named is there."""

from __future__ import annotations

import subprocess
import sys

import pytest

import xlgenai

LIBRARIES = ("numpy", "pandas", "pandera", "openpyxl", "lxml", "formualizer", "xlwings", "pypdfium2", "PIL")
HEAVY = (*LIBRARIES, "typer", "rich", "pydantic")


def test_importing_loads_nothing_heavy() -> None:
    code = f"import sys, xlgenai; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys, xlgenai.cli; print([name for name in {LIBRARIES!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", xlgenai.__all__)
def test_every_name_is_there_and_documented(name: str) -> None:
    found = getattr(xlgenai, name)
    assert isinstance(found, str) or found.__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'biuld'"):
        getattr(xlgenai, "biuld")  # noqa: B009
