"""Readers of files: each turns one layout into facts, row by row."""
