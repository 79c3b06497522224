"""Errors that a person can act on. Anything that is not a PxError is a bug."""


class PxError(Exception):
    """Something was asked for that cannot be done."""

    def __init__(self, message: str | None = None) -> None:
        """The text is `message`, else the first line of the class's docstring."""
        super().__init__(message or (self.__doc__ or "").strip().splitlines()[0])


class InvalidInput(PxError):
    """What was given is not valid. The command line answers 2 for it, everything else 1."""


class NotFound(PxError):
    """There is no such thing, or it is gone."""


class DatabaseProblem(PxError):
    """The database cannot be opened. Check PX_DATABASE_URL."""
