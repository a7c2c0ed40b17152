"""The wrappers, held against those that xlwings itself generates for the same functions."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from xlgenai.cells.function import describe
from xlgenai.editions.wrappers import wrapper_module
from xlgenai.errors import FunctionError

if TYPE_CHECKING:
    from xlgenai.cells.function import Function

ROOT = Path(__file__).parents[2]
HOST = ROOT / "tests" / "support" / "classic.py"
CALL = re.compile(
    r'^\s*(\w+) = (XlgenaiResult\()?XLPy\.CallUDF\("(\w+)", "(\w+)", (Array\([\w, ]*\))'
    r"(, ThisWorkbook, Application\.Caller)?\)\)?$"
)


@dataclass(frozen=True)
class Wrapper:
    """What a wrapper is: its arguments, and its calls in Excel and elsewhere."""

    arguments: str
    calls: tuple[tuple[str, str, str, bool], ...]


def read(source: str) -> dict[str, Wrapper]:
    """Read the wrappers of a module, whoever wrote it."""
    found = {}
    for name, arguments, body in re.findall(r"^Function (\w+)\((.*?)\)\s*$(.*?)^End Function", source, re.M | re.S):
        calls = [match for line in body.splitlines() if (match := CALL.match(line.rstrip()))]
        assert {match[1].upper() for match in calls} == {name.upper()}
        found[name.upper()] = Wrapper(arguments, tuple((m[3], m[4], m[5], bool(m[6])) for m in calls))
    return found


@pytest.fixture(scope="module")
def theirs() -> str:
    """The module that xlwings' own Windows code generates."""
    command = [sys.executable, str(HOST)]
    done = subprocess.run(command, input=pickle.dumps([]), capture_output=True, cwd=ROOT, check=True)
    source: str = pickle.loads(done.stdout)["vba"]
    return source


def test_xlwings_generates_the_same_functions_arguments_and_calls(theirs: str, sources: dict[str, str]) -> None:
    ours = read(sources["xlwings_udfs"])
    assert len(ours) == 17
    assert ours == read(theirs)


def test_only_what_python_returns_and_what_a_failure_shows_differ(theirs: str, sources: dict[str, str]) -> None:
    def statements(source: str) -> list[str]:
        code = "\n".join(
            line.strip() for line in source.splitlines() if not line.strip().startswith(("Attribute", "'"))
        )
        named = re.sub(r"\b[a-z_]+(?= = |\()", lambda match: match[0].upper(), code)
        return sorted(line for line in named.splitlines() if line and not line.startswith("#Const"))

    def as_xlwings_has_it(line: str) -> str:
        line = re.sub(r"XLGENAIRESULT\((.*)\)$|XlgenaiResult\((.*)\)$", lambda m: m[1] or m[2], line)
        return re.sub(r"(\w+) = XlgenaiFailure\(.*\)$", r"\1 = Err.Description", line)

    ours = sorted(as_xlwings_has_it(line) for line in statements(sources["xlwings_udfs"]))
    differing = [(a, b) for a, b in zip(ours, statements(theirs), strict=True) if a.casefold() != b.casefold()]
    assert differing == []


def test_each_function_says_what_it_is_as_excel_stores_it(
    sources: dict[str, str], functions: dict[str, Function]
) -> None:
    source = sources["xlwings_udfs"]
    for name, function in functions.items():
        shown = re.search(rf'^Attribute {name}\.VB_Description = "(.*)"\r?$', source, re.M)
        assert shown is not None
        assert shown[1].replace('""', '"') == function.summary
        assert rf'Attribute {name}.VB_ProcData.VB_Invoke_Func = " \n20"' in source


def test_no_line_is_longer_than_vba_takes(sources: dict[str, str]) -> None:
    assert max(len(line) for line in sources["xlwings_udfs"].splitlines()) <= 1023


def record(source: str, home: str = "mine") -> Function:
    scope: dict[str, object] = {}
    exec(source, scope)
    made: Any = next(value for value in scope.values() if isinstance(value, FunctionType))
    return replace(describe(made), home=home)


PLAIN = '''
def {name}({argument}):
    """He said "{text}".

    Parameters
    ----------
    {argument} : float
        A number.
    """
'''


def test_a_function_of_ones_own_is_called_in_its_own_module() -> None:
    module = wrapper_module([record(PLAIN.format(name="payback", argument="price", text="so"))])
    assert read(module) == {
        "PAYBACK": Wrapper(
            "price", (("mine", "payback", "Array(price)", True), ("mine", "payback", "Array(price)", False))
        )
    }
    assert 'VB_Description = "He said ""so""."' in module


def test_an_argument_that_vba_keeps_for_itself_gets_a_mark() -> None:
    module = wrapper_module([record(PLAIN.format(name="payback", argument="next", text="so"))])
    assert "Function PAYBACK(next_)" in module
    assert "Array(next_)" in module


def test_a_letter_that_the_code_page_lacks_becomes_a_question_mark() -> None:
    module = wrapper_module([record(PLAIN.format(name="payback", argument="price", text="≥ é"))])
    assert 'VB_Description = "He said ""? é""."' in module


@pytest.mark.parametrize(
    ("name", "argument", "message"),
    [
        ("select", "price", r"^SELECT cannot be a function of VBA: rename it with letters, digits and _\.$"),
        ("größe", "price", r"^GRÖSSE cannot be a function of VBA"),
        ("payback", "_price", r"^PAYBACK has the argument '_price', which VBA cannot take: begin with a letter\.$"),
    ],
)
def test_a_name_that_vba_cannot_take_is_refused(name: str, argument: str, message: str) -> None:
    with pytest.raises(FunctionError, match=message):
        wrapper_module([record(PLAIN.format(name=name, argument=argument, text="so"))])


def test_more_arguments_than_vba_takes_are_refused() -> None:
    names = [f"a{number}" for number in range(61)]
    documented = "\n    ".join(f"{name} : float\n        A number." for name in names)
    made = record(
        f'def many({", ".join(names)}):\n    """Many.\n\n    Parameters\n    ----------\n    {documented}\n    """'
    )
    with pytest.raises(FunctionError, match=r"^MANY has 61 arguments, but VBA takes 60\.$"):
        wrapper_module([made])
