"""The LibreOffice edition: the extension's parts, its component without an office, and what a workbook stores."""

from __future__ import annotations

import ast
import io
import json
import re
import struct
import sys
import types
import zipfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

import xlgenai
from xlgenai.cells.boundary import LOG
from xlgenai.cells.modules import load_functions
from xlgenai.editions.edition import EDITIONS, LIBREOFFICE, choose_edition
from xlgenai.editions.libreoffice.extension import REGISTRY, STATUS, Home, extension
from xlgenai.editions.libreoffice.names import LACKING, STOOD_IN_FOR
from xlgenai.editions.libreoffice.stand_ins import STAND_INS
from xlgenai.errors import FunctionError, ModelError
from xlgenai.model.parts import AMOUNT, Line, Model, Section, Sheet
from xlgenai.workbook.package import Package

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS = load_functions()
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"
ROOT = str(Path(xlgenai.__file__).parents[1])
HOME = Home(VERSION, (ROOT,))
NAME = f"{{{REGISTRY}}}name"


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(extension(FUNCTIONS, HOME))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


# The extension


def test_the_manifest_names_parts_that_are_there(parts: dict[str, bytes]) -> None:
    manifest = etree.fromstring(parts["META-INF/manifest.xml"])
    named = {value for entry in manifest for key, value in entry.attrib.items() if str(key).endswith("full-path")}
    assert named == set(parts) - {"META-INF/manifest.xml", "description.xml", "component.py", "settings.json"}


def test_the_type_library_has_a_method_for_each_function(parts: dict[str, bytes]) -> None:
    text = parts["types.idl"].decode()
    for function in [*FUNCTIONS.values(), *STAND_INS.values()]:
        arguments = ", ".join(f"[in] any a{i:02}" for i in range(function.max_args))
        assert f" sequence< sequence<any> > {function.name}({arguments});" in text
    assert text.count("{") == text.count("}") == 4


def test_the_wizard_has_the_texts_of_the_records(parts: dict[str, bytes]) -> None:
    root = etree.fromstring(parts["CalcAddIns.xcu"])
    (listed,) = (node for node in root.iter("node") if node.get(NAME) == "AddInFunctions")
    entries = {str(node.get(NAME)): node for node in listed}
    assert set(entries) == {*FUNCTIONS, *STOOD_IN_FOR, STATUS}
    for name, function in FUNCTIONS.items():
        texts = {str(prop.get(NAME)): prop.findtext("value") for prop in entries[name].findall("prop")}
        assert texts == {
            "DisplayName": name,
            "Description": function.summary,
            "Category": "Financial",
            "CompatibilityName": f"XLG.{name}",
        }
        arguments = [
            [prop.findtext("value") for prop in node.findall("prop")] for node in entries[name].iterfind("node/node")
        ]
        assert arguments == [[parameter.name, parameter.help] for parameter in function.parameters]


def test_the_same_functions_give_the_same_bytes() -> None:
    assert extension(FUNCTIONS, HOME) == extension(load_functions(), HOME)


@pytest.mark.parametrize("name", ["_HIDDEN", "TWO__UNDERSCORES", "ENDS_", "ÄRGER"])
def test_a_name_that_calc_cannot_take_is_refused(name: str) -> None:
    odd = replace(FUNCTIONS["NET_MARGIN"], name=name)
    with pytest.raises(FunctionError, match=f"^{name} is no name for LibreOffice: write letters"):
        extension({name: odd}, HOME)


# Its component, in whatever Python LibreOffice has


def component(monkeypatch: pytest.MonkeyPatch, folder: Path, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """Run the component as LibreOffice does, beside stand-ins for its bridge."""
    with zipfile.ZipFile(io.BytesIO(extension(FUNCTIONS, HOME))) as archive:
        archive.extractall(folder)
    written = json.loads((folder / "settings.json").read_bytes()) | (settings or {})
    (folder / "settings.json").write_text(json.dumps(written), encoding="utf-8")
    uno, unohelper = types.ModuleType("uno"), types.ModuleType("unohelper")
    uno.getTypeByName = uno.ByteSequence = lambda given: given  # type: ignore[attr-defined]
    unohelper.Base = object  # type: ignore[attr-defined]
    unohelper.ImplementationHelper = lambda: types.SimpleNamespace(addImplementation=lambda *_: None)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "uno", uno)
    monkeypatch.setitem(sys.modules, "unohelper", unohelper)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(LOG, "handlers", [])  # the component keeps failures in a file from then on
    monkeypatch.setattr(LOG, "level", LOG.level)
    space: dict[str, Any] = {"__file__": str(folder / "component.py"), "__name__": "uno_component"}
    exec(compile((folder / "component.py").read_bytes(), "component.py", "exec"), space)
    return space


def test_it_is_written_for_any_python_3() -> None:
    source = files("xlgenai.editions.libreoffice").joinpath("component.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))


def test_it_calls_the_functions_and_says_which(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = component(monkeypatch, tmp_path)["Functions"](None)
    assert made.NET_MARGIN(9.2, 18.4) == ((0.5,),)
    assert made.FILTER(((1.0,), (2.0,)), ((0.0,), (1.0,))) == ((2.0,),)
    assert getattr(made, STATUS)() == ((f"xlgenai {xlgenai.__version__}, 17 functions, in Python {VERSION}",),)
    assert made.supportsService("XLG")
    assert made.getSupportedServiceNames() == ("XLG",)
    assert "org.xlgenai.calc.XFunctions" in made.getTypes()
    with pytest.raises(AttributeError):
        made.absent  # noqa: B018 - the look-up is the point


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"python": "3.99"}, f"^LibreOffice runs Python {VERSION}, but this extension was made for Python 3.99 \\("),
        ({"folders": ["/gone"]}, r"^xlgenai was not found in /gone \("),
    ],
)
def test_where_xlgenai_is_missing_it_says_what_to_do(
    settings: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "xlgenai.editions.libreoffice.serving", None)  # importing it fails
    made = component(monkeypatch, tmp_path, settings)["Functions"](None)
    ((value,),) = made.NET_MARGIN(1.0, 2.0)
    assert struct.unpack("<II", struct.pack("<d", value))[0] == 525
    ((told,),) = getattr(made, STATUS)()
    assert re.search(words, told)
    assert told.endswith(("run xlgenai install --libreoffice.", "where xlgenai is installed."))
    (line,) = (tmp_path / "xlgenai.log").read_text(encoding="utf-8").splitlines()
    assert line.endswith(told)


# The workbook


@pytest.mark.parametrize(
    ("formula", "stored"),
    [
        ("=NET_MARGIN(A1,B1)", "=XLG.NET_MARGIN(A1,B1)"),
        (
            '=IFNA(NVIDIA("revenue",A1,NvidiaQuarters[#All]),0)',
            '=_xlfn.IFNA(XLG.NVIDIA("revenue",A1,NvidiaQuarters[[#All]]),0)',
        ),
        ("=UNIQUE(FILTER(A1:A3,B1:B3))", "=XLG.UNIQUE(XLG.FILTER(A1:A3,B1:B3))"),
        ("=SUM(A1:A3)", "=SUM(A1:A3)"),
    ],
)
def test_how_a_formula_is_stored(formula: str, stored: str) -> None:
    assert LIBREOFFICE.store(formula, FUNCTIONS) == stored


def test_the_suffix_goes_on_to_mean_the_portable_edition() -> None:
    assert choose_edition(Path("m.xlsx"), None).name == "portable"
    assert choose_edition(Path("m.xlsx"), "libreoffice") is LIBREOFFICE
    assert list(EDITIONS) == ["portable", "desktop", "libreoffice"]
    assert LACKING.isdisjoint(STOOD_IN_FOR)


def test_a_function_that_calc_lacks_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    line = Line("total", "Total", AMOUNT, "SUM(VSTACK(1,2))")
    model = Model("Test", (Sheet("Model", "Model", "", (Section("One", (line,)),)),))
    with pytest.raises(ModelError, match=r"^LibreOffice 7\.4 has no VSTACK: write the formula without it, or"):
        xlgenai.build(tmp_path / "m.xlsx", model=model, edition="libreoffice")
    assert list(tmp_path.iterdir()) == []


def test_a_block_has_a_formula_in_each_row_that_is_kept_free(libreoffice_workbook: Path) -> None:
    package = Package.open(libreoffice_workbook)
    formulas = {cell.address: cell for cell in package.sheet("ValueChain").formulas()}
    layers = [
        cell for cell in formulas.values() if cell.formula.startswith("=IF(ROWS(A$") and "[layer]" in cell.formula
    ]
    assert len(layers) == 8
    assert {cell.ref for cell in layers} == {cell.address for cell in layers}
    assert "xl/metadata.xml" not in package.parts


@pytest.mark.parametrize("change", [{"serving_share": 0.5}, {"revenue_vintage": "Agrawal 2026"}])
def test_a_refresh_leaves_the_values_to_calc_too(
    change: dict[str, Any], libreoffice_workbook: Path, tmp_path: Path
) -> None:
    path = tmp_path / "model.xlsx"
    path.write_bytes(libreoffice_workbook.read_bytes())
    result = xlgenai.refresh(path, inputs=change)
    assert result.report.findings == ()
    package = Package.open(path)
    assert [c.value for sheet in package.sheets for c in package.sheet(sheet).formulas() if c.value is not None] == []
    fresh = xlgenai.build(tmp_path / "fresh.xlsx", inputs=change, edition="libreoffice")
    values: Callable[[Path], Any] = lambda where: xlgenai.calculate(where).values  # noqa: E731
    assert values(path) == values(fresh.path)
