"""The flags come from the table of settings, so that none can mean two things."""

from __future__ import annotations

import click
import pytest

from simulator.cli.commands import scope_simulator
from simulator.cli.flags import read_number, setting_flags, settings_given
from simulator.errors import UsageError
from simulator.settings import FIELDS


def options_of(command: str) -> dict[str, click.Option]:
    return {
        option.name: option
        for option in scope_simulator.commands[command].params
        if isinstance(option, click.Option)
    }


def flagged() -> set[str]:
    return {field.name for field in FIELDS.values() if field.flag}


@pytest.mark.parametrize("command", ["serve", "replay"])
def test_command_has_every_setting_that_has_a_flag(command):
    # What replay plays is over when it is, so that it keeps no file.
    assert flagged() - ({"db"} if command == "replay" else set()) <= set(options_of(command))


@pytest.mark.parametrize("command", ["serve", "replay", "emit", "listen", "demo"])
def test_flag_is_spelt_and_explained_as_in_the_table(command):
    options = options_of(command)
    for name in flagged() & set(options):
        assert FIELDS[name].flag in options[name].opts
        assert options[name].help.startswith(FIELDS[name].help)


@pytest.mark.parametrize(
    ("command", "name", "metavar", "ending"),
    [
        ("serve", "seed", "N", "[default: 1]"),
        ("serve", "speed", "real|N|max|manual", "[default: real]"),
        ("replay", "speed", "real|N|max|manual", "[default: max]"),
        ("demo", "speed", "real|N|max|manual", "[default: 900]"),
        ("serve", "port", "N", "[default: 7267]"),
        ("replay", "port", "N", "[default: 0]"),
        ("serve", "host", "ADDRESS", "[default: 127.0.0.1]"),
        ("serve", "event_names", "create|created", "[default: create]"),
        ("serve", "types", "TYPE,...", "[default: ScenarioSession,Call]"),
        ("serve", "timeout", "DURATION", "[default: 10s]"),
        ("serve", "ordering", "first|strict|none", "[default: first]"),
        ("serve", "retry", "DURATION,...|none", "[default: 5s,5m,30m]"),
        ("emit", "retry", "DURATION,...|none", "[default: none]"),
        ("serve", "updates", None, "[default: yes]"),
        ("serve", "targets", "URL", "Repeat it for more."),
        ("serve", "headers", '"NAME: VALUE"', "Repeat it for more."),
        ("serve", "ca", "FILE", "besides those the machine trusts."),
        ("serve", "insecure", None, "[default: no]"),
        ("serve", "allow_hosts", "NAME", "Repeat it for more."),
        ("emit", "port", "N", "[default: 0]"),
        ("emit", "ordering", "first|strict|none", "[default: none]"),
        ("listen", "port", "N", "[default: 8000]"),
        ("journal", "api", "URL", "[default: http://127.0.0.1:7267]"),
    ],
)
def test_flag_says_what_it_takes_and_what_it_is_without(command, name, metavar, ending):
    option = options_of(command)[name]

    assert option.metavar == metavar
    assert option.help.endswith(ending)


def test_switch_can_be_turned_either_way():
    option = options_of("serve")["updates"]

    assert (option.opts, option.secondary_opts) == (["--updates"], ["--no-updates"])


def test_value_not_given_stays_none_so_that_other_sources_count():
    @click.command()
    @setting_flags("seed", "targets", "updates")
    def command(**values: object) -> dict[str, object]:
        return values

    assert command.main([], standalone_mode=False) == {"seed": None, "targets": (), "updates": None}
    assert command.main(
        ["--seed", "7", "--target", "a", "--target", "b", "--no-updates"], standalone_mode=False
    ) == {"seed": "7", "targets": ("a", "b"), "updates": False}


def test_number_of_a_flag_that_is_no_setting_is_read():
    assert read_number("302", flag="--status", low=200, high=599, example="500") == 302


@pytest.mark.parametrize(("text", "found"), [("ten", "'ten'"), ("600", "600"), ("", "''")])
def test_wrong_number_is_told_as_for_a_setting(text, found):
    with pytest.raises(UsageError) as raised:
        read_number(text, flag="--status", low=200, high=599, example="500")

    assert str(raised.value) == (
        f"--status: the value does not fit; expected a whole number from 200 to 599, found {found}. "
        "Write it as in --status 500."
    )


def test_only_settings_are_handed_on_as_settings():
    assert settings_given({"seed": "7", "as_json": True, "targets": ()}) == {"seed": "7", "targets": ()}
