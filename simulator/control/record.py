"""The operations on what has happened: the journal, the requests, the deliveries, and waiting for more of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from simulator.addresses import check_own_url
from simulator.clock import parse_duration
from simulator.control.operations import Ask, Reply, Waiting
from simulator.control.problems import problem
from simulator.control.stage import Stage
from simulator.control.views import show_delivery, show_entry, show_verdict
from simulator.control.waits import drained
from simulator.effects import Wait
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.journal import Fact, Journal
from simulator.report.deliveries import DELIVERY_KINDS, STATES, DeliveryStory, deliveries_of
from simulator.wire import JSON

if TYPE_CHECKING:
    from simulator.expect import Expectation, Within

__all__ = [
    "KINDS",
    "deliveries",
    "delivery",
    "idle",
    "journal",
    "one_delivery",
    "page_of",
    "read_kinds",
    "requests",
    "tree",
    "wait_deliveries",
    "wait_expectations",
    "wait_requests",
]

KINDS = tuple(fact.kind for fact in Fact.__args__)
"""The kinds that an entry may be of."""


def journal(stage: Stage, ask: Ask) -> Reply | Waiting:
    kinds = read_kinds(ask)
    within = ask.text("within")
    if within is None:
        return page_of(stage.platform.journal, ask, "entries", kinds)
    return _awaited(stage, ask, kinds, _seconds(within, "within"))


def read_kinds(ask: Ask) -> list[str]:
    """Return the kinds of entries that the query names."""
    kinds = [kind.strip() for kind in (ask.text("kind") or "").split(",") if kind.strip()]
    for kind in kinds:
        _one_of(kind, KINDS, "kind")
    return kinds


def _awaited(stage: Stage, ask: Ask, kinds: list[str], seconds: float) -> Waiting:
    """Until there is an entry, or none came in time, which is no error."""
    record, about, seen = stage.platform.journal, ask.text("about"), ask.number("after", 0)
    # A number that is still to come is one from before a reset: whoever gave it should hear so at once.
    stale = seen > record.last

    def there_is_one(_idle: float) -> bool:
        nonlocal seen
        after, seen = seen, max(seen, record.last)
        return stale or bool(record.select(after=after, kinds=kinds, about=about, limit=1))

    # Whoever only watches must not make a virtual clock run.
    yield Wait(there_is_one, until=stage.platform.now, timeout=seconds)
    return page_of(stage.platform.journal, ask, "entries", kinds)


def requests(stage: Stage, ask: Ask) -> Reply:
    return page_of(stage.platform.journal, ask, "requests", ["request"])


def tree(stage: Stage, ask: Ask) -> Reply:
    from simulator.report.tree import show_tree, tree_of

    found = tree_of(
        stage.platform.journal,
        about=ask.text("about"),
        after=ask.number("after", 0),
        limit=max(1, ask.number("limit", 100)),
    )
    return Reply(show_tree(found))


def deliveries(stage: Stage, ask: Ask) -> Reply:
    state, event, of = ask.text("state"), ask.text("event"), ask.text("of")
    if state is not None:
        _one_of(state, STATES, "state")
    journal, after = stage.platform.journal, ask.number("after", 0)
    stories: Iterable[DeliveryStory]
    if of is None:
        stories = (_story(journal, number) for number in journal.deliveries(after=after))
    else:
        stories = deliveries_of(journal.select(kinds=DELIVERY_KINDS, about=of))
    found = (
        story
        for story in stories
        if story.planned.delivery > after
        and state in (None, story.state)
        and event in (None, story.planned.word)
    )
    limit = max(1, ask.number("limit", 100))
    return Reply({"deliveries": [show_delivery(story) for story in islice(found, limit)]})


def delivery(stage: Stage, ask: Ask) -> Reply:
    return Reply(show_delivery(one_delivery(stage, ask)))


def one_delivery(stage: Stage, ask: Ask) -> DeliveryStory:
    """Return the delivery that a path names."""
    wanted, journal = ask.path["id"], stage.platform.journal
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) <= 18 else 0
    if not journal.of_delivery(number):
        raise NotFoundError(
            f"there is no delivery {wanted!r}",
            remedy="GET /_simulator/deliveries lists those that the journal still holds.",
        )
    return _story(journal, number)


def _story(journal: Journal, number: int) -> DeliveryStory:
    (story,) = deliveries_of(journal.of_delivery(number))
    return story


def wait_deliveries(stage: Stage, ask: Ask) -> Waiting:
    """Until a webhook was answered as described, or, when nothing is described, until nothing is due."""
    within, since, wanted = _wait_of(ask)
    if wanted:
        return (yield from _judged(stage, _read_delivery(wanted), within, since))
    if within.seconds is None:
        raise UsageError("until nothing is due is waited for in wall time", place="/within")
    return (yield from idle(stage, drained, within.seconds))


def idle(stage: Stage, make: Callable[..., Wait], seconds: float) -> Waiting:
    """Until what ``make`` waits for has come: nothing is due any more, or all is quiet."""
    over = yield make(stage.platform, timeout=seconds)
    if over:
        return Reply(
            {
                "met": True,
                "judged": True,
                "expected": "nothing due",
                "seen": "nothing due",
                "misses": [],
                "curl": None,
            }
        )
    pending = [
        story
        for story in deliveries_of(stage.platform.journal.select(kinds=DELIVERY_KINDS))
        if story.state in ("waiting", "in_flight", "retrying")
    ]
    misses: list[JSON] = [f"{one.planned.word} to {one.planned.target}: {one.state}" for one in pending[:3]]
    still = stage.platform.tally().pending
    text = (
        f"{still} deliveries were still pending"
        if still
        else "nothing was due, but it was not quiet for long enough"
    )
    text += f" after {seconds:g} s"
    if still and stage.platform.clock.speed.name == "manual":
        text += "; time stands still at speed manual until the clock is moved"
    return Reply(problem(408, text, met=False, expected="nothing due", seen=text, misses=misses), status=408)


def wait_requests(stage: Stage, ask: Ask) -> Waiting:
    """Until the receiver has asked as described."""
    from simulator.expect import read_expectation

    within, since, wanted = _wait_of(ask)
    return (yield from _judged(stage, read_expectation("queried", wanted), within, since))


def wait_expectations(stage: Stage, ask: Ask) -> Waiting:
    """Until the receiver has done all that is expected, written as a script's ``expect``."""
    from simulator.expect import Receiver, explain, judging, read_group

    within, since, fields = _wait_of(ask)
    wanted = read_group(fields, user=lambda text: stage.platform.user(text).id)
    for one in wanted:
        if isinstance(one, Receiver):
            _check_receiver(stage, one.url)
    verdicts = yield from judging(stage.platform, wanted, within=within, since=since)
    met = all(verdict.met for verdict in verdicts)
    shown: dict[str, JSON] = {"met": met, "verdicts": [show_verdict(verdict) for verdict in verdicts]}
    return Reply(shown) if met else Reply(problem(408, explain(verdicts), **shown), status=408)


def _check_receiver(stage: Stage, url: str) -> None:
    try:
        check_own_url(url, allowed=stage.start_settings.allow_targets, what="a receiver's URL")
    except UsageError as error:
        raise error.at("/receiver") from None


def _read_delivery(fields: Mapping[str, JSON]) -> Expectation:
    from simulator.expect import read_expectation

    for kind in ("delivered", "given_up"):
        if kind in fields and len(fields) > 1:
            raise UsageError(
                "one webhook is waited for at a time",
                place=f"/{kind}",
                expected="nothing beside it but within and since",
                found=", ".join(name for name in fields if name != kind),
            )
    match fields:
        case {"delivered": dict(wanted)}:
            return read_expectation("delivered", wanted)
        case {"given_up": dict(wanted)}:
            return read_expectation("given_up", wanted)
        case _:
            return read_expectation("answered", fields)


def _wait_of(ask: Ask) -> tuple[Within, int, dict[str, JSON]]:
    """Return how long to wait, from which entry on to count, and what is waited for."""
    from simulator.expect import read_within

    fields = ask.fields()
    within, since = fields.pop("within", None), fields.pop("since", 0)
    assert within is None or isinstance(within, str | int | float)
    # In JSON Schema 3.0 is a whole number too.
    assert isinstance(since, int | float)
    return read_within(within, place="/within"), int(since), fields


def _judged(stage: Stage, expectation: Expectation, within: Within, since: int) -> Waiting:
    from simulator.expect import explain, judging

    verdicts = yield from judging(stage.platform, [expectation], within=within, since=since)
    shown = show_verdict(verdicts[0])
    if verdicts[0].met:
        return Reply(shown)
    return Reply(problem(408, explain(verdicts), **shown), status=408)


def page_of(record: Journal, ask: Ask, name: str, kinds: Iterable[str], *, after: int = 0) -> Reply:
    """Return those entries of a journal that are asked for, under ``name``, none before number ``after``."""
    after = max(after, ask.number("after", 0))
    limit = max(1, ask.number("limit", 100))
    entries = record.select(after=after, kinds=kinds, about=ask.text("about"), limit=limit)
    return Reply(
        {
            name: [show_entry(entry) for entry in entries],
            "next": entries[-1].number if len(entries) == limit else record.last,
            "evicted": record.evicted,
        }
    )


def _seconds(text: str, place: str) -> float:
    try:
        return parse_duration(text) / 1000
    except UsageError as error:
        raise error.at(place) from None


def _one_of(value: str, known: tuple[str, ...], place: str) -> None:
    if value not in known:
        raise UsageError(
            f"there is no {place} {value!r}",
            place=place,
            expected=f"one of {', '.join(known)}",
            nearest=did_you_mean(value, known),
        )
