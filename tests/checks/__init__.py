"""Tests of the rules, and what they need to damage a workbook as a user would."""
