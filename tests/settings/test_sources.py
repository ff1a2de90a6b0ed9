"""Settings come from five sources in a fixed order, and each value knows where it came from."""

from __future__ import annotations

import pytest

from simulator.clock import parse_moment, parse_speed
from simulator.errors import UsageError
from simulator.settings import CONFIG_VARIABLE, FIELDS, Origin, Person, Settings, resolve


@pytest.fixture
def config(tmp_path):
    def write(text: str | bytes) -> str:
        file = tmp_path / "scope.toml"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(file)

    return write


def test_nothing_given_is_the_defaults():
    resolved = resolve()

    assert resolved.settings == Settings()
    assert dict(resolved.origins) == dict.fromkeys(FIELDS, Origin("default", "default"))


def test_each_source_outranks_the_next(config):
    file = config("seed = 3\nport = 3\nusers = 3\n\n")
    resolved = resolve(
        flags={"seed": "1"},
        environ={"SCOPE_SIMULATOR_SEED": "2", "SCOPE_SIMULATOR_PORT": "2", "HOME": "/root"},
        config=file,
        script={"seed": 4, "port": 4, "users": 4, "scenarios": 4},
        script_place="night.yaml",
        defaults={"seed": 5, "port": 5, "users": 5, "scenarios": 5, "speed": "real"},
    )

    assert resolved.settings == Settings(seed=1, port=2, users=3, scenarios=4, speed=parse_speed("real"))
    assert {
        name: resolved.origins[name] for name in ("seed", "port", "users", "scenarios", "speed", "calls")
    } == {
        "seed": Origin("flag", "--seed"),
        "port": Origin("environment", "SCOPE_SIMULATOR_PORT"),
        "users": Origin("config", f"{file}:3"),
        "scenarios": Origin("script", "night.yaml"),
        "speed": Origin("default", "default"),
        "calls": Origin("default", "default"),
    }


def test_flags_that_were_not_given_count_for_nothing():
    resolved = resolve(flags={"seed": None, "targets": (), "updates": False})

    assert resolved.settings == Settings(updates=False)


def test_configuration_file_holds_every_kind_of_value(config):
    file = config(
        """
        start = 2021-03-01T08:00:00Z
        speed = 60
        targets = ["http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b"]
        timeout = "10s"
        updates = false

        [[people]]
        name = "Ana Silva"
        """
    )

    assert resolve(config=file).settings == Settings(
        start=parse_moment("2021-03-01T08:00:00Z"),
        speed=parse_speed("60"),
        targets=("http://127.0.0.1:8000/a", "http://127.0.0.1:8000/b"),
        timeout=10_000,
        updates=False,
        people=(Person(name="Ana Silva"),),
    )


def test_variable_names_the_configuration_file_and_the_flag_outranks_it(config, tmp_path):
    environ = {CONFIG_VARIABLE: config("seed = 3")}
    other = tmp_path / "other.toml"
    other.write_text("seed = 4")

    assert resolve(environ=environ).settings.seed == 3
    assert resolve(environ=environ, config=other).settings.seed == 4


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (
            {"SCOPE_SIMULATOR_SEDE": "1"},
            "SCOPE_SIMULATOR_SEDE: no setting has this environment variable. Did you mean SCOPE_SIMULATOR_SEED",
        ),
        (
            {"SCOPE_SIMULATOR_PORT": "http"},
            "SCOPE_SIMULATOR_PORT: the value does not fit; expected a whole number from 0 to 65535, found 'http'. "
            "Write it as in SCOPE_SIMULATOR_PORT=7267.",
        ),
    ],
)
def test_wrong_variable_is_an_error_by_name(environ, expected):
    with pytest.raises(UsageError) as caught:
        resolve(environ=environ)

    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\nsede = 1", "{}:2: there is no setting 'sede'. Did you mean seed?"),
        ('"a\\nb" = 1', "{}:1: there is no setting 'a\\nb'. There are: " + ", ".join(FIELDS) + "."),
        (
            "port = 1\n[users]\nmany = 3",
            "{}:2: the value does not fit; expected a whole number from 1 to 10000000, found {{'many': 3}}. "
            "Write it as in users = 12.",
        ),
        (
            'ordering = "loose"',
            "{}:1: the value does not fit; expected first, strict or none, found 'loose'. "
            'Write it as in ordering = "strict".',
        ),
        ("seed = \n", "{}:1:8: the configuration file is not TOML; found Invalid value."),
        (
            "seed",
            "{}: the configuration file is not TOML; found Expected '=' after a key in a key/value pair.",
        ),
        (b"\xff\xfe", "{}: the configuration file is not UTF-8 text."),
    ],
)
def test_wrong_configuration_file_names_file_line_and_remedy(config, text, expected):
    file = config(text)

    with pytest.raises(UsageError) as caught:
        resolve(config=file)

    assert str(caught.value) == expected.format(file)


def test_missing_configuration_file_says_so(tmp_path):
    with pytest.raises(UsageError) as caught:
        resolve(config=tmp_path / "none.toml")

    assert str(caught.value) == (
        f"{tmp_path}/none.toml: the configuration file cannot be read; found no such file or directory. "
        "Name a TOML file that exists."
    )


def test_outranked_value_is_still_read(config):
    with pytest.raises(UsageError, match=r"scope\.toml:1: the value does not fit"):
        resolve(flags={"seed": 1}, config=config('seed = "x"'))


def test_wrong_flag_and_script_values_name_their_place():
    with pytest.raises(UsageError, match=r"^--timeout: .* Write it as in --timeout 10s\.$"):
        resolve(flags={"timeout": "ten"})
    with pytest.raises(UsageError, match=r"^night.yaml: .* Write it as in seed: 7\.$"):
        resolve(script={"seed": "x"}, script_place="night.yaml")


def test_example_with_blanks_is_quoted_for_the_shell():
    with pytest.raises(UsageError, match=r"^--header: .* Write it as in --header 'X-Tenant: acme'\.$"):
        resolve(flags={"headers": ("x",)})
    with pytest.raises(
        UsageError,
        match=r"^SCOPE_SIMULATOR_HEADER: .* Write it as in SCOPE_SIMULATOR_HEADER='X-Tenant: acme'\.$",
    ):
        resolve(environ={"SCOPE_SIMULATOR_HEADER": "x"})


def test_contradiction_names_where_each_was_given(config):
    file = config('seed = 3\nca = "own.pem"')

    with pytest.raises(UsageError) as caught:
        resolve(flags={"insecure": True}, config=file)

    assert str(caught.value) == (
        f"{file}:2 and --insecure: certificates cannot be checked with own.pem and not be checked at all. "
        "Leave one of the two out."
    )
    assert resolve(flags={"insecure": False}, config=file).settings.ca == "own.pem"


def test_place_of_a_value_is_where_it_was_or_could_be_given(config):
    file = config("sessions = 3")
    resolved = resolve(flags={"seed": 1}, config=file, environ={"SCOPE_SIMULATOR_HOST": "localhost"})

    assert [resolved.place(name) for name in ("seed", "sessions", "host", "port", "max_body")] == [
        "--seed",
        f"{file}:1",
        "SCOPE_SIMULATOR_HOST",
        "--port",
        "max_body",
    ]


@pytest.mark.parametrize(
    ("place", "told"), [("host", "SCOPE_SIMULATOR_HOST"), ("a.yaml:1:2", "a.yaml:1:2"), (None, None)]
)
def test_error_about_a_setting_is_blamed_on_where_it_was_given(place, told):
    resolved = resolve(environ={"SCOPE_SIMULATOR_HOST": "nowhere"})

    assert resolved.blame(UsageError("it is wrong", place=place)).place == told


def test_several_values_are_parted_in_the_environment_and_listed_in_the_file(config):
    environ = {
        "SCOPE_SIMULATOR_HEADER": "X-One: a, b\nX-Two: c",
        "SCOPE_SIMULATOR_ALLOW_HOST": "one, two",
        "SCOPE_SIMULATOR_ALLOW_TARGET": "10.0.0.1",
    }
    file = config(
        """
        headers = ["X-One: a, b", "X-Two: c"]
        allow_hosts = ["one", "two"]
        allow_targets = ["10.0.0.1"]
        """
    )
    expected = Settings(
        headers=(("X-One", "a, b"), ("X-Two", "c")), allow_hosts=("one", "two"), allow_targets=("10.0.0.1",)
    )

    assert resolve(environ=environ).settings == resolve(config=file).settings == expected
