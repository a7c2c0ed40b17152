"""How wide a text is in Calibri, and how many lines a cell needs for it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

WIDTHS: Final = {
    200: "'",
    250: " ,.:;Iijl",
    300: "()-J[]`f{}",
    350: "!rt",
    400: '"/L\\csz',
    450: "?FSZgkvxy|",
    550: "BCRVo",
    600: "ADH",
    650: "GNOQU",
    700: "%&w…",
    800: "m",
    850: "M",
    900: "@W",
}
"""Thousandths of the font's size for each letter; `USUAL` for all others."""
USUAL: Final = 505
ADVANCE: Final = {letter: width for width, letters in WIDTHS.items() for letter in letters}
PIXELS_PER_POINT: Final = 96 / 72


def measure(text: str, size: float) -> float:
    """Return the width of a text in pixels of a screen.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Of the font, in points.

    Returns
    -------
    float
        Within a few percent, which a cell's padding makes up for.
    """
    return sum([ADVANCE.get(letter, USUAL) for letter in text]) * size * PIXELS_PER_POINT / 1000


@lru_cache(maxsize=4096)
def count_lines(text: str, size: float, pixels: float) -> int:
    """Return how many lines a text takes that goes on below where it reaches the edge.

    Parameters
    ----------
    text : str
        What the cell says.
    size : float
        Of the font, in points.
    pixels : float
        How wide the lines may be.

    Returns
    -------
    int
        At least 1.
    """
    if measure(text, size) <= pixels:
        return 1
    lines, used, blank = 1, 0.0, measure(" ", size)
    for word in text.split():
        width = measure(word, size)
        if used and used + blank + width > pixels:
            lines, used = lines + 1, width
        else:
            used += width + (blank if used else 0.0)
    return lines
