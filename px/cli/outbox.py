"""outbox: what waits, left, was held, skipped or failed, and why."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from db.kinds import MessageStatus
from px.cli.base import LARGEST, emit, opened
from px.core import clock
from px.core.errors import InvalidInput, PxError
from px.core.work import reading, work
from px.messages import OutboxFilter, OutboxRow, cancel, outbox, retry

_PAGE = 5000
_BY = "the command line"


def register(app: typer.Typer) -> None:
    """Adds `outbox` and what it does to messages."""
    group = typer.Typer(invoke_without_command=True)
    group.callback()(listing)
    group.command("cancel")(cancel_messages)
    group.command("retry")(retry_messages)
    app.add_typer(group, name="outbox")


def listing(
    context: typer.Context,
    status: Annotated[
        str | None, typer.Option(help="Only those with this status, such as failed.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List messages, newest first, with status, reason and times.

    Example: px outbox --status failed
    """
    if context.invoked_subcommand is not None:
        return
    if status is not None and status not in list(MessageStatus):
        raise InvalidInput(f"outbox: --status is one of {', '.join(MessageStatus)}.")
    with opened(), reading() as session:
        offset = 0
        while rows := outbox(session, OutboxFilter(status=status), limit=_PAGE, offset=offset):
            for row in rows:
                emit(as_json, _told(row), _line(row))
            offset += _PAGE


def cancel_messages(
    ids: Annotated[
        list[int], typer.Argument(max=LARGEST, help="Numbers of messages that still wait.")
    ],
) -> None:
    """Call off messages that still wait. Example: px outbox cancel 12 13"""
    with opened(), work() as session:
        count = cancel(session, ids, by=_BY, now=clock.now())
    _said(count, len(ids), "cancelled", "Only messages that still wait can be cancelled.")


def retry_messages(
    ids: Annotated[
        list[int], typer.Argument(max=LARGEST, help="Numbers of messages that were given up.")
    ],
) -> None:
    """Send messages again that failed, were skipped or held. Example: px outbox retry 12"""
    with opened(), work() as session:
        count = retry(session, ids, by=_BY, now=clock.now())
    _said(count, len(ids), "due again", "Only messages that were given up or held can be.")


def _said(count: int, asked: int, done: str, otherwise: str) -> None:
    typer.echo(f"{count} of {asked} {done}.", err=True)
    if not count:
        raise PxError(otherwise)


def _told(row: OutboxRow) -> dict[str, Any]:
    told = asdict(row)
    return {
        "id": told.pop("id"),
        "key": told.pop("key"),
        "customer": told.pop("customer_id"),
        "to": told.pop("to_address"),
        "journey": told.pop("journey_key"),
        "message_id": told.pop("header_id"),
        **told,
    }


def _line(row: OutboxRow) -> str:
    why = f" ({row.reason}: {row.detail})" if row.reason else ""
    when = row.sent_at or row.due_at
    return f"{row.id:8} {when:%Y-%m-%d %H:%M} {row.channel:8} {row.status:9} {row.to_address}{why}"
