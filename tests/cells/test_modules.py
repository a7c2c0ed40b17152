"""Loading the modules that hold cell functions: the standard one, and a user's own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from xlgenai.cells.boundary import call
from xlgenai.cells.modules import STANDARD, load_functions
from xlgenai.errors import FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STANDARD_NAMES = set(load_functions())
SOURCE = '''
"""A user's own functions."""
from dataclasses import dataclass
from xlgenai.cells.expose import function

@dataclass
class Terms:
    price: "float"

@function
def {name}(price, saving):
    """{summary}

    Parameters
    ----------
    price : float
        What it costs.
    saving : float
        What it saves in a year.
    """
    return Terms(price).price / saving
'''


@pytest.fixture(autouse=True)
def _modules_as_before() -> Iterator[None]:
    before = dict(sys.modules)
    yield
    for name in set(sys.modules) - set(before):
        del sys.modules[name]
    sys.modules.update(before)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    def write_module(name: str = "payback", summary: str = "Years until it is paid.", file: str = "own.py") -> str:
        path = tmp_path / file
        path.write_text(SOURCE.format(name=name, summary=summary), encoding="utf-8")
        return str(path)

    return write_module


def test_the_standard_functions() -> None:
    assert len(STANDARD_NAMES) == 17


def test_a_file_of_the_users_own(write: Callable[..., str]) -> None:
    functions = load_functions([write()])
    assert set(functions) == STANDARD_NAMES | {"PAYBACK"}
    assert call(functions["PAYBACK"], [[[90.0], [1.0]], 30.0]) == [[3.0], [1 / 30]]


def test_a_module_of_the_users_own(write: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file="own_cell_functions.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert set(load_functions(["own_cell_functions"])) == STANDARD_NAMES | {"PAYBACK"}


def test_a_later_module_replaces_an_earlier_function(write: Callable[..., str]) -> None:
    first = write("net_margin", "The first.", "first.py")
    second = write("net_margin", "The second.", "second.py")
    assert load_functions([first, second])["NET_MARGIN"].summary == "The second."
    assert load_functions([second, first])["NET_MARGIN"].summary == "The first."
    assert set(load_functions([first])) == STANDARD_NAMES


@pytest.mark.parametrize("file", ["udfs.py", "json.py", "numpy.py"])
def test_a_file_never_stands_in_for_an_installed_module(write: Callable[..., str], file: str) -> None:
    path = write(file=file)
    module = sys.modules.get(path.removesuffix(".py"))
    assert set(load_functions([path])) == STANDARD_NAMES | {"PAYBACK"}
    assert sys.modules.get(path.removesuffix(".py")) is module
    assert set(load_functions()) == STANDARD_NAMES


def test_a_file_is_read_anew_each_time(write: Callable[..., str]) -> None:
    assert load_functions([write(summary="Old.")])["PAYBACK"].summary == "Old."
    assert load_functions([write(summary="Newer.")])["PAYBACK"].summary == "Newer."


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FunctionError, match=r"There is no Python file .*nowhere\.py"):
        load_functions([str(tmp_path / "nowhere.py")])


def test_a_missing_module() -> None:
    with pytest.raises(FunctionError, match="The module no_such_module could not be loaded: No module named"):
        load_functions(["no_such_module"])


@pytest.mark.parametrize("source", ["def broken(:\n", "1 / 0\n", "import no_such_module\n", "raise OSError('disk')\n"])
def test_a_file_that_cannot_be_run(tmp_path: Path, source: str) -> None:
    (tmp_path / "broken.py").write_text(source, encoding="utf-8")
    with pytest.raises(FunctionError, match=r"broken\.py could not be loaded"):
        load_functions([str(tmp_path / "broken.py")])


def test_a_module_that_cannot_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_cell_functions.py").write_text("def broken(:\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(FunctionError, match="The module broken_cell_functions could not be loaded: invalid syntax"):
        load_functions(["broken_cell_functions"])


def test_a_module_without_a_function(tmp_path: Path) -> None:
    path = tmp_path / "empty.py"
    path.write_text("def plain(x):\n    return x\n", encoding="utf-8")
    with pytest.raises(FunctionError, match=r"empty\.py has no cell function: put @xlgenai\.function above one"):
        load_functions([str(path)])


def test_a_function_that_cannot_serve_a_cell_says_why(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text("from xlgenai.cells.expose import function\n@function\ndef f(x): return x\n", encoding="utf-8")
    with pytest.raises(FunctionError, match="f has no docstring"):
        load_functions([str(path)])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ab12", "AB12 is the address of a cell"),
        ("q4", "Q4 is the address of a cell"),
        ("sum", "SUM is the name of a function that Excel has already"),
        ("irr", "IRR is the name"),
        ("xlookup", "XLOOKUP is the name"),
    ],
)
def test_a_name_that_excel_would_read_otherwise(write: Callable[..., str], name: str, words: str) -> None:
    with pytest.raises(FunctionError, match=words):
        load_functions([write(name)])


def test_the_standard_module_is_named_as_xlwings_names_it() -> None:
    assert STANDARD == "udfs"
