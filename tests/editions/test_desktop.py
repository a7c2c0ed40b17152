"""What the macro workbook has beside the model, part by part."""

from __future__ import annotations

import posixpath
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from lxml import etree

import xlgenai
from tests.editions.conftest import PROJECT, project
from xlgenai.errors import FunctionError, InputError, WorkbookError
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from xlgenai.cells.function import Function

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
X14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
RIBBON = "customUI/customUI14.xml"
UI = "{http://schemas.microsoft.com/office/2009/07/customui}"
ALLOWED = {
    "customUI": set(),
    "ribbon": set(),
    "tabs": set(),
    "tab": {"id", "label"},
    "group": {"id", "label"},
    "button": {"id", "label", "imageMso", "size", "onAction", "screentip", "supertip"},
}
"""The elements that our ribbon uses, and those of their attributes that the customUI schema knows and we use."""
OWN = """
import xlgenai


@xlgenai.function
def payback_years(price, saving):
    '''Years until a purchase has paid for itself.

    Parameters
    ----------
    price : float
        What it costs.
    saving : float
        What it saves in a year.
    '''
    return price / saving
"""


def test_every_part_has_a_type_and_every_arrow_a_target(package: Package) -> None:
    types = etree.fromstring(package.parts["[Content_Types].xml"])
    defaults = {element.get("Extension") for element in types.iter(f"{TYPES}Default")}
    overrides = {element.get("PartName", "").lstrip("/") for element in types.iter(f"{TYPES}Override")}
    assert overrides <= set(package.parts)
    untyped = [part for part in package.parts if part not in overrides and part.rpartition(".")[2] not in defaults]
    assert untyped in (["[Content_Types].xml"], [])
    for part in ["", *package.parts]:
        for arrow in package.relationships(part).values():
            assert arrow.external or arrow.target in package.parts, (part, arrow)


def test_the_workbook_is_declared_as_one_with_macros(package: Package) -> None:
    types = etree.fromstring(package.parts["[Content_Types].xml"])
    declared = {e.get("PartName", "").lstrip("/"): e.get("ContentType") for e in types.iter(f"{TYPES}Override")}
    assert declared[package.workbook_part] == "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    assert declared[PROJECT] == "application/vnd.ms-office.vbaProject"
    assert package.related(package.workbook_part, "vbaProject") == [PROJECT]
    assert package.related("", "extensibility") == [RIBBON]


def test_each_sheet_has_the_code_name_of_a_module(desktop: Path, sources: dict[str, str]) -> None:
    book = openpyxl.load_workbook(desktop, keep_vba=True)
    assert book.code_name == "ThisWorkbook"
    names = [sheet.sheet_properties.codeName for sheet in book.worksheets]
    assert len(set(names)) == len(names) == 14
    assert set(names) <= set(sources)


def test_the_configuration_is_hidden_and_names_the_modules_only(desktop: Path) -> None:
    book = openpyxl.load_workbook(desktop)
    sheet = book["xlwings.conf"]
    assert sheet.sheet_state == "hidden"
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"] == ["xlwings.conf"]
    assert list(sheet.values) == [("UDF MODULES", "udfs")]  # a key without a value would hide the user's own


def test_the_wizard_knows_the_category_and_each_argument(package: Package, functions: dict[str, Function]) -> None:
    root = etree.fromstring(package.parts[package.workbook_part])
    groups = root.find(f"{MAIN}functionGroups")
    assert groups is not None
    before = groups.getprevious()
    assert before is not None
    assert before.tag == f"{MAIN}sheets"  # the order that the schema asks for
    assert groups.get("builtInGroupCount") == "19"
    assert [group.get("name") for group in groups] == ["xlgenai"]
    assert root[-1].tag == f"{MAIN}extLst"
    extension = root.find(f"{MAIN}extLst/{MAIN}ext[@uri='{{8193D73E-4604-4355-AFF4-8A2333D13BE4}}']")
    assert extension is not None
    described = {
        name.get("name"): [(item.get("index"), item.text) for item in name.iter(f"{X14}argumentDescription")]
        for name in extension.iter(f"{X14}definedName")
    }
    assert described == {
        name: [(str(index), parameter.help) for index, parameter in enumerate(function.parameters)]
        for name, function in functions.items()
    }
    counts = [int(element.get("count", -1)) for element in extension.iter(f"{X14}argumentDescriptions")]
    assert counts == [len(function.parameters) for function in functions.values()]


def test_every_calling_cell_is_a_dynamic_array_with_its_value(package: Package, functions: dict[str, Function]) -> None:
    calling = [
        cell
        for name in package.sheets
        for cell in package.sheet(name).cells()
        if any(re.search(rf"\b{function}\(", cell.formula) for function in functions)
    ]
    assert len(calling) > 250
    assert all(cell.dynamic and cell.value is not None for cell in calling)


def test_the_ribbon_keeps_the_rules_of_its_schema(package: Package, sources: dict[str, str]) -> None:
    root = etree.fromstring(package.parts[RIBBON])
    assert root.tag == f"{UI}customUI"
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    for element in elements:
        name = element.tag.removeprefix(UI)
        assert set(element.attrib) <= ALLOWED[name], element.tag
        assert all(0 < len(text) <= 1024 for text in element.attrib.values())
    ids = [element.get("id") for element in elements if element.get("id")]
    assert len(set(ids)) == len(ids) == 5
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", str(name)) for name in ids)  # xsd:ID
    assert [element.get("label") for element in root.iter(f"{UI}button")] == ["Refresh", "Check", "Help"]
    for button in root.iter(f"{UI}button"):
        callback = rf"^Public Sub {button.get('onAction')}\(ByVal control As Object\)\s*$"
        assert re.search(callback, sources["xlgenai_ribbon"], re.MULTILINE)


def test_each_button_calls_a_function_that_there_is(sources: dict[str, str]) -> None:
    from xlgenai.operations import live  # noqa: PLC0415

    buttons = re.findall(r'XlgenaiRun "(\w+)"', sources["xlgenai_ribbon"])
    assert len(buttons) == 3
    assert all(callable(getattr(live, button)) for button in buttons)
    assert f"from {live.__name__.rpartition('.')[0]} import live" in sources["xlgenai_ribbon"]


def test_the_model_is_the_one_of_the_plain_workbook(desktop: Path, tmp_path: Path) -> None:
    plain = xlgenai.build(tmp_path / "model.xlsx").path
    assert xlgenai.calculate(desktop).values.items() >= xlgenai.calculate(plain).values.items()
    assert xlgenai.check(desktop).findings == ()


def test_a_refresh_keeps_the_project_byte_for_byte(desktop: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(desktop, tmp_path / "mine.xlsm"))
    before = Package.open(path).parts
    result = xlgenai.refresh(path, inputs={"serving_share": 0.5}, scenario="Bull")
    assert result.report.ok
    after = Package.open(path).parts
    assert project(path) == project(desktop)
    changed = {posixpath.dirname(part) for part, data in after.items() if before[part] != data}
    assert changed == {"xl/worksheets"}


def test_functions_of_ones_own_are_called_in_their_module(tmp_path: Path) -> None:
    (tmp_path / "my_functions.py").write_text(OWN, encoding="utf-8")
    path = xlgenai.build(tmp_path / "model.xlsm", udfs=[str(tmp_path / "my_functions.py")]).path
    assert list(openpyxl.load_workbook(path)["xlwings.conf"].values) == [("UDF MODULES", "udfs;my_functions")]
    from tests.editions.conftest import modules  # noqa: PLC0415

    assert 'XLPy.CallUDF("my_functions", "payback_years", Array(price, saving)' in modules(path)["xlwings_udfs"]


@pytest.mark.parametrize(
    ("name", "options", "error", "message"),
    [
        ("m.xlsx", {"standalone": True}, InputError, r"^Only a desktop workbook \(\.xlsm\) can stand alone"),
        ("m.xlsx", {"edition": "desktop"}, WorkbookError, r"^m\.xlsx should end in \.xlsm"),
        ("m.xlsm", {"edition": "portable"}, WorkbookError, r"^m\.xlsm should end in \.xlsx"),
        (
            "m.xlsm",
            {"edition": "destop"},
            InputError,
            r"^There is no edition 'destop': choose portable, desktop, libreoffice\.$",
        ),
        ("m.xlsb", {}, WorkbookError, r"^m\.xlsb should end in \.xlsx or \.xlsm"),
    ],
)
def test_what_no_edition_is_refused(
    name: str, options: dict[str, object], error: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(error, match=message):
        xlgenai.build(tmp_path / name, **options)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_function_that_vba_cannot_take_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(OWN.replace("payback_years", "select"), encoding="utf-8")
    with pytest.raises(FunctionError, match="SELECT cannot be a function of VBA"):
        xlgenai.build(tmp_path / "model.xlsm", udfs=[str(tmp_path / "mine.py")])
    assert [path.name for path in tmp_path.iterdir()] == ["mine.py"]
