"""What someone would write who only wants the cells, looks and charts on disk: openpyxl and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import NamedStyle
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from xlgenai.workbook.charts import draw
from xlgenai.workbook.styles import LOOKS

if TYPE_CHECKING:
    from pathlib import Path

    from xlgenai.model.placed import Layout


def write_bare(layout: Layout, path: Path) -> None:
    """Write the same cells with the same looks, the same tables and the same charts, and save."""
    book = Workbook()
    del book["Sheet"]
    for role, look in LOOKS.items():
        book.add_named_style(NamedStyle(str(role), **look))
    for placed in layout.sheets:
        sheet = book.create_sheet(placed.name)
        for item in placed.cells:
            cell = sheet.cell(item.row, item.column)
            cell.value = ArrayFormula(cell.coordinate, str(item.content)) if item.array else item.content
            cell.style = str(item.role)
            cell.number_format = item.number_format
        for table in placed.tables:
            corner = sheet.cell(table.row + table.rows, len(table.columns)).coordinate
            sheet.add_table(Table(displayName=table.name, ref=f"A{table.row}:{corner}"))
        for chart in placed.charts:
            sheet.add_chart(draw(chart), f"A{chart.row}")
    book.save(path)
