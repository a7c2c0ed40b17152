"""The command line: each command is one call into `xlgenai.operations`, and prints what came back.

Heavy modules are imported inside the commands, so that ``xlgenai --help`` answers at once.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from xlgenai._version import __version__
from xlgenai.errors import InputError, XlgenaiError

if TYPE_CHECKING:
    from collections.abc import Sequence

app = typer.Typer(
    help="The economics of generative AI, in Excel: build, calculate, refresh, check, preview workbooks without Excel.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
addins = typer.Typer(help="Write an add-in as a file, for programs other than Excel.", no_args_is_help=True)
app.add_typer(addins, name="addin")
USAGE = 2

Set = Annotated[list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="An input; may be repeated.")]
Scenario = Annotated[str | None, typer.Option("--scenario", help="Bear, Base or Bull.")]
Nvidia = Annotated[Path | None, typer.Option("--nvidia", help="Nvidia's quarters: CSV, Parquet or Excel.")]
ValueChain = Annotated[
    Path | None, typer.Option("--value-chain", help="Revenue and funding by layer: CSV, Parquet or Excel.")
]
Udfs = Annotated[
    list[str] | None, typer.Option("--udfs", metavar="MODULE", help="More cell functions: a module or a .py file.")
]
Workbook = Annotated[Path, typer.Argument(metavar="FILE", help="An .xlsx or .xlsm workbook.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show every file and setting it would touch; touch none.")]
LibreOffice = Annotated[bool, typer.Option("--libreoffice", help="The extension of LibreOffice, not Excel.")]
DEFAULT = Path("genai_value_chain.xlsx")


@app.command()
def build(
    out: Annotated[
        Path, typer.Argument(metavar="[OUT]", help="Where to write it: .xlsx, or .xlsm with macros.")
    ] = DEFAULT,
    setting: Set = None,
    scenario: Scenario = None,
    nvidia: Nvidia = None,
    value_chain: ValueChain = None,
    udfs: Udfs = None,
    edition: Annotated[
        str | None, typer.Option("--edition", help="portable, desktop or libreoffice; else by the suffix.")
    ] = None,
    standalone: Annotated[bool, typer.Option("--standalone", help="An .xlsm without the xlwings add-in.")] = False,
) -> None:
    """Write the value-chain workbook, every formula calculated, and print its headline numbers."""
    from xlgenai import printing  # noqa: PLC0415
    from xlgenai.operations.build import build as run  # noqa: PLC0415

    inputs = _settings(setting)
    result = run(
        out,
        inputs=inputs,
        scenario=scenario,
        nvidia=nvidia,
        value_chain=value_chain,
        udfs=_modules(udfs),
        edition=edition,
        standalone=standalone,
    )
    printing.built(result)
    if not result.report.ok:
        raise typer.Exit(1)


@app.command()
def calculate(
    file: Workbook,
    as_json: Annotated[bool, typer.Option("--json", help="Every formula cell and spilled cell as JSON.")] = False,
    udfs: Udfs = None,
) -> None:
    """Calculate any workbook without Excel; the file stays as it is."""
    from xlgenai import printing  # noqa: PLC0415
    from xlgenai.operations.calculate import calculate as run  # noqa: PLC0415

    printing.calculated(run(file, udfs=_modules(udfs)), file.name, as_json=as_json)


@app.command()
def preview(
    file: Workbook,
    out: Annotated[
        Path | None, typer.Argument(metavar="[OUT]", help="A .pdf or .png; beside FILE, a PDF, when left out.")
    ] = None,
    sheet: Annotated[
        list[str] | None, typer.Option("--sheet", metavar="NAME", help="This sheet only; may be repeated.")
    ] = None,
    udfs: Udfs = None,
) -> None:
    """Render a workbook's sheets as PDF or PNG, every formula calculated; needs LibreOffice, not Excel."""
    from xlgenai import printing  # noqa: PLC0415
    from xlgenai.operations.preview import preview as run  # noqa: PLC0415

    printing.previewed(run(file, out, sheets=sheet or (), udfs=_modules(udfs)))


@app.command()
def check(
    file: Workbook,
    output: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    udfs: Udfs = None,
) -> None:
    """Report what is wrong with a workbook; exit code 1 when there are errors."""
    from xlgenai import printing  # noqa: PLC0415
    from xlgenai.operations.calculate import check as run  # noqa: PLC0415

    _one_of(output, ("text", "json"))
    report = run(file, udfs=_modules(udfs))
    printing.checked(report, as_json=output == "json")
    if not report.ok:
        raise typer.Exit(1)


@app.command()
def refresh(
    file: Workbook,
    setting: Set = None,
    scenario: Scenario = None,
    nvidia: Nvidia = None,
    value_chain: ValueChain = None,
    udfs: Udfs = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report what would change, write nothing.")] = False,
) -> None:
    """Put new inputs and data into a workbook; all that you added to it stays as it is."""
    from xlgenai import printing  # noqa: PLC0415
    from xlgenai.operations.refresh import refresh as run  # noqa: PLC0415

    inputs = _settings(setting)
    result = run(
        file,
        inputs=inputs,
        scenario=scenario,
        nvidia=nvidia,
        value_chain=value_chain,
        udfs=_modules(udfs),
        dry_run=dry_run,
    )
    printing.refreshed(result)
    if not result.report.ok:
        raise typer.Exit(1)


@app.command()
def functions(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="One function; all when left out.")] = None,
    output: Annotated[str, typer.Option("--format", help="text, markdown, json or lambda.")] = "text",
    udfs: Udfs = None,
) -> None:
    """Show the cell functions: arguments, formula, source."""
    from xlgenai import reference  # noqa: PLC0415

    _one_of(output, ("text", "markdown", "json", "lambda"))
    typer.echo(reference.show(name, output, _modules(udfs)), nl=output != "markdown")


@app.command()
def rules(
    rule_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="One rule, such as L103.")] = None,
    output: Annotated[str, typer.Option("--format", help="text or markdown.")] = "text",
) -> None:
    """Show the rules of the check: what each looks for, why, and how to mend it."""
    from xlgenai import reference  # noqa: PLC0415

    _one_of(output, ("text", "markdown"))
    typer.echo(reference.show_rules(rule_id, output), nl=output != "markdown")


@addins.command("libreoffice")
def addin_libreoffice(
    out: Annotated[Path, typer.Argument(metavar="[OUT]", help="Where to write it: .oxt.")] = Path("xlgenai.oxt"),
    udfs: Udfs = None,
) -> None:
    """Write an extension for LibreOffice, through which Calc calls the functions in this Python."""
    from xlgenai import printing_setup  # noqa: PLC0415
    from xlgenai.operations.addin import write_libreoffice_addin as run  # noqa: PLC0415

    printing_setup.written(run(out, udfs=_modules(udfs)), out)


@app.command()
def install(libreoffice: LibreOffice = False, udfs: Udfs = None, dry_run: DryRun = False) -> None:
    """Make Excel on this machine call the functions, or LibreOffice: the add-in, the settings and a workbook.

    Where Excel cannot call Python it says what works there instead, which is no failure: exit code 0.
    """
    from xlgenai import printing_setup  # noqa: PLC0415
    from xlgenai.operations.setup.extension import install_extension  # noqa: PLC0415
    from xlgenai.operations.setup.installing import install as run  # noqa: PLC0415
    from xlgenai.operations.setup.machine import Machine  # noqa: PLC0415

    if udfs and not libreoffice:
        raise InputError("--udfs goes with --libreoffice: Excel finds modules by its setting UDF MODULES.")
    machine = Machine.here()
    done = install_extension(machine, udfs=_modules(udfs), dry_run=dry_run) if libreoffice else None
    printing_setup.set_up(done or run(machine, dry_run=dry_run))


@app.command()
def uninstall(libreoffice: LibreOffice = False, dry_run: DryRun = False) -> None:
    """Undo what install did, where it is still as install left it; with --libreoffice its extension only."""
    from xlgenai import printing_setup  # noqa: PLC0415
    from xlgenai.operations.setup.extension import uninstall_extension  # noqa: PLC0415
    from xlgenai.operations.setup.installing import uninstall as run  # noqa: PLC0415
    from xlgenai.operations.setup.machine import Machine  # noqa: PLC0415

    machine = Machine.here()
    if not libreoffice:
        printing_setup.set_up(run(machine, dry_run=dry_run))
    extension = uninstall_extension(machine, dry_run=dry_run)
    if libreoffice or extension.steps:
        printing_setup.set_up(extension)


@app.command()
def doctor(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A workbook to look at too.")] = None,
    output: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
) -> None:
    """Look at all that Excel needs to call the functions; exit code 1 when something is to be mended."""
    from xlgenai import printing_setup  # noqa: PLC0415
    from xlgenai.operations.setup.doctor import doctor as run  # noqa: PLC0415
    from xlgenai.operations.setup.machine import Machine  # noqa: PLC0415

    _one_of(output, ("text", "json"))
    if not printing_setup.diagnosed(run(Machine.here(), file), as_json=output == "json"):
        raise typer.Exit(1)


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False) -> None:
    """Print the version, or go on to a command."""
    if version:
        typer.echo(f"xlgenai {__version__}")
        raise typer.Exit


def _settings(settings: Sequence[str] | None) -> dict[str, float | str]:
    inputs: dict[str, float | str] = {}
    for setting in settings or ():
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--set takes KEY=VALUE, not {setting!r}.")
        inputs[key.strip()] = value.strip()
    return inputs


def _modules(udfs: Sequence[str] | None) -> tuple[str, ...]:
    """The modules to load; one in the folder that the user is in is found too, but stands in for no installed one."""
    if udfs and "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.append(str(Path.cwd()))
    return tuple(udfs or ())


def _one_of(value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(f"--format takes {', '.join(known)}, not {value!r}.")


def main() -> NoReturn:
    """Run the command line; whatever xlgenai refuses is one sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console that lacks a letter shows its code
    try:
        app()
    except XlgenaiError as error:
        typer.echo(f"xlgenai: {' '.join(str(error).splitlines())}", err=True)
        sys.exit(USAGE)
    except BrokenPipeError:
        sys.exit(0)
    sys.exit(0)
