"""``listen``: a receiver that shows what arrives and what is wrong with it, until somebody ends it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from simulator.addresses import check_url, is_loopback
from simulator.cli.flags import read_number
from simulator.cli.gather import blaming, warnings, write_ready
from simulator.cli.sign import given_secrets
from simulator.cli.signals import signals
from simulator.cli.talk import Talk
from simulator.errors import UsageError
from simulator.report.arrivals import Arrival, Arrivals, PassedOn, arrival_lines, judge, show_arrival
from simulator.server.listener import Instructions, listening
from simulator.server.tls import tls_context
from simulator.settings import FIELDS, Settings, resolve
from simulator.wire import JSON

__all__ = ["listen"]

_FORWARDING = ("timeout", "ca", "insecure")
"""The settings that concern what is passed on, and nothing else."""


def listen(
    flags: Mapping[str, object],
    talk: Talk,
    *,
    defaults: Mapping[str, str],
    status: str | None = None,
    forward: str | None = None,
    secrets: Sequence[str] = (),
    verbose: bool = False,
    ready_file: str | None = None,
) -> int:
    """Listen until a signal comes; return 130 for Ctrl-C, else 0."""
    resolved = resolve(flags=flags, environ=os.environ, defaults=defaults)
    settings = resolved.settings
    secrets = given_secrets(secrets)
    if forward is None:
        for name in _FORWARDING:
            if flags[name] is not None:
                raise UsageError(
                    "the flag has no effect without --forward",
                    place=FIELDS[name].flag,
                    remedy="Leave it out.",
                )
        code = read_number(status or "200", flag="--status", low=200, high=599, example="500")
        instructions = Instructions(status=code)
    else:
        if status is not None:
            raise UsageError(
                "the flag has no effect together with --forward",
                place="--status",
                remedy="What comes back from there is answered; leave one of the two out.",
            )
        with blaming(resolved):
            tls = tls_context(settings)
        talk.complain(warnings(resolved))
        instructions = Instructions(
            forward=_elsewhere(forward, settings), timeout=settings.timeout / 1000, tls=tls
        )
    with blaming(resolved):
        hearing = _Hearing(talk, secrets, verbose=verbose)
        return asyncio.run(_listen(settings, instructions, hearing, talk, ready_file=ready_file))


def _elsewhere(url: str, settings: Settings) -> str:
    try:
        parts = urlsplit(check_url(url))
    except UsageError as error:
        raise error.at("--forward") from None
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    if port == settings.port and is_loopback(parts.hostname or ""):
        raise UsageError(
            "everything would be passed on to this very receiver",
            place="--forward",
            found=url,
            remedy="Listen at another port with --port.",
        )
    return url


class _Hearing:
    """What is told of each arrival, and counted."""

    def __init__(self, talk: Talk, secrets: Sequence[str], *, verbose: bool) -> None:
        self.arrivals = Arrivals()
        self._talk = talk
        self._secrets = secrets
        self._verbose = verbose

    def __call__(self, arrival: Arrival, status: int, passed_on: PassedOn | None) -> None:
        judged = judge(arrival, self._secrets)
        self.arrivals.add(judged)
        self._talk.tell(show_arrival(arrival, judged, status, passed_on))
        first, *others = arrival_lines(arrival, judged, status, passed_on, verbose=self._verbose)
        self._talk.say(first, tone="bad" if judged.problems else "good")
        for line in others:
            self._talk.say(line, tone="bad" if line.startswith("  wrong: ") else "plain")


async def _listen(
    settings: Settings, instructions: Instructions, hearing: _Hearing, talk: Talk, *, ready_file: str | None
) -> int:
    with signals() as heard:
        async with listening(settings.host, settings.port, instructions, hearing) as url:
            ready: dict[str, JSON] = {"ready": True, "url": f"{url}/", "pid": os.getpid()}
            if ready_file is not None:
                write_ready(ready_file, ready)
            talk.tell(ready)
            what = f"answers {instructions.status}"
            if instructions.forward is not None:
                what = f"passes everything on to {instructions.forward}"
            talk.say(f"listening at {url}/ and every path below; {what}", "Ctrl-C ends it.", "")
            came = await heard.wait()
    talk.tell(hearing.arrivals.shown)
    talk.say("", "stopped", f"  {hearing.arrivals.line}")
    return 130 if came == signal.SIGINT else 0
