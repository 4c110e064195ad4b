"""Merging the small files of a table into large ones, with no moment when rows are missing."""
