"""Functions that a user might have written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlgenai.cells.function import Function, describe

if TYPE_CHECKING:
    from collections.abc import Callable


def made(python_function: Callable[..., Any], **types: str) -> Function:
    """The record of a function that a user might have written, each parameter of the given type."""
    documented = (f"{name} : {words}\n    What it is." for name, words in types.items())
    python_function.__doc__ = "\n".join(["A function.", "", "Parameters", "----------", *documented])
    return describe(python_function)
