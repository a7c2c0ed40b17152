"""Tests of the stories: build, refresh, calculate."""
