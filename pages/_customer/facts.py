"""Who a customer is: addresses, consent, suppressions, tags and traits."""

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from pages._ui.page import At
from pages._ui.signs import sign
from pages._ui.words import count, money, plain, when
from px.customers import AddressLine, ConsentLine, KnownCustomer, SuppressionLine

REASONS = {
    "bounced": "the address does not exist or refuses the mail for good",
    "complained": "they marked a message as spam",
    "unsubscribed": "they unsubscribed",
    "by_hand": "somebody of the team put it on the list",
}
SCOPES = {"all": "nothing is sent", "marketing": "no marketing"}


def who_sentence(known: KnownCustomer, currency: str, at: At) -> str:
    """The customer in a sentence: orders, money, since when."""
    if known.erased_at:
        return "This person was erased. What stays are numbers without a name."
    if not known.orders:
        return "Has not ordered yet."
    last = ""
    if known.last_order_at and known.orders > 1:
        last = f", the last {_ago(known.last_order_at, at)}"
    first = f", the first {_ago(known.first_order_at, at)}" if known.first_order_at else ""
    spent = money(known.spent_minor, currency)
    return f"{count(known.orders, 'order')} for {plain(spent)}{first}{last}."


def _ago(moment: datetime, at: At) -> str:
    said = when(moment, now=at.now, zone=at.zone)
    return plain(said if "ago" in said or said == "just now" else f"on {said}")


def about(known: KnownCustomer, addresses: Sequence[AddressLine], zone: str) -> None:
    """Names, addresses, where they live, tags and traits."""
    st.header("About", anchor=False)
    lines = [f"**{plain(known.name)}**" if known.name else "No name is known"]
    for address in addresses:
        icon = "mail" if address.kind == "email" else "call"
        other = "" if address.is_primary else " :gray[also known]"
        lines.append(f":material/{icon}: {plain(address.value)}{other}")
    lives = ", ".join(plain(part) for part in (known.country, known.language) if part)
    if lives:
        lines.append(f":material/public: {lives}")
    lines.append(f":material/schedule: {plain(zone)}")
    st.markdown("  \n".join(lines))
    if known.tags:
        with st.container(horizontal=True, gap="xsmall"):
            for tag in known.tags[:30]:
                st.badge(plain(tag), color="gray")
    if known.traits:
        rows = [
            {"Trait": str(k).replace("_", " "), "Value": _shown(v)} for k, v in known.traits.items()
        ]
        st.dataframe(rows, hide_index=True, alt="What else is known of them")


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def consents(lines: Sequence[ConsentLine], at: At) -> None:
    """What they last said on each channel, with its source and time."""
    st.header("May we write?", anchor=False)
    latest = {(line.channel, line.purpose): line for line in reversed(lines)}
    if not latest:
        st.markdown("They were never asked about marketing. What is part of an order still goes.")
    for line in latest.values():
        shown = sign(line.channel)
        word = "agreed to" if line.state == "given" else "does not want"
        st.markdown(
            f":material/{shown.icon}: {shown.word}: {word} {line.purpose}  \n"
            f":gray[{plain(line.source)}, {plain(when(line.at, now=at.now, zone=at.zone))}]"
        )


def suppression_sentence(line: SuppressionLine, at: At) -> str:
    """What must not be written to, and why."""
    shown = sign(line.channel)
    why = REASONS.get(line.reason, line.reason)
    since = when(line.at, now=at.now, zone=at.zone)
    return (
        f":material/block: {shown.word} to {plain(line.address)}: **{SCOPES[line.scope]}**, "
        f"{why}  \n"
        f":gray[{plain(line.source)}, {plain(since)}]"
    )
