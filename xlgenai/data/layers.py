"""The layers of the value chain as the sources name them, each in the group that makes vintages comparable."""

from __future__ import annotations

from typing import Final

GROUPS: Final[dict[str, str]] = {
    "infrastructure": "infrastructure",
    "semiconductors": "infrastructure",
    "cloud infrastructure": "infrastructure",
    "models and applications": "applications",
    "applications and models": "applications",
    "models": "applications",
    "applications": "applications",
    "all generative AI": "total",
}
"""Group by layer."""


def group_of(layer: str) -> str:
    """Return the group of a layer.

    Parameters
    ----------
    layer : str
        Name of the layer, as in the table.

    Returns
    -------
    str
        "infrastructure", "applications" or "total".

    Raises
    ------
    KeyError
        When the layer is unknown.

    Examples
    --------
    >>> group_of("semiconductors"), group_of("models")
    ('infrastructure', 'applications')
    """
    return GROUPS[layer]
