"""What an installation does to a machine, as data: planned first, shown by a dry run, then applied one by one."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from xlgenai.errors import SetupError
from xlgenai.operations.setup.configuration import change_line, decode, encode

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class FolderStep:
    """A folder that is made, or taken away when nothing is in it any more."""

    what: str
    where: Path
    before: bool
    after: bool


@dataclass(frozen=True)
class FileStep:
    """A file that gets another content; None stands for no file."""

    what: str
    where: Path
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class LineStep:
    """A line of a settings file that becomes another; None stands for no line. All other lines stay."""

    what: str
    where: Path
    before: str | None
    after: str | None
    encoding: str


@dataclass(frozen=True)
class ExtensionStep:
    """An extension that another program takes or gives up; both ends in words, None stands for no extension."""

    what: str
    where: Path
    before: str | None
    after: str | None


Step: TypeAlias = FolderStep | FileStep | LineStep


def described(state: bool | bytes | str | None) -> str:
    """Say in a few words what a step finds or leaves behind."""
    if isinstance(state, str):
        return state
    if isinstance(state, bytes):
        return f"{len(state):,} bytes" if state else "an empty file"
    return "there" if state else "absent"


class Preview:
    """The disk as it will be after the steps that were given to it; the disk itself stays as it is."""

    def __init__(self) -> None:
        self._files: dict[Path, bytes | None] = {}
        self._folders: dict[Path, bool] = {}

    def read(self, path: Path) -> bytes | None:
        """Return the content of a file; None where there is none."""
        return self._files[path] if path in self._files else read(path)

    def is_folder(self, path: Path) -> bool:
        """Whether there is such a folder."""
        return self._folders.get(path, path.is_dir())

    def is_empty(self, folder: Path) -> bool:
        """Whether a folder has nothing left in it."""
        return all(
            self._files.get(entry, b"") is None or self._folders.get(entry) is False for entry in folder.iterdir()
        )

    def take(self, step: Step) -> None:
        """Let a step happen here only."""
        if isinstance(step, FolderStep):
            self._folders[step.where] = step.after
        else:
            self._files[step.where] = _content(step, self.read(step.where))


def apply_steps(steps: Iterable[Step]) -> None:
    """Carry out a plan; each file is changed whole or not at all.

    Parameters
    ----------
    steps : iterable of Step
        The plan, in its order.

    Raises
    ------
    SetupError
        When a file or folder cannot be changed; what came before it in the plan is done.
    """
    for step in steps:
        if isinstance(step, FolderStep):
            _change_folder(step)
        else:
            write(step.where, _content(step, read(step.where)))


def read(path: Path) -> bytes | None:
    """Read a file; None where there is none."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}): give yourself access to it.") from error


def write(path: Path, content: bytes | None) -> None:
    """Put new content in the place of a file, or remove it; the old file is never lost to half a new one.

    Parameters
    ----------
    path : Path
        The file.
    content : bytes or None
        What it is to hold; None removes it.

    Raises
    ------
    SetupError
        When the folder or a program that has the file open does not allow it.
    """
    try:
        if content is None:
            path.unlink(missing_ok=True)
        else:
            _replace(Path(os.path.realpath(path)), content)
    except PermissionError as error:
        raise SetupError(f"{path} cannot be changed: close Excel, or give yourself access, and run again.") from error
    except OSError as error:
        raise SetupError(f"{path} cannot be changed ({error.strerror}): mend that and run again.") from error


def _replace(target: Path, content: bytes) -> None:
    # Excel opens whatever lies in XLSTART, so that an unfinished file waits one folder above it.
    folder = target.parent.parent if target.parent.name.upper() == "XLSTART" else target.parent
    temporary = folder / f".xlgenai-{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode)
        temporary.replace(target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _content(step: FileStep | LineStep, now: bytes | None) -> bytes | None:
    if isinstance(step, FileStep):
        return step.after
    return encode(change_line(decode(now or b"", step.encoding), step.before, step.after), step.encoding)


def _change_folder(step: FolderStep) -> None:
    try:
        if step.after:
            step.where.mkdir(parents=True, exist_ok=True)
        else:
            step.where.rmdir()
    except OSError as error:
        verb = "made" if step.after else "removed"
        raise SetupError(f"The folder {step.where} cannot be {verb} ({error.strerror}): mend that first.") from error
