"""export-customer and erase-customer: what one customer is owed by law."""

import json
from pathlib import Path
from typing import Annotated

import typer

from px import privacy
from px.cli.base import LARGEST, opened
from px.core import clock
from px.core.errors import PxError
from px.core.work import reading, work

CustomerId = Annotated[
    int, typer.Argument(metavar="ID", max=LARGEST, help="The customer's number in px.")
]


def register(app: typer.Typer) -> None:
    """The commands stand on the command line."""
    app.command("export-customer")(export)
    app.command("erase-customer")(erase)


def export(
    customer: CustomerId,
    file: Annotated[Path, typer.Argument(help="Where the copy goes; must not exist yet.")],
) -> None:
    """Write everything px knows of one customer to FILE, as JSON.

    Example: python -m px export-customer 204 ada.json
    """
    with opened() as settings:
        with reading() as session:
            told = privacy.export_customer(session, customer, key=settings.key, now=clock.now())
        text = json.dumps(told, indent=2, ensure_ascii=False)
        try:
            with file.open("x", encoding="utf-8") as out:
                out.write(text + "\n")
        except FileExistsError as error:
            raise PxError(f"{file} exists already. Give the copy a name of its own.") from error
        except OSError as error:
            raise PxError(f"{file} cannot be written: {error.strerror}.") from error
    typer.echo(f"Wrote {file}: {len(told['orders'])} orders, {len(told['messages'])} messages.")


def erase(
    customer: CustomerId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget who one customer is. Their orders stay in the sums, without a name.

    Nothing more is sent, and an import does not bring them back. This cannot be undone.
    Example: python -m px erase-customer 204
    """
    with opened() as settings:
        with reading() as session:
            told = privacy.export_customer(session, customer, key=settings.key, now=clock.now())
        if not yes:
            name = " ".join(
                filter(None, (told["customer"][n] for n in ("first_name", "last_name")))
            )
            orders = len(told["orders"])
            question = f"Forget {name or f'customer {customer}'}, with {orders} orders, for good?"
            typer.confirm(question, abort=True, err=True)
        with work() as session:
            erased = privacy.erase(session, customer, key=settings.key, now=clock.now())
    typer.echo(
        f"Erased. Without a name now: {erased.orders} orders, {erased.messages} messages, "
        f"{erased.events} events. Journeys ended: {erased.journeys}."
    )
    typer.echo("Copies made before (backups, exports, recorded mail) still know them.", err=True)
