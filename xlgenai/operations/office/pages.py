"""The pages of a PDF: how many there are, and each as a picture."""

from __future__ import annotations

from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from xlgenai.errors import OfficeError

if TYPE_CHECKING:
    from collections.abc import Iterator

DPI: Final = 144
POINTS: Final = 72
"""To the inch: what a PDF measures in."""


def count_pages(pdf: bytes) -> int:
    """Return how many pages a PDF has.

    Parameters
    ----------
    pdf : bytes
        Its content.

    Returns
    -------
    int
        At least one.

    Raises
    ------
    OfficeError
        When it is no PDF that can be read.
    """
    with _opened(pdf) as document:
        return len(document)


def pictures(pdf: bytes) -> Iterator[bytes]:
    """Draw each page of a PDF.

    Parameters
    ----------
    pdf : bytes
        Its content.

    Yields
    ------
    bytes
        The content of a PNG with 144 dots to the inch.

    Raises
    ------
    OfficeError
        When it is no PDF that can be read.
    """
    with _opened(pdf) as document:
        for page in document:
            picture = BytesIO()
            page.render(scale=DPI / POINTS).to_pil().save(picture, "PNG", dpi=(DPI, DPI))
            page.close()
            yield picture.getvalue()


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    import pypdfium2  # noqa: PLC0415 - brings a library of several megabytes

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise OfficeError(
            "LibreOffice made a PDF that cannot be read: open the workbook in LibreOffice and print it there."
        ) from error
    try:
        yield document
    finally:
        document.close()
