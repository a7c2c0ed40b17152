"""The LibreOffice edition: an extension through which Calc calls the functions in Python."""
