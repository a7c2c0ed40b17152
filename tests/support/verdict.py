"""What the judge of the twins found for one function, and the table that holds a line of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

HEADER: Final = f"{'function':24}{'cases':>8}{'numbers':>9}{'errors':>8}{'agreed':>8}  exceptions"


@dataclass
class Verdict:
    """What the judge found for one function.

    Attributes
    ----------
    function : str
        Its name.
    cases : int
        How many argument sets were judged.
    numbers, errors : int
        Those with a number in Python's result, and those without one.
    agreed : int
        Those that agree.
    exceptions : Counter
        Those that a departure of IronCalc's explains, by its name.
    disagreements : list of str
        All others, each with its arguments.
    """

    function: str
    cases: int
    numbers: int = 0
    errors: int = 0
    agreed: int = 0
    exceptions: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """A line of the table."""
        excepted = ", ".join(f"{count} {name}" for name, count in sorted(self.exceptions.items())) or "none"
        return f"{self.function:24}{self.cases:8}{self.numbers:9}{self.errors:8}{self.agreed:8}  {excepted}"
