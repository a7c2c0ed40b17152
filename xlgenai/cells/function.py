"""The record of a cell function, read from a Python function's signature and its numpydoc docstring."""

from __future__ import annotations

import inspect
import re
import textwrap
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import docstring_parser

from xlgenai.errors import FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable

ERRORS: Final = frozenset({"#DIV/0!", "#NUM!", "#N/A", "#VALUE!"})
"""What a cell may show outside of a function's domain."""
HELP_LIMIT: Final = 255
"""Excel's function wizard cuts every help text here."""


class Kind(Enum):
    """How a parameter takes its argument; the words are those of a numpydoc type."""

    ARRAY = "array_like"  # element by element, all elements in one call
    NUMBER = "float"  # element by element, one call an element
    INTEGER = "int"
    FLAG = "bool"
    TEXT = "str"
    DATE = "date"  # a text stays a text, a date may arrive as its serial number
    VECTOR = "sequence"  # the whole range at once, blanks skipped
    TABLE = "table"  # the whole range at once, header row and texts included

    __hash__ = object.__hash__  # Enum's own is written in Python, and each argument of each call is looked up by it


WHOLE: Final = frozenset({Kind.VECTOR, Kind.TABLE})
"""The kinds that take a range as one argument; all others are broadcast over."""
ONE_NUMBER: Final = frozenset({Kind.ARRAY, Kind.NUMBER})
"""The kinds that a plain number needs no reading for."""


@dataclass(frozen=True)
class Parameter:
    """One argument of a cell function.

    Attributes
    ----------
    name : str
        Name in Python, in the wizard and in the twin formula.
    kind : Kind
        How the argument is read from cells.
    help : str
        First sentence of its description: what the wizard shows.
    description : str
        The whole description.
    required : bool
        Whether a formula must give it.
    default : object
        What stands when it is left out.
    table : str or None
        The workbook's own table that stands when it is left out, for a parameter of type ``table NAME``.
    """

    name: str
    kind: Kind
    help: str
    description: str
    required: bool
    default: object = None
    table: str | None = None


@dataclass(frozen=True)
class Function:
    """One economic quantity as a cell function; everything a host shows about it is derived from here.

    Attributes
    ----------
    name : str
        Name in Excel: the Python name in capitals.
    call : callable
        The Python function itself.
    parameters : tuple of Parameter
        In the order of the formula.
    summary : str
        What the quantity is, in one line.
    description : str
        The rest of the meaning.
    twin : str
        The same quantity as a plain spreadsheet formula in terms of its arguments; empty when none was given.
    domain : tuple of (str, str)
        Conditions, joined by ``and``, that the arguments must meet for the formula, and the error where they do not.
    returns, notes, references : str
        The docstring's sections of these names.
    examples : tuple of str
        The docstring's examples, each as it stands.
    module : str
        Where the function was defined.
    home : str
        The module that Excel's setting UDF MODULES names for it; empty until it has been loaded from one.
    """

    name: str
    call: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    summary: str
    description: str
    twin: str
    domain: tuple[tuple[str, str], ...]
    returns: str
    notes: str
    references: str
    examples: tuple[str, ...]
    module: str
    home: str = ""

    @property
    def min_args(self) -> int:
        """How many arguments a formula must give."""
        return sum(parameter.required for parameter in self.parameters)

    @property
    def max_args(self) -> int:
        """How many arguments a formula may give."""
        return len(self.parameters)

    @cached_property
    def takes_numbers(self) -> bool:
        """Whether each argument stands for one number."""
        return all(parameter.kind in ONE_NUMBER for parameter in self.parameters)

    @property
    def syntax(self) -> str:
        """The call as Excel's help writes it, optional arguments in brackets."""
        names = (p.name if p.required else f"[{p.name}]" for p in self.parameters)
        return f"{self.name}({', '.join(names)})"


def describe(function: Callable[..., Any]) -> Function:
    """Read the record of a cell function from a Python function.

    Parameters
    ----------
    function : callable
        With plain positional parameters and a numpydoc docstring that documents each of them.

    Returns
    -------
    Function
        Its record.

    Raises
    ------
    FunctionError
        When the signature or the docstring cannot serve a cell.
    """
    name = function.__name__
    parsed = docstring_parser.parse(inspect.getdoc(function) or "", docstring_parser.DocstringStyle.NUMPYDOC)
    if not parsed.short_description:
        raise FunctionError(f"{name} has no docstring: its first line is the help that Excel shows, so write one.")
    description, twin = _split_block(parsed.long_description or "", "Formula")
    description, domain = _split_block(description, "Domain")
    sections = {meta.args[0]: meta.description or "" for meta in parsed.meta if len(meta.args) == 1}
    return Function(
        name=name.upper(),
        call=function,
        parameters=tuple(
            _parameter(name, parameter, {p.arg_name: p for p in parsed.params})
            for parameter in inspect.signature(function).parameters.values()
        ),
        summary=_cut(parsed.short_description),
        description=description,
        twin=twin,
        domain=tuple(_condition(name, line) for line in domain.splitlines()),
        returns=(parsed.returns.description or "") if parsed.returns else "",
        notes=sections.get("notes", ""),
        references=sections.get("references", ""),
        examples=tuple("\n".join(filter(None, (e.snippet, e.description))).strip() for e in parsed.examples),
        module=function.__module__,
    )


def _parameter(function: str, signature: inspect.Parameter, documented: dict[str, Any]) -> Parameter:
    name = signature.name
    if signature.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD:
        raise FunctionError(
            f"{function} has the parameter {name}, but a cell can only give plain positional arguments."
        )
    if name == "caller":
        raise FunctionError(
            f"{function} has a parameter called caller, a name that xlwings keeps for itself: rename it."
        )
    if name not in documented:
        raise FunctionError(f"{function} does not document its parameter {name}: add it under Parameters.")
    entry = documented[name]
    kind, table = _kind(function, name, entry.type_name or "")
    text = " ".join((entry.description or "").split())
    required = signature.default is inspect.Parameter.empty
    return Parameter(
        name=name,
        kind=kind,
        help=_cut(re.split(r"(?<=\.)\s", text, maxsplit=1)[0]),
        description=text,
        required=required,
        default=None if required else signature.default,
        table=table,
    )


def _kind(function: str, name: str, words: str) -> tuple[Kind, str | None]:
    kinds = {kind.value: kind for kind in Kind}
    found = [kinds[word] for word in re.findall(r"\w+", words) if word in kinds]
    if not found:
        known = ", ".join(kinds)
        raise FunctionError(f"{function}: the type of {name} is {words!r}; a cell function knows {known}.")
    table = re.match(r"table (\w+)", words)
    kind = Kind.DATE if Kind.DATE in found else found[0]
    return kind, table[1] if table else None


def _condition(function: str, line: str) -> tuple[str, str]:
    condition, word, error = line.strip().rpartition(" else ")
    if not word or error not in ERRORS:
        raise FunctionError(f"{function} has the domain {line.strip()!r}: write CONDITION and CONDITION else #NUM!.")
    return condition, error


def _split_block(text: str, title: str) -> tuple[str, str]:
    """Part the literal block after ``Formula::`` or another title from the rest of the description."""
    block = re.search(rf"^{title}::[ \t]*\n\s*?\n((?:[ \t]+\S.*\n?|[ \t]*\n)+)", text, re.MULTILINE)
    if not block:
        return text.strip(), ""
    rest = text[: block.start()] + text[block.end() :]
    return rest.strip(), textwrap.dedent(block[1]).strip()


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= HELP_LIMIT else text[: HELP_LIMIT - 1].rstrip() + "…"
