"""sign and verify: files and standard input, one secret or more, and why something is wrong."""

from __future__ import annotations

import io
import json
import sys

import pytest

from simulator.cli import main
from simulator.cli.sign import given_secrets
from simulator.errors import UsageError
from simulator.webhooks.signing import HEADER, signature

BODY = '{"data":{"id":"t5V","url":"http://h/Zoë"}}'.encode()
NEW, OLD = signature(BODY, "new"), signature(BODY, "old")
NOTE = "note: the body ends in a newline, which is signed too; what the simulator posts has none.\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "body.json"
    path.write_bytes(BODY)
    return str(path)


@pytest.fixture
def stdin(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BODY)))


@pytest.mark.parametrize(
    ("secrets", "value"),
    [(["new"], NEW), (["new", "old"], f"{NEW} {OLD}")],
)
def test_header_of_a_file_is_printed(secrets, value, file, capsys):
    flags = [part for secret in secrets for part in ("--secret", secret)]

    assert main(["sign", file, *flags]) == 0
    assert capsys.readouterr() == (f"{value}\n", "")


def test_standard_input_is_signed_with_the_secret_of_the_environment(stdin, monkeypatch, capsys):
    monkeypatch.setenv("SCOPE_SIMULATOR_SECRET", "old")

    assert main(["sign", "-", "--json"]) == 0

    out, err = capsys.readouterr()
    assert (json.loads(out), err) == ({"header": HEADER, "value": OLD, "bytes": len(BODY)}, "")


def test_newline_at_the_end_is_told(tmp_path, capsys):
    (tmp_path / "body.json").write_bytes(BODY + b"\n")

    assert main(["sign", str(tmp_path / "body.json"), "--secret", "new"]) == 0
    assert capsys.readouterr() == (f"{signature(BODY + bytes([10]), 'new')}\n", NOTE)


@pytest.mark.parametrize(
    ("secrets", "header", "said"),
    [
        ("new", NEW, "valid"),
        ("new", f"{HEADER.lower()}: {NEW}", "valid"),
        ("new old", OLD, "valid under secret 2 of 2"),
        ("new old", f"{NEW} {OLD}", "valid under secret 1 and 2 of 2"),
        ("a b old new", f"{NEW} {OLD}", "valid under secret 4 and 3 of 4"),
        ("new", f"{NEW} {OLD}", "valid; 1 more under no secret that was given"),
    ],
)
def test_right_signature_is_valid(secrets, header, said, file, capsys):
    flags = [part for secret in secrets.split() for part in ("--secret", secret)]

    assert main(["verify", file, *flags, "--signature", header]) == 0
    assert capsys.readouterr() == (f"{said}\n", "")


HEX = "  It is written in hex digits, not in base64."


@pytest.mark.parametrize(
    ("argv", "lines"),
    [
        (
            ["--signature", signature(BODY, "new").lower()],
            ["not valid", "  It is right but for the letter case."],
        ),
        (["--signature", ""], ["not valid", "  Nothing was computed."]),
        (
            ["--signature", f"{signature(BODY + b'!', 'x')} abc"],
            ["not valid", "  No mistake that we know explains it"],
        ),
        (["--computed", OLD], ["what was computed is wrong", "  The old secret was used"]),
        (
            ["--signature", OLD, "--computed", NEW],
            ["valid under secret 2 of 3", "what was computed is wrong", "  The new secret was used"],
        ),
        (
            ["--signature", NEW, "--computed", signature(BODY, "third")],
            [
                "valid under secret 1 of 3",
                "what was computed is wrong",
                "  The key was secret 3, not the secret.",
            ],
        ),
        (
            ["--signature", f"{NEW} {OLD}", "--computed", signature(BODY, "third")],
            [
                "valid under secret 1 and 2 of 3",
                "what was computed is wrong",
                "  The key was secret 3, not the secret.",
            ],
        ),
    ],
)
def test_what_is_wrong_is_told(argv, lines, file, capsys):
    secrets = ["--secret", "new", "--secret", "old", "--secret", "third"]

    assert main(["verify", file, *secrets, *argv]) == 1

    out, err = capsys.readouterr()
    assert err == ""
    for said, line in zip(out.splitlines(), lines, strict=False):
        assert said.startswith(line)


def test_what_was_computed_rightly_is_told(stdin, capsys):
    argv = ["verify", "-", "--secret", "new", "--signature", NEW, "--computed", NEW]

    assert main(argv) == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "valid",
        "what was computed is right",
        "  It is right, so it is the comparison that goes wrong.",
    ]


def test_programs_get_what_people_get(file, capsys):
    argv = ["verify", file, "--secret", "new", "--signature", "abc", "--computed", NEW, "--json"]

    assert main(argv) == 1

    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["bytes"], told["expected"]) == (False, len(BODY), NEW)
    assert told["signatures"] == [{"signature": "abc", "secret": None}]
    assert [one["computed"] for one in told["explanations"]] == ["abc"]
    assert told["computed"]["right"]


def test_programs_are_told_of_what_is_valid(file, capsys):
    assert main(["verify", file, "--secret", "old", "--signature", OLD, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True,
        "bytes": len(BODY),
        "expected": OLD,
        "signatures": [{"signature": OLD, "secret": 1}],
        "explanations": [],
        "computed": None,
    }


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            "sign FILE",
            "--secret: a secret is needed; expected the shared secret of the subscription. Give it with --secret, or in the "
            "variable SCOPE_SIMULATOR_SECRET.",
        ),
        ("sign FILE --secret=", "--secret: a secret is not empty. Leave out the flag, or give a secret."),
        (
            "verify FILE --secret new",
            "--signature: there is nothing to verify; expected what the header X-Scope-Hmac-Sha256 holds. Give it with "
            "--signature, or what the receiver computed with --computed.",
        ),
        (
            "verify nowhere.json --secret new --computed x",
            "nowhere.json: the file cannot be read; found no such file or directory. Name a file with the body of a webhook, "
            "or - for standard input.",
        ),
    ],
)
def test_what_must_be_changed_is_told(argv, message, file, capsys):
    assert main([file if one == "FILE" else one for one in argv.split()]) == 2
    assert capsys.readouterr() == ("", f"{message}\n")


def test_file_name_that_no_system_takes_is_told():
    with pytest.raises(UsageError, match="embedded null byte"):
        main_file("a\0b")


def main_file(name: str) -> None:
    from simulator.cli.sign import sign
    from simulator.cli.talk import Talk

    sign(name, ["new"], Talk())


def test_flags_outrank_the_environment(monkeypatch):
    monkeypatch.setenv("SCOPE_SIMULATOR_SECRET", "old")

    assert given_secrets(["new"]) == ("new",)
    monkeypatch.setenv("SCOPE_SIMULATOR_SECRET", "")
    assert given_secrets([]) == ()
