"""A script as values."""

from __future__ import annotations

import pytest

from simulator.clock import Moment
from simulator.contracts import load as load_contract
from simulator.errors import UsageError
from simulator.script.model import (
    SIDE_KEYS,
    VERBS,
    Device,
    parse_device_time,
    text_of,
    verb_of,
)
from simulator.script.prepare import load
from simulator.settings import Person, resolve


def only_step(text: str, vars: str = "{}"):
    return load(f"title: t\nvars: {vars}\nworld: {{users: [{{as: ana}}]}}\nsteps:\n  - {text}\n").steps[0]


def test_settings_are_what_the_script_says_and_nothing_else():
    script = load(
        "title: t\nseed: 0\nstart: 2021-03-01T08:00:00Z\n"
        "world: {organization: {name: Rail}, users: [{as: ana, name: Ana Silva}, {as: raj}], sessions: 0}\n"
        "steps: [{wait: 1s}]"
    )

    asked = script.settings()
    settings = resolve(script=asked).settings

    assert list(asked) == ["seed", "start", "organization", "people", "sessions"]
    assert (settings.seed, settings.organization, settings.sessions) == (0, "Rail", 0)
    assert settings.people == (Person(name="Ana Silva"), Person())
    assert settings.start == 1_614_585_600_000


def test_a_number_of_users_is_a_setting():
    script = load("title: t\nworld: {users: 3, groups: 1}\nsteps: [{wait: 1s}]")

    assert script.settings() == {"users": 3, "groups": 1}


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("seed: 1", True),
        ("start: 2021-03-01", True),
        ("world: {calls: 1}", True),
        ("world: {}", False),
        ("", False),
    ],
)
def test_a_script_wants_a_world_when_it_says_something_of_it(line, wanted):
    assert load(f"title: t\n{line}\nsteps: [{{wait: 1s}}]").wants_world is wanted


def test_device_time_is_a_moment_or_so_long_ago():
    assert parse_device_time("-20m") == Device(shift=-1_200_000)
    assert parse_device_time("2021-03-01T08:00:00Z") == Device(moment=Moment(1_614_585_600_000))
    with pytest.raises(UsageError) as caught:
        parse_device_time("20m")
    assert str(caught.value) == (
        "the device's time cannot be read; expected -20m for twenty minutes ago, "
        "or ISO 8601, such as 2021-03-01T07:40:00Z, found '20m'."
    )


SHOWN = {
    "wait: 12m": "wait: 12m",
    "{by: ana, pause: '${world.sessions[0]}'}": "pause: ${world.sessions[0]}, by: ana",
    "{create: Scenario, with: {name: A, steps: [B, C]}}": "create: Scenario, with: {name: A, steps: [B, C]}",
    "emit: {type: iot, event: seen, data: {a: null, b: true, c: 1.5}}": (
        "emit: {type: iot, event: seen, data: {a: null, b: true, c: 1.5}}"
    ),
    "repeat: {times: 3, steps: [{wait: 1s}]}": "repeat: {times: 3}",
    "together: [[{wait: 1s}], [{wait: 2s}]]": "together: 2 tracks",
}


@pytest.mark.parametrize(("text", "shown"), SHOWN.items(), ids=SHOWN)
def test_step_in_one_line(text, shown):
    assert text_of(only_step(text).raw) == shown


def test_verb_of_a_step():
    assert (verb_of({"by": "ana", "pause": "s"}), verb_of({"by": "ana"})) == ("pause", None)


def test_the_contract_knows_the_same_verbs_and_side_keys():
    step = load_contract("script")["$defs"]["step"]

    assert [one["required"] for one in step["oneOf"]] == [[verb] for verb in VERBS]
    assert {
        verb: tuple(rule["propertyNames"]["enum"]) for verb, rule in step["dependentSchemas"].items()
    } == {verb: (verb, *SIDE_KEYS[verb]) for verb in VERBS}
    assert set(step["properties"]) == {*VERBS, *(key for keys in SIDE_KEYS.values() for key in keys)}


def test_step_of_any_length_is_shown_in_a_bounded_line():
    text = text_of({"emit": {"type": "iot", "event": "e", "data": {"x": "y" * 1000}}})

    assert (len(text), text[:20], text[-4:]) == (400, "emit: {type: iot, ev", "y...")
