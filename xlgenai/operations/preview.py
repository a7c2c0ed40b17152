"""Look at a workbook without Excel: LibreOffice prints a copy that holds calculated values in the place of formulas.

The story: open safely, choose the sheets, calculate, put the values in, freeze a copy, print it, save the pages. So
every edition can be looked at, whatever functions its formulas call.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from lxml import etree

from xlgenai.cells.modules import load_functions
from xlgenai.errors import InputError
from xlgenai.model.anchors import nearest
from xlgenai.operations.office.pages import count_pages, pictures
from xlgenai.operations.office.program import need_office
from xlgenai.operations.office.running import convert
from xlgenai.operations.results import PreviewResult
from xlgenai.workbook.calculator import calculate
from xlgenai.workbook.finishing import put_values
from xlgenai.workbook.frozen import freeze
from xlgenai.workbook.package import Package
from xlgenai.workbook.saving import save_exactly
from xlgenai.workbook.texts import NS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from xlgenai.operations.office.program import Office

KINDS: Final = (".pdf", ".png")
VIEWS: Final = f"{NS}bookViews"


def preview(
    path: str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    sheets: Iterable[str] = (),
    udfs: Iterable[str] = (),
) -> PreviewResult:
    """Render the sheets of a workbook as they look when printed, every formula calculated; LibreOffice is needed.

    Parameters
    ----------
    path : str or path-like
        Any ``.xlsx`` or ``.xlsm`` file; it stays as it is, and its macros do not run.
    out : str or path-like, optional
        Where to write it: a ``.pdf``, or a ``.png`` with 144 dots to the inch. Several pages become ``name-1.png``,
        ``name-2.png`` and so on. Left out, it is a PDF beside the workbook.
    sheets : iterable of str, optional
        The sheets to render, in the order of the workbook, also hidden ones; left out, all that are not hidden.
    udfs : iterable of str, optional
        Further modules (or Python files) with cell functions.

    Returns
    -------
    PreviewResult
        The files that were written, and what kept a formula from being calculated.

    Raises
    ------
    InputError
        When a sheet is unknown, or ``out`` is neither ``.pdf`` nor ``.png``.
    OfficeError
        When LibreOffice is not there, or did not print the workbook.
    WorkbookError
        When the file cannot be read or calculated, or the pages cannot be written.
    """
    if out is not None:
        _know_kind(Path(out))
    path = Path(path)
    package = Package.open(path)
    target = path.with_suffix(".pdf") if out is None else Path(out)
    chosen = _choose(package, sheets)
    office = need_office(sys.platform, os.environ)
    calculation = calculate(package, load_functions(udfs))
    put_values(package, calculation)
    copy = freeze(package)
    _show(copy, chosen)
    pdf = _print(office, copy)
    pages = count_pages(pdf)
    return PreviewResult(_put_in_place(pdf, target, pages), pages, calculation.notes)


def _know_kind(out: Path) -> None:
    if out.suffix.lower() not in KINDS:
        raise InputError(f"A preview is written as {' or '.join(KINDS)}, not as {out.name!r}: end its name so.")


def _choose(package: Package, names: Iterable[str]) -> set[str]:
    """The sheets that are named, as Excel reads names: in any case; all that are not hidden when none is named."""
    elements = _sheets(package.xml(package.workbook_part))
    known = {str(element.get("name")).casefold(): str(element.get("name")) for element in elements}
    chosen = set()
    for name in names:
        if name.casefold() not in known:
            raise InputError(f"{package.name} has no sheet {name!r}; {nearest(name, known.values())}")
        chosen.add(known[name.casefold()])
    if chosen:
        return chosen
    shown = {str(element.get("name")) for element in elements if element.get("state", "visible") == "visible"}
    if not shown:
        raise InputError(f"Every sheet of {package.name} is hidden: name the sheets to render.")
    return shown


def _sheets(workbook: etree._Element) -> list[etree._Element]:
    return workbook.findall(f"{NS}sheets/{NS}sheet")


def _show(package: Package, chosen: Collection[str]) -> None:
    """Hide all other sheets: their cells stay, so that charts on the chosen ones draw what they drew before."""
    root = package.xml(package.workbook_part)
    elements = _sheets(root)
    for element in elements:
        element.set("state", "visible" if element.get("name") in chosen else "hidden")
    first = next(number for number, element in enumerate(elements) if element.get("name") in chosen)
    if root.find(VIEWS) is None:
        views = etree.Element(VIEWS)
        etree.SubElement(views, f"{NS}workbookView")
        next(root.iterfind(f"{NS}sheets")).addprevious(views)
    for view in root.iter(f"{NS}workbookView"):
        view.set("activeTab", str(first))  # LibreOffice prints the active sheet even where it is hidden
    package.write_xml(package.workbook_part, root)


def _print(office: Office, package: Package) -> bytes:
    """The workbook as a PDF; the copy has the workbook's name, which a footer may show."""
    with TemporaryDirectory(prefix="xlgenai-preview-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, package.name)
        source.write_bytes(package.to_bytes(compress=False))
        return convert(office, source, "pdf", Path(folder, "printed")).read_bytes()


def _put_in_place(pdf: bytes, target: Path, pages: int) -> tuple[Path, ...]:
    """Write the PDF, or its pages as pictures, each whole or not at all."""
    if target.suffix.lower() == ".pdf":
        save_exactly(target, pdf)
        return (target,)
    width = len(str(pages))
    names = [f"{target.stem}-{page:0{width}}{target.suffix}" for page in range(1, pages + 1)]
    paths = (target,) if pages == 1 else tuple(target.with_name(name) for name in names)
    for path, picture in zip(paths, pictures(pdf), strict=True):
        save_exactly(path, picture)
    return paths
