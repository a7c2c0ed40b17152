"""What a check found, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlgenai.checks.rules import Rule


@dataclass(frozen=True)
class Finding:
    """One breach of a rule.

    Attributes
    ----------
    rule : Rule
        Which one.
    sheet, cell : str
        Where; the cell is empty when the whole sheet or workbook is meant.
    message : str
        What was found, in one sentence.
    """

    rule: Rule
    sheet: str
    cell: str
    message: str

    @property
    def place(self) -> str:
        """The sheet and the cell as a formula writes them."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    def as_dict(self) -> dict[str, str]:
        """Return the finding with its rule spelled out, for JSON."""
        return {
            "rule": self.rule.id,
            "name": self.rule.name,
            "severity": self.rule.severity,
            "sheet": self.sheet,
            "cell": self.cell,
            "message": self.message,
            "mend": self.rule.mend,
        }


@dataclass(frozen=True)
class Report:
    """Every finding of a check.

    Attributes
    ----------
    name : str
        The workbook.
    findings : tuple of Finding
        All of them, in the order of the sheets.
    layout_checked : bool
        Whether the workbook carries a model that it could be held against.
    """

    name: str
    findings: tuple[Finding, ...]
    layout_checked: bool

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(finding.rule.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return len(self.findings) - self.errors

    @property
    def ok(self) -> bool:
        """Whether no finding is an error."""
        return not self.errors

    @property
    def summary(self) -> str:
        """The result in one line."""
        scope = "" if self.layout_checked else " (no xlgenai model inside, so only the rules for any workbook)"
        if not self.findings:
            return f"{self.name}: no findings{scope}"
        return f"{self.name}: {_count(self.errors, 'error')}, {_count(self.warnings, 'warning')}{scope}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
