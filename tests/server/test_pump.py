"""The pump drives a real platform against real receivers; the clock moves by its rule and by nothing else."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager

import pytest

from simulator.clock import VIRTUAL_START, Moment, iso_millis
from simulator.effects import Effect, Probe
from simulator.engine import Platform, Wait
from simulator.errors import StateError, UsageError
from simulator.server.pump import Pump
from simulator.server.sender import Sender
from simulator.settings import Settings
from tests.server.receiving import Receiver, receiving, until


@asynccontextmanager
async def pumping(platform: Platform) -> AsyncIterator[Pump]:
    sender = Sender()
    pump = Pump(platform, sender)
    try:
        yield pump
    finally:
        await pump.close()
        await sender.close()


def drained(platform: Platform, *, timeout: float | None = 5.0) -> Wait:
    return Wait(lambda _idle: platform.idle_drained, timeout=timeout)


def passed(platform: Platform, millis: int) -> Wait:
    end = Moment(platform.now + millis)
    return Wait(lambda _idle: platform.now >= end, until=end)


def platform_for(receiver: Receiver, **settings: object) -> Platform:
    platform = Platform(Settings().replace(**settings))
    platform.base_url = "http://127.0.0.1:7267"
    platform.add_target(receiver.url)
    return platform


async def test_whatever_is_planned_is_posted_without_being_asked_for():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        async with pumping(platform):
            session = platform.apply("create", "ScenarioSession")
            platform.apply("finish", session)
            await receiver.has(3)
            await until(lambda: platform.idle_drained)

    assert receiver.words == ["create", "finished", "update"]
    assert (platform.tally().delivered, platform.tally().attempts) == (3, 3)


async def test_what_was_planned_before_the_pump_began_is_posted_at_the_first_nudge():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        platform.apply("create", "ScenarioSession")
        async with pumping(platform) as pump:
            pump.nudge()
            await receiver.has(1)

    assert receiver.words == ["create"]


async def test_unordered_posts_are_in_flight_together():
    async with receiving() as receiver:
        platform = platform_for(receiver, ordering="none")
        receiver.hold.clear()
        async with pumping(platform) as pump:
            for number in range(20):
                platform.emit(type="iot", event=f"e{number}", data={})
            await receiver.has(16)
            assert len(receiver.hooks) == 16
            receiver.hold.set()
            over = await pump.wait(drained(platform))

    assert over
    assert sorted(receiver.words) == sorted(f"e{number}" for number in range(20))


async def test_failed_post_is_reported_in_words():
    async with receiving() as receiver:
        url = receiver.url
    platform = Platform(Settings().replace(retry="none"))
    platform.add_target(url)
    async with pumping(platform) as pump:
        platform.emit(type="iot", event="connected", data={})
        over = await pump.wait(drained(platform))

    (ended,) = [entry.fact for entry in platform.journal.select(kinds=["outcome"])]
    assert over
    assert (ended.outcome.error, ended.verdict) == ("connection refused", "given_up")


async def test_clock_at_max_stands_while_nobody_waits():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        async with pumping(platform):
            platform.apply("create", "ScenarioSession")
            await until(lambda: platform.idle_drained)

    assert platform.now == VIRTUAL_START


async def test_clock_at_max_jumps_for_whoever_waits():
    platform = Platform(Settings())
    async with pumping(platform) as pump:
        over = await pump.wait(passed(platform, 5 * 86_400_000))

    assert over
    assert iso_millis(platform.now) == "2021-03-06T08:00:00.000Z"


async def test_clock_at_max_stands_while_a_post_is_in_flight():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        receiver.hold.clear()
        async with pumping(platform) as pump:
            platform.apply("create", "ScenarioSession")
            waiting = asyncio.ensure_future(pump.wait(passed(platform, 1000)))
            await receiver.has(1)
            held = platform.now
            receiver.hold.set()
            await waiting

    assert (held, platform.now) == (VIRTUAL_START, VIRTUAL_START + 1000)


async def test_whoever_waited_acts_before_the_clock_goes_on():
    platform = Platform(Settings())
    moments = []

    async def act(pump: Pump) -> None:
        await pump.wait(passed(platform, 1000))
        moments.append(platform.now - VIRTUAL_START)

    async with pumping(platform) as pump:
        acting = asyncio.ensure_future(act(pump))
        await pump.wait(passed(platform, 60_000))
        await acting

    assert moments == [1000]
    assert platform.now == VIRTUAL_START + 60_000


async def test_wait_that_times_out_is_false_and_moves_nothing():
    platform = Platform(Settings())
    async with pumping(platform) as pump:
        over = await pump.wait(Wait(lambda _idle: False, timeout=0.02))

    assert not over
    assert platform.now == VIRTUAL_START


async def test_quiet_is_counted_in_wall_time_since_the_last_movement():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        async with pumping(platform) as pump:
            platform.apply("create", "ScenarioSession")
            began = asyncio.get_running_loop().time()
            over = await pump.wait(Wait(lambda idle: idle >= 0.1, quiet=0.1, timeout=5))
            took = asyncio.get_running_loop().time() - began

    assert over
    assert receiver.words == ["create"]
    assert 0.1 <= took < 2


async def test_running_clock_ends_a_wait_by_itself():
    platform = Platform(Settings().replace(speed="100"))
    async with pumping(platform) as pump:
        began = asyncio.get_running_loop().time()
        over = await pump.wait(passed(platform, 5000))
        took = asyncio.get_running_loop().time() - began

    assert over
    assert 0.045 <= took < 2


async def test_new_clock_is_looked_at_after_a_nudge():
    platform = Platform(Settings().replace(speed="real"))
    async with pumping(platform) as pump:
        waiting = asyncio.ensure_future(pump.wait(passed(platform, 86_400_000)))
        await until(lambda: pump._timer is not None)
        platform.clock = Platform(Settings().replace(start=platform.now)).clock
        pump.nudge()
        assert await waiting


async def test_swap_cancels_posts_and_tells_whoever_waits():
    async with receiving() as receiver:
        old = platform_for(receiver)
        receiver.hold.clear()
        async with pumping(old) as pump:
            old.apply("create", "ScenarioSession")
            await receiver.has(1)
            waiting = asyncio.ensure_future(pump.wait(drained(old)))
            await until(lambda: bool(pump._waiters))
            new = platform_for(receiver)
            pump.swap(new)
            with pytest.raises(
                StateError, match="the simulator was reset, or put back to a snapshot, while this waited"
            ):
                await waiting
            receiver.hold.set()
            new.apply("create", "Call")
            over = await pump.wait(drained(new))

    assert over
    assert old.tally().delivered == 0
    assert new.tally().delivered == 1
    assert [hook["data"]["resource-type"] for hook in receiver.hooks] == ["ScenarioSession", "Call"]


async def test_what_a_turn_has_begun_is_not_posted_when_work_in_it_swaps():
    async with receiving(status=500) as receiver:
        old, new = platform_for(receiver, retry="1m"), platform_for(receiver, retry="none")
        old.apply("create", "ScenarioSession")
        async with pumping(old) as pump:

            def work() -> Generator[Effect, bool, None]:
                # The second attempt is due at the same moment.
                yield passed(old, 60_000)
                pump.swap(new)
                new.apply("create", "Call")
                yield drained(new)

            await pump.drive(work())

    assert old.tally().attempts == 2
    assert [hook["data"]["resource-type"] for hook in receiver.hooks] == ["ScenarioSession", "Call"]


async def test_journal_of_the_old_platform_is_no_longer_heard_after_a_swap():
    async with receiving() as receiver:
        old = platform_for(receiver)
        async with pumping(old) as pump:
            pump.swap(Platform(Settings()))
            old.apply("create", "ScenarioSession")
            assert await pump.wait(Wait(lambda idle: idle >= 0.02, quiet=0.02, timeout=5))

    assert receiver.hooks == []


async def test_close_tells_whoever_waits_and_refuses_new_waits():
    platform = Platform(Settings())
    async with pumping(platform) as pump:
        waiting = asyncio.ensure_future(pump.wait(Wait(lambda _idle: False)))
        await until(lambda: bool(pump._waiters))
        await pump.close()
        with pytest.raises(StateError, match="the simulator stopped while this waited"):
            await waiting
        with pytest.raises(StateError, match="the simulator has stopped"):
            await pump.wait(Wait(lambda _idle: True))


async def test_close_returns_at_once_while_a_post_is_in_flight():
    async with receiving() as receiver:
        platform = platform_for(receiver, timeout="1h")
        receiver.hold.clear()
        async with pumping(platform) as pump:
            platform.apply("create", "ScenarioSession")
            await receiver.has(1)
            began = asyncio.get_running_loop().time()
            await pump.close()
            took = asyncio.get_running_loop().time() - began

    assert took < 0.5


async def test_round_that_was_asked_for_before_the_end_does_nothing_after_it():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        async with pumping(platform) as pump:
            platform.apply("create", "ScenarioSession")
            await pump.close()

    assert receiver.hooks == []


async def test_cancelled_wait_is_forgotten():
    platform = Platform(Settings())
    asked = []

    def never(idle: float) -> bool:
        asked.append(idle)
        return False

    async with pumping(platform) as pump:
        waiting = asyncio.ensure_future(pump.wait(Wait(never)))
        await until(lambda: bool(asked))
        waiting.cancel()
        pump.nudge()
        await asyncio.gather(waiting, return_exceptions=True)

        assert pump._waiters == []


@pytest.mark.parametrize("over", [True, False], ids=["over", "timed-out"])
async def test_wait_that_ends_while_it_is_cancelled_harms_nobody(over):
    platform = Platform(Settings())
    ready = False
    async with pumping(platform) as pump:
        waiting = asyncio.ensure_future(pump.wait(Wait(lambda _idle: ready, timeout=None if over else 0)))
        await asyncio.tasks.sleep(0)
        waiting.cancel()
        ready = over
        pump._round()

        assert pump._waiters == []
        assert await asyncio.gather(waiting, return_exceptions=True) != []


async def test_swap_while_a_wait_is_being_cancelled_harms_nobody():
    async with pumping(Platform(Settings())) as pump:
        waiting = asyncio.ensure_future(pump.wait(Wait(lambda _idle: False)))
        await until(lambda: bool(pump._waiters))
        waiting.cancel()
        pump.swap(Platform(Settings()))
        (ended,) = await asyncio.gather(waiting, return_exceptions=True)

    assert isinstance(ended, asyncio.CancelledError)


async def test_work_is_driven_through_its_waits_to_its_result():
    platform = Platform(Settings())

    def work() -> Generator[Wait, bool, list[bool]]:
        first = yield passed(platform, 1000)
        second = yield Wait(lambda _idle: False, timeout=0.01)
        return [first, second]

    async with pumping(platform) as pump:
        assert await pump.drive(work()) == [True, False]


async def test_work_that_waits_for_nothing_returns_at_once():
    def work() -> Generator[Wait, bool, str]:
        return "done"
        yield

    async with pumping(Platform(Settings())) as pump:
        assert await pump.drive(work()) == "done"


async def test_work_learns_of_a_reset_where_it_waits():
    told = []

    def work() -> Generator[Wait, bool, None]:
        try:
            yield Wait(lambda _idle: False)
        except StateError as error:
            told.append(str(error))
            raise

    async with pumping(Platform(Settings())) as pump:
        driving = asyncio.ensure_future(pump.drive(work()))
        await until(lambda: bool(pump._waiters))
        pump.swap(Platform(Settings()))
        with pytest.raises(StateError):
            await driving

    assert told == ["the simulator was reset, or put back to a snapshot, while this waited."]


async def test_cancelled_work_is_closed():
    closed = []

    def work() -> Generator[Wait, bool, None]:
        try:
            yield Wait(lambda _idle: False)
        finally:
            closed.append(True)

    async with pumping(Platform(Settings())) as pump:
        driving = asyncio.ensure_future(pump.drive(work()))
        await until(lambda: bool(pump._waiters))
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)

    assert closed == [True]


async def test_mistake_in_a_wait_reaches_whoever_waits_and_the_log():
    seen = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: seen.append(context["exception"]))

    async with pumping(Platform(Settings())) as pump:
        with pytest.raises(ZeroDivisionError) as raised:
            await pump.wait(Wait(lambda _idle: bool(1 / 0)))

    assert seen == [raised.value]


async def test_mistake_in_a_wait_loses_no_post():
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    async with receiving() as receiver:
        platform = platform_for(receiver)
        async with pumping(platform) as pump:
            platform.apply("create", "ScenarioSession")
            with pytest.raises(ZeroDivisionError):
                await pump.wait(Wait(lambda _idle: bool(1 / 0)))
            await receiver.has(1)
            await until(lambda: platform.idle_drained)

    assert platform.tally().delivered == 1


async def test_work_that_only_lets_time_pass_leaves_room_for_others():
    platform = Platform(Settings())
    turns = []

    def work() -> Generator[Wait, bool, None]:
        for _ in range(10):
            yield passed(platform, 1000)

    async def count() -> None:
        while True:
            turns.append(platform.now)
            await asyncio.tasks.sleep(0)

    async with pumping(platform) as pump:
        counting = asyncio.ensure_future(count())
        await pump.drive(work())
        counting.cancel()

    assert len(set(turns)) > 5


async def test_steps_that_wait_for_their_posts_are_posted_one_by_one():
    async with receiving() as receiver:
        platform = platform_for(receiver)

        def work() -> Generator[Wait, bool, list[int]]:
            seen = []
            session = platform.apply("create", "ScenarioSession")
            for _ in range(3):
                platform.apply("update", session)
                yield Wait(lambda _idle: not platform.busy, until=platform.now)
                seen.append(len(receiver.hooks))
            return seen

        async with pumping(platform) as pump:
            assert await pump.drive(work()) == [2, 3, 4]


async def test_what_no_post_waits_for_is_done_once_it_is_on_its_way():
    seen = []

    class Noting(Sender):
        def post(self, attempt, ended):
            seen.append("posted")
            super().post(attempt, ended)

    async with receiving() as receiver:
        platform = platform_for(receiver)
        sender = Noting()
        pump = Pump(platform, sender)
        pump.afterwards = lambda: seen.append(platform.journal.counts["attempt"])
        for _ in range(2):
            platform.emit(type="iot", event="connected", data={})
        await pump.wait(drained(platform))
        await pump.close()
        await sender.close()

    assert seen[:4] == ["posted", 1, "posted", 2]


async def test_mistake_in_a_report_reaches_whoever_waits_and_the_log():
    class Broken(Platform):
        def report(self, attempt, outcome):
            raise ZeroDivisionError

    seen = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: seen.append(context["exception"]))
    async with receiving() as receiver:
        platform = Broken(Settings())
        platform.add_target(receiver.url)
        async with pumping(platform) as pump:
            platform.emit(type="iot", event="connected", data={})
            with pytest.raises(ZeroDivisionError):
                await pump.wait(drained(platform))

    assert [type(one) for one in seen] == [ZeroDivisionError]


async def test_idle_pump_has_no_timer_and_uses_no_processor():
    async with receiving() as receiver:
        platform = platform_for(receiver, speed="real")
        async with pumping(platform) as pump:
            platform.apply("create", "ScenarioSession")
            await until(lambda: platform.idle_drained)
            waiting = asyncio.ensure_future(pump.wait(Wait(lambda _idle: False)))
            await until(lambda: bool(pump._waiters) and not pump._soon)
            before = resource.getrusage(resource.RUSAGE_THREAD)
            await pump.wait(Wait(lambda idle: idle >= 0.3, quiet=0.3))
            after = resource.getrusage(resource.RUSAGE_THREAD)
            timer = pump._timer
            waiting.cancel()

    used = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    assert timer is None
    assert used < 0.03


class Keeper:
    """Counts commits, and refuses them once there is no room."""

    def __init__(self) -> None:
        self.commits = 0
        self.room = True

    def commit(self) -> None:
        if not self.room:
            raise UsageError("there is no room")
        self.commits += 1


async def test_what_begins_in_one_turn_of_the_loop_is_posted_after_one_commit():
    keeper = Keeper()
    async with receiving() as receiver:
        platform = platform_for(receiver, ordering="none")
        receiver.hold.clear()
        for _ in range(10):
            platform.apply("create", "ScenarioSession")
        sender = Sender()
        pump = Pump(platform, sender, commit=keeper.commit)
        pump.nudge()
        await receiver.has(10)
        commits = keeper.commits
        receiver.hold.set()
        await pump.wait(drained(platform))
        await pump.close()
        await sender.close()

    assert commits == 1
    assert platform.tally().delivered == 10


async def test_nothing_is_posted_that_could_not_be_committed_and_whoever_waits_is_told():
    keeper = Keeper()
    keeper.room = False
    async with receiving() as receiver:
        platform = platform_for(receiver)
        sender = Sender()
        pump = Pump(platform, sender, commit=keeper.commit)
        waiting = asyncio.ensure_future(pump.wait(drained(platform)))
        platform.apply("create", "ScenarioSession")
        failure = await pump.failure()
        with pytest.raises(UsageError, match="there is no room"):
            await waiting
        with pytest.raises(UsageError, match="there is no room"):
            await pump.wait(drained(platform))
        with pytest.raises(UsageError, match="there is no room"):
            pump.commit()
        await pump.close()
        await sender.close()

    assert str(failure) == "there is no room."
    assert receiver.hooks == []


async def test_nothing_is_posted_any_more_once_it_is_closed():
    keeper = Keeper()
    async with receiving() as receiver:
        platform = platform_for(receiver)
        sender = Sender()
        pump = Pump(platform, sender, commit=keeper.commit)
        platform.apply("create", "ScenarioSession")
        await until(lambda: platform.tally().attempts == 1)
        # It has begun, and is posted when the loop turns again.
        await pump.close()
        await until(lambda: True)
        await sender.close()

    assert (receiver.hooks, keeper.commits) == ([], 0)


def probing(probe: Probe) -> Generator[Effect, bool, Probe]:
    assert (yield probe)
    yield Wait(lambda _idle: probe.outcome is not None)
    return probe


async def test_probe_asks_the_receiver_and_leaves_no_trace_in_the_journal():
    async with receiving(status=203) as receiver:
        platform = platform_for(receiver)
        before = platform.journal.last
        async with pumping(platform) as pump:
            probe = await pump.drive(probing(Probe("POST", receiver.url, body=b'{"event": "asked"}')))

    assert probe.outcome is not None
    assert (probe.outcome.status, receiver.words) == (203, ["asked"])
    assert platform.journal.last == before


async def test_time_stands_still_while_a_probe_is_in_flight():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        receiver.hold.clear()
        async with pumping(platform) as pump:
            asking = asyncio.ensure_future(
                pump.drive(probing(Probe("POST", receiver.url, body=b'{"event": "a"}')))
            )
            await receiver.has(1)
            waiting = asyncio.ensure_future(pump.wait(passed(platform, 60_000)))
            for _ in range(20):
                await asyncio.tasks.sleep(0)
            stood = platform.now
            receiver.hold.set()
            await asyncio.gather(asking, waiting)

    assert (stood, platform.now) == (VIRTUAL_START, VIRTUAL_START + 60_000)


async def test_time_goes_on_when_whoever_probed_has_gone():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        receiver.hold.clear()
        async with pumping(platform) as pump:
            asking = asyncio.ensure_future(
                pump.drive(probing(Probe("POST", receiver.url, body=b'{"event": "a"}')))
            )
            await receiver.has(1)
            waiting = asyncio.ensure_future(pump.wait(passed(platform, 60_000)))
            asking.cancel()
            assert await waiting


async def test_reset_ends_a_probe_for_whoever_probed():
    async with receiving() as receiver:
        platform = platform_for(receiver)
        receiver.hold.clear()
        probe = Probe("POST", receiver.url, body=b'{"event": "a"}')
        async with pumping(platform) as pump:
            asking = asyncio.ensure_future(pump.drive(probing(probe)))
            await receiver.has(1)
            pump.swap(Platform(Settings()))
            with pytest.raises(StateError):
                await asking
            assert await pump.wait(passed(pump._platform, 1000))

    assert probe.outcome is None


async def test_nothing_is_probed_that_could_not_be_committed():
    keeper = Keeper()
    keeper.room = False
    async with receiving() as receiver:
        sender = Sender()
        pump = Pump(platform_for(receiver), sender, commit=keeper.commit)
        with pytest.raises(UsageError, match="there is no room"):
            await pump.drive(probing(Probe("POST", receiver.url, body=b'{"event": "a"}')))
        await sender.close()

    assert receiver.hooks == []
