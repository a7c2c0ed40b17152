"""Write the extension for LibreOffice: what Calc must know of every function, and the component that calls them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from lxml import etree

from xlgenai._version import __version__
from xlgenai.cells.formula import CALC
from xlgenai.editions.libreoffice.stand_ins import STAND_INS
from xlgenai.errors import FunctionError
from xlgenai.workbook.archive import zip_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xlgenai.cells.function import Function

IDENTIFIER: Final = "org.xlgenai.calc"
INTERFACE: Final = f"{IDENTIFIER}.XFunctions"
STATUS: Final = "XLGENAI_STATUS"
CATEGORY: Final = "Financial"
"""One of Calc's own: it shows functions of any other under Add-in."""
LEGAL: Final = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
"""What a type library takes as the name of a function."""
REGISTRY: Final = "http://openoffice.org/2001/registry"
MANIFEST: Final = "http://openoffice.org/2001/manifest"
COMPONENTS: Final = "http://openoffice.org/2010/uno-components"
DESCRIPTION: Final = "http://openoffice.org/extensions/description/2006"
TYPES: Final = {
    "types.idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    "CalcAddIns.xcu": "application/vnd.sun.star.configuration-data",
    "xlgenai.components": "application/vnd.sun.star.uno-components",
    "description.txt": "application/vnd.sun.star.package-bundle-description;locale=en",
}
ABOUT: Final = (
    "The economics of generative AI in Calc. Every function runs in Python: =XLGENAI_STATUS() says in which.\n"
)


@dataclass(frozen=True)
class Home:
    """Where the functions are to be loaded from.

    Attributes
    ----------
    python : str
        Minor version of the Python whose packages these are, such as ``3.11``.
    folders : tuple of str
        Folders with packages.
    modules : tuple of str
        Further modules with functions: a name, or the whole path of a file.
    """

    python: str
    folders: tuple[str, ...]
    modules: tuple[str, ...] = ()


def extension(functions: Mapping[str, Function], home: Home) -> bytes:
    """Write the extension.

    Parameters
    ----------
    functions : mapping of str to Function
        The functions by name.
    home : Home
        Where LibreOffice's Python finds them.

    Returns
    -------
    bytes
        The content of an ``.oxt`` file; the same functions and home give the same bytes.

    Raises
    ------
    FunctionError
        When a function has a name that Calc cannot take.
    """
    for name in functions:
        if not LEGAL.fullmatch(name):
            raise FunctionError(
                f"{name} is no name for LibreOffice: write letters and digits, with single underscores."
            )
    entries = [*functions.values(), *STAND_INS.values()]
    settings = {
        "python": home.python,
        "folders": home.folders,
        "modules": home.modules,
        "functions": [*(entry.name for entry in entries), STATUS],
        "status": STATUS,
        "service": CALC,
        "interface": INTERFACE,
        "implementation": f"{IDENTIFIER}.Functions",
    }
    parts = {
        "META-INF/manifest.xml": _manifest(),
        "description.xml": _description(),
        "description.txt": ABOUT.encode(),
        "types.idl": _types(entries).encode(),
        "CalcAddIns.xcu": _entries(entries),
        "xlgenai.components": _components(),
        "component.py": files("xlgenai.editions.libreoffice").joinpath("component.py").read_bytes(),
        "settings.json": json.dumps(settings, indent=1).encode(),
    }
    return zip_parts(parts, compress=True)


def _types(functions: Iterable[Function]) -> str:
    """Declare an interface with one method a function: anything in, rows out.

    Calc takes an array only from a function that is declared to give one. Arguments have numbers for names here, since
    a word such as ``property`` means something else in a declaration.
    """
    rows = "sequence< sequence<any> >"
    methods = [
        f"  {rows} {function.name}({', '.join(f'[in] any {_argument(i)}' for i in range(function.max_args))});"
        for function in functions
    ]
    body = "\n".join([*methods, f"  {rows} {STATUS}();"])
    opening = "".join(f"module {module} {{ " for module in IDENTIFIER.split("."))
    name = INTERFACE.rpartition(".")[2]
    return f"{opening}\n interface {name} {{\n{body}\n }};\n{'}; ' * len(IDENTIFIER.split('.'))}\n"


def _argument(index: int) -> str:
    return f"a{index:02}"


def _entries(functions: Iterable[Function]) -> bytes:
    """What the function wizard shows, and how a file in Excel's format names each function."""
    root = etree.Element(_tag(REGISTRY, "component-data"), nsmap={"oor": REGISTRY})
    root.set(_tag(REGISTRY, "name"), "CalcAddIns")
    root.set(_tag(REGISTRY, "package"), "org.openoffice.Office")
    service = _node(_node(root, "AddInInfo", replace=False), CALC)
    listed = _node(service, "AddInFunctions", replace=False)
    for function in functions:
        shown = function.name if function.name not in STAND_INS else f"{CALC}_{function.name}"
        parameters = _function(listed, function.name, shown, function.summary)
        for i, parameter in enumerate(function.parameters):
            node = _node(parameters, _argument(i))
            _property(node, "DisplayName", parameter.name)
            _property(node, "Description", parameter.help)
    _function(listed, STATUS, STATUS, "Which xlgenai runs in which Python, or what is missing and how to mend it.")
    return _xml(root)


def _function(listed: etree._Element, name: str, shown: str, summary: str) -> etree._Element:
    node = _node(listed, name)
    _property(node, "DisplayName", shown)
    _property(node, "Description", summary)
    _property(node, "Category", CATEGORY, local=False)
    _property(node, "CompatibilityName", f"{CALC}.{name}")
    return _node(node, "Parameters", replace=False)


def _node(parent: etree._Element, name: str, *, replace: bool = True) -> etree._Element:
    node = etree.SubElement(parent, "node")
    node.set(_tag(REGISTRY, "name"), name)
    if replace:
        node.set(_tag(REGISTRY, "op"), "replace")
    return node


def _property(node: etree._Element, name: str, text: str, *, local: bool = True) -> None:
    value = etree.SubElement(etree.SubElement(node, "prop", {_tag(REGISTRY, "name"): name}), "value")
    value.text = text
    if local:
        value.set("{http://www.w3.org/XML/1998/namespace}lang", "en-US")


def _manifest() -> bytes:
    root = etree.Element(_tag(MANIFEST, "manifest"), nsmap={"manifest": MANIFEST})
    for part, kind in TYPES.items():
        entry = etree.SubElement(root, _tag(MANIFEST, "file-entry"))
        entry.set(_tag(MANIFEST, "full-path"), part)
        entry.set(_tag(MANIFEST, "media-type"), kind)
    return _xml(root)


def _components() -> bytes:
    root = etree.Element(_tag(COMPONENTS, "components"), nsmap={None: COMPONENTS})  # type: ignore[dict-item]
    component = etree.SubElement(
        root, _tag(COMPONENTS, "component"), loader="com.sun.star.loader.Python", uri="component.py"
    )
    made = etree.SubElement(component, _tag(COMPONENTS, "implementation"), name=f"{IDENTIFIER}.Functions")
    etree.SubElement(made, _tag(COMPONENTS, "service"), name=CALC)
    return _xml(root)


def _description() -> bytes:
    root = etree.Element(_tag(DESCRIPTION, "description"), nsmap={None: DESCRIPTION})  # type: ignore[dict-item]
    etree.SubElement(root, _tag(DESCRIPTION, "identifier"), value=IDENTIFIER)
    etree.SubElement(root, _tag(DESCRIPTION, "version"), value=__version__)
    shown = etree.SubElement(etree.SubElement(root, _tag(DESCRIPTION, "display-name")), _tag(DESCRIPTION, "name"))
    shown.set("lang", "en")
    shown.text = "xlgenai: the economics of generative AI"
    return _xml(root)


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _tag(space: str, name: str) -> str:
    return f"{{{space}}}{name}"
