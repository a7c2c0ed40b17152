"""What must be right on a machine for Excel to call Python: installed, undone, and looked at."""
