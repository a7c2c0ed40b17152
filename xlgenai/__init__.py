"""xlgenai: the economics of generative AI, in Excel.

``build`` writes the value-chain workbook, ``refresh`` puts new data and inputs into one, ``calculate`` computes any
workbook without Excel, ``check`` reports what is wrong with one, ``preview`` shows what one looks like, and
``function`` makes a Python function callable from cells. Everything is loaded when it is first used, so that importing
the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from xlgenai._version import __version__

if TYPE_CHECKING:
    from xlgenai.cells.expose import function
    from xlgenai.operations.build import build
    from xlgenai.operations.calculate import calculate, check
    from xlgenai.operations.preview import preview
    from xlgenai.operations.refresh import refresh

__all__ = ["__version__", "build", "calculate", "check", "function", "preview", "refresh"]

_HOMES = {
    "build": "xlgenai.operations.build",
    "calculate": "xlgenai.operations.calculate",
    "check": "xlgenai.operations.calculate",
    "function": "xlgenai.cells.expose",
    "preview": "xlgenai.operations.preview",
    "refresh": "xlgenai.operations.refresh",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'xlgenai' has no attribute {name!r}")
    found = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
