"""Holding tables, commit logs and ledgers against each other."""
