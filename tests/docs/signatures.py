"""What the programs of the how-to about signatures must say of headers and secrets."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from simulator.webhooks.signing import Secrets
from tests.docs.documents import DOCS
from tests.projects import unmeasured

__all__ = ["FOLDER", "SIGNED", "verifies"]

FOLDER = DOCS / "how-to" / "signatures"
_BODY = FOLDER / "body.json"


def _header(secrets: Secrets) -> str:
    return secrets.header(_BODY.read_bytes()) or ""


_BOTH = _header(Secrets("new", "öld €", "both"))

SIGNED = [
    (_header(Secrets("new")), ["new"], True),
    (_header(Secrets("new")), ["öld €"], False),
    (_BOTH, ["other", "öld €"], True),
    (_BOTH, ["new"], True),
    (_BOTH.lower(), ["new", "öld €"], False),
    ("", ["new"], False),
]
"""What the header holds, which secrets are known, and whether the body is signed with one of them."""


def verifies(command: Sequence[str | Path], header: str, secrets: Sequence[str]) -> bool:
    """Run a program of the how-to and return whether it says that the body is signed."""
    done = subprocess.run(
        [*command, _BODY, header, *secrets], env=unmeasured(), capture_output=True, text=True, check=False
    )
    said = {(0, "signed\n", ""): True, (1, "not signed\n", ""): False}
    return said[done.returncode, done.stdout, done.stderr]
