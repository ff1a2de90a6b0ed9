"""A watch counts as the journal grows, knows when to stop waiting, and explains what is unmet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.expect import QUIET, Answered, GivenUp, Queried, Verdict, Watch, excused, parse_statuses
from simulator.journal import ChangeMade
from tests.expect.story import HOOKS, NOW, Story

BUSY = 0.0


def met(story: Story, *expectations, since: int = 0) -> list[bool]:
    return [verdict.met for verdict in Watch(story.journal, expectations, since=since).verdicts()]


def only(story: Story, expectation) -> Verdict:
    return Watch(story.journal, [expectation]).verdicts()[0]


# answered


def test_answered_holds_as_soon_as_the_outcome_arrives():
    story = Story()
    watch = Watch(story.journal, [Answered("finished", of="A")])

    ready = [watch.ready(9.0)]
    made = story.begin("finished")
    ready.append(watch.ready(9.0))
    story.end(made)
    ready.append(watch.ready(BUSY))

    assert ready == [False, False, True]
    assert watch.verdicts() == [
        Verdict(
            Answered("finished", of="A"), True, "finished about A answered 2xx", "finished 200 in 0.010 s"
        )
    ]


def test_first_outcome_that_fits_is_the_one_that_is_told():
    story = Story()
    for status in (500, 201, 200):
        story.post("finished", status=status)

    assert only(story, Answered("finished")).seen == "finished 201 in 0.010 s"


@pytest.mark.parametrize(
    ("expectation", "expected"),
    [
        pytest.param(Answered("finished", of="A"), True, id="as it was"),
        pytest.param(Answered("finished"), True, id="any resource"),
        pytest.param(Answered(of="A"), True, id="any word"),
        pytest.param(Answered("update", of="A"), False, id="other word"),
        pytest.param(Answered("finished", of="B"), False, id="other resource"),
        pytest.param(Answered("finished", of="A", status=parse_statuses(204)), False, id="other status"),
        pytest.param(Answered("finished", of="A", took=0.005), False, id="too slow"),
    ],
)
def test_answered_counts_what_the_journal_holds_already(expectation, expected):
    story = Story()
    story.post("finished", "A")

    assert met(story, expectation) == [expected]


def test_event_about_no_resource_is_found_by_its_type():
    story = Story()
    story.post("connected", None, kind="iot")

    assert met(story, Answered("connected", type="iot"), Answered("connected", type="robot")) == [True, False]


def test_outcome_from_before_a_reset_does_not_count():
    story = Story()
    story.end(story.begin("finished"), verdict="stale")

    verdict = only(story, Answered("finished", of="A"))

    assert (verdict.met, verdict.seen) == (False, "1 attempt about A: finished in flight")


@pytest.mark.parametrize("of", ["A", None])
def test_only_entries_after_since_count(of):
    story = Story()
    story.post("finished")
    story.ask("A")
    since = story.journal.last
    wanted = (Answered("finished", of=of), Queried(of=of))

    assert met(story, *wanted, since=since) == [False, False]

    story.post("finished")
    story.ask("A")
    assert met(story, *wanted, since=since) == [True, True]


def test_webhook_that_came_to_nothing_is_not_waited_for_once_nothing_is_left_to_send():
    story = Story()
    watch = Watch(story.journal, [Answered("finished", of="A")])

    ready = [watch.ready(9.0, drained=True)]
    for word, of in (("update", "A"), ("finished", "B"), ("finished", "A")):
        story.post(word, of, status=None)
        ready.append((watch.ready(BUSY), watch.ready(BUSY, drained=True)))

    assert ready == [False, (False, False), (False, False), (False, True)]
    assert [watch.verdicts(drained=drained)[0].seen for drained in (False, True)] == [
        "2 attempts about A: update no answer, finished no answer",
        "2 attempts about A: update no answer, finished no answer; nothing more is due",
    ]


def test_receiver_may_ask_by_itself_though_a_webhook_came_to_nothing():
    story = Story()
    watch = Watch(story.journal, [Answered("finished", of="A"), Queried(of="A")])
    story.post("finished", status=None)
    ready = [watch.ready(9.0, drained=True)]
    story.ask("A")
    ready.append(watch.ready(9.0, drained=True))

    assert ready == [False, True]


# queried


def test_queried_holds_as_soon_as_a_request_fits():
    story = Story()
    watch = Watch(story.journal, [Queried(of="A", fields=("state",))])

    ready = []
    for act in (
        lambda: story.ask("B"),
        lambda: story.ask("A", fields="name"),
        lambda: story.ask("A", observer=True),
        lambda: story.ask("A", status=401),
        lambda: story.ask("A", route="sign_in"),
        lambda: story.ask("B", "A", fields="name state"),
    ):
        act()
        ready.append(watch.ready(BUSY))

    assert ready == [False] * 5 + [True]
    assert watch.verdicts()[0].seen == "1 fitting request"


@pytest.mark.parametrize(
    ("asked", "idle", "ready", "holds"),
    [
        pytest.param(0, QUIET, False, False, id="none yet"),
        pytest.param(1, 60.0, False, False, id="too few, however quiet"),
        pytest.param(2, BUSY, False, True, id="enough, but more may come"),
        pytest.param(2, QUIET - 0.01, False, True, id="not quiet long enough"),
        pytest.param(2, QUIET, True, True, id="enough and quiet"),
        pytest.param(3, BUSY, True, False, id="too many: nothing can mend it"),
    ],
)
def test_exact_number_waits_for_quiet(asked, idle, ready, holds):
    story = Story()
    watch = Watch(story.journal, [Queried(of="A", times=2)])

    for _ in range(asked):
        story.ask("A")

    assert (watch.ready(idle), watch.verdicts()[0].met) == (ready, holds)


@pytest.mark.parametrize(("idle", "ready"), [(BUSY, False), (QUIET, True)])
def test_that_nobody_asks_is_known_when_it_is_quiet(idle, ready):
    story = Story()
    story.ask("B")
    watch = Watch(story.journal, [Queried(of="A", times=0)])

    assert (watch.ready(idle), watch.verdicts()[0].met) == (ready, True)


def test_request_counts_only_after_the_attempt_began():
    story = Story()
    watch = Watch(story.journal, [Queried(of="A", after="created")])

    story.ask("A")
    story.begin("create", "B")
    story.ask("A")
    early = watch.ready(9.0)
    story.begin("create", "A")
    story.ask("A")

    assert (early, watch.ready(BUSY)) == (False, True)


def test_later_attempt_with_the_same_word_changes_nothing():
    story = Story()
    story.begin("update")
    story.ask("A")
    story.begin("update")

    assert met(story, Queried(of="A", after="update", times=1)) == [True]


def test_nobody_asked_after_a_word_that_never_came_is_not_met():
    story = Story()
    story.post("finished")
    watch = Watch(story.journal, [Queried(of="A", times=0, after="finnished")])

    assert watch.ready(9.0) is False
    assert (
        watch.verdicts()[0].seen
        == "no fitting requests, no requests about A in all, no attempt with finnished about A"
    )


# groups


def test_group_is_ready_when_nothing_in_it_can_change():
    story = Story()
    watch = Watch(story.journal, [Answered("finished", of="A"), Queried(of="A", times=1)])

    ready = []
    for act in (lambda: story.post("finished"), lambda: story.ask("A")):
        act()
        ready += [watch.ready(BUSY), watch.ready(QUIET)]

    assert ready == [False, False, False, True]


def test_empty_group_is_ready():
    watch = Watch(Story().journal, [])

    assert (watch.ready(BUSY), watch.quiet, watch.verdicts()) == (True, None, [])


@pytest.mark.parametrize(
    ("expectations", "quiet"),
    [([Answered(), Queried()], None), ([Answered(), Queried(times=0)], 0.3), ([Queried(times=2)], 0.3)],
)
def test_only_an_exact_number_asks_for_quiet(expectations, quiet):
    assert Watch(Story().journal, expectations).quiet == quiet


def test_closed_watch_counts_no_more():
    story = Story()
    watch = Watch(story.journal, [Queried(of="A")])

    watch.close()
    watch.close()
    story.ask("A")

    assert watch.ready(9.0) is False


STEPS = {
    "asks": lambda story: story.ask("A"),
    "asks about another": lambda story: story.ask("B", "C"),
    "asks in an operation": lambda story: story.ask("A", operation="Close"),
    "is told": lambda story: story.post("finished"),
    "is told of another": lambda story: story.post("create", "B"),
    "is being told": lambda story: story.begin("finished"),
    "nothing": Story.note,
}
WANTED = [
    Answered("finished", of="A"),
    Answered("created", of="B"),
    Answered(type="ScenarioSession"),
    Queried(of="A"),
    Queried(of="A", times=1),
    Queried(of="A", times=0, after="finished"),
    Queried(operation="Close", times=2),
]
PART = st.lists(st.sampled_from(sorted(STEPS)), max_size=8)


@given(before=PART, held=PART, followed=PART)
def test_what_is_held_and_what_follows_count_alike(before, held, followed):
    story = Story()
    for step in before:
        STEPS[step](story)
    since = story.journal.last
    early = Watch(story.journal, WANTED, since=since)
    for step in held:
        STEPS[step](story)
    middle = Watch(story.journal, WANTED, since=since)
    for step in followed:
        STEPS[step](story)
    late = Watch(story.journal, WANTED, since=since)

    assert early.verdicts() == middle.verdicts() == late.verdicts()
    assert early.ready(BUSY) == middle.ready(BUSY) == late.ready(BUSY)


# explaining


def test_misses_of_answered_are_told_nearest_first_with_a_line_to_repeat():
    story = Story()
    story.post("create")
    story.post("finished", status=500)
    story.post("finished", "B")
    story.post("update", status=None)
    story.post("paused", "B")

    verdict = only(story, Answered("finished", of="A", took=3.0, name="session"))

    assert verdict == Verdict(
        Answered("finished", of="A", took=3.0, name="session"),
        met=False,
        expected="finished about session answered 2xx within 3 s",
        seen="3 attempts about session: create 200, finished 500, update no answer",
        misses=(
            f"entry 5, finished to {HOOKS}: was answered 500, not 2xx",
            f"entry 2, create to {HOOKS}: tells create, not finished",
            f"entry 11, update to {HOOKS}: tells update, not finished, got no answer: connection refused",
        ),
        curl=(
            "curl -H 'Content-Type: application/json' "
            '--data-raw \'{"event":"finished","data":{"resource-id":"A"}}\' ' + HOOKS
        ),
    )


def test_post_in_flight_is_a_near_miss():
    story = Story()
    story.begin("finished")

    verdict = only(story, Answered("finished", of="A"))

    assert verdict.seen == "1 attempt about A: finished in flight"
    assert verdict.misses == (f"entry 2, finished to {HOOKS}: is still in flight",)


def test_only_the_last_of_many_attempts_are_listed():
    story = Story()
    for _ in range(20):
        story.post("update")

    assert only(story, Answered("finished", of="A")).seen == (
        "20 attempts about A: ..., " + ", ".join(["update 200"] * 8)
    )


def test_nothing_at_all_is_told_as_such():
    verdict = only(Story(), Answered("finished", of="A"))

    assert (verdict.seen, verdict.misses, verdict.curl) == ("no attempts about A", (), None)


def test_outcome_whose_attempt_has_left_the_journal_is_still_told():
    story = Story(bound=1)
    story.post("finished", status=500)

    verdict = only(story, Answered("finished", of="A"))

    # The attempt that has gone decides nothing.
    assert (verdict.judged, verdict.seen) == (True, "1 attempt about A: finished 500")
    assert verdict.misses == (f"entry 3, finished to {HOOKS}: was answered 500, not 2xx",)


# entries that have left the journal


def test_what_needs_entries_that_have_gone_cannot_be_judged():
    story = Story(bound=2)
    story.post("finished", status=200)
    story.ask("A")
    story.post("update", status=200)

    judged = {
        one: only(story, one)
        for one in (
            Answered("finished", of="A"),
            Answered("update", of="A"),
            Queried(of="A"),
            Queried(of="A", times=0),
            Queried(of="A", times=1),
            Queried(of="A", after="finished"),
        )
    }

    assert [(verdict.met, verdict.judged) for verdict in judged.values()] == [
        (False, False),
        (True, True),
        (False, False),
        (False, False),
        (False, False),
        (False, False),
    ]
    assert judged[Answered("finished", of="A")].seen == (
        "1 attempt about A: update 200; cannot be judged: the journal no longer holds 1 entry that may count, "
        "raise the setting journal_bound"
    )
    assert judged[Queried(of="A", after="finished")].seen == (
        "no fitting requests, no requests about A in all, no attempt with finished about A; cannot be judged: "
        "the journal no longer holds 2 entries that may count, raise the setting journal_bound"
    )


def test_what_is_enough_without_what_has_gone_is_met_and_what_is_too_much_is_not():
    story = Story(bound=3)
    for _ in range(9):
        story.ask("A")

    verdicts = Watch(story.journal, [Queried(of="A"), Queried(of="A", times=2)]).verdicts()

    assert [(one.met, one.judged) for one in verdicts] == [(True, True), (False, True)]
    assert verdicts[1].seen == "3 fitting requests, 3 requests about A in all"


def test_number_that_cannot_be_sure_is_not_waited_for():
    story = Story(bound=1)
    story.ask("A")
    story.ask("A")
    watch = Watch(story.journal, [Queried(of="A", times=1)])

    assert watch.ready(BUSY)


def test_only_what_has_gone_since_the_beginning_is_missed():
    story = Story(bound=3)
    story.ask("A")
    since = story.journal.last
    for _ in range(2):
        story.ask("B")
    (whole,) = Watch(story.journal, [Queried(of="A", times=0)], since=since).verdicts()
    for _ in range(2):
        story.ask("B")
    (torn,) = Watch(story.journal, [Queried(of="A", times=0)], since=since).verdicts()

    assert (whole.met, whole.judged) == (True, True)
    assert torn.seen.endswith(
        "the journal no longer holds 1 entry after number 1 that may count, raise the setting journal_bound"
    )


def test_what_arrives_while_the_watch_lasts_may_leave_the_journal():
    story = Story(bound=2)
    watch = Watch(story.journal, [Queried(of="A", times=3), Answered("finished")])
    story.post("finished")
    for _ in range(3):
        story.ask("A")
        story.post("update", "B")

    assert [(one.met, one.judged) for one in watch.verdicts()] == [(True, True), (True, True)]


def test_resource_whose_creation_is_still_held_misses_nothing():
    story = Story(bound=4)
    for _ in range(9):
        story.ask("B")
    story.journal.append(NOW, ChangeMade("create", "ScenarioSession", "A", (), None))
    story.ask("A")

    exact, other = Watch(story.journal, [Queried(of="A", times=1), Queried(of="B", times=9)]).verdicts()

    assert ((exact.met, exact.judged), (other.met, other.judged)) == ((True, True), (False, False))


@given(
    bound=st.integers(1, 8),
    told=st.lists(
        st.tuples(
            st.sampled_from(["post", "ask", "note"]), st.sampled_from("ABC"), st.sampled_from([200, 500])
        ),
        max_size=12,
    ),
    since=st.integers(0, 6),
    expectation=st.sampled_from(
        [
            *(Answered("finished", of=of) for of in ("A", "C", None)),
            *(
                Queried(of=of, times=times, after=after)
                for of in ("A", "C", None)
                for times in (None, 0, 1, 2)
                for after in (None, "finished")
            ),
        ]
    ),
)
def test_what_is_judged_in_spite_of_the_bound_is_judged_rightly(bound, told, since, expectation):
    """C is created in the course of things, A and B were there before."""
    bounded, whole = Story(bound), Story()
    for story in (bounded, whole):
        created = False
        for what, about, status in told:
            if about == "C" and not created and what != "note":
                created = True
                story.journal.append(NOW, ChangeMade("create", "ScenarioSession", "C", (), None))
            if what == "post":
                story.post("finished", about, status)
            elif what == "ask":
                story.ask(about, status=status)
            else:
                story.note()

    (here,) = Watch(bounded.journal, [expectation], since=since).verdicts()
    (there,) = Watch(whole.journal, [expectation], since=since).verdicts()

    assert there.judged
    assert here.met == there.met if here.judged else not here.met


def test_misses_of_queried_are_told_with_the_webhook_that_should_have_led_to_it():
    story = Story()
    story.ask("A")
    story.post("finished")
    story.post("update")
    story.ask("A", fields="id name", operation="Open")
    story.ask("B", fields="state")
    story.ask(route="unknown", status=404, path="/api/v3/grapql")
    story.ask(route="sign_in")

    verdict = only(story, Queried(of="A", fields=("state",), after="finished", name="session"))

    assert verdict == Verdict(
        Queried(of="A", fields=("state",), after="finished", name="session"),
        met=False,
        expected="a request about session using state after finished began",
        seen="no fitting requests, 2 requests about session in all",
        misses=(
            "entry 8, POST /api/v3/graphql (Open): does not use state but id, name",
            "entry 1, POST /api/v3/graphql: came before finished began",
            "entry 10, POST /api/v3/grapql: is not for GraphQL or the object endpoint and was answered 404",
        ),
        curl=(
            "curl -H 'Content-Type: application/json' "
            '--data-raw \'{"event":"finished","data":{"resource-id":"A"}}\' ' + HOOKS
        ),
    )


def test_newest_webhook_is_the_one_to_repeat_when_none_is_named():
    story = Story()
    story.post("create")
    story.post("finished")

    assert '"event":"finished"' in (only(story, Queried(of="A")).curl or "")


def test_requests_too_many_are_told():
    story = Story()
    for _ in range(5):
        story.ask("A")
    story.ask("B")

    verdict = only(story, Queried(of="A", times=2))

    assert verdict.seen == "5 fitting requests, 5 requests about A in all"
    assert verdict.misses == tuple(f"entry {number}, POST /api/v3/graphql: fits" for number in (3, 4, 5))
    assert verdict.curl is None


# what was given up as expected


def test_give_ups_that_an_expectation_names_are_excused():
    story = Story()
    story.post("create", status=500)
    since = story.journal.last
    story.post("paused", "A", 500)
    story.post("finished", "A", 200)
    story.post("finished", "B", None)
    made = story.begin("update", "A")
    story.end(made, 500, verdict="retry")
    wanted = [GivenUp("paused", of="A"), GivenUp(of="B")]

    assert excused(story.journal, wanted) == {2, 4}
    assert excused(story.journal, [GivenUp()], since=since) == {2, 4}
    assert excused(story.journal, [GivenUp()]) == {1, 2, 4}
    assert excused(story.journal, [], before=[7]) == {7}


def test_what_was_found_before_is_kept_unless_it_has_arrived_since():
    story = Story(bound=2)
    first = story.begin("paused")
    story.end(first, 500)
    second = story.begin("paused")
    story.end(second, 500)
    before = excused(story.journal, [GivenUp("paused")], before=[1])
    story.end(story.attempt(first.planned, 2), 200)

    assert before == {1, 2}
    assert excused(story.journal, [GivenUp("paused")], before=before) == {2}
