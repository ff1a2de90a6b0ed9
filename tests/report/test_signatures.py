"""Why a receiver refused: what its answer shows is explained, and nothing is made up."""

from __future__ import annotations

import json

import pytest

from simulator.report.signatures import explain_attempt, refusal_lines
from simulator.webhooks.signing import HEADER, signature
from simulator.wire import Attempt, Outcome

ID = "t5V3S3X8TrtAweWu0A2YHb0cRFJfcRA2rXT3vAGTz1A="
BODY = f'{{"data":{{"id":"{ID}","url":"http://h/{ID}"}}}}'.encode()
NEW, OLD = signature(BODY, "new"), signature(BODY, "old")
REWRITTEN = signature(json.dumps(json.loads(BODY)).encode(), "new")
NOBODYS = signature(BODY, "nobody")


def attempt(header: str | None = NEW) -> Attempt:
    headers = () if header is None else ((HEADER, header),)
    return Attempt(1, 1, "http://h/hook", headers, BODY, 10.0)


def told(
    answer: str, *, status: int = 401, header: str | None = NEW, secrets=("new", "old"), **headers
) -> list[str]:
    return refusal_lines(attempt(header), Outcome(status, headers=headers, body=answer.encode()), secrets)


def test_signature_in_the_answer_is_explained():
    (line,) = told(f'{{"error":"bad signature","expected":"{NEW}","computed":"{REWRITTEN}","id":"{ID}"}}')

    assert line.startswith(
        f"the answer shows the signature {REWRITTEN}. The JSON of the body was parsed and written again with a space after "
        "each comma and colon, as Python's json.dumps does. Sign the bytes of the body as they arrived"
    )


def test_signature_in_a_header_of_the_answer_is_explained():
    (line,) = told("", header=OLD, status=403, **{"x-computed": NEW})

    assert "The new secret was used, with which posts are not signed yet." in line


def test_what_lacks_a_sign_is_no_echo():
    (line,) = told(NEW.rstrip("="))

    assert "It lacks the = at its end." in line


def test_signature_that_nothing_explains_is_told_where_the_answer_speaks_of_one():
    assert told(f"signature mismatch: {NOBODYS}") == [
        f"the answer shows {NOBODYS}, which no mistake that we know explains; sent was {NEW}"
    ]
    assert told(f"request {NOBODYS} refused") == []


@pytest.mark.parametrize(
    "silent",
    [
        told(f"wrong: {NEW} for {ID}"),
        told("go away"),
        told(REWRITTEN, status=200),
        told(REWRITTEN, status=500),
        told(REWRITTEN, header=None),
        told(REWRITTEN, secrets=()),
    ],
)
def test_nothing_is_told_where_nothing_is_shown(silent):
    assert silent == []


def test_only_some_texts_of_an_answer_are_looked_into():
    many = " ".join(signature(BODY, f"nobody {number}") for number in range(4))

    assert told(f"{many} {REWRITTEN}") == []


def test_attempt_is_explained_by_the_secret_that_it_was_signed_with():
    assert explain_attempt(attempt(OLD), OLD, ["new", "old"]).right
    assert not explain_attempt(attempt(None), OLD, ["new", "old"]).right
