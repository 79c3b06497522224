"""Types a command as somebody at a terminal would."""

import contextlib
import io
import sys
from unittest import mock

from px.cli import main


def px(*arguments: str) -> tuple[int, str, str]:
    """The exit status, standard output and standard error of `python -m px ARGUMENTS`."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    with (
        mock.patch.object(sys, "argv", ["px", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
    return status, out.getvalue(), err.getvalue()
