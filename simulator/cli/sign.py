"""``sign`` and ``verify``: what a signature of some bytes is, whether one is right, and if not, why."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from simulator.cli.talk import Talk
from simulator.errors import UsageError
from simulator.report.text import printable
from simulator.webhooks.misreadings import Explanation, Signed, explain, supposed
from simulator.webhooks.signing import HEADER, Verdict, signature
from simulator.webhooks.signing import verify as check
from simulator.wire import JSON

__all__ = ["VARIABLE", "given_secrets", "sign", "verify"]

VARIABLE = "SCOPE_SIMULATOR_SECRET"
"""Where a secret may stand that shall not be seen in a command line."""

_NOTE = "note: the body ends in a newline, which is signed too; what the simulator posts has none."


def sign(file: str, secrets: Sequence[str], talk: Talk) -> int:
    """Print what the header of a signed post with this body holds."""
    secrets = _wanted(secrets)
    body = _read(file)
    value = " ".join(signature(body, secret) for secret in secrets)
    if body.endswith(b"\n"):
        talk.complain([_NOTE])
    if talk.as_json:
        talk.tell({"header": HEADER, "value": value, "bytes": len(body)})
    else:
        talk.say(value)
    return 0


def verify(file: str, secrets: Sequence[str], talk: Talk, *, header: str | None, computed: str | None) -> int:
    """Say whether what a header holds, or what somebody computed, is right, and if not, why; 1 when it is not."""
    secrets = _wanted(secrets)
    if header is None and computed is None:
        raise UsageError(
            "there is nothing to verify",
            place="--signature",
            expected=f"what the header {HEADER} holds",
            remedy="Give it with --signature, or what the receiver computed with --computed.",
        )
    body = _read(file)
    held = re.sub(rf"^\s*{HEADER}\s*:", "", header or "", flags=re.IGNORECASE).strip()
    verdict = check(body, held, secrets)
    signed = supposed(body, secrets, verdict)
    lines, explanations = [], []
    if header is not None:
        lines = [_valid(verdict, len(secrets))] if verdict.ok else ["not valid"]
        if not verdict.ok:
            explanations = [explain(signed, one) for one in verdict.found or ("",)]
    lines += dict.fromkeys(f"  {line}" for one in explanations for line in one.lines)
    answer = None if computed is None else explain(signed, computed)
    if answer is not None:
        lines += ["what was computed is right" if answer.right else "what was computed is wrong"]
        lines += [f"  {line}" for line in answer.lines]
    ok = (header is None or verdict.ok) and (answer is None or answer.right)
    talk.say(*map(printable, lines), tone="good" if ok else "bad")
    talk.tell(_shown(body, ok=ok, verdict=verdict, signed=signed, explanations=explanations, answer=answer))
    return 0 if ok else 1


def given_secrets(secrets: Sequence[str]) -> tuple[str, ...]:
    """Return the secrets that flags or else the environment give; none when neither does."""
    if "" in secrets:
        raise UsageError(
            "a secret is not empty", place="--secret", remedy="Leave out the flag, or give a secret."
        )
    variable = os.environ.get(VARIABLE)
    return tuple(secrets) or ((variable,) if variable else ())


def _wanted(secrets: Sequence[str]) -> tuple[str, ...]:
    found = given_secrets(secrets)
    if not found:
        raise UsageError(
            "a secret is needed",
            place="--secret",
            expected="the shared secret of the subscription",
            remedy=f"Give it with --secret, or in the variable {VARIABLE}.",
        )
    return found


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror or str(error) if isinstance(error, OSError) else "embedded null byte"
        raise UsageError(
            "the file cannot be read",
            place=file,
            found=reason.lower(),
            remedy="Name a file with the body of a webhook, or - for standard input.",
        ) from None


def _valid(verdict: Verdict, count: int) -> str:
    """Say under which of ``count`` secrets the signatures are right."""
    places = [place + 1 for place in verdict.by if place is not None]
    others = len(verdict.by) - len(places)
    text = "valid"
    if count > 1:
        text += f" under secret {' and '.join(map(str, places))} of {count}"
    return f"{text}; {others} more under no secret that was given" if others else text


def _shown(
    body: bytes,
    *,
    ok: bool,
    verdict: Verdict,
    signed: Signed,
    explanations: Sequence[Explanation],
    answer: Explanation | None,
) -> dict[str, JSON]:
    signatures: list[JSON] = [
        {"signature": one, "secret": None if place is None else place + 1}
        for one, place in zip(verdict.found, verdict.by, strict=True)
    ]
    return {
        "ok": ok,
        "bytes": len(body),
        "expected": signed.secrets.header(body),
        "signatures": signatures,
        "explanations": [one.shown for one in explanations],
        "computed": None if answer is None else answer.shown,
    }
