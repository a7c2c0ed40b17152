"""The VBA project: read by programs that did not write it, and held against what the specification asks of a writer."""

from __future__ import annotations

import io
import re
from importlib.metadata import version
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import olefile
import openpyxl
import pytest
from oletools.olevba import decompress_stream
from pyopenvba import ExcelFile
from pyopenvba.integrity import check_file

import xlgenai
from tests.editions.conftest import modules, project
from xlgenai.errors import WorkbookError

if TYPE_CHECKING:
    from pathlib import Path

OURS = ["xlgenai_cells", "xlgenai_ribbon", "xlwings_udfs"]
SHEETS = [f"Sheet{number}" for number in range(1, 15)]
XLWINGS = ["xlwings", "Dictionary"]
NO_CACHE = bytes([0xCC, 0x61, 0xFF, 0xFF, 0, 0, 0])
"""[MS-OVBA] 2.3.4.1: a writer puts this, and no compiled code."""


@pytest.fixture(params=["desktop", "standalone"])
def workbook(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def expected(path: Path, standalone: Path) -> set[str]:
    return {"ThisWorkbook", *SHEETS, *OURS, *(XLWINGS if path == standalone else [])}


def test_olevba_reads_every_module(workbook: Path, standalone: Path) -> None:
    assert set(modules(workbook)) == expected(workbook, standalone)


def test_pyopenvba_finds_no_fault(workbook: Path, standalone: Path) -> None:
    assert check_file(workbook).issues == ()
    with ExcelFile(workbook) as file:
        assert file.validate() == []
        assert set(file.module_names()) == expected(workbook, standalone)


def test_names_of_modules_are_legal(workbook: Path) -> None:
    """Excel takes a project for damaged where one is longer than 31 characters or begins with an underscore."""
    assert all(re.fullmatch(r"[A-Za-z]\w{0,30}", name, re.ASCII) for name in modules(workbook))


def test_there_is_no_compiled_code(workbook: Path) -> None:
    storage = olefile.OleFileIO(io.BytesIO(project(workbook)))
    assert storage.openstream("VBA/_VBA_PROJECT").read() == NO_CACHE
    assert not [entry for entry in storage.listdir() if entry[-1].startswith("__SRP_")]
    offsets = re.findall(rb"\x31\x00\x04\x00\x00\x00(.{4})\x1e\x00", decompressed(storage, "dir"), re.DOTALL)
    assert offsets == [bytes(4)] * len(modules(workbook))  # MODULEOFFSET: the source begins where the stream does


def test_every_line_ends_as_vba_asks(workbook: Path) -> None:
    storage = olefile.OleFileIO(io.BytesIO(project(workbook)))
    for name in modules(workbook):
        source = decompressed(storage, name)
        assert source.endswith(b"\r\n"), name
        assert re.search(rb"\r(?!\n)|(?<!\r)\n", source) is None, name


def decompressed(storage: olefile.OleFileIO, name: str) -> bytes:
    return bytes(decompress_stream(bytearray(storage.openstream(f"VBA/{name}").read())))


def test_openpyxl_keeps_the_project_byte_for_byte(workbook: Path, tmp_path: Path) -> None:
    openpyxl.load_workbook(workbook, keep_vba=True).save(tmp_path / "again.xlsm")
    assert project(tmp_path / "again.xlsm") == project(workbook)


def test_only_the_standalone_project_carries_xlwings(desktop: Path, standalone: Path) -> None:
    with ExcelFile(desktop) as file:
        assert "xlwings" in [reference.name for reference in file.references()]
    with ExcelFile(standalone) as file:
        assert "xlwings" not in [reference.name for reference in file.references()]
    with as_file(files("xlwings").joinpath("quickstart_standalone.xlsm")) as shipped:
        theirs = modules(shipped)
    ours = modules(standalone)
    assert all(ours[name].splitlines() == theirs[name].splitlines() for name in XLWINGS)


def test_a_standalone_workbook_tells_which_xlwings_it_needs(tmp_path: Path) -> None:
    notes = xlgenai.build(tmp_path / "model.xlsm", standalone=True).notes
    assert len(notes) == 1
    assert f"xlwings=={version('xlwings')}" in notes[0]
    assert f'"xlwings64-{version("xlwings")}.dll"' in modules(tmp_path / "model.xlsm")["xlwings"]
    assert xlgenai.build(tmp_path / "other.xlsm").notes == ()


def test_the_same_model_gives_the_same_bytes(workbook: Path, standalone: Path, tmp_path: Path) -> None:
    again = xlgenai.build(tmp_path / "model.xlsm", standalone=workbook == standalone).path
    assert again.read_bytes() == workbook.read_bytes()


def test_an_xlwings_without_its_workbook_is_said_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlgenai.editions.project.WITH_ADDIN", "gone.xlsm")
    with pytest.raises(WorkbookError, match=r"^The installed xlwings lacks its gone\.xlsm: install xlwings again\.$"):
        xlgenai.build(tmp_path / "model.xlsm")
    assert list(tmp_path.iterdir()) == []
