"""The file: its cells, its values, how it is written and finished."""
