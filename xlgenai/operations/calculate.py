"""Calculate any workbook without Excel, and check one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xlgenai.cells.modules import load_functions
from xlgenai.checks.run import check_package
from xlgenai.workbook import calculator
from xlgenai.workbook.carried import read_layout
from xlgenai.workbook.finishing import put_values
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from xlgenai.checks.report import Report
    from xlgenai.workbook.calculator import Calculation


def calculate(path: str | os.PathLike[str], *, udfs: Iterable[str] = ()) -> Calculation:
    """Calculate every formula of a workbook; the file stays as it is.

    Parameters
    ----------
    path : str or path-like
        Any ``.xlsx`` or ``.xlsm`` file.
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.

    Returns
    -------
    Calculation
        The values by sheet and address, spilled cells included.

    Raises
    ------
    WorkbookError
        When the file cannot be read.
    """
    return calculator.calculate(Package.open(Path(path)), load_functions(udfs))


def check(path: str | os.PathLike[str], *, udfs: Iterable[str] = ()) -> Report:
    """Check a workbook: against the model that it carries, and against the rules for any workbook.

    Parameters
    ----------
    path : str or path-like
        Any ``.xlsx`` or ``.xlsm`` file.
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.

    Returns
    -------
    Report
        Every finding, with its rule, its cell and how to mend it.

    Raises
    ------
    WorkbookError
        When the file cannot be read.
    """
    package, functions = Package.open(Path(path)), load_functions(udfs)
    layout = read_layout(package)
    if layout and not layout.stores_values:
        put_values(package, calculator.calculate(package, functions))
    return check_package(package, functions)
