"""Load the modules that hold cell functions, by name or by path, as xlwings does with its UDF MODULES setting."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from xlgenai.cells.built_in import BUILT_IN
from xlgenai.cells.expose import record_of
from xlgenai.cells.formula import CELL
from xlgenai.errors import FunctionError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

    from xlgenai.cells.function import Function

STANDARD: Final = "udfs"
"""The module that xlgenai brings."""


def load_functions(modules: Iterable[str] = ()) -> dict[str, Function]:
    """Load the standard functions and those of further modules.

    Parameters
    ----------
    modules : iterable of str
        Each a module's dotted name, or the path of a Python file.

    Returns
    -------
    dict of str to Function
        By name in capitals, in the order of the modules; a later module may replace a function of an earlier one.

    Raises
    ------
    FunctionError
        When a module cannot be loaded or holds no cell function, or a name cannot be used in a formula.
    """
    functions: dict[str, Function] = {}
    for name in (STANDARD, *modules):
        found = [record for item in vars(_load(name)).values() if (record := record_of(item))]
        if not found:
            raise FunctionError(f"The module {name} has no cell function: put @xlgenai.function above one.")
        home = Path(name).stem if name.endswith(".py") else name
        functions.update((record.name, dataclasses.replace(record, home=home)) for record in found)
    for name in functions:
        _check_name(name)
    return functions


def _load(name: str) -> ModuleType:
    path = Path(name)
    if path.suffix == ".py":
        return _load_file(path)
    try:
        return importlib.import_module(name)
    except FunctionError:
        raise
    except Exception as error:
        raise FunctionError(f"The module {name} could not be loaded: {error}.") from error


def _load_file(path: Path) -> ModuleType:
    name = f"xlgenai_user_{path.stem}"  # a file of any name must not stand in for an installed module
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise FunctionError(f"There is no Python file {path}: give its path, or the name of an installed module.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except FunctionError:
        raise
    except Exception as error:
        raise FunctionError(f"{path} could not be loaded: {error}.") from error
    return module


def _check_name(name: str) -> None:
    if name in BUILT_IN:
        raise FunctionError(f"{name} is the name of a function that Excel has already: choose another.")
    if CELL.fullmatch(name):
        raise FunctionError(f"{name} is the address of a cell, so Excel would never call it: choose another name.")
