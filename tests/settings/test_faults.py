"""How faults are written, and what those are told whose writing cannot be read."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.settings import Settings
from simulator.settings.fault_kinds import Fault
from simulator.settings.faults import faults, find_problems, read_fault, read_faults, read_line

DROP = Fault("delivery", "drop", value=True, times=2)
NAMES = "drop, duplicate, reorder, delay, early, unreachable, answer_lost, damage"


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("delivery.drop,times=2", id="a line"),
        pytest.param("\n delivery.drop=true , times = 2\n\n", id="a line among blanks"),
        pytest.param(["delivery.drop,times=2"], id="a list of lines"),
        pytest.param([{"delivery": {"drop": True, "times": 2}}], id="a list of mappings with a side"),
        pytest.param({"delivery": [{"drop": True, "times": 2}]}, id="lists by side"),
        pytest.param({"delivery": {"drop": True, "times": 2}}, id="one by side"),
        pytest.param([DROP], id="faults that were read"),
    ],
)
def test_faults_are_written_in_many_ways(given: object):
    assert read_faults(given) == (DROP,)


def test_line_says_conditions_and_quotes():
    line = 'api.status=503,retry_after=30s,times=2,chance=0.5,for=2h,operation="A, B",of=x'

    assert read_line(line) == (
        "api",
        {
            "status": "503",
            "retry_after": "30s",
            "times": "2",
            "chance": "0.5",
            "for": "2h",
            "match": {"operation": "A, B", "of": "x"},
        },
    )
    assert read_faults(line) == (
        Fault("api", "status", 503, 2, 0.5, 7_200_000, 30_000, (("operation", "A, B"), ("of", "x"))),
    )


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "",
            "the value does not fit; expected side.name=value, such as delivery.drop or api.status=503, found ''.",
        ),
        (
            "drop",
            "the value does not fit; expected side.name=value, such as delivery.drop or api.status=503, found 'drop'.",
        ),
        ("delivry.drop", "faults have no side 'delivry'; expected delivery or api. Did you mean delivery?"),
        (
            "delivery.drop,twice",
            "'twice' says nothing; expected key=value, such as times=2, found 'delivery.drop,twice'.",
        ),
        (
            "delivery.drop,times=2,times=3",
            "times stands twice; found 'delivery.drop,times=2,times=3'. Leave one of them out.",
        ),
        (
            "delivery.drop,event=a,event=b",
            "event stands twice; found 'delivery.drop,event=a,event=b'. Leave one of them out.",
        ),
    ],
)
def test_line_that_cannot_be_read_is_told(line: str, text: str):
    with pytest.raises(UsageError) as caught:
        read_faults([line])

    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("side", "given", "text"),
    [
        (
            "delivery",
            None,
            "a fault is not a mapping; expected such as {drop: true, times: 2}, found nothing.",
        ),
        ("api", [], "a fault is not a mapping; expected such as {status: 503, times: 2}, found []."),
        ("delivery", {}, f"a fault has no name; expected one of {NAMES}."),
        ("delivery", {"times": 2}, f"a fault has no name; expected one of {NAMES}."),
        ("delivery", {"dorp": True}, "/dorp: unknown fault 'dorp'. Did you mean drop?"),
        ("delivery", {"explode": True}, f"/explode: unknown fault 'explode'; expected one of {NAMES}."),
        (
            "delivery",
            {"status": 503},
            "/status: status is no fault of the delivery side. Write it below api.",
        ),
        ("api", {"drop": True}, "/drop: drop is no fault of the api side. Write it below delivery."),
        (
            "delivery",
            {"drop": True, "delay": "3s"},
            "/delay: a fault has 2 names; expected one, found drop and delay. "
            "Make each an entry of its own in the list.",
        ),
        ("delivery", {"drop": True, "time": 2}, "/time: unknown key 'time'. Did you mean times?"),
        (
            "delivery",
            {"drop": True, "zzz": 2},
            "/zzz: unknown key 'zzz'. Beside drop may stand: times, chance, for, match.",
        ),
        (
            "api",
            {"status": 503, "zzz": 2},
            "/zzz: unknown key 'zzz'. Beside status may stand: times, chance, for, retry_after, match.",
        ),
        (
            "delivery",
            {"drop": True, "event": "create"},
            "/event: unknown key 'event'. Write it below match: {event: ...}.",
        ),
        (
            "api",
            {"latency": "2s", "retry_after": "3s"},
            "/retry_after: retry_after does not go with latency. It goes with status.",
        ),
        ("delivery", {"drop": False}, "/drop: the value of drop does not fit; expected true, found False."),
        (
            "delivery",
            {"duplicate": 0},
            "/duplicate: the value of duplicate does not fit; expected a whole number from 1 to 100, found 0.",
        ),
        (
            "delivery",
            {"damage": "truncated"},
            "/damage: the value of damage does not fit; expected truncate, corrupt, missign, unsigned, stale, "
            "unknown_event, unknown_type, extra_field, null_field or big, found 'truncated'. Did you mean truncate?",
        ),
        (
            "delivery",
            {"delay": "soon"},
            "/delay: the value of delay does not fit; expected a number with ms, s, m, h or d, such as 12m, or ISO 8601, "
            "such as PT12M, found 'soon'.",
        ),
        (
            "delivery",
            {"delay": 0},
            "/delay: the value of delay does not fit; expected a duration such as 10s, or milliseconds, found 0.",
        ),
        (
            "api",
            {"status": 200},
            "/status: the value of status does not fit; expected a whole number from 400 to 599, found 200.",
        ),
        (
            "api",
            {"rate_limit": "10"},
            "/rate_limit: the value of rate_limit does not fit; expected so many in a second, minute or hour, such as "
            "10/s, 100/m or 1000/h, found '10'.",
        ),
        (
            "api",
            {"rate_limit": 10},
            "/rate_limit: the value of rate_limit does not fit; expected so many in a second, minute or hour, such as "
            "10/s, 100/m or 1000/h, found 10.",
        ),
        *(
            (
                "api",
                {"hang_up": True, "chance": chance},
                "/chance: the value of chance does not fit; expected a number above 0 and up to 1, such as 0.3, "
                f"found {chance!r}.",
            )
            for chance in (0, 1.1, "often", True, [])
        ),
        (
            "delivery",
            {"drop": True, "match": "finished"},
            "/match: the value of match does not fit; expected a mapping with some of event, of, type, target, topic, "
            "attempt, found 'finished'.",
        ),
        (
            "api",
            {"hang_up": True, "match": {}},
            "/match: the value of match does not fit; expected a mapping with some of operation, of, field, route, "
            "method, found {}.",
        ),
        (
            "delivery",
            {"drop": True, "match": {"evnt": "create"}},
            "/match/evnt: nothing of the delivery side is matched by 'evnt'. Did you mean event?",
        ),
        (
            "api",
            {"hang_up": True, "match": {"zzz": 1}},
            "/match/zzz: nothing of the api side is matched by 'zzz'. There are: operation, of, field, route, method.",
        ),
        (
            "api",
            {"hang_up": True, "match": {"route": "rest"}},
            "/match/route: the value of route does not fit; expected graphql, object, sign_in, sessions or file, "
            "found 'rest'.",
        ),
        (
            "delivery",
            {"unreachable": True, "match": {"attempt": 0}},
            "/match/attempt: the value of attempt does not fit; expected a whole number from 1 to 1000, found 0.",
        ),
    ],
)
def test_mapping_that_cannot_be_read_is_told(side: str, given: object, text: str):
    with pytest.raises(UsageError) as caught:
        read_fault(side, given)

    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (7, "the value does not fit; expected a list of faults, found 7."),
        (
            [7],
            "the value does not fit; expected a fault such as delivery.drop,times=2, or a mapping such as "
            "{delivery: {drop: true}}, found 7.",
        ),
        (
            [{"delivery": {}, "api": {}}],
            "the value does not fit; expected a fault such as delivery.drop,times=2, or a mapping such as "
            "{delivery: {drop: true}}, found {'delivery': {}, 'api': {}}.",
        ),
        ({"apis": []}, "faults have no side 'apis'; expected delivery or api. Did you mean api?"),
        (
            {"api": [{"hang_up": True}, {"hangup": True}]},
            "/api/1/hangup: unknown fault 'hangup'. Did you mean hang_up?",
        ),
        ({"api": 3}, "/api/0: a fault is not a mapping; expected such as {status: 503, times: 2}, found 3."),
    ],
)
def test_list_that_cannot_be_read_is_told(given: object, text: str):
    with pytest.raises(UsageError) as caught:
        read_faults(given)

    assert str(caught.value) == text


def test_values_may_be_text_as_in_a_line():
    assert read_fault("api", {"slow_body": "true", "times": "3"}) == Fault("api", "slow_body", 2000, 3)
    assert read_fault("api", {"slow_body": "500ms"}).value == 500


def test_script_is_read_past_its_references():
    given = {
        "delay": "${gap}",
        "times": "${many}",
        "match": {"event": "${word}", "of": "session", "attempt": "${n}"},
    }

    fault, problems = find_problems("delivery", given)

    assert problems == []
    assert fault == Fault(
        "delivery", "delay", 30_000, match=(("event", "${word}"), ("of", "session"), ("attempt", "${n}"))
    )


def test_all_that_is_wrong_is_found_at_once():
    fault, problems = find_problems(
        "api", {"status": 1, "times": 0, "match": {"route": "x", "method": "PUT"}}
    )

    assert fault is None
    assert [path for path, _ in problems] == [
        ("status",),
        ("times",),
        ("match", "route"),
        ("match", "method"),
    ]


def test_setting_is_written_as_lines():
    settings = Settings().replace(faults=[{"delivery": {"drop": True, "times": 2}}])

    assert settings.faults == (DROP,)
    assert faults().write(settings.faults) == ["delivery.drop,times=2"]


def test_setting_that_cannot_be_read_is_told_by_its_name():
    with pytest.raises(UsageError) as caught:
        Settings().replace(faults="delivery.dorp")

    assert str(caught.value) == (
        "faults: unknown fault 'dorp'. Did you mean drop? Write it as in faults=[\"delivery.drop,times=2\"]."
    )
