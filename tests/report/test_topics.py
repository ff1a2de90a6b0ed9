"""Headers of the second generation: what they say, and what is wrong with them or with the signature."""

from __future__ import annotations

import pytest

from simulator.report.topics import Heading, Signature, heading, judge_signature
from simulator.webhooks.signing import HEADER, signature

UUID = "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
HEADING = (
    ("X-Scope-Topic", "scenario_session/completed"),
    ("X-Scope-Topic-Version", "1.1"),
    ("X-Scope-API-Version", "3"),
    ("X-Scope-Domain", "scopear.com"),
    ("X-Scope-Webhook-Type", "node"),
    ("X-Scope-Webhook-Id", UUID),
)
BODY = b'{"data":{}}'


def test_whole_heading_is_read_whatever_its_letter_case():
    assert heading(HEADING) == Heading("scenario_session/completed", UUID, ())
    assert heading(tuple((name.upper(), value) for name, value in HEADING)) == heading(HEADING)


def test_first_generation_has_none():
    assert heading((("Content-Type", "application/json"),)) is None


def test_what_is_missing_or_does_not_fit_is_told():
    headers = (("X-Scope-Topic", "Completed"), *HEADING[1:4], ("X-Scope-Webhook-Id", "7"))

    assert heading(headers) == Heading(
        "Completed",
        "7",
        (
            "the header X-Scope-Topic does not fit; expected a type and what happened, such as scenario_session/created, "
            "found 'Completed'",
            "the header X-Scope-Webhook-Type is missing; expected a word such as node",
            "the header X-Scope-Webhook-Id does not fit; expected a UUID, found '7'",
        ),
    )
    assert heading(HEADING[1:2]).topic == ""


def signed(value: str) -> tuple[tuple[str, str], ...]:
    return (*HEADING, (HEADER.lower(), value))


NEW, OLD = signature(BODY, "new"), signature(BODY, "old")


@pytest.mark.parametrize(
    ("headers", "secrets", "judged"),
    [
        (HEADING, [], Signature()),
        (signed(NEW), [], Signature(None, "signed")),
        (signed(NEW), ["new"], Signature("right", "signature right")),
        (signed(OLD), ["new", "old"], Signature("right", "signature right under secret 2")),
        (signed(f"{NEW} {OLD}"), ["new", "old"], Signature("right", "signature right under secret 1 and 2")),
        ((), ["new"], Signature("missing", "not signed")),
        (
            HEADING,
            ["new"],
            Signature("missing", "not signed", f"the header {HEADER} is missing, though there is a secret"),
        ),
        (
            signed(NEW.lower()),
            ["new"],
            Signature("wrong", "signature wrong", "the signature is not right. It is right but for the letter case."),
        ),
        (signed(""), ["new"], Signature("wrong", "signature wrong", "the signature is not right. Nothing was computed.")),
        (
            signed(f"{UUID} x"),
            ["new"],
            Signature(
                "wrong",
                "signature wrong",
                "the signature is not right. It is what X-Scope-Webhook-Id holds. It is no signature: that is 44 characters of "
                f"base64, which stand for 32 bytes. Expected: {NEW}. Signed were 11 bytes that begin with '{{\"data\":{{}}}}': "
                "compare that with what the receiver signs.",
            ),
        ),
    ],
)  # fmt: skip
def test_signature_is_judged(headers, secrets, judged):
    assert judge_signature(BODY, headers, secrets) == judged
