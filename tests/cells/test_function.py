"""The record of a cell function, read from its signature and docstring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from xlgenai.cells.function import HELP_LIMIT, Function, Kind, describe
from xlgenai.cells.modules import load_functions
from xlgenai.errors import FunctionError

if TYPE_CHECKING:
    from collections.abc import Callable


def payback(price: float, savings: float, horizon: float = 10.0) -> float:
    """Years until a purchase has paid for itself.

    Nothing is discounted.

    Formula::

        MIN(price / savings,
            horizon)

    It is the simplest measure there is.

    Parameters
    ----------
    price : array_like of float
        What it costs. In USD,
        without tax.
    savings : sequence of float
        What it saves, year by year.
    horizon : float, optional
        Longest time to wait. Default 10.

    Returns
    -------
    float
        Years, not rounded.

    Notes
    -----
    No savings give #DIV/0!.

    References
    ----------
    Any textbook.

    Examples
    --------
    >>> payback(90.0, 30.0)
    3.0
    """
    return min(price / savings, horizon)


@pytest.fixture(scope="module")
def record() -> Function:
    return describe(payback)


def documented(types: str, signature: Callable[..., Any] = lambda x: x) -> Function:
    signature.__doc__ = f"A function.\n\nParameters\n----------\nx : {types}\n    What it is."
    return describe(signature)


def test_name_and_callable(record: Function) -> None:
    assert (record.name, record.call, record.module) == ("PAYBACK", payback, __name__)


def test_summary_and_description_leave_the_formula_out(record: Function) -> None:
    assert record.summary == "Years until a purchase has paid for itself."
    assert record.description.split("\n\n") == ["Nothing is discounted.", "It is the simplest measure there is."]


def test_the_formula_block_is_the_twin(record: Function) -> None:
    assert record.twin == "MIN(price / savings,\n    horizon)"


def test_no_formula_block_no_twin() -> None:
    assert documented("float").twin == ""


def test_sections(record: Function) -> None:
    assert (record.returns, record.notes, record.references) == (
        "Years, not rounded.",
        "No savings give #DIV/0!.",
        "Any textbook.",
    )
    assert record.examples == (">>> payback(90.0, 30.0)\n3.0",)


def test_parameters(record: Function) -> None:
    assert [(p.name, p.kind, p.required, p.default, p.table) for p in record.parameters] == [
        ("price", Kind.ARRAY, True, None, None),
        ("savings", Kind.VECTOR, True, None, None),
        ("horizon", Kind.NUMBER, False, 10.0, None),
    ]


def test_help_is_the_first_sentence_in_one_line(record: Function) -> None:
    assert record.parameters[0].help == "What it costs."
    assert record.parameters[0].description == "What it costs. In USD, without tax."


def test_how_many_arguments_and_syntax(record: Function) -> None:
    assert (record.min_args, record.max_args) == (2, 3)
    assert record.syntax == "PAYBACK(price, savings, [horizon])"


@pytest.mark.parametrize(
    ("words", "kind", "table"),
    [
        ("array_like of float", Kind.ARRAY, None),
        ("array_like of float, optional", Kind.ARRAY, None),
        ("float", Kind.NUMBER, None),
        ("int", Kind.INTEGER, None),
        ("bool, optional", Kind.FLAG, None),
        ("str", Kind.TEXT, None),
        ("date", Kind.DATE, None),
        ("str or date", Kind.DATE, None),
        ("float or date, optional", Kind.DATE, None),
        ("sequence of float", Kind.VECTOR, None),
        ("table", Kind.TABLE, None),
        ("table NvidiaQuarters, optional", Kind.TABLE, "NvidiaQuarters"),
    ],
)
def test_the_type_gives_the_kind(words: str, kind: Kind, table: str | None) -> None:
    parameter = documented(words).parameters[0]
    assert (parameter.kind, parameter.table) == (kind, table)


@pytest.mark.parametrize("length", [HELP_LIMIT - 1, HELP_LIMIT])
def test_help_that_fits_is_kept(length: int) -> None:
    def f() -> None: ...

    f.__doc__ = "x" * length
    assert describe(f).summary == "x" * length


def test_help_that_does_not_fit_is_cut() -> None:
    def f(x: float) -> float:
        return x

    f.__doc__ = f"{'w ' * 200}\n\nParameters\n----------\nx : float\n    {'v ' * 200}"
    record = describe(f)
    for text in (record.summary, record.parameters[0].help):
        assert len(text) <= HELP_LIMIT
        assert text.endswith(("w…", "v…"))


def test_a_function_without_parameters() -> None:
    def f() -> float:
        """Give the answer."""
        return 42.0

    assert (describe(f).syntax, describe(f).parameters) == ("F()", ())


def no_docstring(x: float) -> float:
    return x


def empty_docstring(x: float) -> float:
    """ """
    return x


def undocumented(x: float, y: float) -> float:
    """Add two numbers.

    Parameters
    ----------
    x : float
        One of them.
    """
    return x + y


def many(*values: float) -> float:
    """Add numbers.

    Parameters
    ----------
    *values : float
        Them.
    """
    return sum(values)


def keyword_only(*, x: float) -> float:
    """Give it back.

    Parameters
    ----------
    x : float
        It.
    """
    return x


def keywords(**options: float) -> float:
    """Add options.

    Parameters
    ----------
    **options : float
        Them.
    """
    return sum(options.values())


def positional_only(x: float, /) -> float:
    """Give it back.

    Parameters
    ----------
    x : float
        It.
    """
    return x


def called_by(caller: float) -> float:
    """Give it back.

    Parameters
    ----------
    caller : float
        It.
    """
    return caller


def unknown_type(x: complex) -> complex:
    """Give it back.

    Parameters
    ----------
    x : complex number
        It.
    """
    return x


def no_type(x: float) -> float:
    """Give it back.

    Parameters
    ----------
    x
        It.
    """
    return x


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (no_docstring, "no_docstring has no docstring"),
        (empty_docstring, "empty_docstring has no docstring"),
        (undocumented, "undocumented does not document its parameter y"),
        (many, "many has the parameter values, but a cell can only give plain positional arguments"),
        (keyword_only, "plain positional arguments"),
        (keywords, "plain positional arguments"),
        (positional_only, "plain positional arguments"),
        (called_by, "called caller"),
        (unknown_type, r"unknown_type: the type of x is 'complex number'; a cell function knows array_like, float"),
        (no_type, "no_type: the type of x is ''"),
    ],
)
def test_what_cannot_serve_a_cell_is_refused(function: Callable[..., Any], words: str) -> None:
    with pytest.raises(FunctionError, match=words):
        describe(function)


@pytest.mark.parametrize("function", load_functions().values(), ids=lambda function: function.name)
def test_standard_functions_are_described_in_full(function: Function) -> None:
    assert function.summary.endswith(".")
    assert function.twin
    assert function.returns
    assert function.examples
    assert all(parameter.help.endswith((".", "…")) for parameter in function.parameters)
    assert max(len(text) for text in [function.summary, *(p.help for p in function.parameters)]) <= HELP_LIMIT
