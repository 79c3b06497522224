"""The history of the tables, a file per version; `make migration` writes the next one."""
