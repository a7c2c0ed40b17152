"""A made-up LibreOffice: a shell script that keeps what it was given and hands back a PDF of pages in plain colours."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import pytest
from PIL import Image

from xlgenai.operations.office.program import Office, find_office

if TYPE_CHECKING:
    from pathlib import Path

needs_shell: Final = pytest.mark.skipif(sys.platform == "win32", reason="the made-up programs are shell scripts")
READING: Final = """#!/bin/sh
for argument; do
case "$argument" in -env:UserInstallation=file://*) profile="${argument#*file://}";; esac
done
while [ "$1" != --convert-to ]; do shift; done
kind="$2"; folder="$4"; source="$5"
name=$(basename "$source"); result="$folder/${name%.*}.$kind"
mkdir -p "$folder"
"""
"""How the script learns what it is asked to do."""
SIZE: Final = (100, 50)
"""Width and height of a page in points."""
COLOURS: Final = [(20 * number, 255 - 20 * number, 0) for number in range(1, 13)]
"""Of the pages, from the first on."""


def make_office(folder: Path, script: str) -> Office:
    """Make a program that does what a shell script says with ``$source``, ``$result`` and ``$profile``."""
    folder.mkdir(exist_ok=True)
    program = folder / "soffice"
    program.write_text(f"{READING}{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return Office(program, folder, folder / "unopkg", "")


def make_printer(folder: Path, pages: int) -> Path:
    """Make a program that prints that many pages whatever it is given, and keeps what that is in a folder ``given``."""
    keep = f'mkdir -p "{folder}/given"; cp "$source" "{folder}/given"'
    office = make_office(folder, f'{keep}; cp "{folder}/pdf" "$result"')
    first, *others = (Image.new("RGB", SIZE, colour) for colour in COLOURS[:pages])
    first.save(folder / "pdf", "PDF", resolution=72, save_all=True, append_images=others, quality=100, subsampling=0)
    return office.program


UNOPKG: Final = """#!/bin/sh
echo "$@" >> "{log}"
command="$1"
for argument; do file="$argument"; done
mkdir -p "{store}/uno_packages"
for old in "{store}"/uno_packages/*.tmp_; do touch "${{old%_}}removed"; done
[ "$command" = remove ] && exit 0
{python} -m zipfile -e "$file" "{store}/uno_packages/lu$$.tmp_/xlgenai.oxt"
"""
"""Keeps extensions as the real program does for all users: a removed one stays with a mark beside it."""


def make_installer(folder: Path, store: Path) -> Office:
    """Make a LibreOffice that takes extensions into a place, and keeps what it was called with in ``calls``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {
        "soffice": "#!/bin/sh\n",
        "unopkg": UNOPKG.format(log=folder / "calls", store=store, python=sys.executable),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
        (folder / name).chmod(0o755)
    (folder / "libpyuno.so").write_bytes(f"libpython{sys.version_info[0]}.{sys.version_info[1]}.so".encode())
    office = find_office(sys.platform, {"XLGENAI_SOFFICE": str(folder / "soffice")})
    assert office is not None
    return office
