"""Requests to REST and sign-ins: which fit, when counting is over, and what is told of those that do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.expect import QUIET, Queried, Rest, SignedIn, Verdict, Watch, parse_statuses
from simulator.expect.match import leads_to
from tests.expect.story import Story

BUSY = 0.0
SESSIONS = "/api/v2/ar_contents/12/work_instruction_sessions"
SESSIONS_OF_ANY = "/api/v2/ar_contents/:id/work_instruction_sessions"
SIGN_IN = "/api/v2/users/sign_in.json"
OBJECT = "/api/v3/graphql/object/A"


def only(story: Story, expectation) -> Verdict:
    return Watch(story.journal, [expectation]).verdicts()[0]


def asked() -> Story:
    story = Story()
    story.ask("A")
    story.ask("R", route="sessions", path=SESSIONS)
    story.ask("A", route="object", path=OBJECT, status=404)
    story.ask("U", route="sign_in", path=SIGN_IN)
    return story


@pytest.mark.parametrize(
    ("expectation", "met"),
    [
        (Rest(), True),
        (Rest(path=SESSIONS), True),
        (Rest(path=SESSIONS_OF_ANY), True),
        (Rest(path=f"{SESSIONS}/"), True),
        (Rest(method="POST", path=SESSIONS_OF_ANY, of="R", times=1), True),
        (Rest(method="GET", path=SESSIONS_OF_ANY), False),
        (Rest(path=SESSIONS_OF_ANY, of="S"), False),
        (Rest(path="/api/v2/ar_contents/13/work_instruction_sessions"), False),
        (Rest(path=OBJECT), False),
        (Rest(path=OBJECT, status=parse_statuses("4xx")), True),
        (Rest(path=OBJECT, times=0), True),
        (Rest(times=2), True),
        (Rest(status=parse_statuses(["2xx", "4xx"]), times=3), True),
        (SignedIn(), True),
        (SignedIn(of="U", times=1), True),
        (SignedIn(of="V"), False),
        (SignedIn(times=2), False),
    ],
    ids=str,
)
def test_what_fits_is_counted(expectation, met):
    assert only(asked(), expectation).met is met


@given(st.integers(0, 4), st.integers(0, 4), st.sampled_from([Queried, Rest, SignedIn]))
def test_exact_number_holds_for_it_alone_and_is_final_after_quiet_or_when_exceeded(count, times, kind):
    story = Story()
    watch = Watch(story.journal, [kind(times=times)])
    route = {Queried: "graphql", Rest: "object", SignedIn: "sign_in"}[kind]
    for _ in range(count):
        story.ask("A", route=route)

    assert watch.verdicts()[0].met is (count == times)
    assert watch.ready(BUSY) is (count > times)
    assert watch.ready(QUIET) is (count >= times)
    assert watch.quiet == QUIET


@pytest.mark.parametrize("expectation", [Rest(path=SESSIONS_OF_ANY), SignedIn()], ids=str)
def test_minimum_is_final_with_the_first_that_fits(expectation):
    story = Story()
    watch = Watch(story.journal, [expectation])
    ready = [watch.ready(9.0)]
    story.ask("R", route="sessions", path=SESSIONS)
    story.ask("U", route="sign_in", path=SIGN_IN)
    ready.append(watch.ready(BUSY))

    assert (ready, watch.quiet) == ([False, True], None)


def test_requests_of_a_test_and_spoilt_ones_are_not_the_receivers():
    story = Story()
    story.ask("R", route="sessions", path=SESSIONS, observer=True)
    story.ask("R", route="sessions", path=SESSIONS, faults=("fault 1",))
    story.ask("U", route="sign_in", path=SIGN_IN, observer=True)
    story.ask("U", route="sign_in", path=SIGN_IN, faults=("fault 1",))
    story.ask("U", route="sign_in", path=SIGN_IN, status=503, faults=("fault 2",))

    assert only(story, Rest(path=SESSIONS_OF_ANY)).misses == (
        f"entry 2, POST {SESSIONS}: was spoilt by fault 1",
        f"entry 1, POST {SESSIONS}: is a test's own: it has X-Scope-Simulator-Observer",
        f"entry 5, POST {SIGN_IN}: asks {SIGN_IN}, not {SESSIONS_OF_ANY}, was answered 503 by fault 2, not 2xx",
    )
    assert only(story, SignedIn()).misses == (
        f"entry 5, POST {SIGN_IN}: was answered 503 by fault 2",
        f"entry 4, POST {SIGN_IN}: was spoilt by fault 1",
        f"entry 3, POST {SIGN_IN}: is a test's own: it has X-Scope-Simulator-Observer",
    )


def test_failure_that_a_fault_made_fits_where_it_is_expected():
    story = Story()
    story.ask("U", route="sign_in", path=SIGN_IN, status=503, faults=("fault 1",))

    assert only(story, Rest(path=SIGN_IN, status=parse_statuses(503), times=1)).met


def test_unmet_ones_tell_what_was_asked_instead():
    story = asked()
    story.post("create", "R")
    rest = only(story, Rest("GET", SESSIONS_OF_ANY, of="R", name="release"))
    sign_in = only(story, SignedIn(of="V", name="ana"))

    assert (rest.expected, rest.seen) == (
        f"a GET {SESSIONS_OF_ANY} request about release answered 2xx",
        f"no fitting requests, 3 REST requests in all: POST {SESSIONS} 200, POST {OBJECT} 404, POST {SIGN_IN} 200",
    )
    assert rest.misses[0] == f"entry 2, POST {SESSIONS}: has method POST, not GET"
    assert rest.curl is not None
    assert (sign_in.expected, sign_in.seen, sign_in.misses) == (
        "a sign-in of ana",
        "no fitting sign-ins, 1 sign-in tried, answered 200",
        (f"entry 4, POST {SIGN_IN}: is that of U, not ana",),
    )


def test_nothing_asked_is_said_so():
    assert [only(Story(), one).seen for one in (Rest(), SignedIn())] == [
        "no fitting requests, no REST requests in all",
        "no fitting sign-ins, no sign-ins tried",
    ]


def test_more_than_there_should_be_names_those_that_fit():
    story = Story()
    for _ in range(3):
        story.ask("U", route="sign_in", path=SIGN_IN)

    verdict = only(story, SignedIn(times=1))

    assert (verdict.expected, verdict.seen) == (
        "exactly 1 sign-in",
        "3 fitting sign-ins, 3 sign-ins tried, answered 200, 200, 200",
    )
    assert verdict.misses == tuple(f"entry {number}, POST {SIGN_IN}: fits" for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/a/:id/b", "/a/1%2F2/b", True),
        ("/a/:id/b", "/a/1/2/b", False),
        ("/a/:id/b", "/a//b", False),
        ("/a/:id", "/a/1/", True),
        ("/a.b", "/axb", False),
        ("/a/", "/a", True),
    ],
)
def test_id_in_a_path_stands_for_one_part_of_it(pattern, path, fits):
    assert bool(leads_to(pattern).fullmatch(path)) is fits
