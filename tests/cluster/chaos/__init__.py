"""Chaos: a streaming run whose worker, TaskManager, broker and driver are killed at random."""
