"""rehearse: what a journey would do to past orders; nothing is sent."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from px.cli.base import opened, parse_moment, read_text
from px.core.calm import without_collecting
from px.core.errors import InvalidInput
from px.core.work import reading
from px.journeys.document import TemplateText
from px.journeys.reading import read_document, template_parts
from px.journeys.rehearsal.event_file import read_events, read_shop
from px.journeys.rehearsal.past import shop_rehearsal
from px.journeys.rehearsal.rehearsal import Rehearsal, rehearse
from px.journeys.rehearsal.simulation import Shop

MAX_EVENTS_BYTES = 2_000_000_000
T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Adds `rehearse`."""
    app.command("rehearse")(command)


def command(
    journey: Annotated[
        str, typer.Argument(help="A journey file, or the key of a journey of this shop.")
    ],
    events: Annotated[
        Path | None, typer.Option(help="What happened: a JSON object a line.")
    ] = None,
    orders_since: Annotated[
        str | None, typer.Option(help="This shop's own orders since then.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="The clock's end.")] = None,
    settings: Annotated[
        Path | None, typer.Option(help="The shop's zone, quiet hours, cap and templates.")
    ] = None,
    as_json: Annotated[  # noqa: ARG001 - every command takes it; here it changes nothing
        bool, typer.Option("--json", help="The output is JSON lines with or without it.")
    ] = True,
) -> None:
    """Every touch of every enrolment, one JSON object a line. Nothing is sent.

    Example: px rehearse serum.yaml --events events.jsonl --settings shop.yaml
    Example: px rehearse serum-ownership --orders-since 2026-10-01
    """
    if (events is None) == (orders_since is None):
        raise InvalidInput("rehearse: give either --events FILE or --orders-since DATE.")
    moment = parse_moment(until, "--until") if until else None
    if events is not None:
        _print(_from_files(Path(journey), events, settings).ending(moment))
        return
    since = parse_moment(orders_since or "", "--orders-since")
    with opened(), reading() as session:
        _print(shop_rehearsal(session, journey, since=since).ending(moment))


def _from_files(journey: Path, events: Path, settings: Path | None) -> Rehearsal:
    document = _at(journey, lambda: read_document(read_text(journey)))
    shop, templates, name = _shop(settings) if settings else (Shop(), {}, "")
    played = _at(events, lambda: read_events(read_text(events, limit=MAX_EVENTS_BYTES).split("\n")))
    words = {**(document.templates or {}), **templates}
    return Rehearsal(
        document=document,
        events=played,
        shop=shop,
        templates={key: template_parts(text) for key, text in words.items()},
        shop_words={"name": name or "My shop"},
    )


def _shop(settings: Path) -> tuple[Shop, dict[str, TemplateText], str]:
    return _at(settings, lambda: read_shop(read_text(settings)))


def _print(rehearsal: Rehearsal) -> None:
    with without_collecting():
        rows = rehearse(rehearsal)
    for row in rows:
        sys.stdout.write(json.dumps(row.line(), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _at(file: Path, action: Callable[[], T]) -> T:
    """What the action gives; what is wrong with the file is said with its name."""
    try:
        return action()
    except InvalidInput as error:
        text = str(error)
        named = text if text.startswith(str(file)) else f"{file.name}: {text}"
        raise InvalidInput(named) from error
