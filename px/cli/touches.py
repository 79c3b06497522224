"""touches: every touch with its status and reason."""

from typing import Annotated

import typer

from px import journeys
from px.cli.base import emit, opened
from px.core.work import reading
from px.customers.profiles import find_customer


def register(app: typer.Typer) -> None:
    """Adds `touches`."""
    app.command("touches")(command)


def command(
    customer: Annotated[
        str | None, typer.Option(help="A customer's number, e-mail address or id in the shop.")
    ] = None,
    journey: Annotated[str | None, typer.Option(help="A journey's key.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Every touch with its status and reason. Example: px touches --customer ada@example.com
    --json
    """
    with opened(), reading() as session:
        if journey is not None:
            journeys.journey_row(session, journey)
        customer_id = find_customer(session, customer) if customer is not None else None
        for line in journeys.touch_lines(session, customer_id=customer_id, journey=journey):
            row = {
                "journey": line.journey,
                "enrolment": line.enrolment,
                "customer": line.customer_id,
                "touchpoint": line.touchpoint,
                "occurrence": line.occurrence,
                "status": line.status,
                "reason": line.reason,
                "due_at": line.due_at,
                "settled_at": line.settled_at,
                "channel": line.channel,
                "variant": line.variant,
            }
            due = line.due_at.strftime("%Y-%m-%d %H:%M UTC") if line.due_at else "no time yet"
            reason = f" ({line.reason})" if line.reason else ""
            emit(
                as_json,
                row,
                f"{due:20} {line.status}{reason} {line.journey}/{line.touchpoint} {line.enrolment}",
            )
