"""What a cell can hold, the boundary between cells and Python functions, and the text of formulas."""
