"""Where the rows of one sheet are now, told by their labels."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import TYPE_CHECKING, Final

from xlgenai.model.placed import Role
from xlgenai.workbook.sheet import position

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlgenai.model.placed import Cell, PlacedSheet
    from xlgenai.workbook.sheet import StoredCell

ANCHORS: Final = frozenset({Role.LABEL, Role.CAPTION, Role.SECTION, Role.HEADING, Role.JUMP})
TITLES: Final = frozenset({Role.TITLE, Role.PURPOSE})
"""They show where the top of the sheet is, but may be written anew."""


@dataclass(frozen=True)
class Rows:
    """Where rows have gone.

    Attributes
    ----------
    now : dict of int to int or None
        For rows with a label: the row where it stands now, None when the row was deleted.
    displaced : tuple of (Cell, int or None)
        Each label that is not in its place, and the row where it is now; None when it is nowhere.
    """

    now: dict[int, int | None]
    displaced: tuple[tuple[Cell, int | None], ...] = ()

    @cached_property
    def moved(self) -> bool:
        """Whether any row is elsewhere."""
        return any(row != now for row, now in self.now.items())

    @cached_property
    def _kept(self) -> list[int]:
        return sorted(row for row, now in self.now.items() if now is not None)

    def find(self, row: int) -> int | None:
        """Return where a row is now: a row without a label goes with the nearest one above."""
        if row in self.now:
            return self.now[row]
        above = bisect_left(self._kept, row) - 1
        if above < 0:
            return row
        nearest = self._kept[above]
        return row + (self.now[nearest] or nearest) - nearest

    def edges(self, top: int, bottom: int) -> tuple[int, int] | None:
        """Return the first and the last row of a range as they are now; None when nothing is left of it."""
        left = [now for row in range(top, bottom + 1) if (now := self.find(row)) is not None]
        return (left[0], left[-1]) if left else None


def find_rows(cells: Mapping[str, StoredCell], sheet: PlacedSheet) -> Rows:
    """Find the rows of a sheet by their labels.

    Parameters
    ----------
    cells : mapping of str to StoredCell
        What the sheet holds now.
    sheet : PlacedSheet
        What it held when the model was placed.

    Returns
    -------
    Rows
        Where its rows are.
    """
    headers = {(table.row, table.column + offset) for table in sheet.tables for offset in range(len(table.columns))}
    anchors = [cell for cell in labels(sheet, ANCHORS | TITLES) if (cell.row, cell.column) not in headers]
    found = dict(zip(anchors, _places(cells, anchors), strict=True))
    now: dict[int, int | None] = {}
    for cell, row in found.items():
        if row is not None and now.get(cell.row) != cell.row:
            now[cell.row] = row if cell.row not in now or row == cell.row else now[cell.row]
    kept = dict(now)
    for cell, row in found.items():
        if row is None and cell.row not in kept and _was_deleted(cell.row, kept):
            now[cell.row] = None
    displaced = [(cell, row) for cell, row in found.items() if row != cell.row and cell.role in ANCHORS]
    return Rows(now, tuple(displaced))


def labels(sheet: PlacedSheet, roles: Iterable[Role] = ANCHORS) -> list[Cell]:
    """Return the cells of a sheet whose text tells what stands where."""
    wanted = frozenset(roles)
    return [c for c in sheet.cells if c.role in wanted and not c.is_formula and c.content not in {None, ""}]


def _places(cells: Mapping[str, StoredCell], anchors: list[Cell]) -> list[int | None]:
    """For each label the row where it stands: in its place, or by the order of the labels, or wherever it is free."""
    columns: dict[int, dict[int, str]] = {}
    for where, stored in cells.items():
        if isinstance(stored.value, str) and stored.value:
            row, column = position(where)
            columns.setdefault(column, {})[row] = stored.value
    found: dict[Cell, int] = {}
    for column in {cell.column for cell in anchors}:
        found.update(_places_in_column(columns.get(column, {}), [cell for cell in anchors if cell.column == column]))
    return [found.get(cell) for cell in anchors]


def _places_in_column(standing: Mapping[int, str], anchors: list[Cell]) -> dict[Cell, int]:
    if all(standing.get(cell.row) == cell.content for cell in anchors):
        return {cell: cell.row for cell in anchors}
    expected = {cell.row: cell.content for cell in anchors}
    before = [expected.get(row, "") for row in range(1, max(expected) + 1)]
    texts = set(expected.values())  # any other tells nothing of where the labels are
    after = [text if (text := standing.get(row, "")) in texts else "" for row in range(1, max(standing, default=0) + 1)]
    now: dict[int, int] = {}
    for old, new, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        now.update((old + offset + 1, new + offset + 1) for offset in range(size))
    found = {cell: now[cell.row] for cell in anchors if cell.row in now}
    taken = set(found.values())
    for cell in anchors:
        rows = [row for row in sorted(standing) if standing[row] == cell.content and row not in taken]
        if cell not in found and rows:
            found[cell] = rows[0]
            taken.add(rows[0])
    return found


def _was_deleted(row: int, now: Mapping[int, int | None]) -> bool:
    """Whether the labels around a missing one have come closer: otherwise only its text is gone."""
    above = max((known for known in now if known < row), default=0)
    below = min((known for known in now if known > row), default=0)
    if not below:
        return False
    return (now[below] or 0) - ((now[above] or 0) if above else 0) < below - above
