"""What someone would write who only wants the cells, looks and charts on disk: openpyxl and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference, ScatterChart, Series
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from xlgenai.model.placed import Layout, PlacedChart, Role


def write_bare(layout: Layout, path: Path) -> None:
    """Write every cell with its content, style and number format, the tables and the charts."""
    book = Workbook()
    del book["Sheet"]
    for role in Role:
        look = NamedStyle(str(role), font=Font("Calibri", 10), fill=PatternFill("solid", fgColor="FFFFFF"))
        look.border, look.alignment = Border(bottom=Side("hair")), Alignment(vertical="center")
        book.add_named_style(look)
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
            sheet.add_chart(_chart(chart), f"A{chart.row}")
    book.save(path)


def _chart(placed: PlacedChart) -> Any:
    chart: Any = {"bar": BarChart, "combination": BarChart, "line": LineChart, "scatter": ScatterChart}[placed.kind]()
    chart.title, chart.x_axis.title, chart.y_axis.title = placed.title, placed.x_title, placed.y_title
    for series in (*placed.series, *placed.overlay):
        values, categories = Reference(range_string=series.values), Reference(range_string=series.categories)
        if placed.kind == "scatter":
            chart.series.append(Series(values, categories))
        else:
            chart.add_data(values, from_rows=True)
            chart.set_categories(categories)
    return chart
