"""What makes a world is the file's: another value is refused, none is needed."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from tests.store.remembering import Process


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"seed": 8}, "seed: the world in {} was made with another value; expected 7, found 8."),
        ({"sessions": 5}, "sessions: the world in {} was made with another value; expected 40, found 5."),
        (
            {"start": "2022-01-01T00:00:00Z"},
            'start: the world in {} was made with another value; expected none, found "2022-01-01T00:00:00.000Z".',
        ),
        (
            {"people": ["Ana"]},
            'people: the world in {} was made with another value; expected [], found [{{"name": "Ana"}}].',
        ),
    ],
    ids=["seed", "sessions", "start", "people"],
)
def test_setting_that_makes_another_world_is_refused(tmp_path, given, said):
    process = Process(tmp_path / "scope.db", seed=7)
    process.stop()
    process.settings = {}

    with pytest.raises(UsageError) as caught:
        process.again(**given)

    remedy = " Leave it out to go on with that world, or name another file to begin anew."
    assert str(caught.value) == said.format(process.path) + remedy
    process.again(seed=7)
    process.stop()


@pytest.mark.parametrize("name", ["people", "topics", "start", "organization", "permalink"])
def test_setting_that_makes_a_world_is_remembered(tmp_path, name):
    values = {
        "people": [{"name": "Ana Silva", "username": "ana"}, "Raj"],
        "topics": ["user/created@1.1", "scenario_session/completed@1.0"],
        "start": "2022-01-01T00:00:00Z",
        "organization": "Northwind Rail",
        "permalink": "northwind",
    }
    process = Process(tmp_path / "scope.db", **{name: values[name]})
    before = process.stage.start_settings
    process.stop()
    process.settings = {}

    process.again()

    assert process.stage.start_settings == before
    process.stop()
