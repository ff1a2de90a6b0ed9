"""``journal``: shows, filters and follows the journal of a simulator that runs elsewhere, one line or JSON line an entry.

Following reads the stream of the journal: nothing is asked again and again. A reset begins a new journal, and following goes on
with that one.

With ``--tree`` it shows what followed from what, which the simulator works out; with ``--graphql`` what was asked by GraphQL,
taken together.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from simulator.cli.connect import connected
from simulator.cli.flags import read_number
from simulator.cli.mirror import entry_of
from simulator.cli.signals import Interrupted, signals
from simulator.cli.talk import Talk
from simulator.client import Client, ProblemError
from simulator.errors import UsageError
from simulator.journal import Fact
from simulator.report.habits import habit_lines, habits
from simulator.report.text import entry_line
from simulator.report.tree import tree_lines
from simulator.settings import Resolved, resolve
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["Filter", "show_habits", "show_journal"]

_MOST = 2**53
_PIECE = 500
"""How many entries are asked for at once."""
_TREE_PIECE = 5000
"""How many causes are asked for at once: for each answer the simulator reads its whole journal."""
_RESET = "the simulator was reset, its journal begins anew"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are wanted, as it was typed."""

    kinds: Sequence[str] = ()
    about: str | None = None
    after: str | None = None
    limit: str | None = None


def show_journal(
    api: str,
    wanted: Filter,
    flags: Mapping[str, object],
    talk: Talk,
    *,
    follow: bool = False,
    tree: bool = False,
) -> int:
    """Show the entries that are wanted, with ``follow`` those that come too, with ``tree`` what followed from what.

    Return 130 when interrupted.
    """
    if tree:
        _refuse_with("--tree", {"--follow": follow, "--kind": wanted.kinds})
    after = read_number(wanted.after or "0", flag="--after", low=0, high=_MOST, example="120")
    limit = read_number(wanted.limit or str(_MOST), flag="--limit", low=1, high=_MOST, example="20")
    query = {"kind": ",".join(wanted.kinds)} if wanted.kinds else {}
    query |= {"about": wanted.about} if wanted.about is not None else {}
    resolved = resolve(flags=flags, environ=os.environ)
    if tree:
        return asyncio.run(_show(api, resolved, lambda client: _show_tree(client, query, after, limit, talk)))
    reading = _Reading(query, after, limit, talk)
    return asyncio.run(_show(api, resolved, reading.follow if follow else reading.read))


def show_habits(
    api: str, wanted: Filter, flags: Mapping[str, object], talk: Talk, *, others: Mapping[str, object]
) -> int:
    """Show what was asked by GraphQL, taken together; 130 when interrupted. ``others`` are flags that have no effect here."""
    _refuse_with("--graphql", {**others, "--kind": wanted.kinds, "--limit": wanted.limit})
    after = read_number(wanted.after or "0", flag="--after", low=0, high=_MOST, example="120")
    query = {"kind": "request"} | ({"about": wanted.about} if wanted.about is not None else {})
    resolved = resolve(flags=flags, environ=os.environ)
    return asyncio.run(_show(api, resolved, lambda client: _show_habits(client, query, after, talk)))


async def _show_habits(client: Client, query: Mapping[str, str], after: int, talk: Talk) -> None:
    facts: list[Fact] = []
    while True:
        page: Any = await client.call("journal", query={**query, "after": str(after), "limit": str(_PIECE)})
        facts += [entry_of(shown).fact for shown in page["entries"]]
        after = page["next"]
        if len(page["entries"]) < _PIECE:
            break
    found = habits(facts)
    talk.tell({"kind": "graphql", **found.show()})
    if not talk.as_json:
        talk.say(*habit_lines(found))


def _refuse_with(flag: str, flags: Mapping[str, object]) -> None:
    for name, value in flags.items():
        if value:
            raise UsageError(
                f"the flag has no effect together with {flag}",
                place=name,
                remedy="Leave one of the two out.",
            )


async def _show(api: str, resolved: Resolved, show: Callable[[Client], Coroutine[None, None, None]]) -> int:
    with signals() as heard:
        async with connected(api, resolved) as client:
            try:
                await heard.during(show(client))
            except Interrupted:
                return 130
    return 0


async def _show_tree(client: Client, query: Mapping[str, str], after: int, limit: int, talk: Talk) -> None:
    """Show what followed from what: to people as one tree, to programs one cause or uncaused request a line."""
    causes: list[dict[str, JSON]] = []
    uncaused: list[dict[str, JSON]] = []
    while True:
        size = min(limit - len(causes) - len(uncaused), _TREE_PIECE)
        page: Any = await client.call("tree", query={**query, "after": str(after), "limit": str(size)})
        causes += page["causes"]
        uncaused += page["uncaused"]
        after = page["next"]
        if len(page["causes"]) + len(page["uncaused"]) < size or len(causes) + len(uncaused) == limit:
            break
    for one in causes:
        talk.tell({"kind": "cause", **one})
    for one in uncaused:
        talk.tell({"kind": "uncaused", **one})
    if not talk.as_json:
        talk.say(*tree_lines({"causes": causes, "uncaused": uncaused, "evicted": page["evicted"]}))


class _Reading:
    """A journal being read: how far we are, and how many entries are still wanted."""

    def __init__(self, query: dict[str, str], after: int, limit: int, talk: Talk) -> None:
        self._query = query
        self._after = after
        self._left = limit
        self._talk = talk
        self._begun = False

    @property
    def _over(self) -> bool:
        return self._left == 0 or self._talk.gone

    async def read(self, client: Client) -> None:
        """Show what there is."""
        while not self._over and await self._piece(client) == _PIECE:
            pass

    async def follow(self, client: Client) -> None:
        """Show what there is and what comes, until the simulator ends."""
        # One that is beyond the newest entry would be taken for one from before a reset.
        newest = await client.journal(after=_MOST, limit=1)
        self._after = min(self._after, newest["next"])
        stalled, ended = False, False
        while not (self._over or ended):
            began = self._after
            try:
                await self._stream(client)
                ended = True
            except ProblemError:
                raise
            except UsageError:
                # It was cut, since we read too slowly, or the simulator is no more.
                ended = not await _is_there(client)
                if stalled and not ended and self._after == began:
                    raise
                stalled = self._after == began
        if not self._over:
            self._talk.say("the simulator has ended")

    async def _stream(self, client: Client) -> None:
        """Show entries as they are told, until there are enough or the simulator ends."""
        kinds, about = self._query.get("kind"), self._query.get("about")
        told = client.stream(after=self._after, kinds=[kinds] if kinds else (), about=about)
        async with aclosing(told):
            async for shown in told:
                if shown["kind"] == "reset":
                    self._after = 0
                    self._talk.say(_RESET)
                elif shown["kind"] == "missed":
                    self._after = shown["to"]
                    self._talk.say(_not_held(shown["to"]))
                else:
                    self._after = shown["number"]
                    self._left -= 1
                    self._show(shown)
                if self._over:
                    return

    async def _piece(self, client: Client) -> int:
        """Show the next entries and return how many there were."""
        query = {**self._query, "after": str(self._after), "limit": str(min(self._left, _PIECE))}
        page: Any = await client.call("journal", query=query)
        if self._begun and page["next"] < self._after:
            self._talk.say(_RESET)
            return 0
        if page["evicted"] > self._after:
            self._talk.say(_not_held(page["evicted"]))
        for shown in page["entries"]:
            self._show(shown)
        self._left -= len(page["entries"])
        self._after, self._begun = page["next"], True
        return len(page["entries"])

    def _show(self, shown: JSON) -> None:
        self._talk.tell(shown)
        if not self._talk.as_json:
            self._talk.say(entry_line(entry_of(shown)))


def _not_held(last: int) -> str:
    return f"the entries before number {last + 1} are no longer held"


async def _is_there(client: Client) -> bool:
    try:
        await client.call("health")
    except UsageError:
        return False
    return True
