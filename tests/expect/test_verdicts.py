"""The text that tells of expectations which are not met."""

from __future__ import annotations

from simulator.expect import Answered, Queried, Watch, explain
from tests.expect.story import HOOKS, Story


def test_explanation_names_the_reason_in_its_first_line_and_holds_all_that_is_unmet():
    story = Story()
    story.post("finished", status=500)
    story.ask("A")
    verdicts = Watch(
        story.journal,
        [
            Answered("finished", of="A", name="session"),
            Queried(of="A"),
            Queried(of="A", times=0, name="session"),
        ],
    ).verdicts()

    assert explain(verdicts) == (
        "2 of 3 expectations not met: finished about session answered 2xx; seen: 1 attempt about session: finished 500\n"
        "\n"
        "expected: finished about session answered 2xx\n"
        "seen:     1 attempt about session: finished 500\n"
        f"nearest:  entry 2, finished to {HOOKS}: was answered 500, not 2xx\n"
        "again:    curl -H 'Content-Type: application/json' "
        '--data-raw \'{"event":"finished","data":{"resource-id":"A"}}\' ' + HOOKS + "\n"
        "\n"
        "expected: no requests about session\n"
        "seen:     1 fitting request, 1 request about session in all\n"
        "nearest:  entry 4, POST /api/v3/graphql: fits\n"
        "again:    curl -H 'Content-Type: application/json' "
        '--data-raw \'{"event":"finished","data":{"resource-id":"A"}}\' ' + HOOKS
    )


def test_one_unmet_expectation_alone_is_told_without_numbers():
    assert explain(Watch(Story().journal, [Queried(of="A")]).verdicts()) == (
        "expectation not met: a request about A; seen: no fitting requests, no requests about A in all\n"
        "\n"
        "expected: a request about A\n"
        "seen:     no fitting requests, no requests about A in all"
    )


def test_when_all_is_met_there_is_little_to_explain():
    assert explain([]) == "every expectation was met"
