"""The workbook file: opened safely, changed part by part, and saved so that a good file is never lost."""
