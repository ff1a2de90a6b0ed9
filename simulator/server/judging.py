"""What a handle expects of a receiver.

Each method makes one expectation, ``expect`` as many as are given, and waits until they are met or the time is up. What fits, and when waiting longer is
needless, is decided in ``expect``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from simulator.control.expecting import expectation, expectations
from simulator.control.subjects import Duration, Subject, node_id, seconds
from simulator.errors import ExpectationError
from simulator.expect import (
    Expectation,
    Within,
    explain,
    judging,
    read_within,
)
from simulator.server.reach import BlockingReach, Reach, recorded
from simulator.wire import JSON

__all__ = ["BlockingJudging", "Judging"]


class Judging(Reach):
    """The part of an awaitable handle that judges."""

    @recorded
    async def expect_answered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        status: int | str | list[int | str] = "2xx",
        in_: Duration | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until a webhook was answered as described, at most ``within`` (5 s); else raise ExpectationError.

        ``in_`` is how long the attempt may have taken, ``target`` the URL that answered. ``within="3d simulated"``
        names the simulator's clock.
        """
        given = {"event": event, "of": of, "type": type, "status": status, "target": target}
        given["in"] = None if in_ is None else f"{seconds(in_):.3f}s"
        await self._expect(expectation("answered", **given), within)

    @recorded
    async def expect_queried(
        self,
        *,
        of: Subject | None = None,
        fields: Iterable[str] = (),
        operation: str | None = None,
        times: int | None = None,
        after: str | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until the API was asked as described, at most ``within`` (5 s); else raise ExpectationError.

        ``times`` is exact and waits for quiet; ``after`` is the event word of a webhook about the same resource.
        """
        word = None if after is None else {"event": after}
        given = {"of": of, "fields": fields, "operation": operation, "times": times, "after": word}
        await self._expect(expectation("queried", **given), within)

    @recorded
    async def expect_delivered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        attempts: int | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until a webhook has arrived, at most ``within`` (5 s); else raise ExpectationError.

        ``attempts`` is how many it took, exactly. On a ``max`` clock time runs on to each further attempt.
        """
        given = {"event": event, "of": of, "type": type, "target": target, "attempts": attempts}
        await self._expect(expectation("delivered", **given), within)

    @recorded
    async def expect_given_up(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until a webhook was given up, at most ``within`` (5 s); else raise ExpectationError.

        On a ``max`` clock time runs on to each further attempt.
        """
        wanted = expectation("given_up", event=event, of=of, type=type, target=target)
        await self._expect(wanted, within)

    @recorded
    async def expect_not_queried(
        self,
        *,
        of: Subject | None = None,
        fields: Iterable[str] = (),
        operation: str | None = None,
        after: str | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until the receiver has been quiet and has not asked the API so, else raise ExpectationError.

        ``after`` is the event word of a webhook about the same resource, which must have been posted.
        """
        await self.expect_queried(
            of=of, fields=fields, operation=operation, times=0, after=after, within=within
        )

    @recorded
    async def expect_rest(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        of: Subject | None = None,
        status: int | str | list[int | str] = "2xx",
        times: int | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until a route of REST was asked, at most ``within`` (5 s); else raise ExpectationError.

        ``:id`` in ``path`` stands for anything up to the next slash; ``times`` is exact and waits for quiet.
        """
        wanted = expectation("rest", method=method, path=path, of=of, status=status, times=times)
        await self._expect(wanted, within)

    @recorded
    async def expect_signed_in(
        self, *, user: Subject | None = None, times: int | None = None, within: Duration | None = None
    ) -> None:
        """Wait until somebody signed in and got a token, at most ``within`` (5 s); else raise ExpectationError.

        ``user`` may be a username, e-mail address or full name; ``times`` is exact and waits for quiet.
        """
        platform = self._platform
        who = None if user is None else await self._call(lambda: platform.user(node_id(user)).id)
        await self._expect(expectation("signed_in", user=who, times=times), within)

    @recorded
    async def expect_order(
        self,
        *events: str,
        of: Subject | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        """Wait until the first webhooks with these words have arrived in this order, at most ``within`` (5 s).

        Others may come between. Each target is judged, or the one that ``target`` names.
        """
        await self._expect(expectation("order", events=events, of=of, target=target), within)

    @recorded
    async def expect_receiver(
        self,
        url: str,
        *,
        post: JSON = None,
        headers: Mapping[str, str] | None = None,
        status: int | str | list[int | str] = "2xx",
        json: JSON = None,
        path: Mapping[str, JSON] | None = None,
        within: Duration | None = None,
    ) -> None:
        """Ask the integration's own URL until it answers as described, at most ``within`` (5 s); else raise ExpectationError.

        With ``post`` it is asked by POST with that JSON, else by GET. ``json`` is part of what the body holds, ``path`` what
        stands at paths into it, such as ``{"$.orders[0].state": "done"}``.
        """
        asked = {"get": url} if post is None else {"post": url, "body": post}
        wanted = expectation("receiver", **asked, headers=headers, status=status, json=json, path=path)
        await self._expect(wanted, within)

    @recorded
    async def expect(self, *, within: Duration | None = None, **kinds: object) -> None:
        """Wait until all is met that is expected, each kind as below a script's ``expect``; else raise ExpectationError.

        ``expect(answered={"event": "finished", "of": session}, queried=[...], within="10s")``: one error tells of all that is
        not met. ``of`` is a resource or its node id.
        """
        limit, platform = read_within(within), self._platform
        wanted = await self._call(lambda: expectations(kinds, user=lambda text: platform.user(text).id))
        await self._all(wanted, limit)

    async def _expect(self, wanted: Expectation, within: Duration | None) -> None:
        await self._all([wanted], read_within(within))

    async def _all(self, wanted: Sequence[Expectation], within: Within) -> None:
        verdicts = await self._drive(lambda: judging(self._platform, wanted, within=within))
        if not all(verdict.met for verdict in verdicts):
            raise ExpectationError(explain(verdicts))


class BlockingJudging(BlockingReach):
    """The same, blocking."""

    def expect_answered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        status: int | str | list[int | str] = "2xx",
        in_: Duration | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_answered(
                event=event, of=of, type=type, status=status, in_=in_, target=target, within=within
            )
        )

    def expect_queried(
        self,
        *,
        of: Subject | None = None,
        fields: Iterable[str] = (),
        operation: str | None = None,
        times: int | None = None,
        after: str | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_queried(
                of=of, fields=fields, operation=operation, times=times, after=after, within=within
            )
        )

    def expect_delivered(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        attempts: int | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_delivered(
                event=event, of=of, type=type, target=target, attempts=attempts, within=within
            )
        )

    def expect_given_up(
        self,
        *,
        event: str | None = None,
        of: Subject | None = None,
        type: str | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_given_up(event=event, of=of, type=type, target=target, within=within)
        )

    def expect_not_queried(
        self,
        *,
        of: Subject | None = None,
        fields: Iterable[str] = (),
        operation: str | None = None,
        after: str | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_not_queried(
                of=of, fields=fields, operation=operation, after=after, within=within
            )
        )

    def expect_rest(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        of: Subject | None = None,
        status: int | str | list[int | str] = "2xx",
        times: int | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_rest(
                method=method, path=path, of=of, status=status, times=times, within=within
            )
        )

    def expect_signed_in(
        self, *, user: Subject | None = None, times: int | None = None, within: Duration | None = None
    ) -> None:
        return self._block(self.awaitable.expect_signed_in(user=user, times=times, within=within))

    def expect_order(
        self,
        *events: str,
        of: Subject | None = None,
        target: str | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(self.awaitable.expect_order(*events, of=of, target=target, within=within))

    def expect_receiver(
        self,
        url: str,
        *,
        post: JSON = None,
        headers: Mapping[str, str] | None = None,
        status: int | str | list[int | str] = "2xx",
        json: JSON = None,
        path: Mapping[str, JSON] | None = None,
        within: Duration | None = None,
    ) -> None:
        return self._block(
            self.awaitable.expect_receiver(
                url, post=post, headers=headers, status=status, json=json, path=path, within=within
            )
        )

    def expect(self, *, within: Duration | None = None, **kinds: object) -> None:
        return self._block(self.awaitable.expect(within=within, **kinds))
