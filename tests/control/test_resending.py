"""Deliveries are sent again: one by its id, or all that fit."""

from __future__ import annotations

import pytest

from simulator.control.resending import Choice
from simulator.errors import NotFoundError, StateError, UsageError
from tests.control.asking import HOOK, ask, stage_with
from tests.driving import answers, post_due

OTHER = "http://127.0.0.1:9/other"


def story():
    """A stage with a session that was created (delivered to both) and a minute later finished, which both gave up."""
    stage = stage_with(retry="none", targets=(HOOK, OTHER))
    session = stage.platform.apply("create", "ScenarioSession")
    post_due(stage.platform, answers(200))
    stage.platform.advance(stage.platform.now + 60_000)
    stage.platform.apply("finish", session)
    post_due(stage.platform, answers(500))
    return stage, session.id


def test_delivery_is_sent_again_by_its_id():
    stage, _ = story()

    status, shown = ask(stage, "POST deliveries/1/resend")
    attempts = stage.platform.due()

    assert (status, shown["id"], shown["state"], len(shown["attempts"])) == (202, 1, "delivered", 1)
    assert [(one.delivery, one.number) for one in attempts] == [(1, 2)]
    with pytest.raises(StateError, match="delivery 1 is in flight"):
        ask(stage, "POST deliveries/1/resend")
    with pytest.raises(NotFoundError, match="there is no delivery '9'"):
        ask(stage, "POST deliveries/9/resend")


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({"state": "given_up"}, [3, 4, 5, 6]),
        ({"event": "created"}, [1, 2]),
        ({"event": "finished", "target": OTHER}, [4]),
        ({"type": "Call"}, []),
        ({"type": "ScenarioSession", "after": 2.0, "until": 4}, [3, 4]),
        ({"until": 2}, [1, 2]),
        ({"after": "2021-03-01T08:00:00Z"}, [3, 4, 5, 6]),
        ({"until": "2021-03-01T08:00:59Z"}, [1, 2]),
        ({"after": "2021-03-01T08:00:00Z", "until": 3}, [3]),
    ],
    ids=str,
)
def test_all_that_fit_are_sent_again(wanted, ids):
    stage, session = story()

    status, shown = ask(stage, "POST deliveries/resend", {**wanted, "of": session})

    assert (status, shown) == (202, {"resent": ids, "refused": []})
    post_due(stage.platform, answers(200))
    assert sorted(stage.platform.journal.deliveries()) == [1, 2, 3, 4, 5, 6]
    resent = ask(stage, "GET deliveries")[1]["deliveries"]
    assert [one["id"] for one in resent if len(one["attempts"]) == 2] == ids


def test_what_fits_but_cannot_be_sent_is_told():
    stage, session = story()
    stage.platform.apply("update", session)
    stage.platform.due()

    _, shown = ask(stage, "POST deliveries/resend", {"after": 5})

    assert shown == {
        "resent": [6],
        "refused": [
            {"id": 7, "why": "delivery 7 is in flight. Wait until it has ended."},
            {"id": 8, "why": "delivery 8 is in flight. Wait until it has ended."},
        ],
    }


def test_wrong_choice_is_told():
    stage, _ = story()
    journal = stage.platform.journal

    for choice, message in (
        (Choice(), "nothing says which deliveries are meant"),
        (Choice(state="lost"), "state: there is no state 'lost'"),
        (Choice(until="2021-99"), "until: the time cannot be read"),
    ):
        with pytest.raises(UsageError, match=message):
            choice.fitting(journal)
