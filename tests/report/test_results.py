"""The runs of a command as files for other programs."""

from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from simulator import __version__, contracts
from simulator.audit.findings import Audited
from simulator.report import results
from simulator.report.record import record_of
from simulator.report.results import as_json, as_junit
from simulator.report.summary import refused
from simulator.report.text import entry_line
from tests.audit.test_findings import FINDING
from tests.expect.story import HOOKS, Story
from tests.report.test_summary import CURL, GIVEN_UP, GOOD, MET, UNMET

STOPPED = replace(
    GOOD,
    file="scenarios/b.yml",
    judgements=(),
    seed=None,
    started=None,
    ended=None,
    stopped="b.yml:3:1: it broke.\nb.yml:4:1: it too.",
)


def suites(*summaries) -> tuple[dict, list[ET.Element]]:
    root = ET.fromstring(as_junit(summaries))
    assert root.tag == "testsuites"
    return root.attrib, list(root)


def cases(suite: ET.Element) -> list[tuple[str, str | None]]:
    """Return each case's name, and the kind and message of its fault."""
    return [
        (
            case.attrib["name"],
            " ".join((fault.tag, fault.attrib["message"]))
            if (fault := next(iter(case), None)) is not None
            else None,
        )
        for case in suite.iter("testcase")
    ]


def test_json_holds_each_script_as_its_contract_says():
    report = json.loads(as_json([replace(GOOD, took=1.5), replace(GIVEN_UP, took=0.25), STOPPED]))

    assert contracts.problems("report/replay", report) == []
    assert {name: value for name, value in report.items() if name != "scripts"} == {
        "ok": False,
        "version": __version__,
        "took": 1.75,
    }
    assert [one["file"] for one in report["scripts"]] == ["a.yaml", "a.yaml", "scenarios/b.yml"]
    assert [one["ok"] for one in report["scripts"]] == [True, False, False]


@pytest.mark.parametrize(("summaries", "ok"), [([GOOD], True), ([GOOD, GIVEN_UP], False), ([], False)])
def test_json_is_good_when_all_scripts_are_and_there_is_one(summaries, ok):
    assert json.loads(as_json(summaries))["ok"] is ok


def test_junit_has_a_suite_a_script_and_a_case_an_expectation_and_one_for_the_deliveries():
    root, (suite,) = suites(replace(GOOD, took=1.5))

    assert root == {
        "name": "scope-simulator",
        "tests": "2",
        "failures": "0",
        "errors": "0",
        "skipped": "0",
        "time": "1.500",
    }
    assert suite.attrib == {
        "name": "A title",
        "file": "a.yaml",
        "tests": "2",
        "failures": "0",
        "errors": "0",
        "skipped": "0",
        "time": "1.500",
    }
    assert {one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")} == {
        "seed": "7",
        "steps": "3",
        "started": "2021-03-01T08:00:00.000Z",
        "ended": "2021-03-01T08:12:00.000Z",
    }
    assert [case.attrib for case in suite.iter("testcase")] == [
        {"classname": "a", "name": "create answered 2xx", "time": "0.000", "file": "a.yaml", "line": "9"},
        {"classname": "a", "name": "every webhook is delivered", "time": "1.500"},
    ]


def test_junit_says_how_to_repeat_a_run_and_why_it_failed():
    run = replace(
        GOOD, judgements=(UNMET,), command="scope-simulator replay 'a\tb.yaml'", label="n=1", tags=("a", "b")
    )
    _, (suite,) = suites(run)

    properties = {one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")}
    assert properties["reason"] == "not met: finished answered 2xx; seen: 1 attempt: finished 500"
    assert {case.attrib["classname"] for case in suite.iter("testcase")} == {"a [n=1]"}
    assert (properties["label"], properties["tags"]) == ("n=1", "a, b")
    assert properties["command"] == r"scope-simulator replay 'a\tb.yaml'"


def test_junit_tells_all_that_happened(monkeypatch):
    pen = Story()
    for text in ("a\0<b>", "c", "d", "e"):
        pen.note(text)
    record = record_of(pen.journal)

    def told() -> list[str]:
        _, (suite,) = suites(replace(GOOD, record=record))
        (out,) = suite.iter("system-out")
        assert [one.tag for one in suite][-1] == "system-out"
        return out.text.splitlines()

    lines = [entry_line(entry) for entry in record.entries]
    assert lines[0].endswith(r"note      a\x00<b>")
    assert told() == lines
    monkeypatch.setattr(results, "MOST_TOLD", 2)
    assert told() == [lines[0], "  ... 2 entries are left out here; a report as JSON has all", lines[3]]


def test_junit_tells_of_each_failure_with_the_text():
    root, (suite,) = suites(replace(GIVEN_UP, judgements=(MET, UNMET)))

    assert (root["tests"], root["failures"], root["errors"]) == ("3", "2", "0")
    assert cases(suite) == [
        ("create answered 2xx", None),
        ("finished answered 2xx", "failure not met; seen: 1 attempt: finished 500"),
        ("every webhook is delivered", "failure 1 webhook given up"),
    ]
    unmet, undelivered = (one.text for one in suite.iter("failure"))
    assert unmet.splitlines() == UNMET.lines
    assert undelivered.splitlines() == [
        "webhooks: 0 delivered, 1 given up, 1 not delivered yet; no requests answered",
        f"2021-03-01T08:00:00Z  create ScenarioSession A to {HOOKS}: answered 500 (10 ms)",
        f"  again: {CURL}",
        f"2021-03-01T08:00:00Z  connected iot to {HOOKS}: waiting",
    ]


def test_junit_does_not_mind_what_was_given_up_as_expected():
    _, (suite,) = suites(replace(GIVEN_UP, excused=1))

    assert cases(suite)[-1] == ("every webhook is delivered", None)


def test_junit_has_a_case_for_the_audit():
    good, bad = replace(GOOD, audit=Audited(9)), replace(GOOD, audit=Audited(9, (FINDING,)))
    _, suites_ = suites(good, bad)

    assert [cases(suite)[-1] for suite in suites_] == [
        ("webhooks and API agree", None),
        ("webhooks and API agree", "failure audit: 9 comparisons with the API: 1 disagreement"),
    ]
    assert suites_[1].find(".//failure").text == f"  NOT SO, {FINDING.line}\n    again:   curl x"
    assert contracts.problems("report/replay", json.loads(as_json([good, bad]))) == []


def test_junit_has_an_error_for_what_cannot_be_judged():
    root, (suite,) = suites(replace(GOOD, judgements=(replace(UNMET, judged=False),)))

    assert (root["tests"], root["failures"], root["errors"]) == ("2", "0", "1")
    assert cases(suite)[0] == (
        "finished answered 2xx",
        "error cannot be judged; seen: 1 attempt: finished 500",
    )


def test_junit_has_an_error_for_a_script_that_stopped_short():
    root, (good, stopped) = suites(GOOD, STOPPED)

    assert (root["tests"], root["failures"], root["errors"]) == ("4", "0", "1")
    assert cases(good)[-1] == ("every webhook is delivered", None)
    assert cases(stopped) == [
        ("every webhook is delivered", None),
        ("the script comes to its end", "error it stopped short"),
    ]
    assert [one.text for one in stopped.iter("error")] == ["b.yml:3:1: it broke.\nb.yml:4:1: it too."]
    assert {case.attrib["classname"] for case in stopped.iter("testcase")} == {"scenarios.b"}
    assert [one.attrib["name"] for one in stopped.iter("property")] == ["steps", "reason"]


def test_junit_has_nothing_but_an_error_for_a_script_that_was_refused():
    root, (suite,) = suites(refused("b.yml", "A title", "b.yml:3:1: no such verb."))

    assert (root["tests"], root["failures"], root["errors"]) == ("1", "0", "1")
    assert cases(suite) == [("the script is sound", "error it was refused")]
    assert [one.text for one in suite.iter("error")] == ["b.yml:3:1: no such verb."]


def test_junit_numbers_cases_of_one_name_and_keeps_the_names_when_lines_move():
    moved = replace(MET, place="a.yaml:99:7")
    _, (suite,) = suites(replace(GOOD, judgements=(MET, moved, UNMET, MET)))

    assert [name for name, _ in cases(suite)] == [
        "create answered 2xx",
        "create answered 2xx [2]",
        "finished answered 2xx",
        "create answered 2xx [3]",
        "every webhook is delivered",
    ]


def test_junit_holds_no_sign_that_xml_does_not():
    odd = 'a<b>&"\x00\x1b[31m\ud800\ufffe größe'
    _, (suite,) = suites(
        replace(GOOD, title=odd, file=odd, stopped=odd, judgements=(replace(UNMET, seen=odd),))
    )

    assert suite.attrib["name"] == 'a<b>&"\\x00\\x1b[31m\\ud800\\ufffe größe'
    assert next(suite.iter("error")).text == suite.attrib["name"]
