"""xlwings' own Windows code on any system: run as a script, it calls functions as Excel does through COM.

It reads a pickled list of calls from its input, each a function's name and its arguments as COM hands them over (a
range as ``{"range": rows}``), and writes a pickled dict with the answers, those with xlwings' stock conversion of
arguments, what xlwings knows about each function, and the VBA that it generates. It must be a process of its own,
because it replaces modules that all other tests use.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import io
import pickle
import sys
import traceback
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RANGE_ID: Final = "{00020846-0000-0000-C000-000000000046}"
"""By this xlwings knows an argument for a range."""
STUBS: Final = (
    "pythoncom pywintypes win32api win32con win32gui win32process win32timezone win32event winerror win32com "
    "win32com.client win32com.client.dynamic win32com.client.gencache win32com.server win32com.server.policy "
    "win32com.server.util win32com.server.dispatcher win32com.universal win32com.util"
)


class Anything:
    """Stands for any object of a library that is not there: it has every attribute and can be called."""

    def __getattr__(self, name: str) -> Anything:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *_: object, **__: object) -> int:
        return 0


class StubModule(ModuleType):
    """A module of pywin32 of which xlwings needs no more than that it can be imported."""

    __path__: list[str] = []  # noqa: RUF012 - a package, for the import system
    __file__ = "stub"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {}) if name[0].isupper() else Anything()


class ComRange:
    """A range of cells as Excel hands it to a function: its values are read only when they are asked for."""

    def __init__(self, rows: tuple[tuple[object, ...], ...]) -> None:
        self.Value = rows[0][0] if len(rows) == len(rows[0]) == 1 else rows
        self.Row = self.Column = 1
        self.Count = len(rows) * len(rows[0])
        self.Rows = SimpleNamespace(Count=len(rows))
        self.Columns = SimpleNamespace(Count=len(rows[0]))
        self.Worksheet = SimpleNamespace(Parent=SimpleNamespace(Application=SimpleNamespace(Hwnd=1)))
        kind = SimpleNamespace(GetTypeAttr=lambda: SimpleNamespace(iid=RANGE_ID))
        self._oleobj_ = SimpleNamespace(GetTypeInfo=lambda: kind)


def install_stubs() -> None:
    """Put a stub in the place of every module of pywin32 that xlwings imports."""
    for name in STUBS.split():
        stub = sys.modules[name] = StubModule(name)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, stub)
    com: Any = sys.modules["pythoncom"]
    com.com_error = type("com_error", (Exception,), {})
    com.IID_IDispatch, com.TypeIIDs = "IID_IDispatch", {"IID_IDispatch": object}
    process: Any = sys.modules["win32process"]
    process.GetWindowThreadProcessId = lambda _: (0, 1)
    times: Any = sys.modules["pywintypes"]
    times.com_error, times.TimeType, times.IID = com.com_error, dt.datetime, str
    for loader in ("windll", "oledll"):
        setattr(ctypes, loader, Anything())
    ctypes.PyDLL = lambda *_, **__: Anything()  # type: ignore[assignment, misc]


def load_classic() -> tuple[Any, Any]:
    """Load xlwings with its Windows engine, and then our functions with its Windows decorators."""
    install_stubs()
    import xlwings  # noqa: PLC0415
    from xlwings import _xlwindows, udfs  # noqa: PLC0415

    if "excel" not in [engine.name for engine in xlwings.engines]:
        xlwings.engines.add(xlwings.Engine(impl=_xlwindows.engine))
    xlwings._xlwindows = _xlwindows
    decorators: Any = xlwings
    decorators.func, decorators.arg, decorators.ret = udfs.xlfunc, udfs.xlarg, udfs.xlret
    import udfs as ours  # noqa: PLC0415

    return udfs, ours


@contextmanager
def stock_conversion(ours: Any) -> Iterator[None]:
    """Let xlwings convert the arguments of our functions without our accessor."""
    arguments = [argument for name in ours.__all__ for argument in getattr(ours, name).__xlfunc__["args"]]
    accessors = [argument["options"].pop("convert") for argument in arguments]
    yield
    for argument, accessor in zip(arguments, accessors, strict=True):
        argument["options"]["convert"] = accessor


def answer(classic: Any, name: str, arguments: Sequence[Any]) -> Any:
    """Call one function as Excel does."""
    given = tuple(ComRange(a["range"]) if isinstance(a, dict) else a for a in arguments)
    try:
        return classic.call_udf("udfs", name, given, None, None)
    except Exception:  # Excel would show its message as text
        return {"raised": traceback.format_exc()}


def main() -> None:
    """Answer the calls."""
    calls = pickle.load(sys.stdin.buffer)
    classic, ours = load_classic()
    with stock_conversion(ours):
        stock = [answer(classic, name, arguments) for name, arguments in calls]
    vba = io.StringIO()
    classic.generate_vba_wrapper("udfs", ours, vba, SimpleNamespace(Name="Book1.xlsm"))
    reply = {
        "answers": [answer(classic, name, arguments) for name, arguments in calls],
        "stock": stock,
        "functions": {name: getattr(ours, name).__xlfunc__ for name in ours.__all__},
        "vba": vba.getvalue(),
    }
    sys.stdout.buffer.write(pickle.dumps(reply))


if __name__ == "__main__":
    main()
