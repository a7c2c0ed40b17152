"""The VBA module through which Excel calls our functions: one wrapper for each, as xlwings' own import writes them.

Two things differ from what xlwings writes: what Python returns passes through `XlgenaiResult`, which turns the text of
an error into the error itself, and a failure shows as ``#VALUE!`` with its reason in the log, not as text in the cell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from xlgenai.errors import FunctionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlgenai.cells.function import Function

MODULE: Final = "xlwings_udfs"
"""The name that xlwings gives its own, so that its command "Import Functions" replaces this one."""
CODE_PAGE: Final = "cp1252"
CATEGORY_NUMBER: Final = 20
"""The first category after those of Excel's own."""
LEGAL: Final = re.compile(r"[A-Za-z]\w{0,254}", re.ASCII)
MOST_ARGUMENTS: Final = 60
RESERVED: Final = frozenset(
    """addressof and any as attribute base boolean byref byte byval call case cbool cbyte ccur cdate cdbl cdec cint
    clng clnglng clngptr close compare const csng cstr currency cvar cverr date debug decimal declare defbool dim do
    double each else elseif empty end endif enum eqv erase error event exit explicit false fix for friend function get
    global gosub goto if imp implements in input int integer is len let lib like line lock long longlong longptr loop
    lset me mod module new next not nothing null object on open option optional or paramarray preserve print private
    property public put raiseevent redim rem resume return rset seek select set sgn single spc static step stop string
    sub tab text then to true type typeof unlock until variant wend while width with withevents write xor""".split()  # noqa: SIM905 - so many words read better as text
)
"""Words that VBA keeps for itself."""

HEAD: Final = f"""Attribute VB_Name = "{MODULE}"
'Written by xlgenai. "Import Functions" of the xlwings tab replaces this module, and errors are text then.
#Const App = "Microsoft Excel" 'Adjust when using outside of Excel
"""
WRAPPER: Final = """Function {name}({signature})
Attribute {name}.VB_Description = "{description}"
Attribute {name}.VB_ProcData.VB_Invoke_Func = " \\n{category}"
#If App = "Microsoft Excel" Then
    If TypeOf Application.Caller Is Range Then On Error GoTo failed
    {name} = XlgenaiResult(XLPy.CallUDF("{home}", "{python_name}", {arguments}, ThisWorkbook, Application.Caller))
    Exit Function
#Else
    {name} = XlgenaiResult(XLPy.CallUDF("{home}", "{python_name}", {arguments}))
    Exit Function
#End If
failed:
    {name} = XlgenaiFailure("{name}", Err.Description)
End Function
"""


def wrapper_module(functions: Iterable[Function]) -> str:
    """Write the module with a wrapper for every function.

    Parameters
    ----------
    functions : iterable of Function
        In the order in which they are to stand.

    Returns
    -------
    str
        The source, lines ending in a line feed.

    Raises
    ------
    FunctionError
        When VBA cannot take a name, or as many arguments.
    """
    return "\n".join([HEAD, *(_wrapper(function) for function in functions)])


def _wrapper(function: Function) -> str:
    if not LEGAL.fullmatch(function.name) or function.name.lower() in RESERVED:
        raise FunctionError(f"{function.name} cannot be a function of VBA: rename it with letters, digits and _.")
    if function.max_args > MOST_ARGUMENTS:
        raise FunctionError(f"{function.name} has {function.max_args} arguments, but VBA takes {MOST_ARGUMENTS}.")
    names = [_argument(function, parameter.name) for parameter in function.parameters]
    optional = ["" if parameter.required else "Optional " for parameter in function.parameters]
    return WRAPPER.format(
        name=function.name,
        signature=", ".join(f"{mark}{name}" for mark, name in zip(optional, names, strict=True)),
        description=_literal(function.summary),
        category=CATEGORY_NUMBER,
        home=function.home,
        python_name=function.call.__name__,
        arguments=f"Array({', '.join(names)})",
    )


def _argument(function: Function, name: str) -> str:
    """The name of an argument; one that VBA keeps for itself gets a mark, as it is only shown in the wizard."""
    if not LEGAL.fullmatch(name):
        raise FunctionError(f"{function.name} has the argument {name!r}, which VBA cannot take: begin with a letter.")
    return f"{name}_" if name.lower() in RESERVED else name


def _literal(text: str) -> str:
    """Write a text between quotes, without what the code page of VBA lacks."""
    return text.encode(CODE_PAGE, "replace").decode(CODE_PAGE).replace('"', '""')
