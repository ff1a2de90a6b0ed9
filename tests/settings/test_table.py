"""One table describes every setting; the value, the schema and the keyword path all follow it."""

from __future__ import annotations

import dataclasses

import pytest

from simulator.clock import parse_moment, parse_speed
from simulator.contracts import problems
from simulator.errors import UsageError
from simulator.seeds import LARGEST_SEED, Seed
from simulator.settings import FIELDS, Person, Settings


def test_table_describes_exactly_the_settings_in_their_order():
    assert list(FIELDS) == [field.name for field in dataclasses.fields(Settings)]
    assert all(name == field.name for name, field in FIELDS.items())


def test_flags_are_those_of_the_command_line_reference():
    flags = {field.flag for field in FIELDS.values() if field.flag}

    assert flags == {
        *("--seed", "--speed", "--host", "--port", "--target", "--event-names", "--updates", "--types"),
        *(
            "--generation",
            "--secret",
            "--timeout",
            "--ordering",
            "--retry",
            "--users",
            "--groups",
            "--scenarios",
            "--sessions",
            "--calls",
        ),
        *("--catalogs", "--history-days", "--role", "--token-groups", "--sdl"),
        *(
            "--header",
            "--ca",
            "--insecure",
            "--public-url",
            "--allow-host",
            "--allow-target",
            "--control-token",
            "--db",
            "--fault",
            "--audit",
            "--strict-limits",
        ),
    }


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_every_default_and_example_can_be_read_and_keeps_the_contract(field):
    assert field.form.read(field.example) is not None
    assert problems("settings", {field.name: field.in_json}) == []
    default = getattr(Settings(), field.name)
    assert default is None or field.form.read(default) == default


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_every_setting_is_described_in_sentences(field):
    assert field.help[0].isupper()
    assert field.help.endswith(".")
    assert field.description == (f"{field.help} [{field.certainty}]" if field.certainty else field.help)


def test_keywords_replace_settings_typed_or_as_text():
    settings = Settings().replace(
        seed="7",
        speed="60",
        start="2021-03-01T08:00:00Z",
        types=("Call",),
        updates=False,
        people=["Ana Silva"],
    )

    assert settings == Settings(
        seed=7,
        speed=parse_speed("60"),
        start=parse_moment("2021-03-01T08:00:00Z"),
        types=("Call",),
        updates=False,
        people=(Person(name="Ana Silva"),),
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"sede": 7}, "there is no setting 'sede'. Did you mean seed?"),
        (
            {"seed": "x"},
            "seed: the value does not fit; expected a whole number from 0 to 999999999999999999, found 'x'. "
            "Write it as in seed=7.",
        ),
        (
            {"updates": "x"},
            "updates: the value does not fit; expected true or false, found 'x'. Write it as in updates=False.",
        ),
        (
            {"ordering": "strikt"},
            "ordering: the value does not fit; expected first, strict or none, found 'strikt'. "
            'Did you mean strict? Write it as in ordering="strict".',
        ),
        (
            {"types": ["Scenario"]},
            "types: the value does not fit; expected ScenarioSession or Call, found 'Scenario'. "
            'Did you mean ScenarioSession? Write it as in types=["ScenarioSession"].',
        ),
    ],
)
def test_wrong_keyword_names_place_value_and_remedy(given, expected):
    with pytest.raises(UsageError) as caught:
        Settings().replace(**given)

    assert str(caught.value) == expected


def test_settings_that_contradict_each_other_are_refused():
    with pytest.raises(UsageError) as caught:
        Settings().replace(ca="own.pem", insecure=True)

    assert str(caught.value) == (
        "ca and insecure: certificates cannot be checked with own.pem and not be checked at all. "
        "Leave one of the two out."
    )


@pytest.mark.parametrize("seed", [0, LARGEST_SEED])
def test_every_seed_that_can_be_set_is_one(seed):
    assert Seed(Settings().replace(seed=seed).seed).value == seed


def test_seed_beyond_those_is_refused_where_it_is_set():
    with pytest.raises(UsageError, match="expected a whole number from 0 to 999999999999999999, found"):
        Settings().replace(seed=LARGEST_SEED + 1)
