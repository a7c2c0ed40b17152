"""The VBA project of the desktop workbook: the one that xlwings ships, with our modules in the place of its example."""

from __future__ import annotations

import re
import zipfile
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from pyopenvba.cfb import CFB
from pyopenvba.vba import (
    VBAModuleKind,
    compress,
    parse_vba_project,
    rebuild_module_stream,
    serialize_dir_stream,
    serialize_project_stream,
    serialize_projectwm,
)

from xlgenai.editions.wrappers import wrapper_module
from xlgenai.errors import WorkbookError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlgenai.cells.function import Function

WITH_ADDIN: Final = "quickstart.xlsm"
STANDALONE: Final = "quickstart_standalone.xlsm"
"""What xlwings ships: a project that refers to its add-in, and one that carries xlwings' VBA itself."""
PART: Final = "xl/vbaProject.bin"
EXAMPLE: Final = "Module1"
WORKBOOK: Final = "ThisWorkbook"
SHEETS: Final = ("Sheet1", "Sheet2")
OURS: Final = ("xlgenai_cells", "xlgenai_ribbon")
NO_CACHE: Final = bytes.fromhex("cc61ffff000000")
"""What the specification asks of a program that writes a project without compiling it."""


def vba_project(functions: Iterable[Function], sheets: int, *, standalone: bool) -> bytes:
    """Make the VBA project of a workbook.

    Parameters
    ----------
    functions : iterable of Function
        Those that Excel is to call.
    sheets : int
        How many sheets the workbook has; their modules are called Sheet1, Sheet2 and so on.
    standalone : bool
        Whether the project carries xlwings' VBA, so that no add-in is needed.

    Returns
    -------
    bytes
        The content of ``vbaProject.bin``: sources only, which Excel compiles when it opens the workbook.
    """
    storage = CFB.from_bytes(_shipped(STANDALONE if standalone else WITH_ADDIN))
    project = parse_vba_project(storage)
    header = project.get_module(SHEETS[0]).source
    documents = [f"Sheet{number}" for number in range(len(SHEETS) + 1, sheets + 1)]
    project.delete_module(EXAMPLE)
    for name in documents:
        project.add_module(name, header.replace(f'"{SHEETS[0]}"', f'"{name}"'), kind=VBAModuleKind.other)
    sources = {name: _own(name) for name in OURS} | {"xlwings_udfs": wrapper_module(functions)}
    for name, source in sources.items():
        project.add_module(name, source)
    _write(storage, project, [*((name, "Document") for name in documents), *((name, "Module") for name in sources)])
    return bytes(storage.to_bytes())


def _shipped(name: str) -> bytes:
    """Read the project out of the installed xlwings: nothing of it is kept here."""
    try:
        with files("xlwings").joinpath(name).open("rb") as file, zipfile.ZipFile(file) as archive:
            return archive.read(PART)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise WorkbookError(f"The installed xlwings lacks its {name}: install xlwings again.") from error


def _own(name: str) -> str:
    return files("xlgenai.editions").joinpath("vba", f"{name}.bas").read_text(encoding="ascii")


def _write(storage: Any, project: Any, added: list[tuple[str, str]]) -> None:
    """Write every stream anew, with no compiled code of before, and with the line ends that VBA asks for."""
    storage.remove_stream_in_storage("VBA", EXAMPLE)
    names = {name for name, _ in added}
    for module in project.modules:
        module.text_offset, module.prefix_bytes = 0, b""
        module.source = re.sub(r"\r?\n", "\r\n", module.source)  # what xlwings ships has bare line feeds
        put = storage.add_stream_to_storage if module.name in names else storage.write_stream_in_storage
        put("VBA", module.stream_name, rebuild_module_stream(module, project.code_page))
    storage.drop_streams_in_storage("VBA", lambda name: name.startswith("__SRP_"))
    storage.write_stream_in_storage("VBA", "_VBA_PROJECT", NO_CACHE)
    storage.write_stream_in_storage("VBA", "dir", compress(serialize_dir_stream(project)))
    text = serialize_project_stream(
        storage.get_stream("PROJECT"), {}, add_modules=added, delete_names={EXAMPLE}, code_page=project.code_page
    )
    storage.write_stream("PROJECT", text)
    pairs = [(module.name, module.name) for module in project.modules]
    storage.write_stream("PROJECTwm", serialize_projectwm(pairs, code_page=project.code_page))
