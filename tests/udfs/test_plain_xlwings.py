"""The functions beside xlwings as it is on Linux and macOS, where its decorators do nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from xlgenai.cells.modules import load_functions

CALLS: dict[str, tuple[list[Any], float]] = {
    "breakeven_growth": ([86.0, 1.6, 10.0, 5.0, 0.25], 0.749790),
    "capture_index": ([0.9, 0.13], 6.923077),
    "circular_revenue_share": ([80.0, 193.737], 0.330345),
    "compute_spend": ([20.0], 16.0),
    "concentration": ([[[75.0], [10.0], [5.0]]], 7098.765432),
    "crossover_years": ([10.0, 90.0, 1.0, 0.5], 7.637683),
    "implied_gross_margin": ([3.0, 0.8], 0.583333),
    "implied_tam_multiple": ([0.9, 0.8], 12.5),
    "layer_share": ([75.0, [[75.0, 10.0, 5.0]]], 0.833333),
    "net_margin": ([9243.0, 18120.0], 0.510099),
    "nvidia": (["run_rate", "FY2024Q3"], 58.056),
    "nvidia_net_margin": (["FY2027Q1"], 0.714587),
    "projected_tam_multiple": ([10.0, 90.0, 1.0, 0.5, 5.0], 0.468221),
    "required_end_revenue": ([50.0, 0.5, 0.5, 0.3], 285.714286),
    "required_growth": ([1.6, 26.2451, 5.0], 0.749789),
    "venture_irr": ([100.0, [[30.0]] * 5], 0.152382),
    "venture_npv": ([0.1, 100.0, [[30.0]] * 5], 13.723603),
}
SCRIPT = """
import json, sys
import xlwings, udfs
calls = json.load(sys.stdin)
json.dump([getattr(udfs, name)(*arguments) for name, arguments in calls], sys.stdout)
"""


def run(calls: list[tuple[str, list[Any]]]) -> list[Any]:
    """Call functions in a fresh Python that has loaded xlwings before them."""
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, input=json.dumps(calls), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results: list[Any] = json.loads(done.stdout)
    return results


def test_all_functions_are_there() -> None:
    assert sorted(load_functions()) == [name.upper() for name in CALLS]
    assert len(CALLS) == 17


def test_every_function_can_be_called() -> None:
    results = run([(name, arguments) for name, (arguments, _) in CALLS.items()])
    assert dict(zip(CALLS, results, strict=True)) == {
        name: pytest.approx(value, abs=1e-5) for name, (_, value) in CALLS.items()
    }


def test_errors_come_and_go_as_their_text() -> None:
    odd: list[tuple[str, list[Any]]] = [
        ("net_margin", [1.0, 0.0]),
        ("net_margin", ["#N/A", 1.0]),
        ("net_margin", [[["#REF!"], [1.0], ["x"], [None]], 2.0]),
        ("net_margin", [None, 2.0]),
    ]
    assert run(odd) == ["#DIV/0!", "#N/A", [["#REF!"], [0.5], ["#VALUE!"], [0.0]], "#VALUE!"]
