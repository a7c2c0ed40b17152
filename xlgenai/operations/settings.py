"""From ``--set key=value`` and a scenario to the cells that they change, refused as a whole if one does not fit."""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from xlgenai.cells.formula import address
from xlgenai.errors import InputError
from xlgenai.model.anchors import nearest
from xlgenai.workbook.sheet import members

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlgenai.cells.values import Scalar
    from xlgenai.model.placed import InputCell, Layout
    from xlgenai.workbook.calculator import Calculation

KEY: Final = re.compile(r"(\w+)(?:\[([^\[\]]+)\])?")


@dataclass(frozen=True)
class InputWrite:
    """One input that gets a new value: its cell, and what the input is called."""

    key: str
    label: str
    sheet: str
    address: str
    value: float | str


def plan_inputs(
    layout: Layout, inputs: Mapping[str, float | str], scenario: str | None, live_scenario: str
) -> tuple[InputWrite, ...]:
    """Turn settings into cells.

    Parameters
    ----------
    layout : Layout
        Where the inputs are and what they accept.
    inputs : mapping of str to float or str
        By key; ``key[Bull]`` sets one scenario's value, a plain key the live scenario's.
    scenario : str or None
        The scenario to pick; None leaves it.
    live_scenario : str
        The scenario that the workbook shows now.

    Returns
    -------
    tuple of InputWrite
        The changes.

    Raises
    ------
    InputError
        For an unknown key or scenario, or a value that the input does not take.
    """
    given = dict(inputs)
    if scenario is not None:
        if not layout.scenario:
            raise InputError("This model has no scenarios, so none can be picked.")
        given = {layout.scenario: scenario, **{key: value for key, value in given.items() if key != layout.scenario}}
    known = {cell.key: cell for cell in layout.inputs}
    live = str(given.get(layout.scenario, live_scenario))
    return tuple(_write(known, key, value, live) for key, value in given.items())


def _write(known: Mapping[str, InputCell], setting: str, value: float | str, live: str) -> InputWrite:
    match = KEY.fullmatch(setting)
    key, scenario = (match[1], match[2]) if match else (setting, None)
    if key not in known:
        raise InputError(f"There is no input {key!r}; {nearest(key, known)}")
    cell = known[key]
    picked = scenario or (live if cell.scenarios else "")
    if picked not in (cell.scenarios or {""}):
        raise InputError(f"The input {key!r} has no scenario {picked!r}; {nearest(picked, cell.scenarios)}")
    where = cell.scenarios.get(picked, cell.address)
    return InputWrite(setting, cell.label, cell.sheet, where, _accepted(cell, value))


def _accepted(cell: InputCell, value: float | str) -> float | str:
    if cell.text:
        if cell.choices and value not in cell.choices:
            raise InputError(f"{cell.key} takes one of {', '.join(cell.choices)}, not {value!r}.")
        return str(value)
    try:
        number = float(str(value).removesuffix("%")) / (100 if str(value).endswith("%") else 1)
    except ValueError:
        raise InputError(f"{cell.key} takes a number, not {value!r}.") from None
    if not math.isfinite(number):
        raise InputError(f"{cell.key} takes a finite number, not {value}.")
    low, high = cell.low, cell.high
    if not ((low is None or number >= low) and (high is None or number <= high)):
        span = f"from {low:g} to {high:g}" if low is not None and high is not None else _one_bound(low, high)
        raise InputError(f"{cell.key} ({cell.label}) takes a number {span}, not {value}.")
    return number


def _one_bound(low: float | None, high: float | None) -> str:
    return f"of at least {low:g}" if low is not None else f"of at most {high:g}"


def with_inputs(layout: Layout, writes: tuple[InputWrite, ...]) -> Layout:
    """Return a layout with other values in its input cells."""
    if not writes:
        return layout
    changed = {(write.sheet, write.address): write.value for write in writes}
    sheets = tuple(
        dataclasses.replace(
            sheet,
            cells=tuple(
                cell._replace(content=changed[where])
                if (where := (sheet.name, address(cell.row, cell.column))) in changed
                else cell
                for cell in sheet.cells
            ),
        )
        for sheet in layout.sheets
    )
    return dataclasses.replace(layout, sheets=sheets)


def confirm_choices(layout: Layout, chosen: Mapping[str, Scalar], calculation: Calculation) -> None:
    """Refuse a text that is not among the choices that the data offer.

    Parameters
    ----------
    layout : Layout
        Where the inputs are.
    chosen : mapping of str to Scalar
        The text of each such input, by key.
    calculation : Calculation
        The values of the workbook with the new data.
    """
    for cell in layout.inputs:
        if not cell.options:
            continue
        sheet, _, cells = cell.options.rpartition("!")
        values = calculation.values.get(sheet.strip("'").replace("''", "'"), {})
        places = members(cells.replace("$", ""))
        offered = [str(values[where]) for where in places if isinstance(values.get(where), str)]
        if chosen[cell.key] not in offered:
            raise InputError(f"{cell.key} takes one of {', '.join(offered)} (from the data), not {chosen[cell.key]!r}.")
