"""What is drawn of a run, and on which lane."""

from __future__ import annotations

import pytest

from simulator.clock import Moment
from simulator.journal import FaultNoted, Noted
from simulator.report.page import marks as module
from simulator.report.page.marks import Mark, marks_of
from simulator.report.record import Record
from simulator.report.summary import Judgement
from tests.expect.story import HOOKS, NOW, request
from tests.report.page.drawing import Film

OTHER = "http://127.0.0.1:9001/other"


def shown(film: Film, *judgements: Judgement) -> dict[str, list[tuple[str, str, str, str]]]:
    """Return each lane's marks: form, tone, label, and what stands beneath."""
    return {
        lane.name: [(one.form, one.tone, one.label, one.under) for one in lane.marks]
        for lane in marks_of(film.record, judgements).lanes
    }


def the(film: Film, form: str) -> Mark:
    (mark,) = [one for one in marks_of(film.record).all if one.form == form]
    return mark


def test_nothing_has_no_lanes():
    assert marks_of(Record()).lanes == []


def test_run_has_lanes_for_the_script_each_target_and_the_receiver():
    film = (
        Film()
        .add(Noted("target 1 added"))
        .step("create: ScenarioSession, as: session")
        .change("create", "ana")
    )
    film.post(word="create").post(word="create", url=OTHER).step("wait: 2h")
    film.add(
        request("A", operation="Q"), request("A", route="object", status=404), request("A", observer=True)
    )

    assert shown(film) == {
        "script": [
            ("note", "plain", "target 1 added", ""),
            ("step", "plain", "create", "ana"),
            ("step", "plain", "wait: 2h", ""),
        ],
        HOOKS: [("attempt", "ok", "create", "✓ 200, 10 ms")],
        OTHER: [("attempt", "ok", "create", "✓ 200, 10 ms")],
        "what the receiver asked": [("request", "ok", "Q", "200"), ("request", "bad", "object", "404")],
    }


def test_receiver_that_asked_nothing_has_a_lane_that_says_so():
    assert list(shown(Film().post())) == [HOOKS, "what the receiver asked: nothing"]


def test_step_tells_all_that_it_changed():
    film = Film().step("view: session, steps: 3")
    for _ in range(3):
        film.change("view", words=("update",))

    mark = the(film, "step")

    assert mark.label == "view x3"
    assert mark.title == (
        "2021-03-01T08:00:00.000Z  a.yaml:2  view: session, steps: 3\nview ScenarioSession A x3\ntold as update"
    )


def test_change_that_no_step_made_stands_alone():
    film = Film().step("wait: 2h").add(request("A")).change("finish", "raj", words=())

    mark = the(film, "change")

    assert (mark.label, mark.under) == ("finish", "raj")
    assert mark.title.endswith(
        "finish ScenarioSession A by raj, not told\nfinish ScenarioSession A\nby raj\ntold to nobody"
    )


@pytest.mark.parametrize(
    ("status", "verdict", "tone", "under"),
    [
        (200, "delivered", "ok", "✓ 200, 10 ms"),
        (503, "retry", "retry", "✗ 503, 10 ms"),
        (500, "given_up", "bad", "✗ 500, 10 ms"),
        (None, "given_up", "bad", "✗ none, 10 ms"),
        (200, "stale", "plain", "✗ 200, 10 ms"),
    ],
)
def test_post_tells_how_it_went(status, verdict, tone, under):
    film = Film()
    film.end(film.begin(film.plan()), status, verdict)

    mark = the(film, "attempt")

    assert (mark.tone, mark.under, mark.begin, mark.end) == (tone, under, 1, 2)


def test_slow_post_is_told_in_seconds():
    film = Film()
    film.end(film.begin(film.plan()), took=9.96)

    assert the(film, "attempt").under == "✓ 200, 10.0 s"


def test_post_that_has_not_ended_reaches_to_the_end():
    film = Film()
    film.begin(film.plan())
    film.step("wait: 1s")

    mark = the(film, "attempt")

    assert (mark.tone, mark.under, mark.end) == ("open", "in flight", 2)


def test_attempts_of_one_delivery_are_linked():
    film = Film()
    planned = film.plan()
    film.end(film.begin(planned), 503, "retry", again=Moment(NOW + 5000)).after(5000)
    film.end(film.begin(planned, 2))
    first, second = marks_of(film.record).all

    assert (first.after, second.after) == (None, first)
    assert first.title.endswith("answered 503 (10 ms), retry, again at 2021-03-01T08:00:05.000Z")


def test_end_of_a_post_whose_beginning_is_not_held_is_no_mark():
    film = Film()
    made = film.begin(film.plan())
    film.end(made)
    whole = film.record

    assert marks_of(Record(whole.entries[2:], whole.walls[2:])).lanes == []


def test_second_end_of_a_post_changes_nothing():
    film = Film()
    made = film.begin(film.plan())
    film.end(made).end(made, 500, "stale")

    assert the(film, "attempt").tone == "ok"


def test_what_was_never_posted_is_shown():
    film = Film()
    film.plan(dropped=True, faults=("delivery.drop",))
    film.plan("create", topic="call/created")

    assert shown(film) == {
        HOOKS: [("lost", "bad", "finished", "dropped"), ("waiting", "open", "call/created", "waiting")],
        "what the receiver asked: nothing": [],
    }
    assert [one.struck for one in marks_of(film.record).all] == [True, False]


@pytest.mark.parametrize("where", ["plan", "begin", "end"])
def test_post_that_a_fault_struck_says_so(where):
    faults = {"faults": ("fault 1",)}
    film = Film()
    made = film.begin(
        film.plan(**(faults if where == "plan" else {})), **(faults if where == "begin" else {})
    )
    film.end(made, **(faults if where == "end" else {}))

    assert the(film, "attempt").struck


def test_faults_are_shown_when_they_begin_and_end():
    film = Film().add(FaultNoted(1, "api.lag=5s", "set"), FaultNoted(1, "api.lag=5s", "ended", 2, 1))

    assert shown(film) == {
        "script": [("fault", "plain", "api.lag=5s", "set"), ("fault", "plain", "api.lag=5s", "ended")]
    }


def test_request_is_tied_to_the_post_that_caused_it():
    film = Film().post().add(request("A"), request("B", faults=("fault 1",)))
    post, tied, alone = marks_of(film.record).all

    assert (tied.cause, alone.cause) == (post, None)
    assert tied.title.endswith("after finished (tied by id)")
    assert (tied.struck, alone.struck) == (False, True)


def test_request_may_follow_from_a_post_whose_beginning_is_not_held():
    film = Film().post().add(request("A"))
    whole = film.record

    (mark,) = marks_of(Record(whole.entries[2:], whole.walls[2:])).all

    assert (mark.form, mark.cause) == ("request", None)


def test_tracks_have_lanes_of_their_own():
    film = Film().step("together").step("wait: 1s", 3, "1").change().step("wait: 1s", 4, "2.1")

    assert [(lane.name, len(lane.marks)) for lane in marks_of(film.record).lanes] == [
        ("script", 1),
        ("track 1", 1),
        ("track 2.1", 1),
    ]


def test_too_many_tracks_and_targets_share_the_last_lane(monkeypatch):
    monkeypatch.setattr(module, "MOST_LANES", 2)
    film = Film()
    for number in range(4):
        film.step("wait: 1s", track=str(number)).post(url=f"http://{number}/")

    assert [(lane.name, len(lane.marks)) for lane in marks_of(film.record).lanes] == [
        ("track 0", 1),
        ("the other tracks", 3),
        ("http://0/", 1),
        ("the other targets", 3),
        ("what the receiver asked: nothing", 0),
    ]


def judgement(line: int, *, met: bool) -> Judgement:
    return Judgement(f"a.yaml:{line}:7", met=met, expected="e", seen="s")


def test_expectation_shows_what_was_judged_in_its_step_in_each_round():
    film = Film().step("expect: one", 4).step("expect: two", 7).step("expect: two", 7).step("wait: 1s", 9)
    early = Judgement("b.yaml:1:1", met=False, expected="e", seen="s")
    judged = [
        judgement(5, met=False),
        judgement(6, met=False),
        judgement(7, met=True),
        judgement(7, met=False),
        early,
    ]

    assert shown(film, *judged) == {
        "script": [
            ("expect", "bad", "expect", "✗ 2 not met"),
            ("expect", "ok", "expect", "✓ met"),
            ("expect", "bad", "expect", "✗ 1 not met"),
            ("step", "plain", "wait: 1s", ""),
        ]
    }
    first = marks_of(film.record, judged).all[0]
    assert first.title.count("NOT MET, a.yaml:") == 2


def test_judgement_before_all_steps_is_nobodys():
    film = Film().step("expect: one", 4)

    assert shown(film, judgement(2, met=False)) == {"script": [("step", "plain", "expect: one", "")]}


def test_posts_that_overlap_have_rows_of_their_own(monkeypatch):
    monkeypatch.setattr(module, "_MOST_ROWS", 2)
    film = Film()
    first = film.begin(film.plan())
    second = film.begin(film.plan())
    third = film.begin(film.plan())
    film.end(first).end(second).end(third).post()
    lane, _ = marks_of(film.record).lanes

    assert ([one.row for one in lane.marks], lane.rows) == ([0, 1, 1, 0], 2)
