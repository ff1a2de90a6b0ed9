"""Says whether a webhook is signed with one of the secrets: python verify.py BODY_FILE HEADER SECRET..."""

import base64
import hmac
import sys
from pathlib import Path


def is_signed(body: bytes, header: str, secrets: list[str]) -> bool:
    """Return whether one of the signatures in the header is that of the body under one of the secrets."""
    right = [base64.b64encode(hmac.digest(secret.encode(), body, "sha256")) for secret in secrets]
    return any(hmac.compare_digest(one.encode(), each) for one in header.split() for each in right)


if __name__ == "__main__":
    file, header, *secrets = sys.argv[1:]
    signed = is_signed(Path(file).read_bytes(), header, secrets)
    print("signed" if signed else "not signed")
    sys.exit(0 if signed else 1)
