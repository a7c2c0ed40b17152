"""The rig itself: an office that hangs or crashes is ended, and the next question has a new one."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.rig import OfficeEndedError, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.rig import Rig

BAD = Path(__file__).parents[1] / "support" / "bad_functions.py"


@pytest.fixture(scope="module")
def rig() -> Iterator[Rig]:
    """An office of this file's own, whose end does no other test any harm."""
    yield from started(str(BAD))


def asked(rig: Rig, formula: str, patience: float) -> object:
    rig("open", "new", patience=60)
    rig("formulas", "new", "", "A1", [[formula]], patience=patience)
    ((shown,),) = rig.read("new", "", "A1")
    rig("close", "new")
    return shown


def test_the_office_answers(rig: Rig) -> None:
    assert asked(rig, "=1+1", 60) == 2.0
    assert rig("version").split(".")[0].isdigit()


@pytest.mark.parametrize(("formula", "patience"), [("=XLG.HANGS(600)", 3), ("=XLG.CRASHES(3)", 60)])
def test_a_function_that_hangs_or_crashes_does_no_harm(formula: str, patience: float, rig: Rig) -> None:
    with pytest.raises(OfficeEndedError):
        asked(rig, formula, patience)
    assert asked(rig, "=XLG.NET_MARGIN(9.2;18.4)", 60) == 0.5


def test_the_office_ends_with_the_tests_even_where_they_are_killed(rig: Rig) -> None:
    assert asked(rig, "=1+1", 60) == 2.0
    assert offices(rig)
    rig.leave()
    deadline = time.monotonic() + 20
    while offices(rig) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert offices(rig) == []
    rig.end()


def offices(rig: Rig) -> list[bytes]:
    """The commands of the processes that work with the rig's profile."""
    commands = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # one that has just ended
            commands.append(path.read_bytes())
    return [command for command in commands if str(rig.folder / "profile").encode() in command]


def test_a_function_that_takes_its_time_is_waited_for(rig: Rig) -> None:
    assert asked(rig, "=XLG.HANGS(0.5)", 60) == 0.5


def test_what_the_office_cannot_do_is_said_and_the_office_goes_on(rig: Rig) -> None:
    with pytest.raises(AssertionError, match=r"absent\.xlsx"):
        rig("open", "/absent.xlsx")
    assert asked(rig, "=1+1", 60) == 2.0
