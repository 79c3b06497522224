"""demo: an empty px becomes the demo shop."""

from typing import Annotated

import typer

from px.cli.base import emit, opened
from px.core import clock
from px.demo import fill_demo


def register(app: typer.Typer) -> None:
    """The command stands on the command line."""
    app.command()(demo)


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Fill an empty px with a made-up shop, to look around in. Takes some seconds.

    Refused when there is data already, and in live mode.
    Example: PX_DATA_DIR=data-demo python -m px demo
    """
    with opened():
        filled = fill_demo(now=clock.now())
    row = {"customers": filled.customers, "orders": filled.orders, "messages": filled.messages}
    line = (
        f"Fern & Fable has {filled.customers} customers, {filled.orders} orders and "
        f"{filled.messages} messages (recorded, not sent). Look at it with: make run"
    )
    emit(as_json, row, line)
