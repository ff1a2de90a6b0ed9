"""Cause and effect as JSON for programs and as lines for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator import contracts
from simulator.journal import ChangeMade, DeliveryPlanned, Journal
from simulator.report.tree import show_tree, tree_lines, tree_of
from tests.expect.story import HOOKS, NOW, Story, request

AT = "2021-03-01T08:00:00.000Z"
LONG = "a-session-with-a-long-id"


def told(bound: int = 100_000) -> Story:
    """A journal that holds one of everything."""
    pen = Story(bound)
    pen.ask(route="sign_in", path="/api/v2/users/sign_in.json")
    pen.journal.append(NOW, ChangeMade("pause", "ScenarioSession", LONG, ("paused",), "Ana Silva"))
    made = pen.begin("paused", LONG)
    pen.ask(LONG, operation="WorkOrder", fields="state id")
    pen.end(made, took=0.012)
    pen.post("on", None, None, kind="iot")
    pen.journal.append(NOW, ChangeMade("view", "ScenarioSession", "B", (), None))
    pen.begin("update", "C")
    return pen


def test_lines_tell_each_cause_with_all_that_followed():
    assert tree_lines(show_tree(tree_of(told().journal))) == [
        f"{AT}  pause ScenarioSession a-session-wi... by Ana Silva",
        f"  paused to {HOOKS}",
        "    attempt 1: 200 (12 ms)",
        "      WorkOrder about a-session-wi... (id, state): 200, 0 ms later (tied by id)",
        f"{AT}  iot, no change",
        f"  on to {HOOKS}: given up",
        "    attempt 1: no answer, connection refused (10 ms)",
        f"{AT}  view ScenarioSession B, told to nobody",
        f"{AT}  ScenarioSession C, no change",
        f"  update to {HOOKS}: in flight",
        "    attempt 1: in flight",
        "no webhook caused:",
        f"  {AT}  POST /api/v2/users/sign_in.json: 200",
    ]


def test_tree_prints_as_its_lines():
    tree = tree_of(told().journal)

    assert str(tree) == "\n".join(tree_lines(show_tree(tree)))
    assert str(tree_of(Story().journal)) == "nothing has happened"


def test_json_keeps_its_contract():
    shown = show_tree(tree_of(told().journal))

    contracts.check("control/tree", shown)
    assert [(one["entry"], one["verb"], one["resource"], one["torn"]) for one in shown["causes"]] == [
        (2, "pause", LONG, False),
        (7, None, None, False),
        (10, "view", "B", False),
        (11, None, "C", False),
    ]
    assert shown["causes"][0]["deliveries"][0]["attempts"][0]["requests"] == [
        {
            "entry": 5,
            "at": AT,
            "route": "graphql",
            "operation": "WorkOrder",
            "method": "POST",
            "path": "/api/v3/graphql",
            "asked": [{"id": LONG, "fields": ["id", "state"]}],
            "status": 200,
            "trouble": None,
            "faults": [],
            "tie": "id",
            "after": 0.0,
            "rivals": 0,
        }
    ]
    assert ([one["entry"] for one in shown["uncaused"]], shown["next"], shown["evicted"]) == ([1], 12, 0)


def test_faults_stand_with_what_they_struck():
    pen = Story()
    late, lost, lag = "fault 1 (delivery.delay=30s)", "fault 2 (delivery.answer_lost)", "fault 3 (api.lag=5s)"
    planned = DeliveryPlanned(1, HOOKS, "paused", "ScenarioSession", "A", faults=(late,))
    pen.journal.append(NOW, planned)
    made = replace(pen.attempt(planned), faults=(lost,))
    journal = Journal()
    for fact in (planned, made, request("A", operation="Q", faults=(lag,))):
        journal.append(NOW, fact)

    shown = show_tree(tree_of(journal))

    contracts.check("control/tree", shown)
    assert tree_lines(shown)[1:] == [
        f"  paused to {HOOKS}: in flight, {late}",
        f"    attempt 1: in flight, {lost}",
        f"      Q about A (state): 200, {lag}, 0 ms later (tied by id)",
    ]


def test_what_has_left_the_journal_is_said():
    pen = told(bound=9)

    lines = tree_lines(show_tree(tree_of(pen.journal)))

    assert lines[:2] == [
        f"{AT}  ScenarioSession a-session-wi..., what came before has left the journal",
        f"  paused to {HOOKS}",
    ]
    assert lines[-1] == (
        "the entries before number 4 are no longer held: what stands alone may follow from one of them"
    )


def test_errors_behind_a_good_status_a_waiting_webhook_and_other_targets_are_told():
    pen = Story()
    pen.journal.append(NOW, ChangeMade("pause", "ScenarioSession", "A", ("paused",), None))
    planned = [pen.plan("paused", url=url) for url in (HOOKS, "http://other/", "http://waiting/")]
    for one in planned[:2]:
        pen.end(pen.attempt(one))
    broken = request("A", route="object", path="/api/v3/graphql/object/A")
    pen.ask("A", body=b'{"errors":[{"message":"no \\u001b field"}]}')
    pen.journal.append(NOW, broken)

    lines = tree_lines(show_tree(tree_of(pen.journal)))

    assert lines[3:] == [
        "  paused to http://other/",
        "    attempt 1: 200 (10 ms)",
        r"      POST /api/v3/graphql about A (state): 200, with errors: no \x1b field, 0 ms later "
        "(tied by id; 1 other target had been told too)",
        "      POST /api/v3/graphql/object/A about A: 200, 0 ms later "
        "(tied by id; 1 other target had been told too)",
        "  paused to http://waiting/: waiting",
    ]


@pytest.mark.parametrize(
    ("chosen", "causes", "uncaused", "following"),
    [
        ({}, [2, 7, 10, 11], [1], 12),
        ({"limit": 1}, [], [1], 1),
        ({"limit": 2, "after": 1}, [2, 7], [], 7),
        ({"after": 7, "limit": 2}, [10, 11], [], 11),
        ({"after": 12}, [], [], 12),
        ({"about": LONG}, [2], [], 12),
        ({"about": "B", "limit": 5}, [10], [], 12),
    ],
    ids=str,
)
def test_some_of_it_is_chosen_by_number_and_resource(chosen, causes, uncaused, following):
    tree = tree_of(told().journal, **chosen)

    assert [one.entry for one in tree.causes] == causes
    assert [one.entry for one in tree.uncaused] == uncaused
    assert tree.next == following
