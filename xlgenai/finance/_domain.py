"""Where a quantity is defined: the few helpers with which every function of this package keeps the same contract.

Elementwise, inf means a zero denominator (0/0 too) and nothing else; nan means any other leaving of the domain, an
input that is nan or inf itself, and overflow. Zero denominators are decided first.
"""

from __future__ import annotations

import math
from functools import reduce
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

Numbers: TypeAlias = np.float64 | NDArray[np.float64]
"""What a function returns: a NumPy float for scalars, else an array."""
Mask: TypeAlias = np.bool_ | NDArray[np.bool_]
"""Where a condition holds, element by element."""


def numbers(*values: npt.ArrayLike) -> tuple[NDArray[np.float64], ...]:
    """Read elementwise arguments as arrays of floats, without axes for scalars.

    A Python float, which is what a cell holds, becomes a NumPy float: it computes alike, several times as fast.
    """
    return tuple(
        [np.float64(value) if type(value) is float else np.asarray(value, dtype=np.float64) for value in values]
    )


def vector(values: npt.ArrayLike) -> NDArray[np.float64]:
    """Read an argument that is taken whole as a flat array of floats."""
    return np.asarray(values, dtype=np.float64).ravel()


def largest(values: NDArray[np.float64]) -> np.float64:
    """Largest size in a vector; it is finite when every element is, so it stands for the vector as an input."""
    return np.float64(np.abs(values).max(initial=0.0))


def added_up(values: NDArray[np.float64]) -> np.float64:
    """Add up a vector from first to last, as a spreadsheet does, so that both round alike."""
    return np.float64(np.cumsum(values)[-1] if values.size else 0.0)


def power(base: Numbers, exponent: Numbers) -> Numbers:
    """Raise to a power, an array exactly as each of its elements; in doubles NumPy's loop is off in the last digit."""
    return np.power(base, exponent, dtype=np.longdouble).astype(np.float64)


def finite(*values: Numbers) -> Mask:
    """Tell where all values are finite."""
    return reduce(np.logical_and, map(np.isfinite, values))


def settle(result: Numbers, *, given: Iterable[Numbers], inside: Mask, divisors: Iterable[Numbers] = ()) -> Numbers:
    """Put inf and nan where the contract asks for them.

    Parameters
    ----------
    result : ndarray
        What the formula gave, right inside the domain and anything outside of it.
    given : iterable of ndarray
        The inputs; where one is nan or inf the result is nan.
    inside : ndarray of bool
        Where the inputs are in the domain; it need not mind zero denominators.
    divisors : iterable of ndarray
        The denominators; where one is zero the result is inf.

    Returns
    -------
    float or ndarray
        The result, settled; a NumPy float when it has no axes.
    """
    divisors = tuple(divisors)
    if isinstance(result, float) or np.ndim(result) == 0:
        return _settled(result, given, inside, divisors)  # type: ignore[arg-type]
    zero = reduce(np.logical_or, (divisor == 0 for divisor in divisors), np.False_)
    # A denominator that overflowed would make the quotient a finite, wrong zero.
    sound = inside & finite(result, *divisors)
    return np.where(finite(*given), np.where(zero, np.inf, np.where(sound, result, np.nan)), np.nan)


def _settled(result: float, given: Iterable[Numbers], inside: Mask, divisors: tuple[Numbers, ...]) -> np.float64:
    """Do the same for one number, as most cells hold one: each array operation would cost more than all of this."""
    if not all(map(math.isfinite, given)):
        return np.float64(np.nan)
    if 0.0 in divisors:
        return np.float64(np.inf)
    sound = inside and math.isfinite(result) and all(map(math.isfinite, divisors))
    return np.float64(result if sound else np.nan)
