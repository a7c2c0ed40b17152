"""The functions on xlwings Server, whose code needs a licence key: ranges as JSON, whole numbers as ints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
needs_key = pytest.mark.skipif(not os.environ.get("XLWINGS_LICENSE_KEY"), reason="there is no xlwings licence key")
NA = {"type": "Error", "basicValue": "#N/A"}
NA_BACK = {"type": "Error", "errorType": "NotAvailable"}
VALUE_BACK = {"type": "Error", "errorType": "Value"}
CALLS: dict[str, tuple[str, list[Any], Any]] = {
    "a column": ("layer_share", [[[13]], [[13], [27], [60]]], [[0.13]]),
    "a row, which xlwings makes flat": ("layer_share", [[[1]], [[1, 2.5, 0.5]]], [[0.25]]),
    "a block": ("net_margin", [[[1, 2], [3, 4]], [[4]]], [[0.25, 0.5], [0.75, 1.0]]),
    "a whole number that is the code of an error in Excel itself": (
        "net_margin",
        [[[-2146826246], [1]], [[4]]],
        [[-536706561.5], [0.25]],
    ),
    "booleans among numbers": ("net_margin", [[[1, True]], [[4]]], [[0.25, 0.25]]),
    "a blank among numbers": ("net_margin", [[[1], [None]], [[4]]], [[0.25], [0.0]]),
    "an error and a text among numbers": ("net_margin", [[[1], [NA], ["5"]], [[4]]], [[0.25], [NA_BACK], [VALUE_BACK]]),
    "one cell": ("net_margin", [[[1]], [[4]]], [[0.25]]),
}
HOST = """
import asyncio, json, sys
import xlwings
from xlwings.server import custom_functions_call
import udfs
about = {"client": "Office.js", "caller_address": "[Book1.xlsx]Sheet1!B2", "version": xlwings.__version__,
         "runtime": "1.4", "date_format": "M/d/yyyy", "culture_info_name": "en-US"}
calls = [about | {"func_name": name, "args": arguments} for name, arguments in json.load(sys.stdin)]
json.dump([asyncio.run(custom_functions_call(call, udfs)) for call in calls], sys.stdout)
"""


@needs_key
def test_ranges_give_what_they_give_everywhere() -> None:
    calls = json.dumps([(name, arguments) for name, arguments, _ in CALLS.values()])
    settings = os.environ | {"XLWINGS_ON_SERVER": "true"}
    command = [sys.executable, "-c", HOST]
    done = subprocess.run(command, input=calls, capture_output=True, text=True, cwd=ROOT, env=settings, check=False)
    assert done.returncode == 0, done.stderr
    answers = dict(zip(CALLS, json.loads(done.stdout), strict=True))
    assert answers == {case: shown for case, (_, _, shown) in CALLS.items()}
