"""A 100,000-cell column on its way into a function through xlwings, with our accessor and without.

Run by ratios.py, in a process of its own because xlwings is loaded in another way: ``classic`` is its code for Excel on
Windows behind the stubs of the tests (so without the time that COM takes), ``server`` its code for Office.js, which
needs a licence key. It prints the medians as JSON: under each name ours and theirs, in seconds.
"""

# ruff: noqa: PLC0415 - xlwings is loaded after its stubs, or after its settings

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from ratios import medians

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.classic import ComRange, load_classic

STOCK = {"ndim": 2, "err_to_str": True}
CELLS = 100_000


def classic() -> dict[str, tuple[float, float]]:
    """Time what `call_udf` of the Windows code does with an argument."""
    load_classic()
    from xlwings import Range, _xlwindows, conversion

    from xlgenai.cells.fast_ranges import NumberRange

    column = tuple((float(number),) for number in range(1, CELLS + 1))
    excel = ComRange(column)

    def read(options: dict[str, Any]) -> Callable[[], Any]:
        return lambda: conversion.read(Range(impl=_xlwindows.Range(xl=excel)), None, options)  # type: ignore[no-untyped-call]

    ours = read(STOCK | {"convert": NumberRange})
    return {"stock": medians(ours, read(STOCK)), "numpy": medians(ours, lambda: np.array(column, dtype=float))}


def server() -> dict[str, tuple[float, float]]:
    """Time what `custom_functions_call` of the server's code does with an argument."""
    os.environ["XLWINGS_ON_SERVER"] = "true"
    from xlwings import conversion

    from xlgenai.cells.fast_ranges import NumberRange

    column = [[number] for number in range(1, CELLS + 1)]

    def read(options: dict[str, Any]) -> Callable[[], Any]:
        return lambda: conversion.read(None, column, options, engine_name="officejs")  # type: ignore[no-untyped-call]

    ours = read(STOCK | {"convert": NumberRange})
    shipped = medians(ours, read(STOCK), rounds=3)
    sys.modules.update({"pyodide": None, "pyodide.ffi": None})  # type: ignore[dict-item]  # so that the import fails at once
    return {"shipped": shipped, "mended": medians(ours, read(STOCK))}


if __name__ == "__main__":
    print(json.dumps({"classic": classic, "server": server}[sys.argv[1]]()))
