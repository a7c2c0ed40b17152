"""One look for each role of a cell: named styles, so that a user can change a look in one place."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

from xlgenai.model.placed import Role

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell, MergedCell

FONT: Final = "Calibri"
NAVY: Final = "1F3864"
BLUE: Final = "0000FF"
GREEN: Final = "00703C"
PURPLE: Final = "7030A0"
GREY: Final = "595959"
HAIR: Final = Side("hair", color="BFBFBF")
LINE: Final = Border(bottom=HAIR)
LEFT: Final = Alignment(horizontal="left", vertical="center")
WRAPPED: Final = Alignment(horizontal="left", vertical="center", wrap_text=True)
INDENTED: Final = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
RIGHT: Final = Alignment(horizontal="right", vertical="center")
SHRUNK: Final = Alignment(horizontal="right", vertical="center", shrink_to_fit=True)
"""A number too long for its column is better small than a row of hashes."""
CENTRE: Final = Alignment(horizontal="center", vertical="center")
HEADED: Final = Alignment(horizontal="right", vertical="center", wrap_text=True)
ASIDE: Final = {
    "left": LEFT,
    "indented": Alignment(horizontal="left", vertical="center", indent=1),
    "shrunk": Alignment(horizontal="left", vertical="center", indent=1, shrink_to_fit=True),
    "wrapped left": WRAPPED,
    "wrapped indented": INDENTED,
    "beside button": Alignment(horizontal="right", vertical="center", indent=2, shrink_to_fit=True),
}
"""Where texts and numbers share a role. A button filters a column of a data table; its numbers leave it room, too."""


def _font(colour: str = "000000", size: int = 10, **more: Any) -> Font:
    return Font(name=FONT, size=size, color=colour, **more)


def _fill(colour: str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


LOOKS: Final[dict[Role, dict[str, Any]]] = {
    Role.TITLE: {"font": _font(NAVY, 18, bold=True), "alignment": LEFT},
    Role.PURPOSE: {"font": _font(GREY, 11, italic=True), "alignment": LEFT},
    Role.HEADING: {"font": _font("FFFFFF", bold=True), "fill": _fill(NAVY), "alignment": HEADED},
    Role.SECTION: {"font": _font(NAVY, 11, bold=True), "fill": _fill("D9E2F3"), "alignment": LEFT},
    Role.LABEL: {"font": _font(), "border": LINE, "alignment": WRAPPED},
    Role.CAPTION: {"font": _font(), "alignment": LEFT},
    Role.UNIT: {"font": _font(GREY), "border": LINE, "alignment": LEFT},
    Role.INPUT: {
        "font": _font(BLUE),
        "fill": _fill("FFF8E1"),
        "border": Border(HAIR, HAIR, HAIR, HAIR),
        "alignment": RIGHT,
    },
    Role.FORMULA: {"font": _font(), "border": LINE, "alignment": SHRUNK},
    Role.LINK: {"font": _font(GREEN), "border": LINE, "alignment": SHRUNK},
    Role.STATED: {"font": _font(PURPLE), "border": LINE, "alignment": RIGHT},
    Role.NOTE: {"font": _font(GREY, 9), "border": LINE, "alignment": INDENTED},
    Role.TEXT: {"font": _font(), "alignment": LEFT},
    Role.JUMP: {"font": _font("0563C1", underline="single"), "alignment": LEFT},
    Role.CHECK: {"font": _font(bold=True), "border": LINE, "alignment": CENTRE},
    Role.DATA: {
        "font": _font(),
        "alignment": Alignment(horizontal="right", vertical="center", indent=2, shrink_to_fit=True),
    },
}


@cache
def style_name(role: Role) -> str:
    """Return the name of a role's style, as Excel's gallery of styles shows it."""
    return f"xlgenai {role.value}"


class Styler:
    """Gives cells their look; each combination of role and number format is made once and shared."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[Role, str, str], Any] = {}
        for role, look in LOOKS.items():
            book.add_named_style(NamedStyle(style_name(role), **look))

    def apply(self, cell: Cell | MergedCell, role: Role, number_format: str, aside: str = "") -> None:
        """Give a cell its role's look, with one of the alignments `ASIDE` in the place of the role's own."""
        key = (role, number_format, aside)
        if key not in self._made:
            cell.style = style_name(role)
            cell.number_format = number_format
            if aside:
                cell.alignment = ASIDE[aside]
            self._made[key] = cell._style  # type: ignore[union-attr]
        cell._style = self._made[key]  # type: ignore[union-attr]
