"""LibreOffice run: a program that hangs is ended with all it started, one that makes nothing is told of."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest
from lxml import etree

from tests.support.made_office import make_office, needs_shell
from xlgenai.errors import OfficeError
from xlgenai.operations.office.running import convert, environment

pytestmark = needs_shell


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a model.xlsx"
    path.write_bytes(b"content")
    return path


def test_the_result_is_what_the_program_wrote(source: Path, tmp_path: Path) -> None:
    made = make_office(tmp_path, 'cp "$source" "$result"; exit 81')
    result = convert(made, source, "pdf", tmp_path / "out")
    assert result == tmp_path / "out" / "a model.pdf"
    assert result.read_bytes() == b"content"


def test_each_run_has_a_profile_that_goes_with_it(source: Path, tmp_path: Path) -> None:
    script = 'cp "$profile/user/registrymodifications.xcu" "$result"; echo "$profile" >>"$folder/said"'
    made = make_office(tmp_path, script)
    result = convert(made, source, "pdf", tmp_path, settings="<item>mine</item>")
    written = result.read_text(encoding="utf-8")
    assert [item.text for item in etree.fromstring(written.encode()).iter("item")][-1] == "mine"
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true<' in written
    assert "mine" not in convert(made, source, "pdf", tmp_path).read_text(encoding="utf-8")
    one, two = (tmp_path / "said").read_text(encoding="utf-8").split()
    assert one != two
    assert not Path(one).exists()
    assert not Path(two).exists()


@pytest.mark.parametrize("ending", ["exit 0", "exit 77"])
def test_no_result_is_one_sentence(ending: str, source: Path, tmp_path: Path) -> None:
    (tmp_path / "a model.pdf").write_bytes(b"of another day")
    made = make_office(tmp_path, f'echo "Error: source file could"; echo " not be loaded" >&2; {ending}')
    with pytest.raises(OfficeError) as caught:
        convert(made, source, "pdf", tmp_path)
    assert str(caught.value) == (
        "LibreOffice made no PDF of a model.xlsx (it said: Error: source file could not be loaded): "
        "open the file in LibreOffice to see why."
    )
    with pytest.raises(OfficeError, match=r"made no PDF of a model\.xlsx: open"):
        convert(make_office(tmp_path, ending), source, "pdf", tmp_path)


def test_a_program_that_hangs_is_ended_with_all_that_it_started(source: Path, tmp_path: Path) -> None:
    made = make_office(tmp_path, f"sleep 60 & echo $! >{tmp_path}/child; echo $$ >{tmp_path}/parent; wait")
    start = time.monotonic()
    with pytest.raises(OfficeError) as caught:
        convert(made, source, "pdf", tmp_path, patience=1)
    assert time.monotonic() - start < 20
    assert str(caught.value).startswith(
        "LibreOffice took more than 1 seconds for converting a model.xlsx and was ended"
    )
    for name in ("parent", "child"):
        assert gone(int((tmp_path / name).read_text(encoding="utf-8")))


def gone(process: int) -> bool:
    """Whether a process ends within seconds; one that has ended may wait for its parent to ask how."""
    for _ in range(50):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat")
            if state.exists() and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("damage", ["not executable", "no program"])
def test_a_program_that_does_not_start(damage: str, source: Path, tmp_path: Path) -> None:
    made = make_office(tmp_path, "exit 0")
    if damage == "not executable":
        made.program.chmod(0o644)
    else:
        made.program.write_bytes(b"\x00\x01\x02")
    with pytest.raises(OfficeError, match=r"^LibreOffice could not be started from \S+/soffice \(.+\): repair"):
        convert(made, source, "pdf", tmp_path)


def test_its_python_does_not_meet_ours(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "ours")
    monkeypatch.setenv("VIRTUAL_ENV", "/my/env")
    monkeypatch.setenv("PATH", f"/my/env/bin{os.pathsep}{os.environ['PATH']}")
    result = convert(make_office(tmp_path, 'env >"$result"'), source, "txt", tmp_path)
    lines = result.read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("PATH=") for line in lines)
    assert not [line for line in lines if line.startswith(("PYTHON", "VIRTUAL_ENV", "PATH=/my/env"))]


def test_the_environment_without_environments() -> None:
    path = os.pathsep.join(["/conda/bin", "/usr/bin", "/env/bin", "/conda/bin2"])
    given = {"PATH": path, "VIRTUAL_ENV": "/env", "CONDA_PREFIX": "/conda", "PYTHONHOME": "/x", "HOME": "/home/ada"}
    assert environment(given) == {"PATH": os.pathsep.join(["/usr/bin", "/conda/bin2"]), "HOME": "/home/ada"}
    assert environment({"PATH": str(Path(sys.executable).parent)}) == {
        "PATH": "" if sys.prefix != sys.base_prefix else str(Path(sys.executable).parent)
    }
