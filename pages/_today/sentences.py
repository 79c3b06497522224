"""How things stand, in sentences."""

from datetime import datetime, timedelta

from pages._today.figures import Figures
from pages._ui.words import count, day_and_time, lasting, meaning_of, plain, when
from px.core.lease import Gap
from px.messages import Trouble

LATE = timedelta(minutes=2)
_ONE_OF = {"email": "email", "sms": "SMS", "whatsapp": "WhatsApp message", "webchat": "chat line"}


def answer(figures: Figures, *, is_live: bool, now: datetime, zone: str) -> str:
    """The page's question in one sentence: did anything go wrong, and what is next?"""
    went = "went out" if is_live else "would have gone out"
    if figures.failed:
        worst = next(one for one in figures.trouble if one.status == "failed")
        return f"**{count(figures.failed, 'message')} failed since yesterday.** {why(worst)}"
    if stuck := figures.stuck:
        number = sum(one.count for one in stuck)
        return f"**{count(number, 'message')} {_wait(number)} for you.** {why(stuck[0])}"
    if late := sum(n for (status, _), n in figures.waiting.items() if status == "review"):
        return f"**{count(late, 'planned message')} came too late** and {_wait(late)} for you."
    if today := figures.sent(days=1):
        return f"{count(today, 'message')} {went} today, and nothing went wrong."
    if figures.upcoming and (due := figures.upcoming[0].due_at):
        next_one = when(due, now=now, zone=zone)
        return f"Nothing has gone out yet today. The next message is due {next_one}."
    return "Nothing has gone out today, and nothing went wrong."


def why(trouble: Trouble) -> str:
    """Why these messages are where they are."""
    return plain(trouble.detail or meaning_of(trouble.reason))


def told(trouble: Trouble, *, now: datetime, zone: str) -> str:
    """One line about messages that failed or are held."""
    what = _ONE_OF.get(trouble.channel, "message")
    number = count(trouble.count, what, what if what == "SMS" else None)
    state = "failed" if trouble.status == "failed" else "held"
    last = when(trouble.latest_at, now=now, zone=zone)
    return f"**{number} {state}**, the latest {last}. {why(trouble)}"


def waits(status: str, reason: str, number: int) -> str:
    """One line about messages that are planned and go no further by themselves."""
    what = count(number, "planned message")
    if status == "review":
        return f"**{what} came too late**: decide whether they still go out."
    return f"**{what} {_is(number)} held.** {plain(meaning_of(reason))}"


def scheduler(ticked_at: datetime | None, *, now: datetime) -> tuple[bool, str]:
    """Whether the scheduler is at work, and the sentence that says so."""
    if ticked_at is None:
        return False, (
            "px has not begun to send yet: nothing is sent until it does. "
            "It begins within a minute of its start."
        )
    lag = now - ticked_at
    if lag > LATE:
        return False, (
            f"The scheduler last ran {lasting(lag.total_seconds())} ago: nothing is sent until it "
            "runs again. Restart the app, or start: python -m px worker"
        )
    return True, f"The scheduler ran {when(ticked_at, now=now, zone='UTC')}."


def down(gap: Gap, too_late: int, zone: str) -> str:
    """When the scheduler was down, and what came of it."""
    long = lasting((gap.ended - gap.began).total_seconds())
    began, ended = day_and_time(gap.began, zone), day_and_time(gap.ended, zone)
    messages = count(too_late, "message was", "messages were")
    skipped = f" {messages} skipped as too late." if too_late else ""
    return f"**px was down for {long}**, from {began} to {ended}.{skipped}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"
