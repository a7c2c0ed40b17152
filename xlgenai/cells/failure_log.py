"""The log of failures: why a cell shows an error, in a file, because Excel runs Python without a window."""

from __future__ import annotations

import contextlib
import logging
import tempfile
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from xlgenai.cells.boundary import LOG

NAME: Final = "xlgenai.log"
LARGEST: Final = 1_000_000
"""Bytes after which the file becomes the old one, and that one goes."""
LONGEST: Final = 1_000
"""Characters of a line, because a message may quote a whole range."""
TIME: Final = "%Y-%m-%d %H:%M:%S"
"""As the workbook's macros write it."""


def log_path() -> Path:
    """Return where failures are kept: ``xlgenai.log`` in the folder for temporary files.

    Returns
    -------
    Path
        The file, which exists once a function has failed in Excel.

    Raises
    ------
    OSError
        When the system has no folder for temporary files.
    """
    return Path(tempfile.gettempdir(), NAME)


def keep_failures() -> None:
    """Keep the reason of each failure from now on, one line each; nothing where they are kept already.

    Nothing that goes wrong with the file is ever raised: a cell must show the function's error, not the log's.
    """
    if any(isinstance(handler, FailureFile) for handler in LOG.handlers):
        return
    with contextlib.suppress(OSError):
        LOG.addHandler(FailureFile(log_path()))
        if LOG.level == logging.NOTSET:
            LOG.setLevel(logging.INFO)  # the reasons of #N/A are no warnings


class FailureFile(RotatingFileHandler):
    """A file of bounded size, made when there is something to write, that never complains.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=LARGEST, backupCount=1, encoding="utf-8", delay=True)
        self.setFormatter(OneLine())

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line and let go of the file: the workbook's macros and another Excel write into it too."""
        super().emit(record)
        stream, self.stream = self.stream, None
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()

    def rotate(self, source: str, dest: str) -> None:
        """Make the file the old one, unless someone else has it open just then: it grows until the next line."""
        with contextlib.suppress(OSError):
            super().rotate(source, dest)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Do nothing where logging would print: there is nobody to read it."""


class OneLine(logging.Formatter):
    """Time, function, reason and, for an exception, the place where it was raised."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a failure."""
        error = record.exc_info[1] if record.exc_info else None
        reason = "" if error is None else f": {_reason(error)}"
        time = self.formatTime(record, TIME)
        line = " ".join(f"{time} {record.getMessage()}{reason}".split())
        return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _reason(error: BaseException) -> str:
    words = " ".join(traceback.format_exception_only(error))
    frames = list(traceback.walk_tb(error.__traceback__))
    if not frames:
        return words
    frame, line = frames[-1]
    return f"{words} ({Path(frame.f_code.co_filename).name}, line {line})"
