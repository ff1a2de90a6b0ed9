"""serve --show-settings: each setting, its value and where that came from, and nothing is started."""

from __future__ import annotations

import json

from simulator.cli import main
from simulator.settings import FIELDS, Settings


def rows(text: str) -> dict[str, tuple[str, str]]:
    lines = [line.split("  ") for line in text.splitlines()]
    parts = [[part.strip() for part in line if part.strip()] for line in lines]
    return {name: (value, place) for name, value, place in parts}


def test_table_says_where_each_value_came_from(tmp_path, monkeypatch, capsys):
    config = tmp_path / "scope.toml"
    config.write_text(
        'seed = 3\nheaders = ["A: b", "C: d"]\ntimeout = "2s"\npeople = [{name = "Ana Silva"}]\n'
    )
    monkeypatch.setenv("SCOPE_SIMULATOR_ALLOW_HOST", "one,two")
    argv = ["serve", "--show-settings", "--config", str(config), "--seed", "7", "--control-token", "my-own"]

    assert main([*argv, "--target", "http://127.0.0.1:8000/" + "x" * 40]) == 0

    out, err = capsys.readouterr()
    shown = rows(out)
    assert err == ""
    assert list(shown) == ["setting", *FIELDS]
    assert shown["setting"] == ("value", "from")
    assert shown["seed"] == ("7", "--seed")
    assert shown["headers"] == ("A: b, C: d", f"{config}:2")
    assert shown["timeout"] == ("2s", f"{config}:3")
    assert shown["people"] == ('{"name":"Ana Silva"}', f"{config}:4")
    assert shown["allow_hosts"] == ("one, two", "SCOPE_SIMULATOR_ALLOW_HOST")
    assert shown["speed"] == ("real", "default")
    assert shown["updates"] == ("true", "default")
    assert shown["start"] == ("-", "default")
    assert shown["ca"] == ("-", "default")
    assert shown["control_token"] == ("(not shown)", "--control-token")
    assert "my-own" not in out
    # One long value does not push the places of all others to the right.
    assert out.splitlines()[1].index("--seed") < 70


def test_programs_get_a_line_for_each_setting(capsys):
    assert main(["serve", "--show-settings", "--json", "--seed", "7", "--target", "http://a/"]) == 0

    out, err = capsys.readouterr()
    lines = {line["setting"]: line for line in map(json.loads, out.splitlines())}
    assert err == ""
    assert list(lines) == list(FIELDS)
    assert lines["seed"] == {"setting": "seed", "value": 7, "source": "flag", "place": "--seed"}
    assert lines["targets"]["value"] == ["http://a/"]
    assert lines["control_token"]["value"] is None


def test_what_programs_get_is_what_a_configuration_file_takes(capsys):
    assert main(["serve", "--show-settings", "--json", "--speed", "60", "--header", "A: b"]) == 0

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    given = {line["setting"]: line["value"] for line in lines if line["value"] is not None}
    assert Settings().replace(**given) == Settings().replace(speed="60", headers=["A: b"])


def test_wrong_setting_is_told_instead(capsys):
    assert main(["serve", "--show-settings", "--target", "ftp://x"]) == 2
    assert capsys.readouterr().err.startswith("--target: only http and https")


def test_file_that_a_start_would_write_is_refused(capsys):
    assert main(["serve", "--show-settings", "--ready-file", "x.json"]) == 2
    assert capsys.readouterr().err == (
        "--ready-file: the flag has no effect together with --show-settings, which starts nothing; found x.json. "
        "Leave one of the two out.\n"
    )
