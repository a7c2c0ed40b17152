"""Generated arguments for a function of ours, as a cell gives them: reproducible, and mostly inside of the domain."""

from __future__ import annotations

import math
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.support import lookups
from xlgenai.cells.function import WHOLE, Function, Kind, Parameter
from xlgenai.cells.values import OMITTED, Argument, CellError, Matrix, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

BOUND: Final = re.compile(r"(?:\w+\()?(\w+)\)?\s*(>=?|<=?)\s*(-?[\d.]+)")
"""One condition of a domain that bounds an argument, or the least or largest number in it."""
WRONG: Final[tuple[Scalar, ...]] = (None, None, None, True, False, "n/a", "5", "", "TRUE", *CellError)
"""What stands in cells instead of a number: nothing more often than the rest."""
EDGES: Final = (0.0, 1.0, -1.0, 0.5, 2.0, 1e-9, 1 - 1e-6, 1 + 1e-6, 1e12)
INNER: Final = {
    "PROJECTED_TAM_MULTIPLE": {
        "application_revenue": (0.0, math.inf),
        "infrastructure_revenue": (0.0, math.inf),
        "application_growth": (-1.0, math.inf),
        "infrastructure_growth": (-1.0, math.inf),
        "years": (0.0, math.inf),
    }
}
"""Bounds that a formula keeps by itself, step by step, so that the domain does not name them."""
COUNTED: Final = frozenset({"years"})
"""What is a small whole number more often than not."""
LONGEST: Final = 12
"""Numbers in a vector."""
WIDEST: Final = 4
"""Rows or columns of a range that stands for single numbers."""


@dataclass(frozen=True)
class Given:
    """One argument: what it is, and whether the formula holds it itself or refers to cells."""

    value: Argument
    typed: bool


Case = tuple[Given, ...]
Bounds = tuple[float, float]


def generate(function: Function, count: int) -> list[Case]:
    """Make argument sets for a function; the same ones at every run."""
    chance = random.Random(function.name)
    limits = bounds(function)
    return [_case(function, limits, chance) for _ in range(count)]


def bounds(function: Function) -> dict[str, Bounds]:
    """Read from the domain between which numbers each argument lies."""
    found = {parameter.name: (-math.inf, math.inf) for parameter in function.parameters}
    found |= INNER.get(function.name, {})
    for condition, _ in function.domain:
        for part in condition.split(" and "):
            match = BOUND.fullmatch(part.strip())
            if match and match[1] in found:
                low, high = found[match[1]]
                limit = float(match[3])
                found[match[1]] = (max(low, limit), high) if match[2].startswith(">") else (low, min(high, limit))
    return found


def _case(function: Function, limits: Mapping[str, Bounds], chance: random.Random) -> Case:
    rows, columns = (chance.randint(1, WIDEST), chance.randint(1, WIDEST)) if chance.random() < 0.35 else (1, 1)
    case = [_argument(p, limits[p.name], (rows, columns), chance) for p in function.parameters]
    while case and case[-1].value is OMITTED and chance.random() < 0.7:
        case.pop()  # else the comma stays
    return tuple(case)


def _argument(parameter: Parameter, limits: Bounds, shape: tuple[int, int], chance: random.Random) -> Given:
    if chance.random() < (0.01 if parameter.required else 0.8 if parameter.kind is Kind.TABLE else 0.25):
        return Given(OMITTED, typed=True)
    if parameter.kind is Kind.TABLE:
        return Given(lookups.quarters(chance), typed=False)
    if parameter.kind is Kind.VECTOR and chance.random() < 0.9:
        return _range(_vector(limits, chance), chance)
    rows, columns = shape
    if (rows > 1 or columns > 1) and parameter.kind not in WHOLE and chance.random() < 0.65:
        if chance.random() < 0.03:
            rows, columns = chance.randint(1, WIDEST), chance.randint(1, WIDEST)  # which may not fit the others
        rows, columns = chance.choice(((rows, columns), (rows, 1), (1, columns)))
        return _range([[_cell(parameter, limits, chance) for _ in range(columns)] for _ in range(rows)], chance)
    value = _cell(parameter, limits, chance)
    return Given(value, typed=value is not None and chance.random() < 0.5)


def _range(cells: Matrix, chance: random.Random) -> Given:
    """Give a range; some are array constants, in which neither a blank nor an error can stand."""
    constant = all(cell is not None and not isinstance(cell, CellError) for row in cells for cell in row)
    return Given(cells, typed=constant and chance.random() < 0.15)


def _vector(limits: Bounds, chance: random.Random) -> list[list[Scalar]]:
    """Make a column, a row or a block: blanks here and there, and seldom something wrong."""
    size = 1 if chance.random() < 0.3 else chance.randint(1, LONGEST)
    cells: list[Scalar] = [
        None if chance.random() < 0.1 else _number(limits, chance, edges=0.03, outside=0.005) for _ in range(size)
    ]
    if chance.random() < 0.12:
        cells[chance.randrange(size)] = chance.choice(WRONG)
    width = chance.choice([columns for columns in range(1, size + 1) if size % columns == 0])
    return [cells[start : start + width] for start in range(0, size, width)]


def _cell(parameter: Parameter, limits: Bounds, chance: random.Random) -> Scalar:
    if parameter.kind is Kind.TEXT:
        return lookups.metric(chance)
    if parameter.kind is Kind.DATE:
        return lookups.period(chance)
    if chance.random() < 0.05:
        return chance.choice(WRONG)
    if parameter.kind is Kind.FLAG:
        return chance.choice((True, False, 1.0, 0.0, 2.0))
    if parameter.name in COUNTED and chance.random() < 0.5:
        return float(chance.randint(0, LONGEST // 2))
    return _number(limits, chance, edges=0.08, outside=0.03)


def _number(limits: Bounds, chance: random.Random, *, edges: float, outside: float) -> float:
    low, high = limits
    luck = chance.random()
    if luck < edges:
        return chance.choice((*EDGES, *filter(math.isfinite, limits)))
    if luck < edges + outside:
        return chance.choice((-1, 1)) * _size(chance)
    if math.isfinite(low) and math.isfinite(high):
        return chance.uniform(low, high)
    if math.isfinite(low):
        return low + (_size(chance) if low >= 0 else chance.uniform(0, 3))  # a rate of growth has -1 as its floor
    if math.isfinite(high):
        return high - _size(chance)
    return (1 if chance.random() < 0.8 else -1) * _size(chance)


def _size(chance: random.Random) -> float:
    """Return a positive number, as often whole and small as with decimals; some are tiny or large."""
    luck = chance.random()
    if luck < 0.4:
        return float(chance.randint(1, LONGEST))
    exponent = chance.uniform(-2, 3) if luck < 0.88 else chance.uniform(-9, 12)
    return float(f"{10**exponent:.{chance.randint(1, 16)}g}")
