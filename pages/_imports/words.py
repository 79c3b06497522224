"""What the Imports page says."""

from collections.abc import Sequence
from datetime import datetime

from db.kinds import ImportKind, ImportStatus
from pages._ui.words import count, figure, lowered, plain, time_left, when
from px.orders import NOUNS, CustomerFacts, Import, OrderFacts, ShipmentFacts, Taken, also

HOW_TO_EXPORT = (
    "In Shopify's admin open Orders, press Export, choose “All orders” and “Plain CSV file”, and "
    "give the file here. Then the same under Customers: that file says who agreed to hear from "
    "you. Old orders start nothing, and importing a file twice changes nothing."
)
_BECAME = {
    "new": "new",
    "updated": "changed",
    "unchanged": "already here",
    "skipped": "left out: the person asked to be forgotten",
    "refused": "refused",
}


def kind_words(kind: ImportKind) -> str:
    """What a file of that kind is."""
    return kind.meaning.rstrip(".")


def answer(history: Sequence[Import], now: datetime, zone: str) -> str:
    """What the last import came to, in a sentence."""
    if not history:
        return "Nothing has been imported yet."
    last = history[0]
    name = f"**{plain(last.file_name)}**"
    if last.is_open:
        return f"{name} is being imported. You can leave this page; it goes on."
    moment = when(last.finished_at, now=now, zone=zone)
    if last.status is ImportStatus.FAILED:
        return f"{name} could not be imported {moment}: {plain(last.problem)}"
    if last.status is ImportStatus.CANCELLED:
        return f"{name} was cancelled {moment}; what it had brought by then is kept."
    verb = "was tried" if last.is_dry_run else "was imported"
    return f"{name} {verb} {moment}: {brought(last)}."


def brought(one: Import) -> str:
    """The counts of an import in words."""
    counts, noun = one.counts, NOUNS[one.kind]
    if not counts:
        return "nothing yet"
    fates = ("new", "updated", "unchanged")
    parts = [f"{figure(counts.get(name, 0))} {_BECAME[name]}" for name in fates if counts.get(name)]
    parts += also(one.kind, counts)
    begin = count(counts.get(noun, 0), noun.rstrip("s"))
    return f"{begin}: {', '.join(parts)}" if parts else begin


def how_far(one: Import, now: datetime) -> str:
    """What an import under way is doing, and how long it may take."""
    if one.status is ImportStatus.WAITING:
        return f"{one.file_name} waits its turn"
    done = one.counts.get(NOUNS[one.kind], 0)
    text = f"{one.file_name}: {count(done, NOUNS[one.kind].rstrip('s'))} so far"
    if one.started_at:
        text += time_left((now - one.started_at).total_seconds(), one.progress)
    return text


def became(taken: Taken) -> str:
    """What became of a row of the preview."""
    words = _BECAME[taken.became.value]
    if taken.why:
        return f"{words}: {lowered(taken.why)}"
    return f"{words}, too old to start a journey" if taken.historic else words


def who_and_what(taken: Taken) -> tuple[str, str]:
    """Whom or which order a row of the preview is about, and what it says."""
    facts = taken.facts
    if isinstance(facts, OrderFacts):
        items = ", ".join(f"{line.quantity} \u00d7 {line.name or line.sku}" for line in facts.lines)
        return f"{facts.number} {facts.email or ''}".strip(), items
    if isinstance(facts, CustomerFacts):
        name = f"{facts.first_name} {facts.last_name}".strip()
        return facts.email or facts.phone or facts.external_id or "", name
    if isinstance(facts, ShipmentFacts):
        return facts.order_number, f"{facts.carrier} {facts.tracking_number} {facts.status}".strip()
    return taken.name, ""
