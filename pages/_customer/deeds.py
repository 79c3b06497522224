"""What can be done for one customer: unsubscribe, export, erase."""

import json

import streamlit as st

from db.kinds import Channel, Role
from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.signs import sign
from pages._ui.words import count, plain
from px import customers, privacy
from px.core.work import work
from px.customers import KnownCustomer


def deeds_menu(known: KnownCustomer, at: At) -> None:
    """A menu with what can be done for this customer."""
    dialogs = {"Unsubscribe": unsubscribe_dialog}
    if at.may(Role.MANAGER):
        dialogs |= {"Export everything": export_dialog, "Erase customer": erase_dialog}
    chosen = st.menu_button("More", list(dialogs), key=f"px_deeds_{known.id}")
    if chosen:
        dialogs[chosen](known, at)


@st.dialog("Export everything")
def export_dialog(known: KnownCustomer, at: At) -> None:
    """Offers everything that is known of the customer as a file."""
    st.markdown(
        "Everything px knows of this customer, for them to have: addresses, consent, orders, "
        "journeys and messages. The file is personal: send it to nobody else."
    )
    st.download_button(
        "Download the file",
        data=lambda: exported(known.id, at),
        file_name=f"customer-{known.id}.json",
        mime="application/json",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )


def exported(customer_id: int, at: At) -> bytes:
    """Everything that is known of the customer, for them."""
    # Made when it is asked for, outside any script run: `act` could not ask who looks.
    with work() as session:
        told = privacy.export_customer(session, customer_id, key=at.settings.key, now=at.now)
        at.note(session, "exported", "customer", customer_id)
    return json.dumps(told, indent=2, ensure_ascii=False).encode()


@st.dialog("Unsubscribe")
def unsubscribe_dialog(known: KnownCustomer, at: At) -> None:
    """The customer gets no marketing on the chosen channels."""
    st.markdown(
        f"**{plain(known.name or known.email or 'This customer')}** gets no marketing any more. "
        "What is part of an order still arrives."
    )
    channels = [Channel.EMAIL, Channel.SMS, Channel.WHATSAPP]
    reached = [c for c in channels if (known.email if c is Channel.EMAIL else known.phone)]
    chosen = st.multiselect(
        "On", channels, reached, format_func=lambda channel: sign(channel.value).word
    )
    if st.button("Unsubscribe", type="primary", disabled=not chosen):
        with act("Unsubscribed") as session:
            for channel in chosen:
                customers.unsubscribe(
                    session,
                    known.id,
                    channel,
                    source=at.user.email,
                    key=at.settings.key,
                    now=at.now,
                )
            names = ", ".join(channel.value for channel in chosen)
            at.note(session, "unsubscribed", "customer", known.id, channels=names)


@st.dialog("Erase customer")
def erase_dialog(known: KnownCustomer, at: At) -> None:
    """Asks for the name, then forgets who the customer is."""
    name = known.name or known.email or f"customer {known.id}"
    with read() as session:
        kept = privacy.kept_of(session, known.id)
    orders, messages = count(kept.orders, "order"), count(kept.messages, "message")
    st.markdown(
        f"Nothing will say any more who **{plain(name)}** was. {orders} and {messages} stay "
        "in the sums, without a name. Nothing more is sent, and no import brings them back. "
        "This cannot be undone."
    )
    typed = st.text_input(f"Type {name} to go on")
    matches = " ".join(typed.split()).casefold() == " ".join(name.split()).casefold()
    if st.button("Erase customer", type="primary", disabled=not matches):
        with act("The customer is erased") as session:
            privacy.erase(session, known.id, key=at.settings.key, now=at.now)
            at.note(session, "erased", "customer", known.id)
