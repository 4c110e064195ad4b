"""Unit, golden, property and end-to-end tests."""
