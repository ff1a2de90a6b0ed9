"""Whatever is wrong with a command line is said in our words: place, nearest name, what to do."""

from __future__ import annotations

import pytest

from simulator.cli import main


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        pytest.param(
            "srve",
            "scope-simulator: there is no command 'srve'. Did you mean serve? "
            "Commands: serve, replay, explore, emit, listen, check, scenarios, schema, journal, sign, verify, demo.",
            id="command",
        ),
        pytest.param(
            "scenarios shw",
            "scope-simulator scenarios: there is no command 'shw'. Did you mean show? Commands: show.",
            id="command of a group",
        ),
        pytest.param(
            "serve --prot 3",
            "--prot: there is no such flag. Did you mean --port? See: scope-simulator serve --help",
            id="flag",
        ),
        pytest.param(
            "serve --no-update",
            "--no-update: there is no such flag. Did you mean --no-updates? See: scope-simulator serve --help",
            id="flag that turns off",
        ),
        pytest.param(
            "--prot 3 serve",
            "--prot: there is no such flag. See: scope-simulator --help",
            id="flag too early",
        ),
        pytest.param("serve -x", "-x: there is no such flag. See: scope-simulator serve --help", id="letter"),
        pytest.param(
            "serve --port 1 --seed 7 --port=2",
            "--port: the flag stands more than once; found 1 and 2. Give it once.",
            id="twice",
        ),
        pytest.param(
            "replay iot-event --no-updates --updates",
            "--updates: the flag stands more than once; found --no-updates and --updates. Give it once.",
            id="turned on and off",
        ),
        pytest.param(
            "serve --port",
            "--port: the flag needs a value; expected --port N. See: scope-simulator serve --help",
            id="no value",
        ),
        pytest.param(
            "serve --json=1",
            "--json: the flag takes no value. See: scope-simulator serve --help",
            id="value for a switch",
        ),
        pytest.param(
            "serve --no-updates=1",
            "--no-updates: the flag takes no value. See: scope-simulator serve --help",
            id="value for what turns off",
        ),
        pytest.param(
            "replay",
            "scope-simulator replay: SCRIPT is missing. See: scope-simulator replay --help",
            id="no script",
        ),
        pytest.param(
            "check", "scope-simulator check: FILE is missing. See: scope-simulator check --help", id="no file"
        ),
        pytest.param(
            "scenarios show",
            "scope-simulator scenarios show: NAME is missing. See: scope-simulator scenarios show --help",
            id="no name",
        ),
        pytest.param(
            "serve now",
            "scope-simulator serve: got unexpected extra argument (now). See: scope-simulator serve --help",
            id="argument too many",
        ),
    ],
)
def test_mistake_is_said_with_what_to_do(argv, message, capsys):
    assert main(argv.split()) == 2
    assert capsys.readouterr() == ("", f"{message}\n")


def test_switch_turned_the_same_way_twice_is_no_mistake(capsys):
    assert main(["serve", "--json", "--json", "--port", "x"]) == 2
    assert capsys.readouterr().err.startswith("--port: the value does not fit")


def test_value_behind_two_dashes_is_no_flag(capsys):
    assert main(["check", "--", "--help", "--help"]) == 2
    assert "'--help'" in capsys.readouterr().err
