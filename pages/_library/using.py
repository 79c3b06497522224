"""Taking a ready-made journey: its name, its items, the blanks, and texts that were changed."""

from collections.abc import Mapping

import streamlit as st

from pages._ui.doing import act, read
from pages._ui.page import At
from pages._ui.words import count, plain
from px import journeys
from px.journeys import LibraryJourney, Wanted

_KEEP, _REPLACE = "Keep the shop's words", "Replace them with the library's"


@st.dialog("Use this journey", width="medium")
def use_dialog(one: LibraryJourney, at: At) -> None:
    """Asks what only the shop knows, and makes the draft."""
    st.markdown(
        f"**{plain(one.name)}** becomes a draft of yours with "
        f"{count(len(one.texts), 'text')} of its own. Nobody hears anything until you publish it."
    )
    name = st.text_input("Name", placeholder=one.name, max_chars=200, key=f"px_use_name_{one.key}")
    wanted = ask_wanted(one, name=name or "")
    overwrite = ask_about_changed(one, wanted)
    if st.button("Make the draft", type="primary"):
        use(one, wanted, at, overwrite=overwrite)


def ask_wanted(one: LibraryJourney, *, name: str) -> Wanted:
    """Asks for the items and the blanks; each may stay open."""
    skus = st.text_input(
        one.skus or "Only for these products",
        placeholder="SERUM-30, SERUM-50" if one.skus else "All products, or SKUs such as SERUM-30",
        help="SKUs with commas between them, as they stand in your orders.",
        key=f"px_use_skus_{one.key}",
    )
    if one.skus and not (skus or "").strip():
        st.caption("You can name them later. Until then nobody enters.")
    named = [sku for part in (skus or "").split(",") if (sku := part.strip())]
    return Wanted(name, named, _ask_blanks(one))


def _ask_blanks(one: LibraryJourney) -> Mapping[str, str]:
    if not one.blanks:
        return {}
    st.markdown("Only you know this. What you leave open stays marked in the texts.")
    return {
        blank.blank: st.text_input(
            blank.ask, placeholder=blank.example, key=f"px_use_{one.key}_{place}", max_chars=300
        )
        or ""
        for place, blank in enumerate(one.blanks)
    }


def ask_about_changed(one: LibraryJourney, wanted: Wanted) -> bool:
    """Asks what to do with texts that the shop has changed; whether they are to be replaced."""
    with read() as session:
        changed = journeys.changed_texts(session, one.key, wanted)
    if not changed:
        return False
    named = ", ".join(plain(name) for name in changed[:3])
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    st.warning(f"You have changed {named}{more} since.", icon=":material/edit_note:")
    return st.radio("With these texts", [_KEEP, _REPLACE], key=f"px_use_texts_{one.key}") == (
        _REPLACE
    )


def use(one: LibraryJourney, wanted: Wanted, at: At, *, overwrite: bool = False) -> None:
    """The draft exists and is open."""
    made = None
    with act(f"{wanted.name or one.name} is ready to edit", again=False) as session:
        made = journeys.take(
            session, one.key, wanted, overwrite=overwrite, by=at.user.email, now=at.now
        )
    if made:
        st.switch_page("journey.py", query_params={"key": made.key})
