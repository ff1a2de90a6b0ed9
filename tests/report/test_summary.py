"""The end of a run, for people and for programs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.audit.findings import Audited
from simulator.auth import UNKNOWN
from simulator.clock import Moment
from simulator.engine import Tally
from simulator.expect import Answered, GivenUp, Verdict
from simulator.journal import DeliveryPlanned, FaultNoted, Journal, StepPlayed
from simulator.report.auditing import audit_lines
from simulator.report.deliveries import undelivered
from simulator.report.entries import show_entry
from simulator.report.record import Record, record_of
from simulator.report.summary import Judgement, Summary, stopped_short, summary_of
from simulator.script import Report, Ruling, load
from simulator.wire import dump
from tests.audit.test_findings import FINDING, LAGGED
from tests.expect.story import HOOKS, NOW, Story, request

SCRIPT = load("title: A title\nsteps: [{wait: 1s}]", name="a.yaml")
MET = Judgement("a.yaml:9:7", met=True, expected="create answered 2xx", seen="create 200 in 0.010 s")
UNMET = Judgement(
    "a.yaml:10:7",
    met=False,
    expected="finished answered 2xx",
    seen="1 attempt: finished 500",
    misses=("entry 4, finished to x: was answered 500, not 2xx",),
    curl="curl x",
)
GOOD = Summary(
    file="a.yaml",
    title="A title",
    seed=7,
    steps=3,
    started="2021-03-01T08:00:00.000Z",
    ended="2021-03-01T08:12:00.000Z",
    tally=Tally(1, 1, 1, 0, 0, 0, 2),
    judgements=(MET,),
    undelivered=(),
)


def given_up() -> Summary:
    pen = Story()
    pen.post("create", "A", 500)
    pen.journal.append(NOW, DeliveryPlanned(9, HOOKS, "connected", "iot", None))
    return replace(GOOD, tally=Tally(2, 1, 0, 1, 0, 1, 0), undelivered=tuple(undelivered(pen.journal)))


GIVEN_UP = given_up()
CURL = f"""curl -H 'Content-Type: application/json' --data-raw '{{"event":"create","data":{{"resource-id":"A"}}}}' {HOOKS}"""


@pytest.mark.parametrize(
    ("summary", "ok"),
    [
        pytest.param(GOOD, True, id="all delivered, all met"),
        pytest.param(replace(GOOD, judgements=()), True, id="nothing expected"),
        pytest.param(replace(GOOD, tally=Tally(1, 0, 0, 0, 0, 1, 0)), True, id="not delivered yet"),
        pytest.param(GIVEN_UP, False, id="given up"),
        pytest.param(replace(GIVEN_UP, excused=1), True, id="given up as expected"),
        pytest.param(replace(GOOD, judgements=(MET, UNMET)), False, id="one unmet"),
        pytest.param(replace(GOOD, stopped="somebody ended it"), False, id="stopped short"),
        pytest.param(
            replace(GOOD, audit=Audited(9, excused=(LAGGED,))), True, id="told as faults would have it"
        ),
        pytest.param(replace(GOOD, audit=Audited(9, (FINDING,))), False, id="told what is not so"),
    ],
)
def test_run_is_good_when_all_is_met_and_nothing_given_up(summary, ok):
    assert summary.ok is ok
    assert summary.shown["ok"] is ok


def test_good_run_is_told_shortly():
    assert GOOD.lines == [
        "passed: A title (a.yaml)",
        "  seed 7, 3 steps, 2021-03-01T08:00:00.000Z to 2021-03-01T08:12:00.000Z",
        "  webhooks: 1 delivered, 0 given up; 2 requests answered",
        "  expectations: 1 of 1 met",
        "    met: create answered 2xx; seen: create 200 in 0.010 s",
    ]


def test_bad_run_is_told_with_all_that_helps():
    bad = replace(GIVEN_UP, judgements=(MET, UNMET, replace(UNMET, misses=(), curl=None)), title="A\ntitle")

    assert bad.lines == [
        r"FAILED: A\ntitle (a.yaml): not met: finished answered 2xx; seen: 1 attempt: finished 500 (and 1 more)",
        "  seed 7, 3 steps, 2021-03-01T08:00:00.000Z to 2021-03-01T08:12:00.000Z",
        "  webhooks: 0 delivered, 1 given up, 1 not delivered yet; no requests answered",
        f"    2021-03-01T08:00:00Z  create ScenarioSession A to {HOOKS}: answered 500 (10 ms)",
        f"      again: {CURL}",
        f"    2021-03-01T08:00:00Z  connected iot to {HOOKS}: waiting",
        "  expectations: 1 of 3 met",
        "    met: create answered 2xx; seen: create 200 in 0.010 s",
        "    NOT MET, a.yaml:10:7: finished answered 2xx",
        "      seen:    1 attempt: finished 500",
        "      nearest: entry 4, finished to x: was answered 500, not 2xx",
        "      again:   curl x",
        "    NOT MET, a.yaml:10:7: finished answered 2xx",
        "      seen:    1 attempt: finished 500",
    ]


@pytest.mark.parametrize(
    ("summary", "reason"),
    [
        (GOOD, None),
        (replace(GIVEN_UP, excused=1), None),
        (
            replace(GOOD, judgements=(MET, UNMET)),
            "not met: finished answered 2xx; seen: 1 attempt: finished 500",
        ),
        (
            replace(GOOD, judgements=(replace(UNMET, judged=False),)),
            "it cannot be judged: finished answered 2xx; seen: 1 attempt: finished 500",
        ),
        (replace(GOOD, stopped="a.yaml:3: it broke.\nMore."), "it stopped short: a.yaml:3: it broke."),
        (
            GIVEN_UP,
            f"1 webhook given up: create ScenarioSession A to {HOOKS}: answered 500 (10 ms)",
        ),
        (replace(GIVEN_UP, undelivered=()), "1 webhook given up"),
        (replace(GOOD, tally=Tally(1, 0, 0, 0, 0, 1, 0, 1)), "1 webhook held for a disabled target"),
        (replace(GOOD, audit=Audited(9, (FINDING,))), FINDING.line),
    ],
)
def test_reason_says_in_one_line_why_it_failed(summary, reason):
    assert summary.reason == reason
    assert summary.ok is (reason is None)


def test_all_that_happened_is_told_to_programs_that_want_it():
    pen = Story()
    entry = pen.journal.append(NOW, StepPlayed("a.yaml:2", "wait: 1s"))
    summary = replace(
        GOOD,
        record=record_of(pen.journal),
        command="scope-simulator replay a.yaml",
        label="n=1",
        tags=("smoke",),
    )
    shown = {name: value for name, value in summary.shown.items() if name != "kind"}

    assert summary.told == shown | {
        "reason": None,
        "command": "scope-simulator replay a.yaml",
        "label": "n=1",
        "tags": ["smoke"],
        "evicted": 0,
        "entries": [show_entry(entry) | {"wall": None}],
    }


def test_audit_is_told_to_people_and_programs():
    audited = replace(GOOD, audit=Audited(9, (FINDING,), (LAGGED,), 1, 2))
    finding = {
        "place": "a.yaml:3",
        "delivery": 2,
        "at": "2021-03-01T08:00:00.000Z",
        "when": "attempt 1",
        "about": "Call finished",
        "told": "the state FINISHED",
        "answered": "the state IN_PROGRESS",
        "faults": [],
        "curl": "curl x",
    }
    lagged = finding | {"place": None, "faults": [*LAGGED.excuses]}

    assert audited.lines == [
        f"FAILED: A title (a.yaml): {FINDING.line}",
        *GOOD.lines[1:],
        *(f"  {line}" for line in audit_lines(Audited(9, (FINDING,), (LAGGED,), 1, 2))),
    ]
    assert audited.shown["audit"] == {
        "compared": 9,
        "invented": 1,
        "findings": [finding],
        "more": 2,
        "excused": [lagged],
    }


def test_what_cannot_be_judged_is_told_as_such():
    assert replace(UNMET, judged=False).lines[0] == "NOT JUDGED, a.yaml:10:7: finished answered 2xx"


def test_programs_get_the_same_as_json():
    assert replace(GIVEN_UP, judgements=(UNMET,), took=1.23456).shown == {
        "kind": "summary",
        "ok": False,
        "file": "a.yaml",
        "title": "A title",
        "stopped": None,
        "seed": 7,
        "steps": 3,
        "started": "2021-03-01T08:00:00.000Z",
        "ended": "2021-03-01T08:12:00.000Z",
        "took": 1.235,
        "tally": {
            "planned": 2,
            "attempts": 1,
            "delivered": 0,
            "given_up": 1,
            "dropped": 0,
            "pending": 1,
            "requests": 0,
            "held": 0,
        },
        "excused": 0,
        "expectations": [
            {
                "place": "a.yaml:10:7",
                "met": False,
                "expected": "finished answered 2xx",
                "seen": "1 attempt: finished 500",
                "misses": ["entry 4, finished to x: was answered 500, not 2xx"],
                "curl": "curl x",
                "judged": True,
            }
        ],
        "undelivered": [
            {
                "at": "2021-03-01T08:00:00.000Z",
                "event": "create",
                "type": "ScenarioSession",
                "resource": "A",
                "target": HOOKS,
                "state": "given_up",
                "attempts": 1,
                "status": 500,
                "error": None,
                "curl": CURL,
            },
            {
                "at": "2021-03-01T08:00:00.000Z",
                "event": "connected",
                "type": "iot",
                "resource": None,
                "target": HOOKS,
                "state": "waiting",
                "attempts": 0,
                "status": None,
                "error": None,
                "curl": None,
            },
        ],
        "turned_away": None,
        "idle_faults": [],
        "audit": None,
    }


def test_faults_that_never_matched_anything_are_told():
    pen = Story()
    drop, lag, hang_up = "delivery.drop", "api.lag=5s", "api.hang_up"
    for fact in (
        FaultNoted(1, drop, "set"),
        FaultNoted(1, drop, "ended"),
        FaultNoted(2, lag, "idle"),
        FaultNoted(3, hang_up, "idle"),
        FaultNoted(3, hang_up, "ended", 4, 2),
    ):
        pen.journal.append(NOW, fact)
    script = load("title: A title\nsteps: [{wait: 1s}]", name="a.yaml")

    summary = stopped_short(script, "it broke", tally=Tally(0, 0, 0, 0, 0, 0, 0), journal=pen.journal, seed=7)

    assert summary.idle == (
        "fault 1 (delivery.drop) ended; it never matched anything",
        "fault 2 (api.lag=5s) never matched anything",
    )
    assert summary.shown["idle_faults"] == list(summary.idle)
    assert summary.lines[3:5] == [f"  {line}" for line in summary.idle]


def test_of_a_run_that_stopped_short_there_is_told_what_is_known():
    pen = Story()
    pen.journal.append(NOW, StepPlayed("a.yaml:2", "wait: 1s"))
    pen.begin("create")
    pen.journal.append(Moment(NOW + 1000), StepPlayed("a.yaml:2", "wait: 1s"))
    tally = Tally(1, 1, 0, 0, 0, 1, 0)

    begun = stopped_short(SCRIPT, "it broke", tally=tally, journal=pen.journal, seed=7, took=1.5)
    never = stopped_short(SCRIPT, "it broke", tally=tally, journal=Journal(), seed=None)

    assert replace(begun, undelivered=(), record=Record()) == Summary(
        file="a.yaml",
        title="A title",
        seed=7,
        steps=2,
        started="2021-03-01T08:00:00.000Z",
        ended="2021-03-01T08:00:01.000Z",
        tally=tally,
        judgements=(),
        undelivered=(),
        took=1.5,
        stopped="it broke",
    )
    assert [one.state for one in begun.undelivered] == ["in_flight"]
    pen.journal = Journal(1)
    pen.note()
    pen.note()
    torn = stopped_short(SCRIPT, "it broke", tally=tally, journal=pen.journal, seed=7)
    assert (torn.started, torn.ended) == (None, "2021-03-01T08:00:00.000Z")
    assert never == replace(
        begun, seed=None, steps=0, started=None, ended=None, undelivered=(), took=0.0, record=Record()
    )


def test_give_ups_that_an_expectation_names_are_told_as_such_and_are_not_undelivered():
    pen = Story()
    pen.post("create", "A", 500)
    pen.post("paused", "A", 500)
    named = Ruling("a.yaml:9:7", Verdict(GivenUp("create"), met=True, expected="x", seen="y"))
    report = Report("A title", "a.yaml", 7, 3, (named,), NOW, NOW)

    script = load("title: A title\nsteps: [{wait: 1s}]", name="a.yaml")
    one = summary_of(script, report, tally=Tally(2, 2, 0, 2, 0, 0, 0), journal=pen.journal)

    assert (one.excused, one.ok) == (1, False)
    assert [story.planned.word for story in one.undelivered] == ["paused"]
    assert one.lines[2] == "  webhooks: 0 delivered, 2 given up (1 as expected); no requests answered"


def test_run_in_this_process_is_summed_up_from_its_report_and_journal():
    pen = Story()
    pen.begin("create")
    verdict = Verdict(Answered(), UNMET.met, UNMET.expected, UNMET.seen, UNMET.misses, UNMET.curl)
    report = Report(
        title="A title",
        file="a.yaml",
        seed=7,
        steps=3,
        rulings=(Ruling("a.yaml:10:7", verdict),),
        started=NOW,
        ended=Moment(NOW + 720_000),
    )
    tally = Tally(1, 1, 0, 0, 0, 1, 0)

    summary = summary_of(SCRIPT, report, tally=tally, journal=pen.journal)

    assert [one.state for one in summary.undelivered] == ["in_flight"]
    assert replace(summary, undelivered=(), record=Record()) == replace(
        GOOD, tally=tally, judgements=(UNMET,)
    )


def test_receiver_with_a_token_of_another_world_is_told_of_the_script_that_began_this_one():
    pen = Story()
    pen.journal.append(NOW, request(status=401, body=dump({"error": UNKNOWN[0]})))
    report = Report(title="A title", file="a.yaml", seed=7, steps=0, rulings=(), started=NOW, ended=NOW)
    tally = Tally(0, 0, 0, 0, 0, 0, 1)
    script = load("title: A title\nseed: 7\nsteps: [{wait: 1s}]", name="a.yaml")

    summary = summary_of(script, report, tally=tally, journal=pen.journal)
    stopped = stopped_short(script, "it broke", tally=tally, journal=pen.journal, seed=7)

    why = (
        "1 request got a 401: The token is not known here: sign in for a new one. "
        "Tokens and the password follow from the seed, and the script began a new world with seed 7."
    )
    assert (summary.turned_away, stopped.turned_away) == (why, why)
    assert summary.shown["turned_away"] == why
    assert summary.lines[3] == f"  {why}"
