"""Rules, and the report of what breaks them: against the model that a workbook carries, and for any workbook."""
