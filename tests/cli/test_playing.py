"""The commands that run a platform: what their flags are and stand for when nobody says."""

from __future__ import annotations

import click
import pytest

from simulator.cli import playing
from simulator.settings import FIELDS


def option(command: click.Command, name: str) -> click.Option:
    (found,) = [one for one in command.params if isinstance(one, click.Option) and name in one.opts]
    return found


@pytest.mark.parametrize(
    ("command", "flag", "default"),
    [
        (playing.serve, "--speed", "real"),
        (playing.serve, "--port", "7267"),
        (playing.replay, "--speed", "max"),
        (playing.replay, "--port", "0"),
        (playing.emit, "--ordering", "none"),
        (playing.demo, "--speed", "900"),
        (playing.demo, "--port", "0"),
    ],
    ids=lambda one: one.name if isinstance(one, click.Command) else None,
)
def test_help_tells_the_default_of_this_command(command, flag, default):
    assert f"[default: {default}]" in option(command, flag).help


def test_who_is_told_is_the_first_that_emit_asks_for():
    _, first, *others = playing.emit.params

    assert first.opts == ["--target"]
    assert not [one for one in others if one.opts in (["--updates"], ["--types"], ["--event-names"])]


def test_serve_has_the_flag_of_every_setting_that_has_one():
    options = {option for parameter in playing.serve.params for option in parameter.opts}

    assert {field.flag for field in FIELDS.values() if field.flag} - options == set()
