"""Each promise about speed as a ratio of two things timed in one run, in turn: python benchmarks/ratios.py [--write].

With --write the table goes into benchmarks/README.md.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from bare_openpyxl import write_bare

sys.path.insert(0, str(Path(__file__).parents[1]))

import xlgenai
from tests.support.rig import Rig, started
from xlgenai.cells.boundary import call
from xlgenai.cells.modules import load_functions
from xlgenai.data import bundled
from xlgenai.model.layout import place
from xlgenai.model.value_chain import value_chain_model
from xlgenai.workbook.calculator import calculate
from xlgenai.workbook.package import Package

HERE = Path(__file__).parent
ROUNDS = 9


@dataclass(frozen=True)
class Row:
    """One line of the table: what against what, both medians, and the promise."""

    what: str
    against: str
    ours: float
    theirs: float
    promise: str
    kept: bool

    def __str__(self) -> str:
        ratio = (
            f"{self.ours / self.theirs:.2f}x" if self.ours > self.theirs / 10 else f"1/{self.theirs / self.ours:.0f}"
        )
        kept = "kept" if self.kept else "NOT KEPT"
        return (
            f"| {self.what} | {self.against} | {1e3 * self.ours:.1f} ms | {1e3 * self.theirs:.1f} ms |"
            f" {ratio} | {self.promise} | {kept} |"
        )


def medians(ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, float]:
    """Time the two in turn, after one round that does not count, and return the median of each.

    As in `timeit` garbage is collected between the runs, so that neither pays for what the other left behind.
    """
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for kept, run in zip(times, (ours, theirs), strict=True):
            gc.collect()
            gc.disable()
            start = time.perf_counter()
            run()
            elapsed = time.perf_counter() - start
            gc.enable()
            if number:
                kept.append(elapsed)
    return statistics.median(times[0]), statistics.median(times[1])


def build_against_openpyxl(folder: Path) -> Row:
    layout = place(value_chain_model(bundled.nvidia_quarters(), bundled.value_chain(), bundled.benchmarks()))
    ours, theirs = medians(
        lambda: xlgenai.build(folder / "ours.xlsx"), lambda: write_bare(layout, folder / "bare.xlsx")
    )
    return Row(
        "build: model, file, values, check, save",
        "bare openpyxl writes the same cells and charts",
        ours,
        theirs,
        "at most 2.0x",
        ours <= 2 * theirs,
    )


def calculate_against_libreoffice(folder: Path) -> Row:
    path = folder / "model.xlsx"
    xlgenai.build(path)
    package, functions = Package.open(path), load_functions()
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), str(path)]
    repeats = 5  # the first runs on a processor that an office has just left cold

    def calculate_often() -> None:
        for _ in range(repeats):
            calculate(package, functions)

    often, theirs = medians(calculate_often, lambda: subprocess.run(command, capture_output=True, check=True), rounds=5)
    ours = often / repeats
    return Row(
        "calculate the model, mean of five in a row",
        "headless LibreOffice converts the same file",
        ours,
        theirs,
        "50 times as fast",
        50 * ours <= theirs,
    )


def boundary_against_numpy() -> Row:
    share = load_functions()["LAYER_SHARE"]
    column = [[float(number)] for number in range(1, 100_001)]
    ours, theirs = medians(lambda: call(share, [1.0, column]), lambda: np.array(column, dtype=float))
    return Row(
        "100,000 cells into a function",
        "numpy.array of the same nested list",
        ours,
        theirs,
        "at most 2x",
        ours <= 2 * theirs,
    )


def functions_against_formulas(rig: Rig) -> Row:
    """One input changes, and 10,000 cells follow: in the office's main thread, as when a user changes it."""
    cells, column = 10_000, [[float(multiple)] for multiple in range(1, 10_001)]
    texts = {
        "ours": "=XLG.IMPLIED_GROSS_MARGIN($A{0};$C$1;$C$2;$C$3)",
        "theirs": "=1-$C$3*$C$2/($A{0}*$C$1)",
    }
    for name, text in texts.items():
        rig("open", name)
        rig("set", name, "", f"A1:A{cells}", column)
        rig("set", name, "", "C1:C3", [[0.8], [0.9], [1.0]])
        rig("formulas", name, "", f"B1:B{cells}", [[text.format(row)] for row in range(1, cells + 1)])
    times: dict[str, list[float]] = {name: [] for name in texts}
    for number in range(1, 2 * ROUNDS + 2):
        for name, kept in times.items():
            kept.append(rig("changed", name, "", "C1", 0.5 + number / 100))
        one, other = (np.array(rig.read(name, "", f"B{cells - 1}:B{cells}"), dtype=float) for name in texts)
        if not np.allclose(one, other, rtol=1e-12):
            raise ValueError(f"{one} is not {other}: not the same was calculated")
    ours, theirs = (statistics.median(kept[1:]) for kept in times.values())
    return Row(
        f"{cells:,} cells of LibreOffice Calc call a function in Python, after one input changed",
        "the function's formula typed into the same cells",
        ours,
        theirs,
        "at most 20x",
        ours <= 20 * theirs,
    )


def xlwings_ranges(path: str) -> dict[str, tuple[float, float]]:
    """Medians of ours and theirs as xlwings_ranges.py measures them in a process of its own."""
    command = [sys.executable, str(HERE / "xlwings_ranges.py"), path]
    done = subprocess.run(command, capture_output=True, check=True)
    return {name: (ours, theirs) for name, (ours, theirs) in json.loads(done.stdout).items()}


def accessor_on_windows() -> list[Row]:
    what, times = "100,000-cell column through xlwings' classic code", xlwings_ranges("classic")
    (ours, stock), (ours_again, array) = times["stock"], times["numpy"]
    theirs = f"xlwings {version('xlwings')} without our accessor"
    return [
        Row(what, theirs, ours, stock, "5 times as fast", 5 * ours <= stock),
        Row(what, "numpy.array of the same tuples", ours_again, array, "at most 2x", ours_again <= 2 * array),
    ]


def accessor_on_a_server() -> list[Row]:
    what, times = "100,000-cell column through xlwings' server code", xlwings_ranges("server")
    (ours, shipped), (ours_again, mended) = times["shipped"], times["mended"]
    theirs = f"xlwings {version('xlwings')} without our accessor"
    spared = f"{theirs}, spared the import that fails for each cell"
    return [
        Row(what, theirs, ours, shipped, "5 times as fast", 5 * ours <= shipped),
        Row(what, spared, ours_again, mended, "5 times as fast", 5 * ours_again <= mended),
    ]


def import_against_nothing() -> Row:
    ours, theirs = medians(
        lambda: subprocess.run([sys.executable, "-c", "import xlgenai"], check=True),
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
    )
    return Row("import xlgenai", "python -c pass", ours, theirs, "at most +100 ms", ours - theirs <= 0.1)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [build_against_openpyxl(folder)]
        if shutil.which("soffice"):
            rows.append(calculate_against_libreoffice(folder))
            rows += [functions_against_formulas(rig) for rig in started()]
        rows += [boundary_against_numpy(), *accessor_on_windows()]
        if os.environ.get("XLWINGS_LICENSE_KEY"):
            rows += accessor_on_a_server()
        rows.append(import_against_nothing())
    machine = (
        f"Python {platform.python_version()}, {platform.system()}; medians of runs in turn; the ratio is what counts."
    )
    table = "\n".join(
        ["| ours | against | ours | theirs | ratio | promise | |", "|---|---|---|---|---|---|---|", *map(str, rows)]
    )
    print(f"{table}\n\n{machine}")
    if "--write" in sys.argv:
        head = "# Benchmarks\n\nRun `python benchmarks/ratios.py`; with `--write` it writes this page.\n"
        (HERE / "README.md").write_text(f"{head}\n{table}\n\n{machine}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
