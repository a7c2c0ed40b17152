"""What the extension's component asks for: every function as Calc calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlgenai.cells.calc import callback
from xlgenai.cells.failure_log import keep_failures
from xlgenai.cells.modules import load_functions
from xlgenai.editions.libreoffice.stand_ins import STAND_INS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xlgenai.cells.calc import Rows


def callbacks(modules: Iterable[str]) -> dict[str, Callable[..., Rows]]:
    """Return what Calc calls, by the name of the function.

    Parameters
    ----------
    modules : iterable of str
        Further modules with functions, as `xlgenai.cells.modules.load_functions` takes them.

    Returns
    -------
    dict of str to callable
        One for each function, and for each that Calc lacks of Excel's.
    """
    keep_failures()
    return {name: callback(function) for name, function in {**load_functions(modules), **STAND_INS}.items()}
