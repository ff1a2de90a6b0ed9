"""Command lines become exit codes; help reads well; wrong values are told before anything starts."""

from __future__ import annotations

import shlex
import subprocess
import sys

import click
import pytest

from simulator import __version__
from simulator.cli import looking, main, playing
from simulator.cli.commands import scope_simulator

COMMANDS = [
    *("serve", "replay", "explore", "emit", "listen", "check", "scenarios", "scenarios show"),
    *("schema", "journal", "sign", "verify", "demo"),
]
HEAVY = {"aiohttp", "faker", "graphql", "jsonschema", "yaml"}


def test_without_a_command_the_help_is_shown(capsys):
    assert main([]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Usage: scope-simulator [OPTIONS] ")


def test_help_lists_the_commands_in_the_order_they_are_met(capsys):
    assert main(["--help"]) == 0

    out = capsys.readouterr().out
    listed = out[out.index("Commands:") : out.index("Example:")]
    assert listed.split("\n")[1:13] == [
        "  serve      Start the platform.",
        "  replay     Play scripts and deliver their webhooks.",
        "  explore    Vary a script until an expectation breaks.",
        "  emit       Post webhooks about one resource.",
        "  listen     Receive webhooks and show what is wrong with them.",
        "  check      Validate scripts.",
        "  scenarios  List or print the bundled scripts.",
        "  schema     Print the SDL, a JSON Schema or the control API.",
        "  journal    Show or follow the journal of a running simulator.",
        "  sign       Print the signature of a body.",
        "  verify     Say whether a signature is right, and if not, why.",
        "  demo       See it all work, in under a minute.",
    ]


def test_every_command_that_is_written_can_be_called():
    written = {
        one
        for module in (playing, looking)
        for one in vars(module).values()
        if isinstance(one, click.Command)
    }

    called = {*scope_simulator.commands.values(), *scope_simulator.commands["scenarios"].commands.values()}
    assert written == called
    assert sorted(COMMANDS) == sorted(
        [
            *scope_simulator.commands,
            *(f"scenarios {name}" for name in scope_simulator.commands["scenarios"].commands),
        ]
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_an_example(command, capsys):
    assert main([*command.split(), "--help"]) == 0

    out = capsys.readouterr().out
    assert out.startswith(f"Usage: scope-simulator {command}")
    assert f"\n  Example:\n    scope-simulator {command}" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_examples_are_command_lines_that_can_be_read(command):
    part: click.Command = scope_simulator
    for name in command.split():
        part = part.commands[name]
    for line in part.epilog.split("\n")[2:]:
        words = shlex.split(line.partition(" > ")[0])
        found, context = scope_simulator, click.Context(scope_simulator)
        _, *rest = words
        while isinstance(found, click.Group) and rest:
            _, found, rest = found.resolve_command(context, rest)
        found.make_context("x", rest)


def test_version_is_printed(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"scope-simulator {__version__}\n"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        pytest.param(
            "serve --port x",
            "--port: the value does not fit; expected a whole number from 0 to 65535, found 'x'. "
            "Write it as in --port 7267.",
            id="port",
        ),
        pytest.param(
            "replay iot-event --timeout soon --target http://127.0.0.1:9/",
            "--timeout: the duration cannot be read; expected a number with ms, s, m, h or d, such as 12m, or "
            "ISO 8601, such as PT12M, found 'soon'. Write it as in --timeout 10s.",
            id="duration",
        ),
        pytest.param(
            "demo --port one",
            "--port: the value does not fit; expected a whole number from 0 to 65535, found 'one'. "
            "Write it as in --port 7267.",
            id="port of the demo",
        ),
        pytest.param(
            "serve --types Cal",
            "--types: the value does not fit; expected ScenarioSession or Call, found 'Cal'. Did you mean Call? "
            "Write it as in --types ScenarioSession.",
            id="one of several",
        ),
        pytest.param(
            "serve --target ftp://x",
            "--target: only http and https can be posted to; expected an address such as "
            "http://127.0.0.1:8000/hooks, found 'ftp://x'.",
            id="target",
        ),
        pytest.param(
            "serve --config nowhere.toml",
            "nowhere.toml: the configuration file cannot be read; found no such file or directory. "
            "Name a TOML file that exists.",
            id="config",
        ),
    ],
)
def test_wrong_value_names_the_flag_and_how_to_write_it(argv, message, capsys):
    assert main(argv.split()) == 2
    assert capsys.readouterr() == ("", f"{message}\n")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "SCOPE_SIMULATOR_PRT",
            "3",
            "SCOPE_SIMULATOR_PRT: no setting has this environment variable. Did you mean SCOPE_SIMULATOR_PORT?",
        ),
        (
            "SCOPE_SIMULATOR_PORT",
            "x",
            "SCOPE_SIMULATOR_PORT: the value does not fit; expected a whole number from 0 to 65535, found 'x'. "
            "Write it as in SCOPE_SIMULATOR_PORT=7267.",
        ),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        *("serve", "replay iot-event --target http://127.0.0.1:9/", "demo", "listen"),
        "emit Call.create --target http://127.0.0.1:9/",
    ],
)
def test_wrong_environment_names_the_variable(command, name, value, message, monkeypatch, capsys):
    monkeypatch.setenv(name, value)

    assert main(command.split()) == 2
    assert capsys.readouterr() == ("", f"{message}\n")


def test_wrong_config_names_its_line(tmp_path, capsys):
    config = tmp_path / "scope.toml"
    config.write_text("# ours\nsead = 3\n")

    assert main(["serve", "--config", str(config)]) == 2
    assert capsys.readouterr() == ("", f"{config}:2: there is no setting 'sead'. Did you mean seed?\n")


def test_interruption_before_anything_runs_is_no_traceback(monkeypatch, capsys):
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("simulator.cli.scripts.list_bundled", interrupted)

    assert main(["scenarios"]) == 130
    assert capsys.readouterr().out == ""


def test_reading_a_command_line_loads_nothing_heavy():
    code = "import sys; from simulator.cli import main; main(['--version']); print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert HEAVY & set(done.stdout.split()) == set()
