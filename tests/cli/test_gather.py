"""What commands that start a simulator have in common."""

from __future__ import annotations

import pytest

from simulator.cli.gather import blaming, checked, warnings, write_ready
from simulator.errors import UsageError
from simulator.settings import resolve
from tests.server.certificates import Certificate

WRONG = "only http and https can be posted to; expected an address such as http://127.0.0.1:8000/hooks, found 'ftp://x'."


def test_good_targets_pass():
    resolved = resolve(flags={"targets": ("http://a/", "https://b/hook")})

    assert checked(resolved) is resolved.settings


def test_wrong_target_is_named_by_its_flag():
    with pytest.raises(UsageError) as raised:
        checked(resolve(flags={"targets": ("http://a/", "ftp://x")}))

    assert str(raised.value) == f"--target: {WRONG}"


def test_wrong_target_is_named_by_its_variable():
    with pytest.raises(UsageError) as raised:
        checked(resolve(environ={"SCOPE_SIMULATOR_TARGET": "ftp://x"}))

    assert str(raised.value) == f"SCOPE_SIMULATOR_TARGET: {WRONG}"


def test_wrong_target_is_named_by_its_line(tmp_path):
    config = tmp_path / "scope.toml"
    config.write_text('seed = 3\ntargets = ["ftp://x"]\n')

    with pytest.raises(UsageError) as raised:
        checked(resolve(config=config))

    assert str(raised.value) == f"{config}:2: {WRONG}"


def test_authority_that_is_none_is_named_by_where_it_was_given(tmp_path):
    config = tmp_path / "scope.toml"
    config.write_text(f'ca = "{config}"\n')

    with pytest.raises(UsageError) as raised:
        checked(resolve(config=config))

    assert str(raised.value).startswith(f"{config}:1: the file holds no certificates; ")


def test_authority_that_is_one_passes(tmp_path):
    resolved = resolve(flags={"ca": str(Certificate(tmp_path).file)})

    assert checked(resolved) is resolved.settings


def test_error_about_a_setting_names_where_it_was_given():
    resolved = resolve(environ={"SCOPE_SIMULATOR_PORT": "80"})

    with pytest.raises(UsageError) as raised, blaming(resolved):
        raise UsageError("it needs special rights", place="port")

    assert str(raised.value) == "SCOPE_SIMULATOR_PORT: it needs special rights."


def test_posts_without_a_look_at_certificates_are_warned_of_by_where_that_was_asked_for():
    assert warnings(resolve()) == []
    assert warnings(resolve(environ={"SCOPE_SIMULATOR_INSECURE": "yes"})) == [
        "SCOPE_SIMULATOR_INSECURE: warning: the certificates of https receivers are not checked."
    ]


def test_ready_file_is_there_whole_and_alone(tmp_path):
    file = tmp_path / "ready.json"
    file.write_text("old")

    write_ready(str(file), {"ready": True, "seed": 1})

    assert file.read_text() == '{"ready":true,"seed":1}\n'
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(
            lambda at: at / "missing" / "ready.json", "no such file or directory", id="no directory"
        ),
        pytest.param(lambda at: at, "is a directory", id="a directory"),
    ],
)
def test_ready_file_that_cannot_be_written(tmp_path, make, reason):
    inside = tmp_path / "inside"
    inside.mkdir()
    file = make(inside)

    with pytest.raises(UsageError) as raised:
        write_ready(str(file), {})

    assert str(raised.value) == (
        f"--ready-file {file}: the file cannot be written; found {reason}. "
        "Name a file in a directory that exists."
    )
    assert list(tmp_path.iterdir()) == [inside]


def test_file_that_a_command_would_not_keep_is_refused_by_where_it_was_given():
    resolved = resolve(environ={"SCOPE_SIMULATOR_DB": "scope.db"})

    with pytest.raises(UsageError) as raised:
        checked(resolved)

    assert str(raised.value) == (
        "SCOPE_SIMULATOR_DB: this command keeps nothing in a file. "
        "Leave it out here; serve --db keeps one, and replay --api plays on what it serves."
    )
    assert checked(resolved, remembers=True).db == "scope.db"
