"""What the database layer says to a person; px.core.work passes it on as a DatabaseProblem."""


class StorageProblem(Exception):
    """The database cannot be opened, upgraded, copied or restored; the text says what to do."""
