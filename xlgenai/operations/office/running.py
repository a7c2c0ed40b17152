"""Run LibreOffice without a screen: a profile of its own for each run, and an end even where it would never end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Any, Final

from xlgenai.errors import OfficeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlgenai.operations.office.program import Office

PATIENCE: Final = 180.0
"""Seconds until a run counts as hanging; the first on a slow machine takes half a minute."""
LONGEST_REASON: Final = 200
SETTINGS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
{}</oor:items>
"""
"""A workbook may come from anywhere: its macros do not run, and its pictures are fetched from nowhere."""
CONFUSING: Final = frozenset({"VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "CONDA_PREFIX", "CONDA_DEFAULT_ENV"})
"""Together with all that begins with ``PYTHON``, what would lead the embedded Python into another one's libraries."""


def convert(
    office: Office, source: Path, kind: str, folder: Path, *, settings: str = "", patience: float = PATIENCE
) -> Path:
    """Let LibreOffice open a file and save it as another kind of file.

    Parameters
    ----------
    office : Office
        The program.
    source : Path
        The file, which stays as it is.
    kind : str
        The kind, named as a suffix: ``pdf``, ``xlsx``.
    folder : Path
        Where the result goes, under the name of the source; not the folder of the source.
    settings : str, optional
        ``item`` elements for the registry of LibreOffice, in force for this run.
    patience : float, optional
        Seconds after which the program is ended with all that it started.

    Returns
    -------
    Path
        The result, which was written by this run.

    Raises
    ------
    OfficeError
        When LibreOffice could not be started, took too long, or made no such file, which it does not report itself.
    """
    result = folder / f"{source.stem}.{kind}"
    result.unlink(missing_ok=True)  # an older one would pass for the result of a run that failed
    with TemporaryDirectory(prefix="xlgenai-office-", ignore_cleanup_errors=True) as profile:
        registry = Path(profile, "user", "registrymodifications.xcu")
        registry.parent.mkdir()
        registry.write_text(SETTINGS.format(settings), encoding="utf-8")
        command = [
            str(office.program),
            f"-env:UserInstallation={Path(profile).as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--convert-to", kind, "--outdir", str(folder), str(source)),
        ]
        said = run(command, f"converting {source.name}", patience=patience)
    if not result.is_file():
        reason = f" (it said: {said[-LONGEST_REASON:]})" if said else ""
        raise OfficeError(
            f"LibreOffice made no {kind.upper()} of {source.name}{reason}: open the file in LibreOffice to see why."
        )
    return result


def run(command: Sequence[str], what: str, *, patience: float = PATIENCE) -> str:
    """Run a program of LibreOffice, with all that it starts as one group so that all of it can be ended.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    what : str
        What it is for, to end ``LibreOffice took more than 180 seconds for`` with.
    patience : float, optional
        Seconds after which the group is ended.

    Returns
    -------
    str
        What it wrote, in one line. Whether it did its work is for the caller to see.

    Raises
    ------
    OfficeError
        When it could not be started or took too long.
    """
    with TemporaryFile() as output:  # a pipe would stay open as long as anyone who was started lives
        try:
            with _started(command, output) as process:
                try:
                    process.wait(patience)
                except BaseException:  # whatever ends the waiting, ctrl-C too, ends the program
                    _end(process)
                    raise
        except subprocess.TimeoutExpired:
            raise OfficeError(
                f"LibreOffice took more than {patience:g} seconds for {what} and was ended: "
                "close other programs, or open the file in LibreOffice to see why."
            ) from None
        except OSError as error:
            reason = error.strerror or error
            raise OfficeError(
                f"LibreOffice could not be started from {command[0]} ({reason}): repair its installation."
            ) from error
        output.seek(0)
        return " ".join(output.read().decode(errors="replace").split())


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables for LibreOffice: without what leads its Python into ours.

    Parameters
    ----------
    variables : mapping of str to str
        Those of this program.

    Returns
    -------
    dict of str to str
        The rest; the folders of a virtual environment or of conda are no longer on the ``PATH`` either, where the
        embedded Python would look for its libraries.

    Examples
    --------
    >>> environment({"PYTHONPATH": "here", "LANG": "C"})
    {'LANG': 'C'}
    """
    kept = {name: value for name, value in variables.items() if name not in CONFUSING and name[:6] != "PYTHON"}
    environments = [variables[name] for name in ("VIRTUAL_ENV", "CONDA_PREFIX") if variables.get(name)]
    if sys.prefix != sys.base_prefix:
        environments.append(sys.prefix)
    theirs = {Path(home, folder) for home in environments for folder in (".", "bin", "Scripts")}
    if "PATH" in kept:
        kept["PATH"] = os.pathsep.join(place for place in kept["PATH"].split(os.pathsep) if Path(place) not in theirs)
    return kept


def _started(command: Sequence[str], output: Any) -> subprocess.Popen[bytes]:
    group: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        group = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return subprocess.Popen(  # noqa: S603 - what find_office found, or the user named
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environment(os.environ),
        **group,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and all that it started."""
    if sys.platform == "win32":
        command = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - a program of Windows, a process of ours
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
