"""Checking: one module a sheet; together they find every problem and build a Batch."""
