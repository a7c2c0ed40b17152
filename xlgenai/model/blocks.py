"""The parts of the vocabulary that are no single line: formulas that spill, sensitivity tables, sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlgenai.model.units import Unit


@dataclass(frozen=True)
class Spill:
    """A block whose number of rows follows the data: each column is one formula that spills down.

    Attributes
    ----------
    key : str
        Its name; ``{key.heading}`` is the column under that heading, down to the last row kept free.
    headings : tuple of str
        Of the sheet's columns from the first on.
    formulas : tuple of str
        One for each heading; empty leaves the column empty. One that begins with ``@`` does not spill: it stands in
        every row that the first column fills, with ``{row}`` for the row's first cell.
    units : tuple of Unit
        One for each heading.
    rows : int
        How many rows are kept free for it.
    """

    key: str
    headings: tuple[str, ...]
    formulas: tuple[str, ...]
    units: tuple[Unit, ...]
    rows: int


def picked(formula: str, above: str) -> str:
    """Write the formula of one cell of a block where no formula spills: it picks the cell's own row of the result.

    Parameters
    ----------
    formula : str
        What would spill.
    above : str
        From the heading down to the cell above, so that its number of rows is the row to pick; a cell may not count
        itself.

    Returns
    -------
    str
        The formula, which is an empty text below the last row of the result.
    """
    return f'IF(ROWS({above})>ROWS({formula}),"",INDEX({formula},ROWS({above})))'


@dataclass(frozen=True)
class Sentence:
    """A calculated sentence, which runs from the first column over those beside it.

    Attributes
    ----------
    key : str
        Its name in formulas.
    formula : str
        A formula that gives a text.
    """

    key: str
    formula: str


@dataclass(frozen=True)
class Grid:
    """A sensitivity table: one formula over a row and a column of values.

    Attributes
    ----------
    key, label : str
        Its name in charts and on the sheet; ``{key.rows}`` are the values down its side.
    unit : Unit
        Of the results.
    formula : str
        With ``{row}`` and ``{column}`` for the values at its edges.
    row_label, column_label : str
        What runs down the side, and what runs along the top.
    row_unit, column_unit : Unit
        Their units.
    rows, columns : tuple of float
        The values at the edges, which a user may change.
    """

    key: str
    label: str
    unit: Unit
    formula: str
    row_label: str
    column_label: str
    row_unit: Unit
    column_unit: Unit
    rows: tuple[float, ...]
    columns: tuple[float, ...]
