"""A workbook saved: the old file whole or the new file whole, whatever happens in between."""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

import xlgenai
from xlgenai.errors import LockedError, WorkbookError
from xlgenai.workbook.package import Package
from xlgenai.workbook.saving import lock_file, save_atomically

if TYPE_CHECKING:
    from collections.abc import Callable

OLD = b"the old workbook"
NEW = b"the new workbook" * 1_000


def accept(data: bytes) -> None:
    assert data == NEW


def workbook(value: float) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = value
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.xlsx"
    path.write_bytes(OLD)
    return path


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def assert_one_sentence(error: pytest.ExceptionInfo[WorkbookError]) -> None:
    text = str(error.value)
    assert re.fullmatch(r"[^\n]{30,700}\.", text), text
    assert not re.search(r"\. [A-Z]|Errno|Error|Exception|Traceback", text), text


# In place


def test_a_new_file_is_written_with_the_usual_mode(tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    save_atomically(path, NEW, accept)
    other = tmp_path / "other"
    other.write_bytes(b"")
    assert path.read_bytes() == NEW
    assert path.stat().st_mode == other.stat().st_mode
    assert names(tmp_path) == ["new.xlsx", "other"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_an_existing_file_is_replaced_and_keeps_its_mode(file: Path, mode: int) -> None:
    file.chmod(mode)
    save_atomically(file, NEW, accept)
    assert file.read_bytes() == NEW
    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert names(file.parent) == ["model.xlsx"]


def test_reopen_gets_what_is_on_the_disk_before_the_old_file_goes(file: Path) -> None:
    seen: list[tuple[bytes, bytes]] = []

    def look(data: bytes) -> None:
        (temporary,) = (entry for entry in file.parent.iterdir() if entry != file)
        assert temporary.name.startswith(".")
        seen.append((data, temporary.read_bytes()))
        assert file.read_bytes() == OLD

    save_atomically(file, NEW, look)
    assert seen == [(NEW, NEW)]


def test_a_real_workbook_is_reopened_as_a_package(tmp_path: Path) -> None:
    path = tmp_path / "model.xlsx"
    save_atomically(path, workbook(1), lambda data: Package.from_bytes(data, path.name))
    with pytest.raises(WorkbookError, match="damaged"):
        save_atomically(path, workbook(2)[:-40], lambda data: Package.from_bytes(data, path.name))
    assert openpyxl.load_workbook(path).worksheets[0]["A1"].value == 1


def test_a_symbolic_link_is_followed(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link.xlsx"
    link.symlink_to("../model.xlsx")
    save_atomically(link, NEW, accept)
    assert link.is_symlink()
    assert file.read_bytes() == NEW
    assert names(folder) == ["link.xlsx"]


def test_a_link_to_nothing_yet_makes_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link.xlsx"
    link.symlink_to(tmp_path / "target.xlsx")
    save_atomically(link, NEW, accept)
    assert link.is_symlink()
    assert (tmp_path / "target.xlsx").read_bytes() == NEW


def test_a_relative_path_and_a_very_long_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    longest = Path("x" * 250 + ".xlsx")
    for path in (Path("model.xlsx"), longest):
        save_atomically(path, NEW, accept)
        assert path.read_bytes() == NEW


def test_savers_at_the_same_time_leave_one_whole_file(file: Path) -> None:
    contents = [bytes([letter]) * 300_000 for letter in b"abcdefgh"]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda data: save_atomically(file, data, len), contents * 4))
    assert file.read_bytes() in contents
    assert names(file.parent) == ["model.xlsx"]


# Interrupted


@pytest.mark.parametrize(
    "failure", [WorkbookError("bad"), ValueError("bad"), OSError("bad"), KeyboardInterrupt(), SystemExit()]
)
def test_a_failing_reopen_leaves_the_old_file_and_nothing_else(file: Path, failure: BaseException) -> None:
    def fail(data: bytes) -> None:
        raise failure

    with pytest.raises(type(failure)) as caught:
        save_atomically(file, NEW, fail)
    assert caught.value is failure
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["model.xlsx"]


def test_an_interrupt_while_writing_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        save_atomically(file, NEW, accept)
    assert names(file.parent) == ["model.xlsx"]
    assert file.read_bytes() == OLD


def run(script: str, *arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    root = str(Path(xlgenai.__file__).parents[1])
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": root},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


KILLED_IN_REOPEN = """
import os, signal, sys
from pathlib import Path
from xlgenai.workbook.saving import save_atomically
save_atomically(Path(sys.argv[1]), b"new" * 100_000, lambda data: os.kill(os.getpid(), signal.SIGKILL))
"""
KILLED_AFTER_WRITE = """
import os, signal, sys
from pathlib import Path
from xlgenai.workbook.saving import save_atomically
os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)
save_atomically(Path(sys.argv[1]), b"new" * 100_000, len)
"""
KILLED_BEFORE_REPLACE = """
import os, signal, sys
from pathlib import Path
from xlgenai.workbook.saving import save_atomically
os.replace = lambda source, target: os.kill(os.getpid(), signal.SIGKILL)
save_atomically(Path(sys.argv[1]), b"new" * 100_000, len)
"""


@pytest.mark.parametrize("script", [KILLED_IN_REOPEN, KILLED_AFTER_WRITE, KILLED_BEFORE_REPLACE])
def test_a_killed_process_leaves_the_old_workbook_whole(tmp_path: Path, script: str) -> None:
    path = tmp_path / "model.xlsx"
    old = workbook(7)
    path.write_bytes(old)
    done = run(script, path)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert path.read_bytes() == old
    assert Package.open(path).sheets == {"Sheet": "xl/worksheets/sheet1.xml"}
    save_atomically(path, NEW, accept)
    assert path.read_bytes() == NEW


# Refused by the folder or the disk


def refused(path: Path, expected: str) -> None:
    with pytest.raises(WorkbookError, match=expected) as caught:
        save_atomically(path, NEW, accept)
    assert not isinstance(caught.value, LockedError)
    assert_one_sentence(caught)


def test_paths_that_take_no_file(file: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop.xlsx"
    loop.symlink_to(loop)
    os.mkfifo(tmp_path / "pipe.xlsx")
    before = names(tmp_path)
    refused(tmp_path / "no folder" / "model.xlsx", "folder does not exist")
    refused(file / "inside.xlsx", "folder does not exist")
    refused(tmp_path, "is a folder")
    refused(loop, "leads to itself")
    refused(tmp_path / "zero\0byte.xlsx", "no usable path")
    refused(tmp_path / "pipe.xlsx", "not an ordinary file")
    refused(tmp_path / ("x" * 300), "too long")
    assert names(tmp_path) == before


def test_a_file_marked_read_only_is_left_alone(file: Path) -> None:
    file.chmod(0o444)
    refused(file, "marked read-only")
    assert file.read_bytes() == OLD


SAVE_AS_NOBODY = """
import os, sys
from pathlib import Path
from xlgenai.errors import WorkbookError
from xlgenai.workbook.saving import save_atomically
if os.geteuid() == 0:
    os.setuid(65534)  # mode bits do not bind root
try:
    save_atomically(Path(sys.argv[1]), b"new", len)
except WorkbookError as error:
    print(type(error).__name__, error)
"""


def test_a_read_only_folder() -> None:
    # pytest's own folders are closed to other users, so that the reason would be another one.
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        folder = Path(base) / "shared"
        folder.mkdir()
        (folder / "model.xlsx").write_bytes(OLD)
        (folder / "model.xlsx").chmod(0o666)
        folder.chmod(0o555)
        try:
            done = run(SAVE_AS_NOBODY, folder / "model.xlsx", cwd=Path(base))
        finally:
            folder.chmod(0o755)
        assert done.stdout.startswith("WorkbookError"), done.stderr
        assert "its folder is read-only: save it elsewhere or ask for access.\n" in done.stdout
        assert (folder / "model.xlsx").read_bytes() == OLD
        assert names(folder) == ["model.xlsx"]


SAVE_WITH_LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from xlgenai.errors import WorkbookError
from xlgenai.workbook.saving import save_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    save_atomically(Path(sys.argv[1]), b"new" * 100_000, len)
except WorkbookError as error:
    print(error)
"""


def test_a_disk_that_stops_taking_bytes(file: Path) -> None:
    done = run(SAVE_WITH_LITTLE_ROOM, file)
    assert done.stdout == f"{file} was not saved because the disk is full: make room or save it elsewhere.\n", (
        done.stderr
    )
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["model.xlsx"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EIO, "did not take"),
    ],
)
def test_a_disk_that_fails_at_the_last_moment(
    file: Path, monkeypatch: pytest.MonkeyPatch, code: int, expected: str
) -> None:
    def fail(descriptor: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)  # a disk reports late writes here
    refused(file, expected)
    assert file.read_bytes() == OLD
    assert names(file.parent) == ["model.xlsx"]


def test_a_folder_that_cannot_be_synced_is_no_failure(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def only_files(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "no folders")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", only_files)
    save_atomically(file, NEW, accept)
    assert file.read_bytes() == NEW


# Open in another program


@pytest.mark.parametrize(
    ("name", "lock", "program"),
    [
        ("model.xlsx", "~$model.xlsx", "Excel"),
        ("model.xlsm", "~$model.xlsm", "Excel"),
        ("ai model 2024.xlsx", "~$ai model 2024.xlsx", "Excel"),
        ("ai model 2024.xlsx", "~$ model 2024.xlsx", "Excel"),
        ("model.xlsx", ".~lock.model.xlsx#", "LibreOffice"),
    ],
)
def test_an_open_workbook_is_left_and_the_new_one_lies_beside_it(
    tmp_path: Path, name: str, lock: str, program: str
) -> None:
    path = tmp_path / name
    path.write_bytes(OLD)
    path.chmod(0o640)
    (tmp_path / lock).write_bytes(b"analyst")
    beside = tmp_path / f"{path.stem} (new){path.suffix}"
    assert lock_file(path) == tmp_path / lock
    for _ in range(2):
        with pytest.raises(LockedError) as caught:
            save_atomically(path, NEW, accept)
        assert_one_sentence(caught)
        assert f"{name} is open in {program} and was left as it was" in str(caught.value)
        assert f"beside it as {beside.name}: close" in str(caught.value)
        assert lock in str(caught.value)
        assert path.read_bytes() == OLD
        assert beside.read_bytes() == NEW
        assert stat.S_IMODE(beside.stat().st_mode) == 0o640
        assert names(tmp_path) == sorted([name, lock, beside.name])
        beside.write_bytes(b"of an earlier run")


def test_no_lock(file: Path) -> None:
    assert lock_file(file) is None
    (file.parent / "~$other.xlsx").write_bytes(b"")
    assert lock_file(file) is None
    assert lock_file(file.with_name("x" * 300)) is None


def test_a_lock_without_a_workbook_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "~$model.xlsx").write_bytes(b"")
    save_atomically(tmp_path / "model.xlsx", NEW, accept)
    (tmp_path / "~$model (new).xlsx").write_bytes(b"")
    with pytest.raises(LockedError, match=r"as model \(new\)\.xlsx: close"):
        save_atomically(tmp_path / "model.xlsx", NEW, accept)
    assert (tmp_path / "model (new).xlsx").read_bytes() == NEW


def test_the_lock_of_a_file_with_a_shorter_name_is_not_ours(tmp_path: Path) -> None:
    for name in ("my forecast.xlsx", " forecast.xlsx", "~$ forecast.xlsx"):
        (tmp_path / name).write_bytes(OLD)
    assert lock_file(tmp_path / "my forecast.xlsx") is None
    assert lock_file(tmp_path / " forecast.xlsx") == tmp_path / "~$ forecast.xlsx"
    (tmp_path / "~$del.xlsx").write_bytes(b"")
    assert lock_file(tmp_path / "model.xlsx") is None


def test_a_workbook_opened_while_the_new_one_is_written(file: Path) -> None:
    def open_in_excel(data: bytes) -> None:
        file.with_name("~$model.xlsx").write_bytes(b"analyst")

    with pytest.raises(LockedError):
        save_atomically(file, NEW, open_in_excel)
    assert file.read_bytes() == OLD


def test_a_lock_beside_the_link_or_beside_its_target(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "links"
    folder.mkdir()
    link = folder / "link.xlsx"
    link.symlink_to(file)
    for lock in (folder / "~$link.xlsx", tmp_path / "~$model.xlsx"):
        lock.write_bytes(b"")
        with pytest.raises(LockedError):
            save_atomically(link, NEW, accept)
        assert file.read_bytes() == OLD
        assert (tmp_path / "model (new).xlsx").read_bytes() == NEW
        lock.unlink()


def test_both_workbooks_open(file: Path) -> None:
    beside = file.with_name("model (new).xlsx")
    beside.write_bytes(OLD)
    for path in (file, beside):
        path.with_name(f"~${path.name}").write_bytes(b"")
    with pytest.raises(LockedError, match="are both open, so nothing was saved") as caught:
        save_atomically(file, NEW, accept)
    assert_one_sentence(caught)
    assert file.read_bytes() == beside.read_bytes() == OLD
    assert len(names(file.parent)) == 4


class SharingViolationError(PermissionError):
    """What Windows raises when a program has the file open."""

    winerror = 32


def refuse_to_replace(*held: str) -> Callable[[Path, Path], None]:
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if Path(target).name in held:
            raise SharingViolationError(errno.EACCES, "in use")
        real(source, target)

    return replace


def test_windows_refusing_to_replace_means_open_in_excel(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", refuse_to_replace("model.xlsx"))
    with pytest.raises(LockedError, match=r"model\.xlsx is open in Excel") as caught:
        save_atomically(file, NEW, accept)
    assert_one_sentence(caught)
    assert file.read_bytes() == OLD
    assert file.with_name("model (new).xlsx").read_bytes() == NEW


def test_windows_refusing_to_replace_a_page_does_not_blame_excel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "model.pdf"
    page.write_bytes(OLD)
    monkeypatch.setattr(os, "replace", refuse_to_replace("model.pdf"))
    with pytest.raises(LockedError, match=r"model\.pdf is open in another program .* as model \(new\)\.pdf"):
        save_atomically(page, NEW, accept)
    assert page.read_bytes() == OLD


def test_windows_refusing_both(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.with_name("model (new).xlsx").write_bytes(OLD)
    monkeypatch.setattr(os, "replace", refuse_to_replace("model.xlsx", "model (new).xlsx"))
    with pytest.raises(LockedError, match="are both open"):
        save_atomically(file, NEW, accept)
    assert names(file.parent) == ["model (new).xlsx", "model.xlsx"]


def test_windows_refusing_a_file_that_is_not_there_is_no_lock(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", refuse_to_replace("absent.xlsx"))
    refused(file.with_name("absent.xlsx"), "read-only")


def test_no_room_beside_an_open_workbook(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.with_name("~$model.xlsx").write_bytes(b"")
    monkeypatch.setattr(os, "replace", refuse_to_replace("model (new).xlsx"))
    refused(file, "read-only")
    assert names(file.parent) == ["model.xlsx", "~$model.xlsx"]
