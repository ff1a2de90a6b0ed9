"""The commands that run no platform: none asks for what only a platform needs."""

from __future__ import annotations

import click
import pytest

from simulator.cli import looking
from simulator.settings import FIELDS


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        (looking.listen, {"host", "port", "timeout", "ca", "insecure"}),
        (looking.check, set()),
        (looking.scenarios, set()),
        (looking.show, set()),
        (looking.schema, set()),
        (looking.journal, {"control_token"}),
        (looking.sign, set()),
        (looking.verify, set()),
    ],
    ids=lambda one: one.name if isinstance(one, click.Command) else "",
)
def test_settings_of_a_command_are_those_that_have_an_effect(command, settings):
    assert {one.name for one in command.params if one.name in FIELDS} == settings


def test_receiver_listens_where_the_examples_of_the_others_post_to():
    (port,) = [one for one in looking.listen.params if one.name == "port"]

    assert f"[default: {looking.LISTEN_DEFAULTS['port']}]" in port.help
