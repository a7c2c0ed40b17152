"""Build, calculate, check and refresh: each a short story told in calls to the rooms below."""
