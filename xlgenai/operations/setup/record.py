"""The record of an installation: what each step found and what it left, so that all of it can be undone."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlgenai.errors import SetupError
from xlgenai.operations.setup.configuration import decode, has_line
from xlgenai.operations.setup.steps import FileStep, FolderStep, LineStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlgenai.operations.setup.steps import Preview, Step


@dataclass(frozen=True)
class Done:
    """A step of an installation that was made earlier; of a file it knows no more than the hash of what was left.

    Attributes
    ----------
    step : Step
        What was done; the content that a file got is left out.
    digest : str
        Hash of that content; empty for other steps.
    """

    step: Step
    digest: str = ""

    def undoing(self, disk: Preview) -> Step | None:
        """Return the step that undoes this one; None when what it left is not there any more."""
        step = self.step
        if isinstance(step, FolderStep):
            return replace(step, before=True, after=False) if disk.is_folder(step.where) else None
        content = disk.read(step.where)
        if content is None:
            return None
        if isinstance(step, FileStep):
            return replace(step, before=content, after=step.before) if _digest(content) == self.digest else None
        stands = step.after is not None and has_line(decode(content, step.encoding), step.after)
        return replace(step, before=step.after, after=step.before) if stands else None


def done(steps: Iterable[Step]) -> list[Done]:
    """Turn steps into what the record keeps of them."""
    return [
        Done(replace(step, after=None), _digest(step.after or b"")) if isinstance(step, FileStep) else Done(step)
        for step in steps
    ]


def to_bytes(entries: Iterable[Done]) -> bytes:
    """Write a record."""
    return json.dumps([_plain(entry) for entry in entries], indent=1).encode("ascii")


def from_bytes(content: bytes | None, path: Path) -> list[Done]:
    """Read a record, or raise a `SetupError` that says what to do without it.

    Parameters
    ----------
    content : bytes or None
        The record; None where nothing was installed.
    path : Path
        Where it lies, for the message.

    Returns
    -------
    list of Done
        What was done, in its order.
    """
    try:
        return [_entry(**stored) for stored in json.loads(content or b"[]")]
    except (ValueError, TypeError, KeyError) as error:
        raise SetupError(
            f"{path}, which says what was installed, is damaged: delete it; what is installed stays until you remove it"
            " by hand (see docs/troubleshooting.md)."
        ) from error


def _plain(entry: Done) -> dict[str, Any]:
    step = entry.step
    plain: dict[str, Any] = {"what": step.what, "where": str(step.where)}
    if isinstance(step, FileStep):
        before = None if step.before is None else base64.b64encode(step.before).decode("ascii")
        return {"kind": "file", **plain, "before": before, "digest": entry.digest}
    if isinstance(step, LineStep):
        return {"kind": "line", **plain, "before": step.before, "after": step.after, "encoding": step.encoding}
    return {"kind": "folder", **plain}


def _entry(kind: str, what: str, where: str, **rest: Any) -> Done:
    path = Path(where)
    if kind == "file":
        before = None if rest["before"] is None else base64.b64decode(rest["before"])
        return Done(FileStep(what, path, before, None), rest["digest"])
    if kind == "line":
        return Done(LineStep(what, path, rest["before"], rest["after"], rest["encoding"]))
    return Done(FolderStep(what, path, before=False, after=True))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
