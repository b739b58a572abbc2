"""Applying: one module a noun; each compares with what is there and writes the differences."""
