"""A workbook that is open in Excel, through xlwings' object model: refreshed from a script, or by the ribbon's buttons.

The ribbon calls ``from xlgenai.operations import live; live.refresh_clicked()``, and so ``check_clicked`` and
``help_clicked``; a script calls ``refresh_book``, which uses only what all of xlwings' engines have.
"""

from xlgenai.operations.live.buttons import check_clicked, help_clicked, refresh_clicked
from xlgenai.operations.live.reading import LiveView
from xlgenai.operations.live.refreshing import refresh_book

__all__ = ["LiveView", "check_clicked", "help_clicked", "refresh_book", "refresh_clicked"]
