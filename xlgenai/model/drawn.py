"""The part of the vocabulary that is drawn: charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Series:
    """One series of a chart.

    Attributes
    ----------
    key : str
        The key of its values.
    name : str
        What the legend calls it; the line's label if empty.
    reference : bool
        Whether it is only there to compare others with: a thin dashed line in grey.
    """

    key: str
    name: str = ""
    reference: bool = False


@dataclass(frozen=True)
class Chart:
    """A native Excel chart over lines or a grid of the model.

    Attributes
    ----------
    key, title : str
        Its name, and what stands above it.
    kind : {"bar", "line", "combination", "scatter"}
        A combination draws its series as columns and its `overlay` as lines against a second axis.
    series : tuple of Series
        What it shows.
    categories : str
        The key (or block of keys) along the horizontal axis; empty for the headings of the timeline.
    x_title, y_title, overlay_title : str
        Titles of the axes, with units.
    x_format, y_format, overlay_format : str
        Number formats of the axes.
    overlay : tuple of Series
        The lines of a combination; the second axis runs from 0 to 1 when it shows percent.
    x_max, y_max : float or None
        Where the axes end; None leaves it to the program.
    x_turned : bool
        Whether the labels of the horizontal axis run upwards, for many long ones.
    """

    key: str
    title: str
    kind: Literal["bar", "line", "combination", "scatter"]
    series: tuple[Series, ...]
    x_title: str
    y_title: str
    categories: str = ""
    x_format: str = "General"
    y_format: str = "0%"
    overlay: tuple[Series, ...] = ()
    overlay_title: str = ""
    overlay_format: str = "0%"
    x_max: float | None = None
    y_max: float | None = None
    x_turned: bool = False
