"""``emit``: webhooks about one resource and nothing else, while the platform listens so that the receiver can ask about it.

A world of its own is made for it, and in it a resource that the event is true of; no target hears of that. This module
decides what the command line means and what is said before the first post.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

from simulator import contracts
from simulator.cli.flags import read_number
from simulator.cli.fresh import fresh, given, read_event
from simulator.cli.garbage import seldom
from simulator.cli.gather import blaming, checked, warnings, write_ready
from simulator.cli.posting import Posting
from simulator.cli.signals import Interrupted, signals
from simulator.cli.talk import Talk
from simulator.control import Stage
from simulator.control.waits import settled
from simulator.engine import Platform
from simulator.errors import NotFoundError, UsageError, did_you_mean
from simulator.report.text import printable
from simulator.server.loop import run
from simulator.server.run import running
from simulator.settings import resolve
from simulator.values import dataclass
from simulator.webhooks.payloads import (
    Payload,
    Replacement,
    Told,
    known_paths,
    plain_word,
    render,
    render_node,
    replaced,
)
from simulator.wire import JSON, load
from simulator.world.topics import latest, topic_keys

__all__ = ["DEFAULTS", "Wanted", "emit"]

DEFAULTS = {"port": "0", "ordering": "none", "retry": "none"}
"""Settings of this command's own."""

_PLACE = "scope-simulator emit"
_MOST = 100_000_000
_JSON = ("{", "[", '"')
"""What a value begins with that must be JSON."""
_VERBS = {"create": "create", "paused": "pause", "resumed": "resume", "finished": "finish"}
"""The verb that each event word tells of."""
_ADDRESS = "http://127.0.0.1"
"""Stands for the address where we listen before there is one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be posted, as it was typed; None is what was not given."""

    event: str | None = None
    raw: bool = False
    word: str | None = None
    type: str | None = None
    data: str | None = None
    id: str | None = None
    replacements: Sequence[str] = ()
    count: str | None = None


def emit(
    wanted: Wanted,
    flags: Mapping[str, object],
    talk: Talk,
    *,
    config: str | None = None,
    ready_file: str | None = None,
) -> int:
    """Post what is wanted; return 0 when every post was answered with success, else 1."""
    resolved = resolve(flags=flags, environ=os.environ, config=config, defaults=DEFAULTS)
    settings = checked(resolved)
    count = read_number(wanted.count or "1", flag="-n", low=1, high=_MOST, example="1000")
    if not settings.targets:
        raise UsageError(
            "there is nobody to post to",
            place=_PLACE,
            expected="--target URL",
            remedy="Say where your receiver listens, such as --target http://127.0.0.1:8000/hooks/scopear.",
        )
    if settings.generation == "both":
        raise UsageError("emit posts one webhook", place="--generation", expected="1 or 2", found="both")
    if settings.faults:
        raise UsageError(
            "emit posts without faults",
            place=resolved.place("faults"),
            remedy="Leave them out; serve and replay take them.",
        )
    # Whoever is told must not hear of what is done to the resource before, and is subscribed to nothing but this.
    stage = Stage(replace(settings, targets=(), generation="1"))
    payload, lines = (_raw if wanted.raw else _about_resource)(stage.platform, wanted)
    if settings.generation == "2":
        payload, lines = _subscribed(stage.platform, payload, url=settings.targets[0])
    payload, changed = _replacing(payload, wanted.replacements, stage.platform)
    talk.complain(warnings(resolved))
    talk.say(*map(printable, (*lines, *changed)))
    with blaming(resolved), seldom():
        return run(
            _emit(stage, payload, urls=settings.targets, count=count, talk=talk, ready_file=ready_file)
        )


async def _emit(
    stage: Stage, payload: Payload, *, urls: Sequence[str], count: int, talk: Talk, ready_file: str | None
) -> int:
    posting = Posting(stage.platform, payload, count=count, talk=talk)

    async def work() -> None:
        async with running(stage) as simulator:
            if ready_file is not None:
                write_ready(ready_file, simulator.ready)
            talk.say(f"Scope is at {simulator.base_url}, token {simulator.ready['token']}", "")
            posting.begin([stage.add_target(url) for url in urls])
            # Not only until nothing is due: a receiver may answer first and ask afterwards.
            await simulator.live.pump.wait(settled(stage.platform))

    with signals() as heard:
        try:
            await heard.during(work())
        except Interrupted:
            posting.end("stopped before its end")
            return 130
    posting.end()
    return 0 if posting.ok else 1


def _about_resource(platform: Platform, wanted: Wanted) -> tuple[Payload, list[str]]:
    for flag, value in {"--event": wanted.word, "--type": wanted.type, "--data": wanted.data}.items():
        if value is not None:
            raise UsageError(
                "the flag has no effect without --raw", place=flag, remedy="Add --raw, without EVENT."
            )
    if wanted.event is None:
        raise UsageError(
            "EVENT is missing",
            place=_PLACE,
            expected="an event such as ScenarioSession.paused, or --raw",
            remedy=f"See: {_PLACE} --help",
        )
    event = read_event(wanted.event)
    resource = fresh(platform, event) if wanted.id is None else given(platform, event, wanted.id)
    line = f"{event.word} of {event.type} {resource.id}, {resource['state']}"
    return Payload(event.word, event.type, resource.id), [line]


def _raw(platform: Platform, wanted: Wanted) -> tuple[Payload, list[str]]:
    for name, given_too in {"EVENT": wanted.event, "--id": wanted.id}.items():
        if given_too is not None:
            raise UsageError(
                "a raw webhook is about no resource", place=name, remedy=f"Leave {name} or --raw out."
            )
    if wanted.word is None or wanted.type is None:
        raise UsageError(
            "the flag is missing",
            place="--event" if wanted.word is None else "--type",
            expected="--raw with --event WORD and --type TYPE, such as --event connected --type iot",
        )
    data = _json(wanted.data or "{}", place="--data")
    if not isinstance(data, dict):
        raise UsageError(
            "the data is no JSON object",
            place="--data",
            expected='one such as {"a": 1}',
            found=repr(wanted.data),
        )
    payload = Payload.raw(wanted.word, wanted.type, data=data)
    contracts.check("webhook/non_resource", _rendered(payload, platform), place="--raw")
    return payload, [f"{payload.word} of {payload.type}"]


def _subscribed(platform: Platform, payload: Payload, *, url: str) -> tuple[Payload, list[str]]:
    """Return the same as a webhook of generation 2, told by a subscription that is made for it."""
    if payload.data is not None:
        raise UsageError(
            "a webhook of generation 2 is about a resource", place="--raw", remedy="Leave --generation 2 out."
        )
    key = topic_keys(_VERBS.get(plain_word(payload.word), "update"), payload.type, platform.settings)[0]
    secret = platform.settings.secret
    fields: dict[str, JSON] = {"topic": key, "callbackUrl": url, "sharedSecret": secret}
    subscription = platform.apply("create", "WebhookSubscription", fields)
    number, topic = int(str(subscription["databaseId"])), latest(platform.world.base.topics, key)
    told = Told(number, key, topic.version)
    signed = "signed" if secret else "not signed, there is no --secret"
    return replace(payload, word=key.partition("/")[2], told=told), [
        f"{key} {topic.version} of {payload.id}, {signed}"
    ]


def _replacing(payload: Payload, texts: Sequence[str], platform: Platform) -> tuple[Payload, list[str]]:
    """Return the payload with what ``--set`` replaces, and the lines that say so."""
    body = _rendered(payload, platform)
    replacements: list[Replacement] = []
    for text in texts:
        replacements.append(_replacement(text, known_paths(body)))
        body = replaced(body, replacements[-1:])
    if not texts:
        return payload, []
    names = ", ".join(text.partition("=")[0] for text in texts)
    contract = (
        "webhook/node"
        if payload.told
        else "webhook/resource"
        if payload.data is None
        else "webhook/non_resource"
    )
    broken = [f"  {problem.error()}" for problem in contracts.problems(contract, body)]
    verdict = f"which breaks the contract {contract}:" if broken else f"which keeps the contract {contract}"
    return replace(payload, replacements=tuple(replacements)), [
        f"changed on purpose: {names}; {verdict}",
        *broken,
    ]


def _replacement(text: str, paths: Mapping[str, tuple[str | int, ...]]) -> Replacement:
    name, sign, value = text.partition("=")
    if not sign:
        raise UsageError(
            "the change cannot be read",
            place="--set",
            expected="PATH=VALUE, such as time=2020-10-20T18:06:02Z",
            found=repr(text),
        )
    if name not in paths:
        raise NotFoundError(
            f"the webhook has no {name!r}",
            place="--set",
            nearest=did_you_mean(name, paths),
            remedy=f"It has: {', '.join(paths)}.",
        )
    # What does not look like JSON is text, so that a word needs no quotes.
    return Replacement(
        paths[name], _json(value, place=f"--set {name}") if value[:1] in _JSON else _loose(value)
    )


def _json(text: str, *, place: str) -> JSON:
    try:
        return load(text.encode())
    except ValueError as error:
        raise UsageError(f"the value cannot be read: {error}", place=place, found=repr(text)) from None


def _loose(text: str) -> JSON:
    try:
        return load(text.encode())
    except ValueError:
        return text


def _rendered(payload: Payload, platform: Platform) -> dict[str, JSON]:
    if payload.told is not None:
        return render_node(payload, base_url=_ADDRESS)
    return render(payload, now=platform.now, base_url=_ADDRESS)
