"""The built workbook opened in programs that know none of our code."""
