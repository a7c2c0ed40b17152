"""LibreOffice as a program: where it is, and how it is run without a screen."""
