"""journey: journeys as YAML, published, paused and resumed."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from px import journeys
from px.cli.base import emit, opened, parse_moment, read_text
from px.core import settings
from px.core.clock import now
from px.core.errors import InvalidInput
from px.core.work import reading, work

_BY = "command line"
Key = Annotated[str, typer.Argument(help="The journey's key.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def register(app: typer.Typer) -> None:
    """Adds `journey`."""
    group = typer.Typer(
        help="Journeys as YAML. Example: python -m px journey import serum.yaml",
        no_args_is_help=True,
    )
    for command in (list_, library, export, import_, publish, open_, pause, resume):
        group.command(command.__name__.rstrip("_"))(command)
    group.command("test")(start_test)
    app.add_typer(group, name="journey")


def list_(as_json: AsJson = False) -> None:
    """Every journey with its status and how many are inside. Example: px journey list --json"""
    with opened(), reading() as session:
        for line in journeys.journey_lines(session):
            row = {
                "journey": line.key,
                "name": line.name,
                "status": line.status,
                "version": line.version,
                "draft": line.has_draft,
                "inside": line.inside,
                "sent": line.sent,
                "planned": line.planned,
                "went_live_at": line.went_live_at,
            }
            emit(as_json, row, f"{line.key:30} {line.status:9} {line.inside:6} inside  {line.name}")


def library(
    key: Annotated[str, typer.Argument(help="One of them: its file is printed.")] = "",
    as_json: AsJson = False,
) -> None:
    """The ready-made journeys, or the file of one. Example: px journey library skincare"""
    if key:
        typer.echo(journeys.library_text(journeys.library_journey(key).key), nl=False)
        return
    for one in journeys.library():
        points = len(one.document.touchpoints)
        row = {
            "journey": one.key,
            "name": one.name,
            "shop": one.shop,
            "purpose": one.purpose,
            "customer_goal": one.customer_goal,
            "touchpoints": points,
            "days": one.days,
            "channels": list(one.channels),
            "needs": list(one.needs),
        }
        emit(as_json, row, f"{one.key:16} {points:3} touchpoints {one.days:5} days  {one.name}")


def export(
    key: Key,
    file: Annotated[Path | None, typer.Argument(help="Where to; without it, the screen.")] = None,
) -> None:
    """A journey with the texts it uses, as YAML. Example: px journey export serum-ownership
    serum.yaml
    """
    with opened(), reading() as session:
        text = journeys.to_yaml(journeys.export_journey(session, key))
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"{file}: cannot be written: {error.strerror}.") from error


def import_(
    file: Annotated[Path, typer.Argument(help="A journey as YAML.")],
    overwrite: Annotated[
        bool, typer.Option(help="Replace templates that were changed here since.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """A journey file becomes a draft, its texts templates. Example: px journey import serum.yaml"""
    text = read_text(file)
    with opened(), work() as session:
        done = _at_file(
            file,
            lambda: journeys.import_journey(session, text, overwrite=overwrite, by=_BY, now=now()),
        )
        warnings = _warnings(session, done.key)
    row = {
        "journey": done.key,
        "new": done.is_new,
        "templates": done.templates_saved,
        "warnings": warnings,
    }
    for warning in warnings:
        typer.echo(warning, err=True)
    word, texts = "New draft" if done.is_new else "Draft replaced", len(done.templates_saved)
    emit(
        as_json,
        row,
        f"{word}: {done.key}, {texts} template{'' if texts == 1 else 's'}. "
        f"Publish it with: px journey publish {done.key}",
    )


def _warnings(session: Session, key: str) -> list[str]:
    """What is likely a mistake in the draft, each with its path in the document."""
    document = journeys.draft_document(session, journeys.journey_row(session, key))
    data = journeys.to_data(document)
    places = {point.key: index for index, point in enumerate(document.touchpoints)}
    return [
        (f"touchpoints[{places[one.touchpoint]}]" if one.touchpoint else "journey")
        + f": {one.sentence}"
        for one in journeys.shop_warnings(session, data, settings.current(session))
    ]


def publish(
    key: Key,
    since: Annotated[
        str | None, typer.Option(help="Also enrol orders placed since then, such as 2026-05-01.")
    ] = None,
    stay: Annotated[bool, typer.Option(help="Let those inside finish on their version.")] = False,
    quietly: Annotated[
        bool, typer.Option(help="Move those inside, but skip what would go at once.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """The draft goes live. Example: px journey publish serum-ownership"""
    moment = None if since is None else parse_moment(since, "--since")
    with opened(), work() as session:
        number = journeys.publish(
            session, key, by=_BY, now=now(), move=not stay, at_once=not quietly, since=moment
        )
    emit(
        as_json,
        {"journey": key, "version": number, "status": "live"},
        f"{key} is live, version {number}.",
    )


def start_test(
    key: Key,
    addresses: Annotated[list[str], typer.Argument(help="Who may enter, by e-mail address.")],
    with_past: Annotated[
        bool, typer.Option(help="Take in their orders of the last 30 days too.")
    ] = False,
) -> None:
    """The draft goes live for these addresses only. Example: px journey test care me@shop.nl"""
    with opened(), work() as session:
        taken = journeys.start_test(session, key, addresses, by=_BY, now=now(), with_past=with_past)
    typer.echo(f"{key} is live for {', '.join(taken)} only.")


def open_(key: Key) -> None:
    """A journey in test mode is open to everybody from now on. Example: px journey open care"""
    with opened(), work() as session:
        journeys.open_to_all(session, key, now=now())
    typer.echo(f"{key} is open to everybody.")


def pause(key: Key) -> None:
    """Holds every touch; nothing is discarded. Example: px journey pause serum-ownership"""
    with opened(), work() as session:
        journeys.pause(session, key, now=now())
    typer.echo(f"{key} is paused.")


def resume(key: Key) -> None:
    """Goes on; what has become too late is skipped. Example: px journey resume serum-ownership"""
    with opened(), work() as session:
        journeys.resume(session, key, now=now())
    typer.echo(f"{key} is live again.")


def _at_file(file: Path, action: Callable[[], journeys.Imported]) -> journeys.Imported:
    try:
        return action()
    except InvalidInput as error:
        raise InvalidInput(f"{file.name}: {error}") from error
