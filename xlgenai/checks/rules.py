"""Every rule: a stable id, what it looks for, why that is bad, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    id : str
        Stable: ``L`` rules hold a workbook against the model that it carries, ``F`` rules hold for any workbook.
    name : str
        In words, for reading.
    severity : {"error", "warning"}
        An error means that a number may be wrong; a warning that the workbook is harder to trust or to read.
    what, why, mend : str
        What the rule looks for, why that is bad, how to mend it.
    """

    id: str
    name: str
    severity: Severity
    what: str
    why: str
    mend: str


SHEET = Rule(
    "L101",
    "sheet-missing",
    "error",
    "A sheet of the model is gone or has another name.",
    "Refresh and formulas from outside find sheets by name.",
    "Give the sheet its name back, or build the workbook again.",
)
LABEL = Rule(
    "L102",
    "label-moved",
    "error",
    "A label or heading of the model is not where the model put it.",
    "Rows were inserted, deleted or sorted, so a refresh would write beside the mark.",
    "Undo the move; put rows of your own on a sheet of your own.",
)
FORMULA = Rule(
    "L103",
    "formula-changed",
    "error",
    "A formula of the model was changed or replaced by a number.",
    "The cell no longer follows the inputs.",
    "Put the model's formula back; to try another value, change an input.",
)
INPUT = Rule(
    "L104",
    "input-is-formula",
    "error",
    "An input cell holds a formula.",
    "A refresh would overwrite it, and a reader takes blue cells for assumptions.",
    "Type the value; compute it on a sheet of your own if need be.",
)
FORMAT = Rule(
    "L105",
    "number-format-changed",
    "warning",
    "A number is shown in another format than its unit asks for.",
    "A reader takes 0.9 for 0.9%, or years for money.",
    "Give the cell the number format named in the finding.",
)
STYLE = Rule(
    "L106",
    "style-changed",
    "warning",
    "A cell lost the style of its role.",
    "Blue means input, black formula, green link: a reader relies on it.",
    "Give the cell the style named in the finding, from Excel's gallery of cell styles.",
)
VALIDATION = Rule(
    "L107",
    "validation-gone",
    "warning",
    "An input no longer refuses values outside its range.",
    "A slip of the keyboard goes through unnoticed.",
    "Copy the validation from a neighbour, or build the workbook again.",
)
NAME = Rule(
    "L108",
    "name-broken",
    "error",
    "A defined name is gone or refers to another cell.",
    "Formulas and programs that use the name get a wrong number.",
    "Let the name refer to the cell in the finding.",
)
TABLE = Rule(
    "L109",
    "table-broken",
    "error",
    "A data table is gone, has moved, or has other columns.",
    "Formulas use its columns by name, and a refresh writes into it.",
    "Undo the change, or build the workbook again.",
)
CHART = Rule(
    "L110",
    "chart-gone",
    "warning",
    "A chart of the model is gone, or shows other cells.",
    "The page no longer tells what its title says.",
    "Undo the change, or build the workbook again.",
)
FREEZE = Rule(
    "L111",
    "panes-not-frozen",
    "warning",
    "The headings no longer stay in view.",
    "A reader loses which line and which year a number belongs to.",
    "Select the cell in the finding and freeze the panes there.",
)
PRINT = Rule(
    "L112",
    "print-setup-changed",
    "warning",
    "The sheet no longer prints as the model set it up.",
    "A page of figures without headings is of no use.",
    "Set the orientation of the finding, one page wide, and the heading rows to repeat.",
)
RANGE = Rule(
    "L113",
    "input-out-of-range",
    "error",
    "An input is outside the range that it may take.",
    "The formulas were made for that range.",
    "Type a value in the range of the finding.",
)
ERROR = Rule(
    "F201",
    "error-value",
    "error",
    "A formula gives an error, and none of the cells that it reads does.",
    "Everything that depends on it is an error too.",
    "Mend the formula or the cells that it reads.",
)
UNKNOWN = Rule(
    "F202",
    "unknown-function",
    "error",
    "A formula calls a function that neither Excel nor a loaded module has.",
    "The cell shows #NAME?.",
    "Correct the name, or load the module that has it (--udfs).",
)
ARGUMENTS = Rule(
    "F203",
    "wrong-argument-count",
    "error",
    "A formula gives one of our functions too few or too many arguments.",
    "The cell shows #VALUE!.",
    "See the function's arguments: xlgenai functions NAME.",
)
LITERAL = Rule(
    "F204",
    "number-in-formula",
    "warning",
    "A number other than 0 and 1 stands inside a formula.",
    "Nobody sees the assumption, and nobody can change it.",
    "Put the number into an input cell and refer to it.",
)
PATTERN = Rule(
    "F205",
    "row-pattern-broken",
    "warning",
    "A cell differs from the formula of its row.",
    "One odd cell in a row is mostly a slip.",
    "Copy the formula of the neighbours, or explain the difference in a row of its own.",
)
TEXT = Rule(
    "F206",
    "number-as-text",
    "error",
    "A number is stored as text.",
    "Sums skip it without a word.",
    "Type the number again in a cell that is not formatted as text.",
)
LINK = Rule(
    "F207",
    "external-link",
    "warning",
    "A formula reads another workbook.",
    "The number depends on a file that the reader may not have.",
    "Copy the figure in as an input with its source.",
)
VOLATILE = Rule(
    "F208",
    "volatile-function",
    "warning",
    "A formula calls a function that changes by itself.",
    "The same inputs give another number tomorrow, and every change recalculates it.",
    "Use an input for the date, INDEX for OFFSET and INDIRECT.",
)
VALUE = Rule(
    "F209",
    "value-missing",
    "warning",
    "A formula has no calculated value in the file.",
    "Previews, phones and programs that read the file see nothing.",
    "Save the workbook in Excel, or run xlgenai refresh on it.",
)
RULES: Final = (
    SHEET, LABEL, FORMULA, INPUT, FORMAT, STYLE, VALIDATION, NAME, TABLE, CHART, FREEZE, PRINT, RANGE,
    ERROR, UNKNOWN, ARGUMENTS, LITERAL, PATTERN, TEXT, LINK, VOLATILE, VALUE,
)  # fmt: skip
