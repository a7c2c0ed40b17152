"""LibreOffice as a program: tests on programs that are made up, so that they run where it is not installed."""
