"""What the extension's component asks for: every function as Calc calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai._version import __version__
from xlgenai.cells.calc import callback
from xlgenai.cells.failure_log import keep_failures
from xlgenai.cells.modules import load_functions
from xlgenai.editions.libreoffice.stand_ins import STAND_INS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xlgenai.cells.calc import Rows


def serve(modules: Iterable[str]) -> tuple[dict[str, Callable[..., Rows]], str]:
    """Return what Calc calls, by the name of the function, and a word on what that is.

    Parameters
    ----------
    modules : iterable of str
        Further modules with functions, as `xlgenai.cells.modules.load_functions` takes them.

    Returns
    -------
    dict of str to callable
        One for each function, and for each of Excel's that Calc lacks.
    str
        The version of xlgenai, and how many functions there are.
    """
    keep_failures()
    functions = load_functions(modules)
    called = {name: callback(function) for name, function in {**functions, **STAND_INS}.items()}
    return called, f"xlgenai {__version__}, {len(functions)} functions"
