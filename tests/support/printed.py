"""What stands on the pages of a PDF."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

ERROR: Final = re.compile(r"#(?:NULL!|DIV/0!|VALUE!|REF!|NAME\?|NUM!|N/A|SPILL!|CALC!)|Err:5\d\d|###")
"""An error of Excel's or of Calc's, or a number whose column is too narrow."""


def words(pdf: Path, *options: str) -> list[str]:
    """Return the text of each page, each run of blanks as one."""
    done = subprocess.run(["pdftotext", *options, str(pdf), "-"], capture_output=True, text=True, check=True)
    return [" ".join(page.split()) for page in done.stdout.split("\f")[:-1]]
