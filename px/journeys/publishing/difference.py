"""Which open touches a new document plans again, and which it adds. Pure.

Whatever does not decide when a touch is due, such as its text, its condition or its channels, is
asked when it is due: such an edit plans nothing again.
"""

from dataclasses import dataclass

from db.kinds import Purpose
from px.journeys.document import Document, Hold, Touchpoint, kind_awaited, split_anchor

# What decides when a touch is due once its anchor has happened.
_TIMED = ("after", "at", "window", "late", "purpose")


@dataclass(frozen=True)
class Difference:
    """What of an enrolment is planned again when it moves from one document to another.

    Of the touchpoints in `anchored` every open touch, of those in `retimed` every one whose time is
    known or waited for, of `everything` all. `ends`: events that end it now and did not before, or
    not in the same way. `releases`: what an exception holds. `added`: the touchpoints and
    occurrences that are new. `purposes`: what the new document makes of them.
    """

    everything: bool = False
    ends: frozenset[str] = frozenset()
    anchored: frozenset[str] = frozenset()
    retimed: frozenset[str] = frozenset()
    releases: bool = False
    added: tuple[tuple[str, int], ...] = ()
    purposes: tuple[tuple[str, Purpose], ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nobody's touches can change."""
        return not (self.is_of_all or self.anchored or self.retimed or self.added)

    @property
    def is_of_all(self) -> bool:
        """Whether more than certain touchpoints is planned again."""
        return self.everything or self.releases or bool(self.ends)


def difference(old: Document, new: Document) -> Difference:
    """What moving from the old document to the new one plans again."""
    before = {point.key: point for point in old.touchpoints}
    after = {point.key: point for point in new.touchpoints}
    kept = [(before[key], point) for key, point in after.items() if key in before]
    switched = _hold_kinds(old) ^ _hold_kinds(new)
    asking = {
        key for key, point in before.items() if key not in after or after[key].ask != point.ask
    }
    anchored = {a.key for a, b in kept if _is_anchored_anew(a, b, asking, switched)}
    return Difference(
        everything=old.per is not new.per,
        ends=_new_ends(old, new, switched),
        anchored=frozenset(anchored | before.keys() - after.keys()),
        retimed=frozenset(
            a.key for a, b in kept if any(getattr(a, name) != getattr(b, name) for name in _TIMED)
        ),
        releases=bool(switched) or _holding(old) != _holding(new),
        added=tuple(
            (key, n)
            for key, point in after.items()
            for n in range(_times(before.get(key)) + 1, _times(point) + 1)
        ),
        purposes=tuple((b.key, b.purpose) for a, b in kept if a.purpose is not b.purpose),
    )


def _new_ends(old: Document, new: Document, switched: frozenset[str]) -> frozenset[str]:
    """The events that may end an enrolment by the new document and did not by the old one."""
    ends = frozenset(new.exit_on)
    if old.enter.on != new.enter.on:
        return ends
    return (ends - set(old.exit_on)) | (ends & switched)


def _is_anchored_anew(
    old: Touchpoint, new: Touchpoint, asking: set[str], switched: frozenset[str]
) -> bool:
    """Whether its anchor may happen at another time, or it comes back another number of times."""
    word, about = split_anchor(new.anchor)
    awaited = kind_awaited(word, about)
    return (
        old.anchor != new.anchor
        or old.repeat != new.repeat
        or (awaited is not None and word != "event" and about in asking)
        or awaited in switched
    )


def _hold_kinds(document: Document) -> frozenset[str]:
    return frozenset(document.hold_on) | frozenset(document.resume_on)


def _holding(document: Document) -> tuple[object, ...]:
    """Everything that decides whether an enrolment is on hold."""
    answers = [
        (point.key, point.ask, point.react)
        for point in document.touchpoints
        if any(isinstance(act, Hold) for reaction in point.react or () for act in reaction.do)
    ]
    return set(document.hold_on), set(document.resume_on), answers


def _times(point: Touchpoint | None) -> int:
    if point is None:
        return 0
    return point.repeat.times if point.repeat else 1
