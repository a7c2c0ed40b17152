"""Functions that no host should have to bear, for the tests of the rig."""

from __future__ import annotations

import os
import time

import xlgenai


@xlgenai.function
def hangs(seconds: float) -> float:
    """A function that takes its time.

    Parameters
    ----------
    seconds : float
        How long.
    """
    time.sleep(seconds)
    return seconds


@xlgenai.function
def crashes(status: float) -> float:
    """A function that ends the process that it runs in.

    Parameters
    ----------
    status : float
        What the process is to say.
    """
    os._exit(int(status))
