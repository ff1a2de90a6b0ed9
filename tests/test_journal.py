"""The journal numbers, bounds and hands on what happened, and finds what is about one resource."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.clock import Moment
from simulator.journal import (
    Asked,
    AttemptMade,
    ChangeMade,
    DeliveryPlanned,
    Entry,
    Journal,
    Noted,
    OutcomeSeen,
    RequestAnswered,
    StepPlayed,
)
from simulator.wire import Answer, Attempt, Outcome, Request

NOW = Moment(0)
PLANNED = DeliveryPlanned(1, "t1", "create", "ScenarioSession", "A")
ATTEMPT = Attempt(1, 1, "http://127.0.0.1:9000/", (), b"{}", 10.0)


def change(node_id: str) -> ChangeMade:
    return ChangeMade("update", "ScenarioSession", node_id, ("update",), None)


def asked(*ids: str) -> RequestAnswered:
    request = Request("POST", "/api/v3/graphql")
    fields = frozenset({"id"})
    return RequestAnswered(
        request, Answer(200, b"{}"), "graphql", None, tuple(Asked(i, fields) for i in ids), False
    )


def filled(count: int, bound: int = 100) -> Journal:
    journal = Journal(bound)
    for number in range(1, count + 1):
        journal.append(Moment(number), Noted(str(number)))
    return journal


def numbers(entries) -> list[int]:
    return [entry.number for entry in entries]


@pytest.mark.parametrize(
    ("fact", "kind", "about"),
    [
        (change("A"), "change", ("A",)),
        (PLANNED, "delivery", ("A",)),
        (DeliveryPlanned(1, "t1", "connected", "iot", None), "delivery", ()),
        (AttemptMade(PLANNED, ATTEMPT), "attempt", ("A",)),
        (OutcomeSeen(PLANNED, ATTEMPT, Outcome(200), "delivered"), "outcome", ("A",)),
        (asked("A", "B", "A"), "request", ("A", "B")),
        (asked(), "request", ()),
        (StepPlayed("a.yaml:3", "finish: session"), "step", ()),
        (Noted("reset"), "note", ()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fact_says_its_kind_and_what_it_is_about(fact, kind, about):
    assert (fact.kind, fact.about) == (kind, about)


def test_entries_are_numbered_from_1_and_counted_by_kind():
    journal = Journal()

    entries = [journal.append(Moment(5), Noted("a")), journal.append(Moment(6), change("A"))]

    assert entries == [Entry(1, Moment(5), Noted("a")), Entry(2, Moment(6), change("A"))]
    assert (journal.last, journal.evicted, journal.counts) == (2, 0, {"note": 1, "change": 1})


def test_empty_journal_has_no_last_entry():
    assert (Journal().last, Journal().evicted, list(Journal().since(0))) == (0, 0, [])


def test_only_the_newest_entries_are_held_but_all_are_counted():
    journal = filled(10, bound=3)

    assert numbers(journal.since(0)) == [8, 9, 10]
    assert (journal.last, journal.evicted, journal.counts["note"]) == (10, 7, 10)


@pytest.mark.parametrize("bound", [1, 2, 7, 100])
@pytest.mark.parametrize("after", [0, 3, 5, 9, 10, 11])
def test_since_gives_what_came_after_oldest_first(bound, after):
    journal = filled(10, bound)

    assert numbers(journal.since(after)) == [n for n in range(1, 11) if n > max(after, 10 - bound)]


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, None), (3, None), (4, 0.4), (5, 0.5), (6, None)],
    ids=["no entry", "evicted", "oldest", "newest", "to come"],
)
def test_a_timer_tells_when_what_is_held_was_written(number, written):
    seconds = iter([0.1, 0.2, 0.3, 0.4, 0.5])
    journal = Journal(2, timer=lambda: next(seconds))
    for text in "abcde":
        journal.append(NOW, Noted(text))

    assert journal.written(number) == written


def test_all_that_is_held_tells_when_it_was_written():
    seconds = iter([0.1, 0.2, 0.3])
    journal = Journal(2, timer=lambda: next(seconds))
    for text in "abc":
        journal.append(NOW, Noted(text))

    assert list(journal.all_written()) == [0.2, 0.3]


def test_without_a_timer_nobody_knows_when():
    journal = filled(2)

    assert (journal.written(1), list(journal.all_written())) == (None, [None, None])


def test_followers_see_each_entry_in_turn_until_they_end():
    journal = Journal()
    seen = []
    end_first = journal.follow(lambda entry: seen.append(("first", entry.number)))
    journal.follow(lambda entry: seen.append(("second", entry.number)))

    journal.append(NOW, Noted("a"))
    end_first()
    end_first()
    journal.append(NOW, Noted("b"))

    assert seen == [("first", 1), ("second", 1), ("second", 2)]


def test_the_same_follower_can_follow_twice():
    journal = Journal()
    seen = []
    journal.follow(seen.append)
    end = journal.follow(seen.append)

    end()
    journal.append(NOW, Noted("a"))

    assert numbers(seen) == [1]


def test_select_narrows_by_kind_resource_cursor_and_number():
    journal = Journal()
    for fact in (change("A"), asked("A"), change("B"), change("A"), Noted("x"), change("A")):
        journal.append(NOW, fact)

    assert numbers(journal.select()) == [1, 2, 3, 4, 5, 6]
    assert numbers(journal.select(kinds=["change"])) == [1, 3, 4, 6]
    assert numbers(journal.select(about="A")) == [1, 2, 4, 6]
    assert numbers(journal.select(about="A", kinds=["change"], after=1, limit=1)) == [4]
    assert numbers(journal.select(about="nobody")) == []
    assert numbers(journal.select(limit=0)) == []


@given(
    bound=st.integers(1, 8),
    ids=st.lists(st.lists(st.sampled_from("ABC"), max_size=3), max_size=40),
    looks=st.sets(st.integers(0, 40)),
    after=st.integers(0, 40),
)
def test_entries_about_a_resource_are_those_that_name_it(bound, ids, looks, after):
    journal = Journal(bound)
    for step, names in enumerate(ids):
        if step in looks:
            journal.about("A")
        journal.append(NOW, asked(*names))

    for name in "ABC":
        named = [entry for entry in journal.since(after) if name in entry.fact.about]
        assert journal.about(name, after=after) == named


@given(
    bound=st.integers(1, 8),
    told=st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(["delivery", "attempt", "outcome", "note"])), max_size=40
    ),
    looks=st.sets(st.integers(0, 40)),
    after=st.integers(0, 4),
)
def test_entries_of_a_delivery_are_those_that_tell_of_it(bound, told, looks, after):
    journal = Journal(bound)
    for step, (number, kind) in enumerate(told):
        if step in looks:
            journal.of_delivery(1)
        planned = DeliveryPlanned(number, "t1", "create", "Call", "A")
        facts = {
            "delivery": planned,
            "attempt": AttemptMade(planned, ATTEMPT),
            "outcome": OutcomeSeen(planned, ATTEMPT, Outcome(200), "delivered"),
            "note": Noted(str(number)),
        }
        journal.append(NOW, facts[kind])

    held = {number: [] for number in range(1, 5)}
    for entry, (number, kind) in zip(reversed([*journal.since(0)]), reversed(told), strict=False):
        if kind != "note":
            held[number].insert(0, entry)
    assert {number: journal.of_delivery(number) for number in held} == held
    assert journal.deliveries(after=after) == [n for n, entries in held.items() if entries and n > after]


def test_dropped_entries_are_counted_by_kind():
    journal = Journal(3)
    for fact in (change("A"), Noted("a"), change("A"), asked("A"), Noted("b"), Noted("c")):
        journal.append(NOW, fact)

    kinds = ["change", "note", "request", "outcome"]
    assert [journal.dropped([kind]) for kind in kinds] == [2, 1, 0, 0]
    assert journal.dropped(kinds) == journal.evicted == 3


def test_the_index_does_not_outgrow_the_bound():
    journal = Journal(10)
    journal.about("A")

    journal.of_delivery(1)

    for number in range(1000):
        journal.append(NOW, change("A"))
        journal.append(NOW, change(str(number)))
        journal.append(NOW, PLANNED)

    for index in (journal._about, journal._of_delivery):
        assert index is not None
        assert len(index.numbers) <= 10
        assert sum(map(len, index.numbers.values())) <= 20


def test_journal_goes_on_from_what_another_held():
    other = Journal(bound=3, timer=lambda: 5.0)
    entries = [Entry(number, Moment(0), Noted(str(number))) for number in (7, 8)]

    other.restore(entries, last=8, counts={"note": 8})
    written = other.append(Moment(1), Noted("9"))

    assert (other.select(), other.evicted, other.counts) == ([*entries, written], 6, {"note": 9})
    assert [other.written(number) for number in (7, 8, 9)] == [None, None, 5.0]


def test_journal_without_a_timer_goes_on_too():
    other = Journal()

    other.restore([Entry(1, Moment(0), Noted("1"))], last=1, counts={"note": 1})

    assert (other.last, other.written(1)) == (1, None)
