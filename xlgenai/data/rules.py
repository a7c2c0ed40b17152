"""The rules that look at more than one field: each finds the rows that break it, and says what it found there.

A rule gets a frame whose index is the row number in the source. A field that could not be read is missing in it, and a
rule leaves alone what it cannot judge: that field is a problem of its own already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

Findings: TypeAlias = dict[int, str]
"""By row number, what was found in a row that breaks the rule."""

FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
"""The years in which a fiscal quarter of a listed company can sensibly lie."""
QUARTERS: Final = ("Q1", "Q2", "Q3", "Q4")
SHARE_TOLERANCE: Final = 0.005
"""Half of the last digit of shares that are given as whole percentages."""


def repeated(keys: Sequence[str]) -> Callable[[pd.DataFrame], Findings]:
    """Make the rule that no two rows have the same keys.

    Parameters
    ----------
    keys : sequence of str
        The columns that identify a row.

    Returns
    -------
    callable
        Finds each row whose keys stand in a row above already.
    """

    def find(frame: pd.DataFrame) -> Findings:
        known = frame.dropna(subset=list(keys))
        again = known[known.duplicated(list(keys))]
        return {int(row): " ".join(map(str, values)) for row, *values in again[list(keys)].itertuples(name=None)}

    return find


def part_above_whole(frame: pd.DataFrame) -> Findings:
    """Find the quarters whose data-center revenue is above all revenue."""
    above = frame[frame["data_center_revenue_usd_m"] > frame["revenue_usd_m"]]
    pairs = zip(above["data_center_revenue_usd_m"], above["revenue_usd_m"], strict=True)
    return {int(row): f"{part:.15g} of {whole:.15g}" for row, (part, whole) in zip(above.index, pairs, strict=True)}


def gaps(frame: pd.DataFrame) -> Findings:
    """Find the quarters whose quarter before is missing, though there are earlier ones."""
    count = _quarter_count(frame)
    if count.isna().any():
        return {}
    ordered = count.drop_duplicates().sort_values()
    after = ordered[ordered.diff() > 1]
    return {int(row): f"{frame['fiscal_year'][row]} {frame['fiscal_quarter'][row]}" for row in after.index}


def out_of_order(frame: pd.DataFrame) -> Findings:
    """Find the quarters that do not end after the quarter before them."""
    known = frame.assign(count=_quarter_count(frame)).dropna(subset=["count", "period_end"])
    ends = known.drop_duplicates("count").sort_values("count")["period_end"]
    early = ends[ends <= ends.shift()]
    return {int(row): end.date().isoformat() for row, end in early.items()}  # type: ignore[call-overload]


def not_one_of_two(frame: pd.DataFrame) -> Findings:
    """Find the rows that give both an amount and a share, or neither."""
    filled = frame[["usd_b", "share"]].notna().sum(axis="columns")
    return {int(row): "both" if number else "neither" for row, number in filled[filled != 1].items()}  # type: ignore[call-overload]


def mixed_units(frame: pd.DataFrame) -> Findings:
    """Find the rows whose unit is not that of the first row of their vintage and metric."""
    clear = frame[frame["usd_b"].notna() ^ frame["share"].notna()].dropna(subset=["vintage", "metric"])
    unit = clear["share"].notna().map({True: "share", False: "usd_b"})
    first = unit.groupby([clear["vintage"], clear["metric"]]).transform("first")
    return {int(row): str(found) for row, found in unit[unit != first].items()}  # type: ignore[call-overload]


def sums_off(frame: pd.DataFrame) -> Findings:
    """Find the first row of each vintage and metric whose shares, if there are several, do not add up to 1."""
    findings: Findings = {}
    for _, group in frame.groupby(["vintage", "as_of", "metric"], sort=False):
        shares = group["share"]
        if len(shares) > 1 and shares.notna().all() and abs(shares.sum() - 1) > SHARE_TOLERANCE + 1e-9:
            findings[int(group.index[0])] = f"{shares.sum():.6g}"
    return findings


def _quarter_count(frame: pd.DataFrame) -> pd.Series[float]:
    """Count the quarters through the years; missing where year or quarter is no good."""
    year = frame["fiscal_year"].astype("Float64").astype(float)
    quarter = frame["fiscal_quarter"].map({name: number for number, name in enumerate(QUARTERS)}).astype(float)
    return year.where(year.between(FIRST_YEAR, LAST_YEAR)) * len(QUARTERS) + quarter
