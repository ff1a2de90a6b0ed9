"""Counters that look at requests: those of ``Queried``, ``Rest`` and ``SignedIn``.

Without ``times`` one holds as soon as a request fits. An exact number (0 included) holds while the number is right, and is final
after ``QUIET`` seconds without movement or once it is exceeded. ``after`` is passed when the first attempt with that word about
the same resource begins; until then an exact number does not hold either, so that a misspelt word never passes for "nobody
asked".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Final, TypeAlias

from simulator.expect.kinds import QUIET, Queried, Rest, SignedIn, about, number_of
from simulator.expect.match import Gap, names, nearest, request_gaps, rest_gaps, sign_in_gaps, tells
from simulator.expect.stories import QUERY_ROUTES, Ask, Post, Story, listed
from simulator.expect.verdicts import Verdict
from simulator.journal import AttemptMade, DeliveryPlanned, Entry, RequestAnswered
from simulator.wire import curl_line

__all__ = ["AskCount", "QueriedCount", "RestCount", "SignedInCount"]

_Asking: TypeAlias = Queried | Rest | SignedIn


class AskCount(ABC):
    """Counts the requests that fit."""

    missed: ClassVar = False
    noun: ClassVar = "request"
    kinds: tuple[str, ...] = ("request",)

    def __init__(self, wanted: _Asking) -> None:
        self.wanted: Final = wanted
        self.lost = 0
        self.exact: Final = wanted.times is not None
        self.begun = True
        """Whether requests count already."""
        self._fitting = 0

    @property
    def decisive(self) -> tuple[str, ...]:
        return self.kinds

    @property
    def met(self) -> bool:
        if self.wanted.times is None:
            return self._fitting > 0
        return self._fitting == self.wanted.times and self.begun and not self.lost

    @property
    def exceeded(self) -> bool:
        """Whether there were more than there should be, which nothing can mend."""
        return self.wanted.times is not None and self._fitting > self.wanted.times

    @property
    def seen(self) -> str:
        return number_of(self._fitting, f"fitting {self.noun}")

    def see(self, entry: Entry) -> None:
        if isinstance(entry.fact, RequestAnswered) and not self.gaps(entry.fact, entry.number):
            self._fitting += 1

    def settled(self, idle: float) -> bool:
        if self.wanted.times is None:
            return self.met
        # With entries missing an exact number is never sure: waiting changes nothing.
        return self.exceeded or self.lost > 0 or (self.met and idle >= QUIET)

    def explain(self, story: Story) -> Verdict:
        judged = [(self.gaps(ask.fact, ask.number), ask) for ask in story.requests]
        judged = [(gaps, ask) for gaps, ask in judged if self.alike(ask.fact)]
        if self.exceeded:
            misses = [f"{ask}: fits" for gaps, ask in judged if not gaps][-3:]
        else:
            misses = [f"{ask}: {text}" for ask, text in nearest(judged)]
        posts = self.causes(story.about(None if isinstance(self.wanted, SignedIn) else self.wanted.of))
        return Verdict(
            self.wanted,
            met=False,
            expected=str(self.wanted),
            seen=f"{self.seen}, {self.others([ask for _, ask in judged])}",
            misses=tuple(misses),
            curl=curl_line(posts[-1].attempt) if posts else None,
        )

    @abstractmethod
    def gaps(self, request: RequestAnswered, number: int) -> list[Gap]:
        """Return what differs in the request that entry ``number`` tells of."""

    @abstractmethod
    def alike(self, request: RequestAnswered) -> bool:
        """Return whether a request is of the kind that is counted here."""

    @abstractmethod
    def others(self, asks: list[Ask]) -> str:
        """Say what there was of the kind at all."""

    def causes(self, posts: list[Post]) -> list[Post]:
        """Return those of the posts about the same thing that should have made somebody ask."""
        return posts


class QueriedCount(AskCount):
    """Counts what asked GraphQL or the object endpoint."""

    def __init__(self, wanted: Queried) -> None:
        super().__init__(wanted)
        self._queried: Final = wanted
        self._after = 0 if wanted.after is None else None
        if wanted.after is not None:
            self.kinds = ("request", "attempt")
            self.begun = False

    def see(self, entry: Entry) -> None:
        fact = entry.fact
        if isinstance(fact, AttemptMade):
            if not self.begun and self._awaits(fact.planned):
                self._after = entry.number
                self.begun = True
        # Most requests of a long journal are about something else: that is seen fastest.
        elif isinstance(fact, RequestAnswered) and names(fact, self._queried.of):
            super().see(entry)

    def gaps(self, request: RequestAnswered, number: int) -> list[Gap]:
        return request_gaps(self._queried, request, after=self._after is not None and number > self._after)

    def alike(self, request: RequestAnswered) -> bool:
        return request.route in QUERY_ROUTES

    def others(self, asks: list[Ask]) -> str:
        wanted = self._queried
        told = (
            f"{number_of(sum(names(ask.fact, wanted.of) for ask in asks), 'request')}{about(wanted)} in all"
        )
        return told if self.begun else f"{told}, no attempt with {wanted.after}{about(wanted)}"

    def causes(self, posts: list[Post]) -> list[Post]:
        return [post for post in posts if self._awaits(post.planned)] or posts

    def _awaits(self, planned: DeliveryPlanned) -> bool:
        wanted = self._queried
        return wanted.after is not None and tells(planned, wanted.after) and wanted.of in (None, planned.id)


class RestCount(AskCount):
    """Counts what asked a route of REST."""

    def __init__(self, wanted: Rest) -> None:
        super().__init__(wanted)
        self._rest: Final = wanted

    def gaps(self, request: RequestAnswered, number: int) -> list[Gap]:  # noqa: ARG002 (whenever it comes)
        return rest_gaps(self._rest, request)

    def alike(self, request: RequestAnswered) -> bool:
        return request.route != "graphql"

    def others(self, asks: list[Ask]) -> str:
        told = [f"{ask.fact.request.method} {ask.fact.request.path} {ask.fact.answer.status}" for ask in asks]
        return f"{number_of(len(told), 'REST request')} in all{f': {listed(told)}' if told else ''}"


class SignedInCount(AskCount):
    """Counts sign-ins that got a token."""

    noun: ClassVar = "sign-in"

    def __init__(self, wanted: SignedIn) -> None:
        super().__init__(wanted)
        self._sign_in: Final = wanted

    def gaps(self, request: RequestAnswered, number: int) -> list[Gap]:  # noqa: ARG002 (whenever it comes)
        return sign_in_gaps(self._sign_in, request)

    def alike(self, request: RequestAnswered) -> bool:
        return request.route == "sign_in"

    def others(self, asks: list[Ask]) -> str:
        told = [str(ask.fact.answer.status) for ask in asks]
        return f"{number_of(len(told), 'sign-in')} tried{f', answered {listed(told)}' if told else ''}"
