"""The end of a run, for people and for programs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.clock import Moment
from simulator.engine import Tally
from simulator.expect import Answered, Verdict
from simulator.report.summary import Judgement, Summary, summary_of
from simulator.script import Report, Ruling
from tests.expect.story import HOOKS, NOW, Story

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
GIVEN_UP = replace(GOOD, tally=Tally(1, 1, 0, 1, 0, 0, 0), undelivered=("it failed", "  curl x"))


@pytest.mark.parametrize(
    ("summary", "ok"),
    [
        pytest.param(GOOD, True, id="all delivered, all met"),
        pytest.param(replace(GOOD, judgements=()), True, id="nothing expected"),
        pytest.param(replace(GOOD, tally=Tally(1, 0, 0, 0, 0, 1, 0)), True, id="not delivered yet"),
        pytest.param(GIVEN_UP, False, id="given up"),
        pytest.param(replace(GOOD, judgements=(MET, UNMET)), False, id="one unmet"),
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
        r"FAILED: A\ntitle (a.yaml)",
        "  seed 7, 3 steps, 2021-03-01T08:00:00.000Z to 2021-03-01T08:12:00.000Z",
        "  webhooks: 0 delivered, 1 given up; no requests answered",
        "    it failed",
        "      curl x",
        "  expectations: 1 of 3 met",
        "    met: create answered 2xx; seen: create 200 in 0.010 s",
        "    NOT MET, a.yaml:10:7: finished answered 2xx",
        "      seen:    1 attempt: finished 500",
        "      nearest: entry 4, finished to x: was answered 500, not 2xx",
        "      again:   curl x",
        "    NOT MET, a.yaml:10:7: finished answered 2xx",
        "      seen:    1 attempt: finished 500",
    ]


def test_programs_get_the_same_as_json():
    assert replace(GOOD, judgements=(UNMET,)).shown == {
        "kind": "summary",
        "ok": False,
        "file": "a.yaml",
        "title": "A title",
        "seed": 7,
        "steps": 3,
        "started": "2021-03-01T08:00:00.000Z",
        "ended": "2021-03-01T08:12:00.000Z",
        "tally": {
            "planned": 1,
            "attempts": 1,
            "delivered": 1,
            "given_up": 0,
            "dropped": 0,
            "pending": 0,
            "requests": 2,
        },
        "expectations": [
            {
                "place": "a.yaml:10:7",
                "met": False,
                "expected": "finished answered 2xx",
                "seen": "1 attempt: finished 500",
                "misses": ["entry 4, finished to x: was answered 500, not 2xx"],
                "curl": "curl x",
            }
        ],
    }


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

    summary = summary_of(report, tally=tally, journal=pen.journal)

    assert summary.undelivered[0] == f"2021-03-01T08:00:00Z  create ScenarioSession A to {HOOKS}: in flight"
    assert replace(summary, undelivered=()) == replace(GOOD, tally=tally, judgements=(UNMET,))
