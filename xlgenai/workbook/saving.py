"""A workbook saved so that a good file is never lost: written beside, read back, and only then put in its place."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from xlgenai.errors import LockedError, WorkbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LIBREOFFICE = ".~lock."
# Office puts "~$" in front of a short name, and may put it over the first two characters of a longer one.
_SHORT_STEM = 8

_WORKBOOKS = {".xlsx", ".xlsm"}

_NO_FOLDER = "its folder does not exist: create the folder or correct the path"
_CLOSED = "its folder is read-only: save it elsewhere or ask for access"
_FULL = "the disk is full: make room or save it elsewhere"
_REASONS = {
    errno.ENOENT: _NO_FOLDER,
    errno.ENOTDIR: _NO_FOLDER,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: _CLOSED,
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.ENAMETOOLONG: "its name is too long: shorten it",
    errno.ELOOP: "it is a link that leads to itself: save it under another name",
}
_OTHER = "the disk did not take it: check the path and the disk"


def save_atomically(path: Path, data: bytes, reopen: Callable[[bytes], object]) -> None:
    """Put new content in the place of a file, whole or not at all.

    Parameters
    ----------
    path : Path
        The file; a symbolic link is followed, and the mode bits of an existing file stay.
    data : bytes
        The new content.
    reopen : callable
        Gets what was read back from the disk, and raises when it is not a good file: then nothing is replaced.

    Raises
    ------
    LockedError
        If the file is open in Excel or LibreOffice: it stays as it is, and the new content lies beside it as
        ``stem (new).xlsx``.
    WorkbookError
        If the folder or the disk does not take the file.
    """
    with _one_sentence(path):
        target = Path(os.path.realpath(path))
        mode = _mode_to_keep(path, target)
    temporary = target.with_name(f".xlgenai-{secrets.token_hex(8)}.tmp")
    try:
        with _one_sentence(path):
            written = _write_and_read_back(temporary, data)
        reopen(written)
        with _one_sentence(path):
            if mode is not None:
                temporary.chmod(mode)
            _put_in_place(temporary, path, target)
            _sync_folder(target.parent)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def save_exactly(path: Path, data: bytes) -> None:
    """Save a file that is no workbook, whole or not at all: what the disk kept must be what was written.

    Parameters
    ----------
    path : Path
        The file.
    data : bytes
        Its new content.

    Raises
    ------
    WorkbookError
        If the folder or the disk does not take the file.
    """

    def compare(kept: bytes) -> None:
        if kept != data:
            raise WorkbookError(f"{path} was not saved because the disk did not keep it: check the disk.")

    save_atomically(path, data, compare)


def lock_file(path: Path) -> Path | None:
    """Find the file that tells that a workbook is open in another program.

    Parameters
    ----------
    path : Path
        The workbook.

    Returns
    -------
    Path or None
        LibreOffice's ``.~lock.name.xlsx#`` or Excel's ``~$name.xlsx`` beside the workbook.
    """
    candidates = [f"{_LIBREOFFICE}{path.name}#", f"~${path.name}"]
    shortened = path.name[2:]
    # "~$del.xlsx" may lock model.xlsx, unless there is a del.xlsx that it belongs to.
    if len(path.stem) > _SHORT_STEM and not _exists(path.with_name(shortened)):
        candidates.append(f"~${shortened}")
    return next((path.with_name(name) for name in candidates if _exists(path.with_name(name))), None)


@contextlib.contextmanager
def _one_sentence(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WorkbookError(f"{path} was not saved because {_REASONS.get(error.errno or 0, _OTHER)}.") from error
    except ValueError as error:  # a zero byte in the path
        raise WorkbookError(f"{str(path)!r} was not saved because it is no usable path: correct it.") from error


def _mode_to_keep(path: Path, target: Path) -> int | None:
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise WorkbookError(f"{path} was not saved because it is a folder: add a file name to it.")
    if not stat.S_ISREG(mode):
        raise WorkbookError(f"{path} was not saved because it is not an ordinary file: choose another name.")
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise WorkbookError(f"{path} was not saved because it is marked read-only: unmark it or choose another name.")
    return stat.S_IMODE(mode)


def _write_and_read_back(temporary: Path, data: bytes) -> bytes:
    with temporary.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return temporary.read_bytes()


def _put_in_place(temporary: Path, path: Path, target: Path) -> None:
    # Looked for only now: the user may have opened the workbook while the new one was being written.
    lock = _lock_on(path) or _lock_on(target)
    if lock is None:
        try:
            temporary.replace(target)
        except PermissionError as error:
            if not _is_held_open(error, target):
                raise
        else:
            return
    _put_beside(temporary, target, lock)


def _put_beside(temporary: Path, target: Path, lock: Path | None) -> None:
    program = "Excel" if lock or target.suffix.lower() in _WORKBOOKS else "another program"
    if lock and lock.name.startswith(_LIBREOFFICE):
        program = "LibreOffice"
    stale = f" (if it is not open, delete {lock.name})" if lock else ""
    beside = target.with_name(f"{target.stem} (new){target.suffix}")
    both_open = LockedError(
        f"{target.name} and {beside.name} are both open, so nothing was saved: close them and run again{stale}."
    )
    if _lock_on(beside):
        raise both_open
    try:
        temporary.replace(beside)
    except PermissionError as error:
        if _is_held_open(error, beside):
            raise both_open from error
        raise
    _sync_folder(beside.parent)
    raise LockedError(
        f"{target.name} is open in {program} and was left as it was; the new one is beside it as {beside.name}: "
        f"close {target.name} and rename the new one, or run again{stale}."
    )


def _lock_on(path: Path) -> Path | None:
    # A lock without a workbook was left behind by one that is gone.
    return lock_file(path) if _exists(path) else None


def _is_held_open(error: PermissionError, target: Path) -> bool:
    # Only Windows refuses to replace a file because a program has it open, and only its errors have this attribute.
    return getattr(error, "winerror", None) is not None and _exists(target)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder, and some network drives cannot sync one: the file is in place all the same.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
