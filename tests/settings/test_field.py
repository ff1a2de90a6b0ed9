"""A field says how its setting is given, and words what is wrong with a value."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.settings import FIELDS


def test_variables_are_named_as_the_flags_are():
    assert FIELDS["targets"].variable == "SCOPE_SIMULATOR_TARGET"
    assert FIELDS["event_names"].variable == "SCOPE_SIMULATOR_EVENT_NAMES"
    assert FIELDS["max_body"].variable == "SCOPE_SIMULATOR_MAX_BODY"


@pytest.mark.parametrize(
    ("name", "toml", "python"),
    [
        ("seed", "7", "7"),
        ("updates", "false", "False"),
        ("ordering", '"strict"', '"strict"'),
        ("headers", '["X-Tenant: acme"]', '["X-Tenant: acme"]'),
    ],
)
def test_example_is_written_as_each_place_writes_it(name, toml, python):
    assert (FIELDS[name].in_toml, FIELDS[name].in_python) == (toml, python)


def test_wrong_value_is_told_with_place_and_remedy():
    with pytest.raises(UsageError) as caught:
        FIELDS["port"].read("x", place="--port", written="--port 7267")

    assert str(caught.value) == (
        "--port: the value does not fit; expected a whole number from 0 to 65535, found 'x'. Write it as in --port 7267."
    )


def test_secret_is_not_shown_though_it_is_wrong():
    with pytest.raises(UsageError) as caught:
        FIELDS["control_token"].read("my secret", place="--control-token", written="--control-token a")

    assert str(caught.value) == (
        "--control-token: the value does not fit; expected visible ASCII without blanks. "
        "Write it as in --control-token a."
    )
