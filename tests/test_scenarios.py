"""Every script that comes with the simulator plays, teaches and means what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from simulator import contracts
from simulator.bundled import read_scenario, scenario_names
from simulator.clock import iso_millis
from simulator.engine import Platform
from simulator.errors import UsageError
from simulator.script import Script, load, open_script, play, rehearse, variants_of
from simulator.settings import resolve
from simulator.wire import Outcome, Request
from tests.driving import answers, ask, asks, drive, hook_of

SCENARIOS = Path(__file__).parent.parent / "scenarios"
TWO = "two-targets-one-dead"
"""The one script that is about a second target."""

TROUBLE = (
    "api-lags-behind",
    "duplicate-and-reordered",
    "given-up",
    "offline-receiver",
    "retried-until-it-works",
    "token-expired-before-the-query",
    "unknown-future-event",
)
"""Those in which something goes wrong on purpose."""

SUBSCRIBED = ("rotated-secret", "subscription-with-a-stored-query")
"""Those with webhooks of the second generation, for a receiver that verifies signatures."""

PROBING = ("who-may-see-what",)
"""Those that ask somebody, for which it takes sockets."""

QUIET = (
    "both-session-types",
    "call-with-an-expert",
    "created-and-finished",
    "demo-session",
    "hour-of-ten-technicians",
    "iot-event",
    "offline-tablet-reports-late",
    "one-work-order",
    "passive-session-leaves",
    "paused-for-a-part",
    "photos-and-checkboxes",
    "shift-of-a-dozen",
    "storm-of-updates",
    "three-endings",
    "year-of-history",
)
NAMES = tuple(sorted((*QUIET, *TROUBLE, *SUBSCRIBED, *PROBING, TWO)))
ALONE = tuple(name for name in NAMES if name not in (TWO, *PROBING))


def opened(name: str) -> Script:
    """Return a script, the first combination of one with a matrix."""
    return variants_of(open_script(name, environ={}))[0]


def platform_for(script, *, retry: str = "none") -> Platform:
    settings = resolve(script=script.settings()).settings.replace(retry=retry)
    return Platform(settings, base_url="http://scope", targets=["http://127.0.0.1:9/hook"])


def told_by(name: str) -> list[tuple[str, str]]:
    """Play a script for a receiver that asks, and return what the receiver was told: when, and the word."""
    script = opened(name)
    platform = platform_for(script)
    told = []
    receiver = asks(platform)

    def listening(attempt):
        hook = hook_of(attempt)
        told.append((hook["time"][11:19], hook["event"]))
        return receiver(attempt)

    assert drive(platform, play(platform, script), listening).ok
    return told


def test_these_are_all():
    assert scenario_names() == NAMES


@pytest.mark.parametrize("name", ALONE)
def test_script_meets_its_expectations_with_a_receiver_that_asks(name):
    script = opened(name)
    platform = platform_for(script, retry="5s,5m,30m")
    rehearse(platform, script)

    report = drive(platform, play(platform, script), asks(platform))

    assert [ruling for ruling in report.rulings if not ruling.verdict.met] == []
    assert report.rulings


@pytest.mark.parametrize("name", QUIET)
def test_nothing_is_left_when_a_script_of_a_good_day_ends(name):
    script = opened(name)
    platform = platform_for(script)

    drive(platform, play(platform, script), asks(platform))

    assert platform.idle_drained
    assert platform.tally().given_up == platform.tally().dropped == 0


def test_same_seed_makes_the_same_trouble_and_another_seed_another():
    def told(seed: int | None) -> list[tuple[int, int, bytes]]:
        script = opened("duplicate-and-reordered")
        settings = resolve(flags={} if seed is None else {"seed": seed}, script=script.settings()).settings
        platform = Platform(settings, base_url="http://scope", targets=["http://127.0.0.1:9/hook"])
        receiver, posts = asks(platform), []

        def listening(attempt):
            posts.append((attempt.delivery, attempt.number, attempt.body))
            return receiver(attempt)

        drive(platform, play(platform, script), listening)
        return posts

    def order(posts: list[tuple[int, int, bytes]]) -> list[int]:
        return [delivery for delivery, _, _ in posts]

    assert told(None) == told(None)
    assert order(told(None)) != order(told(42))


@pytest.mark.parametrize("name", NAMES)
def test_script_can_be_played_in_a_world_of_any_seed(name):
    script = opened(name)

    for seed in range(50):
        rehearse(Platform(resolve(flags={"seed": seed}, script=script.settings()).settings), script)


@pytest.mark.parametrize("name", QUIET)
def test_script_fails_with_a_receiver_that_breaks_down(name):
    script = opened(name)
    platform = platform_for(script)

    report = drive(platform, play(platform, script), answers(500))

    assert not report.ok
    assert all("answered 500" not in verdict.expected and not verdict.met for verdict in report.verdicts)


@pytest.mark.parametrize("name", NAMES)
def test_script_points_editors_to_its_contract_and_begins_with_an_explanation(name):
    lines = read_scenario(name).splitlines()

    assert lines[0] == "# yaml-language-server: $schema=../schemas/script.schema.json"
    assert (SCENARIOS / "../schemas/script.schema.json").exists()
    assert lines[1] == "#"
    assert lines[2].startswith("# ")
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("name", NAMES)
def test_script_says_its_seed_and_what_it_is_for(name):
    script = opened(name)

    assert script.seed is not None
    assert script.description


def test_the_table_lists_every_script_by_its_title():
    rows = re.findall(
        r"^\| \[(.+?)\]\((.+?)\.yaml\) \| (.+?) \| .+ \|$",
        (SCENARIOS / "README.md").read_text("utf-8"),
        re.MULTILINE,
    )

    assert sorted(rows) == [(name, name, open_script(name, environ={}).title) for name in NAMES]


def test_created_and_finished():
    assert told_by("created-and-finished") == [
        ("08:00:00", "create"),
        ("08:02:00", "update"),
        ("08:02:00", "update"),
        ("08:11:00", "update"),
        ("08:15:00", "update"),
        ("08:15:00", "finished"),
        ("08:15:00", "update"),
    ]


def test_paused_for_a_part():
    assert told_by("paused-for-a-part") == [
        ("08:00:00", "create"),
        *[("08:12:00", "update")] * 4,
        ("08:12:00", "paused"),
        ("08:12:00", "update"),
        ("10:12:00", "resumed"),
        ("10:12:00", "update"),
        ("10:37:00", "update"),
        ("10:37:00", "update"),
        ("10:37:00", "finished"),
        ("10:37:00", "update"),
    ]


def test_passive_session_leaves():
    assert told_by("passive-session-leaves") == [
        ("08:00:00", "create"),
        ("08:03:00", "update"),
        ("08:09:00", "finished"),
        ("08:09:00", "update"),
    ]


def test_call_with_an_expert():
    assert told_by("call-with-an-expert") == [
        ("08:00:00", "create"),
        ("08:07:00", "update"),
        ("08:18:00", "update"),
        ("08:19:00", "finished"),
        ("08:19:00", "update"),
    ]


def test_offline_tablet_reports_late():
    assert told_by("offline-tablet-reports-late") == [
        ("08:00:00", "create"),
        *[("08:00:00", "update")] * 9,
        ("08:00:00", "finished"),
        ("08:00:00", "update"),
        ("08:00:40", "update"),
    ]


def test_offline_tablet_tells_the_devices_times():
    script = open_script("offline-tablet-reports-late")
    platform = platform_for(script)
    drive(platform, play(platform, script))

    session = platform.resources("ScenarioSession", after=40)[0]
    photo = platform.resources("ScenarioSessionEvent", limit=1000)[-1]
    start = platform.settings.start or 1_614_585_600_000
    assert (session["startedAt"], session["endedAt"]) == (
        iso_millis(start - 3 * 3_600_000),
        iso_millis(start - 15 * 60_000),
    )
    assert (photo["createdAt"], photo["receivedAt"]) == (
        iso_millis(start - 3_600_000 + 40_000),
        iso_millis(start + 40_000),
    )


def test_demo_session():
    assert told_by("demo-session") == [
        ("08:00:00", "create"),
        ("08:04:00", "finished"),
        ("08:04:00", "update"),
    ]


def played(name: str) -> Platform:
    """Play a script for a receiver that asks, and return the platform as it then is."""
    script = opened(name)
    platform = platform_for(script)
    assert drive(platform, play(platform, script), asks(platform)).ok
    return platform


def data(platform: Platform, query: str, **variables: object) -> dict:
    answered = json.loads(ask(platform, query, **variables).body)
    assert "errors" not in answered, answered
    return answered["data"]


def test_shift_of_a_dozen():
    platform = played("shift-of-a-dozen")

    told = [one for one in told_by("shift-of-a-dozen") if one[1] != "update"]
    sessions = platform.resources("ScenarioSession", after=40)
    assert told[:8] == [
        ("06:00:00", "create"),
        ("06:09:00", "create"),
        ("06:15:00", "create"),
        ("06:40:00", "finished"),
        ("07:00:00", "paused"),
        ("07:25:00", "finished"),
        ("07:25:00", "resumed"),
        ("07:55:00", "finished"),
    ]
    assert [word for _, word in told].count("finished") == 12
    assert told[-1] == ("13:55:00", "finished")
    assert [session["state"] for session in sessions] == ["FINISHED"] * 12
    assert len({session["externalData"]["work_order_id"] for session in sessions}) == 12


def test_storm_of_updates():
    told = told_by("storm-of-updates")

    assert [word for _, word in told].count("update") == 4 + 2 * 20 + 1
    assert told[-2:] == [("08:08:00", "finished"), ("08:08:00", "update")]


def test_photos_and_checkboxes():
    platform = played("photos-and-checkboxes")
    (session,) = platform.resources("ScenarioSession", after=40)
    comment = read_scenario("photos-and-checkboxes").partition("query ($id")[2].partition("fileUrl can be")[0]
    query = "query ($id" + comment.replace("\n#", "\n")

    told = data(platform, query, id=session.id)["node"]
    photos = [one["photo"] for one in told["events"]["nodes"] if one["type"] == "PHOTO"]
    path = photos[0]["fileUrl"].removeprefix("http://scope")
    file = platform.answer(Request("GET", path))

    assert [(one["name"], one["checked"]) for one in told["scenarioSessionCheckboxes"]["nodes"]] == [
        ("Lock fitted", True),
        ("Tag attached", True),
        ("Start button tried", True),
        ("No burn marks", False),
        ("Springs complete", False),
        ("All doors closed", True),
    ]
    assert [one["type"] for one in told["events"]["nodes"]] == ["PHOTO", "PHOTO", "QUIZ", "MEASUREMENT"]
    assert told["events"]["nodes"][0]["eventData"] == {
        "user_name": "Mei Tanaka",
        "caption": "Lock and tag at SW-104",
    }
    assert (
        told["events"]["nodes"][1]["eventData"]["caption"]
        == "Contact inspection SW-104: Inspect the contacts"
    )
    assert (file.status, file.content_type, file.body[:4]) == (200, "image/png", b"\x89PNG")


def test_year_of_history():
    platform = played("year-of-history")
    comment = read_scenario("year-of-history")
    first = comment.index("query ($after")
    pages = comment[first : comment.index("One session by")].replace("\n#", "\n")
    single = comment[comment.index("query { scen") : comment.index("\n\ntitle")]
    seen, after = [], None

    while True:
        page = data(platform, pages, after=after)["scenarioSessions"]
        seen += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    found = data(platform, single)["scenarioSessions"]["nodes"]

    started = [one["startedAt"] for one in seen]
    assert (page["totalCount"], len({one["id"] for one in seen})) == (5001, 5001)
    assert started == sorted(started)
    assert started[0] < "2020-03-05"
    assert seen[-1]["externalData"] == {"work_order_id": "WO-20001", "before": "WO-15000"}
    assert found == [
        {"id": next(one["id"] for one in seen if one["externalData"]["work_order_id"] == "WO-12345")}
    ]


def test_both_session_types():
    told = {}
    for script in variants_of(open_script("both-session-types", environ={})):
        platform = platform_for(script)
        assert drive(platform, play(platform, script), asks(platform)).ok
        (session,) = platform.resources("ScenarioSession", after=40)
        told[script.label] = (session["sessionType"], session["externalData"]["work_order_id"])

    assert told == {
        "sessionType=PERSISTENT, photos=1": ("PERSISTENT", "WO-10"),
        "sessionType=PERSISTENT, photos=3": ("PERSISTENT", "WO-30"),
        "sessionType=PASSIVE, photos=1": ("PASSIVE", "WO-10"),
        "sessionType=PASSIVE, photos=3": ("PASSIVE", "WO-30"),
    }


def test_hour_of_ten_technicians_is_interleaved_as_its_clock_says():
    told = [one for one in told_by("hour-of-ten-technicians") if one[1] != "update"]

    assert [time for time, _ in told] == sorted(time for time, _ in told)
    assert told[:12] == [
        ("08:01:00", "create"),
        ("08:02:00", "create"),
        ("08:04:00", "paused"),
        ("08:04:00", "create"),
        ("08:05:00", "create"),
        ("08:07:00", "paused"),
        ("08:07:00", "paused"),
        ("08:07:00", "create"),
        ("08:08:00", "paused"),
        ("08:08:00", "create"),
        ("08:09:00", "paused"),
        ("08:11:00", "resumed"),
    ]
    assert [word for _, word in told].count("finished") == 10
    assert told[-1] == ("09:00:00", "finished")


def test_hour_of_ten_technicians_is_the_same_byte_for_byte():
    def posts() -> list[tuple[object, ...]]:
        script = opened("hour-of-ten-technicians")
        platform = platform_for(script)
        receiver, made = asks(platform), []

        def listening(attempt):
            made.append((attempt.url, attempt.headers, attempt.body))
            return receiver(attempt)

        assert drive(platform, play(platform, script), listening).ok
        return made

    first = posts()
    assert len(first) == 100
    assert posts() == first


def test_two_targets_one_dead():
    script = open_script(TWO)
    platform = platform_for(script)
    platform.add_target("http://127.0.0.1:9/gone")
    receiver = asks(platform)

    def one_is_dead(attempt):
        return Outcome(None, "connection refused") if attempt.url.endswith("/gone") else receiver(attempt)

    report = drive(platform, play(platform, script), one_is_dead)

    assert report.ok
    assert (platform.tally().delivered, platform.tally().given_up) == (9, 9)
    assert len(report.excused(platform.journal)) == 9


def test_two_targets_one_dead_fails_when_the_first_is_the_dead_one():
    script = open_script(TWO)
    platform = platform_for(script)
    platform.add_target("http://127.0.0.1:9/alive")
    receiver = asks(platform)

    def first_is_dead(attempt):
        return receiver(attempt) if attempt.url.endswith("/alive") else Outcome(None, "connection refused")

    report = drive(platform, play(platform, script), first_is_dead)

    first = report.verdicts[0]
    assert [verdict.met for verdict in report.verdicts] == [False] * 4 + [True, False]
    assert first.expected == "create about session answered 2xx by http://127.0.0.1:9/hook within 3 s"
    assert any(
        "went to http://127.0.0.1:9/alive, not http://127.0.0.1:9/hook" in miss for miss in first.misses
    )


def test_iot_event():
    assert told_by("iot-event") == [
        ("08:00:00", "connected"),
        ("08:00:20", "reading"),
        ("08:00:40", "reading"),
        ("08:01:00", "reading"),
    ]


def test_iot_event_sends_the_documents_example():
    script = open_script("iot-event")
    platform = platform_for(script)
    hooks = []

    def listening(attempt):
        hooks.append(hook_of(attempt))
        return answers(200)(attempt)

    drive(platform, play(platform, script), listening)
    assert hooks[0] == {
        "time": "2021-03-01T08:00:00Z",
        "event": "connected",
        "type": "iot",
        "data": {
            "device_id": "5c4bx0248-28c2",
            "protocol": "MQTT",
            "byte_stream": "3vybr9c047rx4c082bvc5nrxn4c89420w",
        },
    }
    assert [hook["data"]["sequence"] for hook in hooks[1:]] == [0, 1, 2]


EXAMPLES = [
    """
title: A technician waits for a part, a colleague finishes the work order
seed: 7
start: 2021-03-01T08:00:00Z
vars: {order: WO-1042}
world:
  organization: {name: Northwind Rail, permalink: northwind}
  users: [{as: ana, name: Ana Silva}, {as: raj}]
  scenarios: 2
steps:
  - create: ScenarioSession
    as: session
    with: {sessionType: PERSISTENT, externalData: {work_order_id: "${order}"}}
    by: ana
  - wait: 12m
  - view: session
    steps: 3
  - record: session
    with: {type: PHOTO}
    at: -20m
  - pause: session
  - wait: 2h
  - resume: session
    by: raj
  - finish: session
  - expect:
      answered: {event: finished, of: session, status: 2xx, in: 3s}
      queried: {of: session, fields: [state]}
      within: 10s
""",
    *(json.dumps(example) for example in contracts.load("script")["examples"]),
]


@pytest.mark.parametrize(
    "text", EXAMPLES, ids=["of the language", "first of the contract", "second of the contract"]
)
def test_example_plays(text):
    script = load(text)
    platform = platform_for(script)
    rehearse(platform, script)

    assert drive(platform, play(platform, script), asks(platform)).ok


def test_two_targets_one_dead_needs_a_second_target():
    script = open_script(TWO)

    with pytest.raises(
        UsageError, match=r"\$\{target\[1\]\} stands for nothing: there is only 1 target\. Name one more"
    ):
        rehearse(platform_for(script), script)
