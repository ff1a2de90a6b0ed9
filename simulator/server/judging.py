"""What a handle expects of a receiver.

Each method makes one expectation and waits until it is met or its time is up. What fits, and when waiting longer is
needless, is decided in ``expect``.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.control.waits import judge, read_within
from simulator.errors import ExpectationError
from simulator.expect import Answered, Delivered, Expectation, GivenUp, Queried, explain, parse_statuses
from simulator.server.reach import BlockingReach, Reach
from simulator.server.subjects import Duration, Subject, node_id, seconds

__all__ = ["BlockingJudging", "Judging"]


class Judging(Reach):
    """The part of an awaitable handle that judges."""

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
        wanted = Answered(
            event=event,
            of=None if of is None else node_id(of),
            type=type,
            status=parse_statuses(status),
            took=None if in_ is None else seconds(in_),
            target=target,
        )
        await self._expect(wanted, within)

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
        wanted = Queried(
            of=None if of is None else node_id(of),
            fields=tuple(fields),
            operation=operation,
            times=times,
            after=after,
        )
        await self._expect(wanted, within)

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
        about = None if of is None else node_id(of)
        await self._expect(Delivered(event, about, type, target, attempts), within)

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
        about = None if of is None else node_id(of)
        await self._expect(GivenUp(event, about, type, target), within)

    async def _expect(self, wanted: Expectation, within: Duration | None) -> None:
        limit = read_within(within)
        verdicts = await self._drive(lambda: judge(self._platform, [wanted], within=limit))
        if not verdicts[0].met:
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
