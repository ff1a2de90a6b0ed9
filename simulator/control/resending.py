"""Sending deliveries again because somebody asks: one, or all that fit.

Decides which deliveries a filter means and what is answered. Whether one can be sent again is decided by the platform.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.clock import parse_moment
from simulator.control.operations import Ask, Reply
from simulator.control.record import one_delivery
from simulator.control.stage import Stage
from simulator.control.views import show_delivery
from simulator.engine import Platform
from simulator.errors import UsageError, did_you_mean
from simulator.journal import Journal
from simulator.report.deliveries import DELIVERY_KINDS, STATES, DeliveryStory, deliveries_of
from simulator.values import dataclass
from simulator.webhooks.payloads import plain_word
from simulator.wire import JSON

__all__ = ["Choice", "Resent", "resend", "resend_chosen", "resend_many"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which deliveries are meant; what is None is not looked at.

    ``event`` may be spelt either way. ``after`` and ``until`` are the ids, or the moments of planning, between which a delivery
    lies: after the first, up to the second.
    """

    event: str | None = None
    of: str | None = None
    type: str | None = None
    target: str | None = None
    state: str | None = None
    after: int | str | None = None
    until: int | str | None = None

    def fitting(self, journal: Journal) -> list[DeliveryStory]:
        """Return the deliveries that fit, of those that the journal still holds."""
        if self == Choice():
            raise UsageError(
                "nothing says which deliveries are meant", expected="an event, a state, a range or the like"
            )
        if self.state is not None and self.state not in STATES:
            raise UsageError(
                f"there is no state {self.state!r}",
                place="state",
                expected=f"one of {', '.join(STATES)}",
                nearest=did_you_mean(self.state, STATES),
            )
        low, high = _bound(self.after, "after"), _bound(self.until, "until")
        stories = deliveries_of(journal.select(kinds=DELIVERY_KINDS, about=self.of))
        return [
            one
            for one in stories
            if self.event is None or plain_word(self.event) == plain_word(one.planned.word)
            if self.type in (None, one.planned.type)
            if self.target in (None, one.planned.target)
            if self.state in (None, one.state)
            if low is None or low.place_of(one) > low.value
            if high is None or high.place_of(one) <= high.value
        ]


@dataclass(frozen=True, slots=True)
class _Bound:
    value: int
    moment: bool

    def place_of(self, story: DeliveryStory) -> int:
        return story.at if self.moment else story.planned.delivery


def _bound(given: int | str | None, place: str) -> _Bound | None:
    if isinstance(given, str):
        try:
            return _Bound(parse_moment(given), moment=True)
        except UsageError as error:
            raise error.at(place) from None
    return None if given is None else _Bound(given, moment=False)


@dataclass(frozen=True, slots=True)
class Resent:
    """The ids of the deliveries that go out once more, and of those that fit but cannot, with the reason."""

    ids: tuple[int, ...]
    refused: Mapping[int, str]


def resend_chosen(platform: Platform, choice: Choice, delivery: DeliveryStory | int | None = None) -> Resent:
    """Send all deliveries again that fit and that can be, or this one; NotFoundError or StateError when that cannot be."""
    if delivery is not None:
        number = delivery if isinstance(delivery, int) else delivery.planned.delivery
        if choice != Choice():
            raise UsageError(
                "one delivery is named, and something that it should fit", remedy="Leave one of the two out."
            )
        for refusal in platform.resend([number]).values():
            raise refusal
        return Resent((number,), {})
    numbers = [one.planned.delivery for one in choice.fitting(platform.journal)]
    refused = platform.resend(numbers)
    ids = tuple(number for number in numbers if number not in refused)
    return Resent(ids, {number: str(error) for number, error in refused.items()})


def resend(stage: Stage, ask: Ask) -> Reply:
    number = one_delivery(stage, ask).planned.delivery
    resend_chosen(stage.platform, Choice(), number)
    return Reply(show_delivery(one_delivery(stage, ask)))


def resend_many(stage: Stage, ask: Ask) -> Reply:
    given = ask.fields()
    named = {name: str(given[name]) for name in ("event", "of", "type", "target", "state") if name in given}
    choice = Choice(**named, after=_place(given.get("after")), until=_place(given.get("until")))
    resent = resend_chosen(stage.platform, choice)
    refused: list[JSON] = [{"id": number, "why": why} for number, why in resent.refused.items()]
    return Reply({"resent": [*resent.ids], "refused": refused})


def _place(value: JSON) -> int | str | None:
    """In JSON Schema 3.0 is a whole number too."""
    return value if isinstance(value, str) or value is None else int(str(value).removesuffix(".0"))
