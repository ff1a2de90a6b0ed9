"""Whatever moment a process is killed at: nothing that anybody was told of is lost, and nothing is sent after it arrived."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from simulator.clock import Moment
from simulator.control.running import give_faults
from simulator.errors import StateError, UsageError
from simulator.journal import DeliveryPlanned, OutcomeSeen
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.store.file import File
from simulator.wire import Attempt, Outcome
from tests.store.remembering import TARGET, Killed, Process, state_of

OTHER = "http://127.0.0.1:9/other"


class Receiver:
    """Answers as chance has it, and remembers what arrived and which successes the simulator knows of."""

    def __init__(self, seed: int) -> None:
        self.chance = Seed(seed).stream("receiver")
        self.came: dict[int, list[int]] = {}
        self.arrived: set[int] = set()
        self.recorded: set[int] = set()

    def __call__(self, attempt: Attempt) -> Outcome:
        assert attempt.delivery not in self.recorded, "an attempt after a recorded success"
        numbers = self.came.setdefault(attempt.delivery, [])
        assert attempt.number >= (numbers[-1] if numbers else 1)
        numbers.append(attempt.number)
        if self.chance.random() < 0.3:
            return Outcome(self.chance.choice([500, 503, None]))
        self.arrived.add(attempt.delivery)
        return Outcome(200)


def work(process: Process, receiver: Receiver, told: list[str], count: int) -> None:
    """Create sessions, each acknowledged once it is committed, and post what is due in between."""
    for _ in range(count):
        session = process.platform.apply("create", "ScenarioSession", {"externalData": {"n": len(told)}})
        process.stage.commit()
        told.append(session.id)
        process.deliver(receiver, most=2)
        process.platform.apply("pause", session)
        process.stage.commit()


@pytest.mark.parametrize("after", [False, True], ids=["before a commit", "after a commit"])
@pytest.mark.parametrize("cut", range(1, 51))
def test_killed_at_any_moment_it_loses_nothing(tmp_path, cut, after):
    process = Process(tmp_path / "scope.db", retry="5s,5s,5s,5s,5s,5s,5s,5s,5s", targets=[TARGET])
    receiver, told = Receiver(cut), []
    process.cut(cut, after=after)
    with pytest.raises(Killed):
        work(process, receiver, told, 14)
    process.crash()
    receiver.recorded = set(process.platform.dispatch._settled)

    known = {resource.id for resource in process.platform.resources("ScenarioSession", limit=1000)}
    work(process, receiver, told, 1)
    process.deliver(receiver)

    assert set(told[:-1]) <= known
    tally = process.platform.tally()
    assert (tally.pending, tally.given_up, tally.delivered) == (0, 0, tally.planned)
    planned = [entry.fact for entry in process.platform.journal.select(kinds=["delivery"])]
    assert {fact.delivery for fact in planned if isinstance(fact, DeliveryPlanned)} == receiver.arrived
    assert {fact.id for fact in planned if isinstance(fact, DeliveryPlanned)} >= set(told)
    # Whoever answered a post whose end was not recorded may see one more, and no more than that.
    twice = [numbers for number, numbers in receiver.came.items() if _successes(process, number) < 1]
    assert twice == []
    process.stop()


def _successes(process: Process, number: int) -> int:
    facts = [entry.fact for entry in process.platform.journal.of_delivery(number)]
    return sum(isinstance(fact, OutcomeSeen) and fact.verdict == "delivered" for fact in facts)


FAULTS = [
    "delivery.drop=true,times=2",
    "delivery.duplicate=2,chance=0.5",
    "delivery.reorder=2,chance=0.5",
    "delivery.delay=10s,chance=0.5",
    "delivery.answer_lost=true,times=2",
    "delivery.unreachable=true,chance=0.3",
    "delivery.damage=truncate,chance=0.5",
    "api.status=503,times=1",
]


class AnyMix(RuleBasedStateMachine):
    """Commands, outcomes, faults, resets, restarts and kills, in any order."""

    @initialize(
        ordering=st.sampled_from(["first", "strict", "none"]),
        retry=st.sampled_from(["none", "5s", "5s,1m"]),
        generation=st.sampled_from(["1", "both"]),
        bound=st.sampled_from([5, 100_000]),
    )
    def begin(self, ordering: str, retry: str, generation: str, bound: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.process = Process(
            Path(self.folder.name) / "scope.db",
            ordering=ordering,
            retry=retry,
            generation=generation,
            journal_bound=bound,
            sessions=3,
        )
        self.process.stage.add_target(TARGET)
        self.flying: list[Attempt] = []
        self.succeeded: set[int] = set()

    @property
    def platform(self) -> Any:
        return self.process.platform

    @rule(verb=st.sampled_from(["create", "pause", "resume", "finish", "delete"]), data=st.data())
    def command(self, verb: str, data: st.DataObject) -> None:
        known = [one.id for one in self.platform.resources("ScenarioSession", after=3)]
        try:
            if verb == "create":
                self.platform.apply("create", "ScenarioSession", {"externalData": {"known": len(known)}})
            elif known:
                self.platform.apply(verb, data.draw(st.sampled_from(known)))
        except StateError:
            pass

    @rule(fault=st.lists(st.sampled_from(FAULTS), max_size=3))
    def go_wrong(self, fault: list[str]) -> None:
        self.platform.set_faults(Settings().replace(faults="\n".join(fault)).faults)

    @rule()
    def begin_attempts(self) -> None:
        due = self.platform.due()
        self.process.stage.commit()
        assert self.succeeded.isdisjoint(attempt.delivery for attempt in due)
        self.flying += due

    @precondition(lambda self: self.flying)
    @rule(status=st.sampled_from([200, 204, 500, 410, None]), place=st.integers(0, 100))
    def end_attempt(self, status: int | None, place: int) -> None:
        attempt = self.flying.pop(place % len(self.flying))
        self.platform.report(attempt, Outcome(status))
        self.process.stage.commit()
        if any(
            isinstance(entry.fact, OutcomeSeen) and entry.fact.verdict == "delivered"
            for entry in self.platform.journal.of_delivery(attempt.delivery)
        ):
            self.succeeded.add(attempt.delivery)

    @rule()
    def pass_time(self) -> None:
        due = self.platform.next_due()
        if due is not None and due > self.platform.now:
            begun = self.platform.advance(due)
            self.process.stage.commit()
            self.flying += begun

    @rule(url=st.sampled_from([TARGET, OTHER]))
    def add(self, url: str) -> None:
        self.process.stage.add_target(url)

    @precondition(lambda self: self.platform.targets)
    @rule(deed=st.sampled_from(["disable_target", "enable_target", "remove_target"]), place=st.integers(0, 9))
    def change_target(self, deed: str, place: int) -> None:
        targets = self.platform.targets
        getattr(self.platform, deed)(targets[place % len(targets)].id)

    @rule(number=st.integers(1, 10))
    def resend(self, number: int) -> None:
        if not self.platform.resend([number]):
            self.succeeded.discard(number)

    @rule(seed=st.sampled_from([1, 2]))
    def reset(self, seed: int) -> None:
        self.process.stage.reset(seed=seed)
        self.flying, self.succeeded = [], set()

    @rule()
    def restart(self) -> None:
        before = state_of(self.platform)
        self.process.stop()
        self.come_back(before)

    @rule()
    def kill(self) -> None:
        self.process.stage.commit()
        before = state_of(self.platform)
        self.process.kill()
        self.come_back(before)

    def come_back(self, before: dict[str, Any]) -> None:
        flying, self.flying = len(self.flying), []
        self.process.again()
        after = state_of(self.platform)
        if (
            flying
            or before["tally"].attempts != after["tally"].attempts
            or self.platform.settings.journal_bound < 100
        ):
            # What was in flight has ended since, and the note of the start may have pushed out what stood first.
            for name in ("journal", "ended", "tally", "planned"):
                del before[name], after[name]
        assert after == before

    @invariant()
    def every_payload_is_somewhere(self) -> None:
        counts = self.platform.dispatch.outbox.counts
        fates = (
            counts.waiting,
            counts.retrying,
            counts.in_flight,
            counts.delivered,
            counts.given_up,
            counts.dropped,
        )
        assert counts.planned == sum(fates)

    def teardown(self) -> None:
        if hasattr(self, "process"):
            self.process.kill()
            self.process.again()
            for target in self.platform.targets:
                self.platform.enable_target(target.id)
            self.platform.set_faults(())
            self.process.deliver(lambda _: Outcome(200))
            tally = self.platform.tally()
            assert (tally.pending, tally.planned) == (0, tally.delivered + tally.given_up + tally.dropped)
            self.process.kill()
            self.folder.cleanup()


TestAnyMix = AnyMix.TestCase
TestAnyMix.settings = limits(max_examples=30, stateful_step_count=25, deadline=None)


# ---------------------------------------------------------------------------------------------------- bounds, a full disk


def rows(process: Process, query: str) -> list[tuple[Any, ...]]:
    return list(process.file.rows(query))


def test_what_was_dropped_is_in_the_file_no_more(tmp_path):
    process = Process(tmp_path / "scope.db", targets=[TARGET])
    process.platform.apply("create", "ScenarioSession")
    process.stage.commit()
    before = rows(process, "SELECT number FROM deliveries")

    process.platform.remove_target("1")
    process.stage.commit()

    assert (
        before,
        rows(process, "SELECT number FROM deliveries"),
        rows(process, "SELECT * FROM targets"),
    ) == (
        [(1,)],
        [],
        [],
    )
    process.stop()


def test_token_that_is_forgotten_is_in_the_file_no_more(tmp_path):
    process = Process(tmp_path / "scope.db")
    auth, now = process.platform.auth, process.platform.now
    auth.sign_in(auth.username, auth.password, now)
    process.stage.commit()
    _, token = auth.sign_in(auth.username, auth.password, Moment(now + 61 * 86_400_000))

    process.stage.commit()

    assert rows(process, "SELECT text FROM tokens") == [(token,)]
    process.stop()


def test_nothing_new_is_nothing_to_write(tmp_path):
    process = Process(tmp_path / "scope.db")
    process.cut(1)

    process.stage.commit()

    process.platform.clock.move(Moment(process.platform.now + 1))
    with pytest.raises(Killed):
        process.stage.commit()
    process.kill()


def test_file_holds_no_more_of_what_has_ended_than_the_journal(tmp_path):
    process = Process(tmp_path / "scope.db", journal_bound=100, targets=[TARGET])
    for _ in range(3000):
        process.platform.emit(type="iot", event="connected", data={})
    process.deliver(lambda _: Outcome(200))
    process.stop()

    file = File(process.path)
    ((entries, ended),) = file.rows(
        "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM deliveries)"
    )
    file.close()
    process.again()

    assert 100 <= entries <= 100 + 2 * 1000 + 1
    assert ended <= 1000
    assert process.platform.tally().delivered == 3000
    assert len(process.platform.journal.select()) == 100
    assert process.platform.journal.last == 9002
    process.stop()


def test_file_holds_no_more_excuses_than_there_is_to_send_again_and_counts_all(tmp_path):
    process = Process(tmp_path / "scope.db", journal_bound=100, targets=[TARGET], retry="none")
    give_faults(process.platform, delivery=[{"answer_lost": True}])
    for _ in range(400):
        process.platform.emit(type="iot", event="connected", data={})
    process.deliver(lambda _: Outcome(200))
    held = len(process.platform.dispatch._excused)
    process.platform.emit(type="iot", event="connected", data={})
    process.deliver(lambda _: Outcome(200))
    process.stop()

    file = File(process.path)
    ((excused,),) = file.rows("SELECT count(*) FROM excused")
    file.close()
    process.again()

    assert held <= 100
    assert excused <= 400
    assert process.platform.dispatch.excused == 401
    assert process.platform.dispatch.resend([401], process.platform.now, ended=lambda _: False) == {}
    give_faults(process.platform, delivery=[])
    process.deliver(lambda _: Outcome(200))
    assert process.platform.dispatch.excused == 400
    process.stop()


def test_full_disk_ends_it_and_leaves_nothing_half_written(tmp_path):
    process = Process(tmp_path / "scope.db", targets=[TARGET])
    pages = process.file._base.execute("PRAGMA page_count").fetchone()[0]
    process.file._base.execute(f"PRAGMA max_page_count = {pages + 12}")
    process.platform.apply("create", "ScenarioSession")
    process.stage.commit()
    before = state_of(process.platform)
    process.platform.emit(type="iot", event="connected", data={"big": "x" * 100_000})

    with pytest.raises(UsageError) as caught:
        process.stage.commit()

    assert str(caught.value) == (
        f"db: the file {process.path} cannot grow: the disk is full. "
        "Make room and start again; the file holds all that anybody was told of."
    )
    with pytest.raises(UsageError):
        process.stage.commit()
    process.restart()
    assert state_of(process.platform) == before
    process.stop()


def test_stage_without_a_file_remembers_nothing():
    from simulator.control.stage import Stage

    stage = Stage()
    stage.commit()
    stage.close()

    assert stage.remembers is False


def test_stopping_twice_is_stopping_once(tmp_path):
    process = Process(tmp_path / "scope.db")

    process.stop()
    process.stop()

    assert process.stage.remembers is True
