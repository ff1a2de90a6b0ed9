"""What happened, as lines for people: as it happens, what was not delivered, and the story of a failed test.

Decides wording alone. It must not judge (``expect`` does), count (the platform does) or print. No line holds a control
character, whatever a script, a receiver or a client sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from simulator.auth import UNKNOWN
from simulator.clock import iso_millis, iso_seconds
from simulator.engine import Platform, Tally
from simulator.expect.kinds import number_of, short
from simulator.journal import (
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    FaultNoted,
    Journal,
    OutcomeSeen,
    RequestAnswered,
    StepPlayed,
    Undone,
)
from simulator.report.deliveries import DeliveryStory, RequestStory
from simulator.wire import Answer, Outcome, curl_line

__all__ = [
    "MOST_LISTED",
    "MOST_UNDELIVERED",
    "answer_line",
    "asked_line",
    "complaint",
    "entry_line",
    "entry_words",
    "idle_faults",
    "is_trouble",
    "live_line",
    "printable",
    "turned_away_line",
    "story",
    "tally_line",
    "undelivered_lines",
    "webhook_words",
]

MOST_LISTED = 20
"""How many deliveries or requests a story tells one by one."""

MOST_UNDELIVERED = 10
"""How many webhooks that were not delivered the end of a run tells one by one."""


def printable(text: str) -> str:
    """Return ``text`` as one line that no terminal takes for a command: what does not print is escaped."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def live_line(entry: Entry) -> str | None:
    """Return the line that tells of an entry as it happens; None for one that others tell of."""
    match entry.fact:
        case StepPlayed():
            kind, told = "step", _played(entry.fact)
        case OutcomeSeen(planned=planned, outcome=outcome, again=again, faults=faults):
            later = "" if again is None else f", again at {iso_seconds(again)}"
            struck = _struck((*planned.faults, *faults))
            kind, told = "webhook", f"{_told(planned)}: {answer_line(outcome)}{later}{struck}"
        case DeliveryPlanned(dropped=True, faults=faults):
            kind, told = "webhook", f"{_told(entry.fact)}: dropped{_struck(faults)}"
        case RequestAnswered():
            kind, told = "asked", asked_line(entry.fact)
        case FaultNoted():
            kind, told = "fault", _fault(entry.fact)
        case _:
            return None
    return printable(f"{iso_seconds(entry.at)}  {kind:<7}  {told}")


def is_trouble(answer: Answer) -> bool:
    """Return whether a client got an error, also one that hides behind status 200."""
    return answer.status >= 400 or bool(complaint(answer))


def entry_line(entry: Entry) -> str:
    """Return the line that tells of an entry in the journal: its number, when, its kind, and what its kind has to tell."""
    return f"{entry.number:>5}  {iso_millis(entry.at)}  {entry.fact.kind:<8}  {entry_words(entry)}"


def entry_words(entry: Entry) -> str:
    """Return what the kind of an entry has to tell."""
    match entry.fact:
        case ChangeMade(verb=verb, type=kind, id=changed, words=words, by=by):
            # The whole id, since this is where one is looked up.
            who = "" if by is None else f" by {by}"
            as_what = f"told as {', '.join(words)}" if words else "not told"
            told = f"{verb} {kind} {changed}{who}, {as_what}"
        case DeliveryPlanned(faults=faults):
            told = f"{_told(entry.fact)}{_struck(faults)}"
        case AttemptMade(planned=planned, attempt=attempt, faults=faults):
            told = f"{_told(planned)}: attempt {attempt.number}, {len(attempt.body)} bytes{_struck(faults)}"
        case OutcomeSeen(planned=planned, outcome=outcome, verdict=verdict, again=again):
            what = verdict.replace("_", " ") if again is None else f"again at {iso_seconds(again)}"
            told = f"{_told(planned)}: {answer_line(outcome)}, {what}{_struck(entry.fact.faults)}"
        case RequestAnswered():
            told = asked_line(entry.fact)
        case StepPlayed(place=place):
            told = f"{place}  {_played(entry.fact)}"
        case FaultNoted():
            told = _fault(entry.fact)
        case Undone(was=was):
            told = f"{was.kind}: {entry_words(Entry(entry.number, entry.at, was))}"
        case _:
            told = entry.fact.text
    return printable(told)


def idle_faults(journal: Journal) -> list[str]:
    """Return a line for each fault that never matched anything, though it ended or something came to its end."""
    found: dict[int, str] = {}
    for entry in journal.select(kinds=[FaultNoted.kind]):
        match entry.fact:
            case FaultNoted(state="ended" | "idle", matched=0):
                found[entry.fact.fault] = printable(_fault(entry.fact))
            case FaultNoted(state="ended"):
                # Something came after all, since it was told of as idle.
                found.pop(entry.fact.fault, None)
    return list(found.values())


def answer_line(outcome: Outcome) -> str:
    """Return what came back from a post and how long it took."""
    came = f"no answer, {outcome.error}" if outcome.status is None else f"answered {outcome.status}"
    return f"{came} ({outcome.took * 1000:.0f} ms)"


def tally_line(tally: Tally, *, excused: int = 0) -> str:
    """Return what became of all webhooks, and how many requests were answered; so many were ``excused`` for not arriving."""
    expected = f" ({excused} as expected)" if excused else ""
    parts = [f"{tally.delivered} delivered", f"{tally.given_up} given up{expected}"]
    parts += [f"{tally.dropped} dropped"] if tally.dropped else []
    parts += [f"{tally.pending} not delivered yet"] if tally.pending else []
    parts += [f"{tally.held} of them held for a disabled target"] if tally.held else []
    return f"webhooks: {', '.join(parts)}; {number_of(tally.requests, 'request')} answered"


def turned_away_line(journal: Journal, seed: int | None, *, script: bool = False) -> str | None:
    """Return how many requests were answered with 401 and why, or None when none was.

    ``script`` says whether a script named the seed, so that whoever was given a token before has one of another world.
    """
    facts = [entry.fact for entry in journal.select(kinds=[RequestAnswered.kind])]
    refused = [
        fact
        for fact in facts
        if isinstance(fact, RequestAnswered) and fact.answer.status == 401 and not fact.observer
    ]
    if not refused:
        return None
    said = re.search(rb'"error": ?"([^"]+)"', refused[-1].answer.body)
    why = said[1].decode(errors="replace") if said else "no reason was given."
    if why in UNKNOWN and seed is not None:
        begun = f"the script began a new world with seed {seed}" if script else f"this world has seed {seed}"
        why += f" Tokens and the password follow from the seed, and {begun}."
    return printable(f"{number_of(len(refused), 'request')} got a 401: {why}")


def undelivered_lines(stories: Sequence[DeliveryStory]) -> list[str]:
    """Return a line for each of the first ``stories``, and for the first that was posted the shell line that repeats it."""
    lines = []
    repeated = False
    for story in stories[:MOST_UNDELIVERED]:
        lines += [printable(line) for line in (_webhook(story), *_why(story))]
        if story.attempts and not repeated:
            lines.append(printable(f"  again: {curl_line(story.attempts[-1].attempt)}"))
            repeated = True
    more = len(stories) - MOST_UNDELIVERED
    return [*lines, f"and {more} more"] if more > 0 else lines


def story(platform: Platform) -> str:
    """Return what it takes to understand a failed test: the seed, each webhook with what came of it, what was asked."""
    # Whoever only listens or posts needs neither.
    from simulator.report.causes import causes_of
    from simulator.report.signatures import explain_refusals

    causes = causes_of(platform.journal)
    stories = [one for cause in causes.causes for one in cause.deliveries]
    stories.sort(key=lambda one: one.planned.delivery)
    explain_refusals(platform, stories[-MOST_LISTED:])
    asked = [
        (one.entry, _asked(story, one))
        for story in stories
        for attempt in story.attempts
        for one in attempt.requests
    ]
    alone = [f"{iso_seconds(one.at)}  {asked_line(one.request)}" for one in causes.uncaused]
    lines = [
        f"seed {platform.seed.value}, {platform.clock.speed.name} clock at {iso_seconds(platform.now)}",
        tally_line(platform.tally()),
        *filter(None, [turned_away_line(platform.journal, platform.seed.value)]),
        *(printable(_fault(fact)) for fact in _faults(platform.journal)),
        *_indented(_webhooks(stories)),
    ]
    if asked:
        lines += [
            "what the receiver asked:",
            *_indented(_newest([told for _, told in sorted(asked)], "request")),
        ]
    if alone:
        lines += ["asked without a webhook:", *_indented(_newest(alone, "request"))]
    if not asked and not alone:
        lines.append("the receiver asked nothing")
    return "\n".join(printable(line) for line in lines)


def _webhooks(stories: Sequence[DeliveryStory]) -> list[str]:
    """Return the newest deliveries: what, to whom, with which end, and how to repeat it."""
    told = []
    for story in stories:
        lines = [_webhook(story), *_why(story)]
        lines += [f"  {curl_line(one.attempt)}" for one in story.attempts[-1:]]
        told.append("\n".join(printable(line) for line in lines))
    return [line for part in _newest(told, "webhook") for line in part.split("\n")]


def _asked(story: DeliveryStory, one: RequestStory) -> str:
    after = f"{(one.after or 0) * 1000:.0f} ms after {story.planned.word}"
    return f"{iso_seconds(one.at)}  {asked_line(one.request)}, {after}"


def _webhook(story: DeliveryStory) -> str:
    return f"{iso_seconds(story.at)}  {webhook_words(story)}"


def webhook_words(story: DeliveryStory) -> str:
    """Return what a webhook tells, to whom, how it ended, and the faults that struck it."""
    return printable(f"{_told(story.planned)}: {_end(story)}{_struck(story.faults)}")


def _struck(faults: Sequence[str]) -> str:
    return "".join(f", {fault}" for fault in faults)


def _end(story: DeliveryStory) -> str:
    last = story.attempts[-1] if story.attempts else None
    if last is None:
        return story.state
    which = f", attempt {last.attempt.number}" if last.attempt.number > 1 else ""
    if last.outcome is None:
        return f"in flight{which}"
    later = ", to be tried again" if story.state == "retrying" else ""
    return f"{answer_line(last.outcome)}{which}{later}"


def _why(story: DeliveryStory) -> list[str]:
    return [f"  why: {reason}" for last in story.attempts[-1:] for reason in last.why]


def _newest(told: Sequence[str], noun: str) -> Iterator[str]:
    before = len(told) - MOST_LISTED
    if before > 0:
        yield f"... {number_of(before, noun)} before"
    yield from told[-MOST_LISTED:]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _told(planned: DeliveryPlanned) -> str:
    about = f" {short(planned.id)}" if planned.id else ""
    return f"{planned.topic or planned.word} {planned.type}{about} to {planned.target}"


def _played(fact: StepPlayed) -> str:
    return fact.text if fact.track is None else f"[{fact.track}] {fact.text}"


def asked_line(fact: RequestAnswered) -> str:
    parts = [fact.request.method, fact.request.path]
    parts += [fact.operation] if fact.operation else []
    for one in fact.asked:
        # The object endpoint gives every field, so naming them tells nothing.
        fields = f" ({', '.join(sorted(one.fields))})" if fact.route == "graphql" else ""
        parts.append(f"about {short(one.id)}{fields}")
    parts += ["by an observer"] if fact.observer else []
    why = complaint(fact.answer)
    answered = f"{fact.answer.status}, with errors: {why}" if why else str(fact.answer.status)
    return f"{' '.join(parts)}: {', '.join([answered, *fact.faults])}"


def _faults(journal: Journal) -> list[FaultNoted]:
    facts = (entry.fact for entry in journal.select(kinds=[FaultNoted.kind]))
    return [fact for fact in facts if isinstance(fact, FaultNoted)]


def _fault(fact: FaultNoted) -> str:
    name = f"fault {fact.fault} ({fact.line})"
    match fact.state:
        case "set":
            return f"{name} is set"
        case "ended":
            struck = f"it struck {fact.struck} of {fact.matched} that matched"
            return f"{name} ended; {struck if fact.matched else 'it never matched anything'}"
        case _:
            return f"{name} never matched anything"


def complaint(answer: Answer) -> str:
    """Return the first error of a GraphQL answer, which has status 200 all the same."""
    if answer.status != 200 or b'"errors"' not in answer.body:
        return ""
    match json.loads(answer.body):
        case {"errors": [{"message": message}, *_]}:
            return str(message)
        case _:
            return ""
