"""What a handle tells of what happened, and sends again.

Each method reads the journal, or asks what reads it. It must not judge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulator.control.resending import Choice, Resent, resend_chosen
from simulator.control.subjects import Subject, node_id
from simulator.journal import Entry, RequestAnswered
from simulator.report.deliveries import DeliveryStory, deliveries_of
from simulator.report.signatures import explain_signature
from simulator.report.tree import Tree, tree_of
from simulator.server.reach import BlockingReach, Reach, recorded

if TYPE_CHECKING:
    from simulator.audit.findings import Audited
    from simulator.webhooks.misreadings import Explanation

__all__ = ["BlockingLooking", "Looking"]


class Looking(Reach):
    """The part of an awaitable handle that looks at what happened."""

    async def deliveries(
        self, *, of: Subject | None = None, event: str | None = None, state: str | None = None
    ) -> list[DeliveryStory]:
        """Return the deliveries with their attempts, in the order they were planned."""

        def read() -> list[DeliveryStory]:
            entries = self._platform.journal.select(
                kinds=("delivery", "attempt", "outcome"), about=None if of is None else node_id(of)
            )
            return [
                story
                for story in deliveries_of(entries)
                if event in (None, story.planned.word) and state in (None, story.state)
            ]

        return await self._call(read)

    async def requests(self, *, of: Subject | None = None) -> list[RequestAnswered]:
        """Return what clients asked of the vendor's side, oldest first."""
        entries = await self.journal(kinds=("request",), about=of)
        return [entry.fact for entry in entries if isinstance(entry.fact, RequestAnswered)]

    async def journal(
        self, *, after: int = 0, kinds: Iterable[str] = (), about: Subject | None = None
    ) -> list[Entry]:
        """Return the entries of the journal, oldest first."""
        of = None if about is None else node_id(about)
        return await self._call(
            lambda: self._platform.journal.select(after=after, kinds=tuple(kinds), about=of)
        )

    async def tree(self, *, of: Subject | None = None) -> Tree:
        """Return what followed from what: changes, their webhooks, and what was asked because of each; print it."""
        about = None if of is None else node_id(of)
        return await self._call(lambda: tree_of(self._platform.journal, about=about))

    async def explain_signature(
        self, computed: str, *, of: DeliveryStory | bytes, secrets: Iterable[str] = ()
    ) -> Explanation:
        """Say by which mistake somebody computed this signature, or that it is ``right``; print it.

        ``of`` is one of ``deliveries()``, of which the last attempt counts, or the body of a request. The secrets are those of the
        subscriptions that lead there, or those given, the newest first.
        """
        known = tuple(secrets)
        return await self._call(lambda: explain_signature(self._platform, computed, of=of, secrets=known))

    async def audit(self) -> Audited:
        """Compare what was told with what the API answers now; return what was found, also at the moments of telling.

        It needs the setting ``audit``. What nothing excuses are its ``findings``.
        """
        return await self._call(self._live.stage.found)

    @recorded
    async def resend(
        self,
        delivery: DeliveryStory | int | None = None,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        state: str | None = None,
        after: int | str | None = None,
        until: int | str | None = None,
    ) -> Resent:
        """Send a delivery again, also one that has arrived, or all that fit; return what goes out once more.

        It is a further attempt: the same Webhook-Id, its own time and signature. ``after`` and ``until`` are ids, or moments of
        planning (ISO 8601). Of those that fit, some may be in flight or not be sent yet: they are among the ``refused``.
        """
        choice = Choice(event, None if of is None else node_id(of), type, target, state, after, until)
        return await self._call(lambda: resend_chosen(self._platform, choice, delivery))


class BlockingLooking(BlockingReach):
    """The same, blocking."""

    def deliveries(
        self, *, of: Subject | None = None, event: str | None = None, state: str | None = None
    ) -> list[DeliveryStory]:
        return self._block(self.awaitable.deliveries(of=of, event=event, state=state))

    def requests(self, *, of: Subject | None = None) -> list[RequestAnswered]:
        return self._block(self.awaitable.requests(of=of))

    def journal(
        self, *, after: int = 0, kinds: Iterable[str] = (), about: Subject | None = None
    ) -> list[Entry]:
        return self._block(self.awaitable.journal(after=after, kinds=kinds, about=about))

    def tree(self, *, of: Subject | None = None) -> Tree:
        return self._block(self.awaitable.tree(of=of))

    def explain_signature(
        self, computed: str, *, of: DeliveryStory | bytes, secrets: Iterable[str] = ()
    ) -> Explanation:
        return self._block(self.awaitable.explain_signature(computed, of=of, secrets=secrets))

    def audit(self) -> Audited:
        return self._block(self.awaitable.audit())

    def resend(
        self,
        delivery: DeliveryStory | int | None = None,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        state: str | None = None,
        after: int | str | None = None,
        until: int | str | None = None,
    ) -> Resent:
        return self._block(
            self.awaitable.resend(
                delivery,
                event=event,
                of=of,
                type=type,
                target=target,
                state=state,
                after=after,
                until=until,
            )
        )
