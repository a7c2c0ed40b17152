"""The rig: one real office for a session of tests, that can hang or crash without harm to them.

The office runs in processes of its own, beside a worker that talks to it. Whatever does not answer in time is ended,
all of it, and the next question starts it anew; documents that were open are gone then.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.support.office import OFFICE
from xlgenai.cells.calc import CODES
from xlgenai.operations.addin import libreoffice_addin
from xlgenai.operations.office.running import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlgenai.cells.values import CellError, Scalar

WORKER: Final = Path(__file__).with_name("office_worker.py")
BRIDGE: Final = "/usr/bin/python3"
"""The system's own Python: LibreOffice's bridge is built for no other."""
START: Final = 90.0
"""Seconds until an office that is not ready counts as hanging."""
PATIENCE: Final = 60.0
ERRORS: Final[dict[int, CellError | str]] = {code: error for error, code in CODES.items()}


class OfficeEndedError(Exception):
    """The office hung or crashed, and was ended."""


class Rig:
    """One office.

    Parameters
    ----------
    extension : bytes
        The extension that it is to have.
    """

    def __init__(self, extension: bytes) -> None:
        self.folder = Path(mkdtemp(prefix="xlgenai-rig-"))
        self.temp = self.folder / "temp"
        self.temp.mkdir()
        self.extensions = self.folder / "extensions"
        with zipfile.ZipFile(BytesIO(extension)) as archive:
            archive.extractall(self.extensions / "xlgenai")
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, command: str, *arguments: Any, patience: float = PATIENCE) -> Any:
        """Ask the office something, and return its answer.

        Raises
        ------
        OfficeEndedError
            When there was no answer in time, or never will be.
        AssertionError
            When the office says that it cannot do it.
        """
        process = self._started()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps([command, *arguments]) + "\n")
            process.stdin.flush()
            answer = self._answer(process, patience)
        except (BrokenPipeError, OfficeEndedError) as error:
            self.end()
            raise OfficeEndedError(f"{command} had no answer") from error
        assert "ok" in answer, f"{command}{arguments}: {answer['error']}"
        return answer["ok"]

    def read(self, path: str, sheet: str, cells: str) -> list[list[Scalar]]:
        """Return what the cells of a range show, with errors as errors; one that Excel has not is Calc's own text."""
        return [[_value(cell) for cell in row] for row in self("read", path, sheet, cells)]

    def end(self) -> None:
        """End the office, its worker, and all that they have started."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
            self._process = None
        shutil.rmtree(self.folder / "profile", ignore_errors=True)

    def leave(self) -> None:
        """Let go of the worker, as the end of the tests does, however they end."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    def dispose(self) -> None:
        """End everything and leave nothing behind."""
        self.end()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            assert OFFICE is not None
            self._process = subprocess.Popen(
                [BRIDGE, str(WORKER), str(OFFICE.program), str(self.folder), str(self.extensions)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**environment(os.environ), "TEMP": str(self.temp), "TMPDIR": str(self.temp)},
                start_new_session=True,
            )
            self._answer(self._process, START)
        return self._process

    @staticmethod
    def _answer(process: subprocess.Popen[str], patience: float) -> Any:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], patience)
        line = process.stdout.readline() if ready else ""
        if not line:
            raise OfficeEndedError("no answer")
        return json.loads(line)


def started(*udfs: str) -> Iterator[Rig]:
    """Give an office in which Calc calls our functions, and those of further modules; skip where there can be none."""
    if OFFICE is None or not Path(BRIDGE).exists():
        pytest.skip("LibreOffice is not installed")
    if subprocess.run([BRIDGE, "-c", "import uno"], capture_output=True, check=False).returncode:
        pytest.skip("LibreOffice's Python bridge is not installed")
    if OFFICE.python != ".".join(map(str, sys.version_info[:2])):
        pytest.skip(f"LibreOffice runs Python {OFFICE.python}, which cannot load the packages of this one")
    rig = Rig(libreoffice_addin(udfs).content)
    yield rig
    rig.dispose()


def _value(cell: Any) -> Any:
    if isinstance(cell, dict):
        return ERRORS.get(cell["error"], f"Err:{cell['error']}")
    return cell
