"""The reference of the cell functions and of the rules, derived from their records: as text, Markdown or JSON."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from typing import TYPE_CHECKING

from xlgenai.cells.modules import load_functions
from xlgenai.cells.twins import typed_lambda
from xlgenai.checks.rules import RULES
from xlgenai.errors import InputError
from xlgenai.model.anchors import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlgenai.cells.function import Function, Parameter

HEAD = """# Functions

Type them in a cell like any function of Excel. Ratios, shares and rates are decimals (0.25), shown as percent; money is
in one unit throughout a formula. A range in the place of a single number gives one result for each cell. A zero
denominator is `#DIV/0!`, any other value outside the domain `#NUM!`, text where a number belongs `#VALUE!`, something
that does not exist `#N/A`, each only in the cell concerned. This page is generated from the functions by
`xlgenai functions --format markdown`.
"""

RULES_HEAD = """# Rules of the check

`xlgenai check FILE` holds a workbook against these rules. `L` rules compare it with the model that it carries, `F`
rules hold for any workbook. An error means that a number may be wrong, a warning that the workbook is harder to trust
or to read. This page is generated from the rules by `xlgenai rules --format markdown`.
"""


def show(name: str | None, output: str, modules: Iterable[str] = ()) -> str:
    """Describe one function, or all of them.

    Parameters
    ----------
    name : str or None
        A function's name in any case; None for all.
    output : {"text", "markdown", "json", "lambda"}
        The form; ``lambda`` is what to paste into Excel's name manager.
    modules : iterable of str, optional
        Further modules with cell functions.

    Returns
    -------
    str
        The description.

    Raises
    ------
    InputError
        When there is no such function; the nearest names are offered.
    """
    functions = load_functions(modules)
    if name is not None and name.upper() not in functions:
        raise InputError(f"There is no function {name!r}; {nearest(name.upper(), functions)}")
    chosen = [functions[name.upper()]] if name else list(functions.values())
    if output == "json":
        return json.dumps([_record(function) for function in chosen], indent=1)
    if output == "lambda":
        return "\n\n".join(f"{function.name}\n{typed_lambda(function)}" for function in chosen)
    if output == "markdown":
        pages = "\n".join(_markdown(function) for function in chosen)
        return pages if name else f"{HEAD}\n{_contents(chosen)}\n{pages}"
    return _text(chosen[0]) if name else "\n".join(f"{f.syntax}\n    {f.summary}" for f in chosen)


def _record(function: Function) -> dict[str, object]:
    fields = {k: v for k, v in dataclasses.asdict(function).items() if k not in {"call", "parameters", "home"}}
    parameters = [
        {
            "name": p.name,
            "type": p.kind.value,
            "required": p.required,
            "default": p.default,
            "table": p.table,
            "description": p.description,
        }
        for p in function.parameters
    ]
    return {**fields, "syntax": function.syntax, "parameters": parameters}


def _text(function: Function) -> str:
    lines = [function.syntax, "", *textwrap.wrap(function.summary, 100)]
    lines += ["", *textwrap.wrap(" ".join(function.description.split()), 100)] if function.description else []
    if function.twin:
        lines += ["", "The same as a plain formula:", textwrap.indent(function.twin, "    ")]
    lines.append("")
    for parameter in function.parameters:
        text = f"{parameter.name}: {parameter.description}{_default(parameter)}"
        lines += textwrap.wrap(text, 100, initial_indent="  ", subsequent_indent="      ")
    for title, text in (("Returns", function.returns), ("Notes", function.notes), ("Source", function.references)):
        if text:
            lines += ["", *textwrap.wrap(f"{title}: {' '.join(text.split())}", 100)]
    return "\n".join(lines)


def _optional(parameter: Parameter) -> str:
    return "" if parameter.required else "optional"


def _default(parameter: Parameter) -> str:
    if parameter.required or "Default" in parameter.description or "left out" in parameter.description.lower():
        return ""
    return f" Left out: {parameter.default}."


def _contents(functions: list[Function]) -> str:
    rows = [f"| [`{f.name}`](#{f.name.lower()}) | {f.summary} |" for f in functions]
    return "\n".join(["| function | what it gives |", "|---|---|", *rows, ""])


def _markdown(function: Function) -> str:
    parts = [f"## {function.name}", f"`{function.syntax}`", function.summary]
    if function.description:
        parts.append(" ".join(function.description.split()))
    if function.twin:
        parts.append(f"The same as a plain formula:\n\n```text\n{function.twin}\n```")
    rows = [
        f"| `{p.name}` | {'' if p.required else 'optional'} | {p.description}{_default(p)} |"
        for p in function.parameters
    ]
    parts.append("\n".join(["| argument | | meaning |", "|---|---|---|", *rows]))
    for title, text in (("Returns", function.returns), ("Notes", function.notes), ("Source", function.references)):
        if text:
            parts.append(f"**{title}.** {' '.join(text.split())}")
    if function.examples:
        parts.append("In Python:\n\n```python\n" + "\n".join(function.examples) + "\n```")
    return "\n\n".join(parts) + "\n"


def show_rules(rule_id: str | None, output: str) -> str:
    """Describe one rule of the check, or all of them.

    Parameters
    ----------
    rule_id : str or None
        Such as ``L103``, in any case; None for all.
    output : {"text", "markdown"}
        The form.

    Returns
    -------
    str
        The description.

    Raises
    ------
    InputError
        When there is no such rule.
    """
    known = {rule.id: rule for rule in RULES}
    if rule_id is not None and rule_id.upper() not in known:
        raise InputError(f"There is no rule {rule_id!r}; {nearest(rule_id.upper(), known)}")
    chosen = [known[rule_id.upper()]] if rule_id else list(known.values())
    if output == "markdown":
        pages = "\n".join(
            f"## {rule.id} {rule.name}\n\n*{rule.severity}.* {rule.what}\n\n{rule.why}\n\n**Mend it.** {rule.mend}\n"
            for rule in chosen
        )
        return pages if rule_id else f"{RULES_HEAD}\n{pages}"
    return "\n".join(f"{r.id} {r.name} ({r.severity})\n    {r.what} {r.why}\n    {r.mend}" for r in chosen)
