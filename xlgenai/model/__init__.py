"""The workbook described as data: the vocabulary, the layout engine, and the value-chain model itself."""
