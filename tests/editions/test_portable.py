"""The portable workbook: what stands behind each name, and what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from lxml import etree

import xlgenai
from tests.editions.test_desktop import OWN
from xlgenai.cells.built_in import BUILT_IN
from xlgenai.cells.formula import CELL, R1C1
from xlgenai.errors import FunctionError, ModelError
from xlgenai.model.parts import INDEX, Input, Line, Model, Section, Sheet
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.cells.function import Function

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlgenai.build(tmp_path_factory.mktemp("portable") / "model.xlsx").path


@pytest.fixture(scope="module")
def names(workbook: Path) -> dict[str, Any]:
    """Each name of the whole workbook, as the file holds it."""
    package = Package.open(workbook)
    root = package.xml(package.workbook_part)
    return {str(name.get("name")): name for name in root.iter(f"{MAIN}definedName") if not name.get("localSheetId")}


def test_every_function_is_a_name(names: dict[str, Any], functions: dict[str, Function]) -> None:
    for name, function in functions.items():
        assert names[name].text.startswith("_xlfn.LAMBDA(")
        assert names[name].get("comment").startswith(f"{function.syntax}: ")
        assert len(names[name].get("comment")) <= 255
        assert len(names[name].text) <= 8192


def test_arguments_and_newer_functions_carry_the_prefixes_of_the_file_format(names: dict[str, Any]) -> None:
    cell = "_xlfn.LAMBDA(_xlpm.cell,IF(ISTEXT(_xlpm.cell),#VALUE!,_xlpm.cell+0))"
    share = f"_xlfn.MAP(_xlpm.compute_share,{cell})"
    assert names["COMPUTE_SPEND"].text == (
        "_xlfn.LAMBDA(_xlpm.funding,_xlop.compute_share,IF(_xlfn.ISOMITTED(_xlpm.funding),#VALUE!,_xlfn.LET("
        f"_xlpm.funding_,_xlfn.MAP(_xlpm.funding,{cell}),"
        f"_xlpm.compute_share_,IF(_xlfn.ISOMITTED(_xlpm.compute_share),0.8,{share}),"
        "_xlpm.wrong,0*_xlpm.funding_+0*_xlpm.compute_share_,"
        "_xlpm.fits,SUM(IFERROR(0*_xlpm.funding_,0)+IFERROR(0*_xlpm.compute_share_,0)),"
        "IF(ISERROR(_xlpm.fits),#VALUE!,"
        "IF(_xlpm.wrong=0,"
        "IF((_xlpm.funding_>=0)*(_xlpm.compute_share_>=0)*(_xlpm.compute_share_<=1),"
        "_xlpm.funding_*_xlpm.compute_share_,#NUM!),_xlpm.wrong)))))"
    )


def test_no_name_is_a_cell_a_function_of_excel_or_another_name(workbook: Path, names: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(workbook)
    tables = [table for sheet in book.worksheets for table in sheet.tables]
    taken = [name.casefold() for name in [*names, *tables]]
    assert len(set(taken)) == len(taken)
    assert not [name for name in names if CELL.fullmatch(name) or R1C1.fullmatch(name) or name.upper() in BUILT_IN]


def test_no_local_name_is_one_of_the_workbook_a_cell_or_a_function(names: dict[str, Any]) -> None:
    known = {name.casefold() for name in names}
    for name in names.values():
        for local in set(re.findall(r"_xl[po][pm]?\.(\w+)", name.text)):
            assert local.casefold() not in known, local
            assert not CELL.fullmatch(local), local
            assert not re.search(rf"_xlpm\.{local}\(", name.text) or local.upper() not in BUILT_IN, local


def test_there_are_no_macros_and_no_links(workbook: Path) -> None:
    package = Package.open(workbook)
    assert not [part for part in package.parts if "vba" in part.lower() or "external" in part.lower()]


def test_the_cover_says_which_edition_it_is(workbook: Path, tmp_path: Path) -> None:
    def about(path: Path) -> str:
        rows = openpyxl.load_workbook(path)["Cover"].iter_rows(min_col=1, max_col=2, values_only=True)
        cells = list(rows)
        start = next(number for number, (label, _) in enumerate(cells) if label == "Edition")
        rest = [text for label, text in cells[start:] if label in {"Edition", None}]
        return " ".join(str(text) for text in rest[:3] if text)

    assert about(workbook).startswith("portable: Excel 365 and 2024")
    assert "NAME.xlsm" in about(workbook)
    assert about(xlgenai.build(tmp_path / "model.xlsm").path).startswith("desktop: Excel on Windows")


def test_a_function_of_ones_own_without_a_formula_is_refused_where_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(OWN, encoding="utf-8")
    udfs = [str(tmp_path / "mine.py")]
    assert xlgenai.build(tmp_path / "model.xlsx", udfs=udfs).report.ok
    lines = (Input("price", "Price", INDEX, 90), Line("years", "Years", INDEX, "PAYBACK_YEARS({price},30)"))
    model = Model("Payback", (Sheet("Payback", "Payback", "Years.", (Section("All", lines),)),))
    with pytest.raises(FunctionError, match=r"^PAYBACK_YEARS has no formula, so that Excel cannot calculate it"):
        xlgenai.build(tmp_path / "own.xlsx", model=model, udfs=udfs)
    assert not (tmp_path / "own.xlsx").exists()
    assert xlgenai.build(tmp_path / "own.xlsm", model=model, udfs=udfs).report.ok


def test_a_formula_in_the_docstring_makes_it_portable(tmp_path: Path) -> None:
    with_formula = OWN.replace("    Parameters\n", "    Formula::\n\n        price/saving\n\n    Parameters\n")
    (tmp_path / "mine.py").write_text(with_formula, encoding="utf-8")
    path = xlgenai.build(tmp_path / "model.xlsx", udfs=[str(tmp_path / "mine.py")]).path
    assert "price_/" in openpyxl.load_workbook(path).defined_names["PAYBACK_YEARS"].value


def test_a_line_whose_name_is_one_of_a_function_is_refused(tmp_path: Path) -> None:
    line = Line("net_margin", "Net margin", INDEX, "1/2", headline=True)
    model = Model("Margin", (Sheet("Margin", "Margin", "One.", (Section("All", (line,)),)),))
    with pytest.raises(ModelError, match=r"^net_margin is the name of a line and of a function: rename one\.$"):
        xlgenai.build(tmp_path / "own.xlsx", model=model)


def test_the_text_for_the_name_manager_is_the_same_without_prefixes(
    names: dict[str, Any], functions: dict[str, Function]
) -> None:
    from xlgenai.cells.twins import typed_lambda  # noqa: PLC0415

    def plain(text: str) -> str:
        return re.sub(r"_xl(?:fn|ws|pm)\.", "", re.sub(r"_xlop\.(\w+)", r"[\1]", text))

    for name, function in functions.items():
        assert f"={plain(names[name].text)}" == typed_lambda(function)


def test_etree_reads_the_names_in_the_order_of_the_schema(workbook: Path) -> None:
    package = Package.open(workbook)
    tags = [etree.QName(element).localname for element in package.xml(package.workbook_part)]
    assert tags.index("sheets") < tags.index("definedNames") < tags.index("calcPr")
