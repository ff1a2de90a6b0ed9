"""How a post is signed, and whether a signature is right.

Decides the bytes that are signed, the key, the spelling of a signature, and what the header holds while a secret is being
replaced. It must not decide when a post is signed (anew for each attempt, as the last step) nor whose secret it is, nor
guess what went wrong: that is ``misreadings``. The rules come from the vendor's page "Using Webhooks", whose section on
verification is not public; the example it shows settles the rest.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Sequence
from typing import Literal, TypeAlias

from simulator.values import dataclass

__all__ = ["HEADER", "SIGNING", "Secrets", "Signing", "Verdict", "key_of", "signature", "verify"]

HEADER = "X-Scope-Hmac-Sha256"
"""The signature of a webhook of the second generation stands in this header. [documented: UW]"""

Signing: TypeAlias = Literal["new", "old", "both"]
"""With which of a subscription's secrets a post is signed."""

SIGNING: tuple[Signing, ...] = ("new", "old", "both")


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for.

    The key is the secret's characters as UTF-8, even where they look like base64 or hex digits. [inferred]
    """
    # Half a surrogate pair, which JSON can bring along, is no reason to fail while posting.
    return secret.encode("utf-8", "surrogatepass")


def signature(body: bytes, secret: str) -> str:
    """Return the signature of a body.

    A signature is the HMAC-SHA256 of the body's bytes as they are sent, under the shared secret, in base64 with the
    standard alphabet and padding. [inferred]
    """
    return b64encode(hmac.digest(key_of(secret), body, "sha256")).decode("ascii")


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets of a subscription: the one it has, the one it had before, and which of them sign.

    While a secret is being replaced, posts are signed with the old one, the new one or both, as is wanted. [chosen]
    """

    new: str | None = None
    old: str | None = None
    signing: Signing = "new"

    @property
    def signers(self) -> tuple[str, ...]:
        """The secrets that a post is signed with, in the order of the signatures; none without a secret.

        An empty secret counts as none, and the new one signs where the old one should and there is none. [chosen]
        """
        if not self.old or self.signing == "new":
            return (self.new,) if self.new else ()
        if not self.new or self.signing == "old":
            return (self.old,)
        return (self.new, self.old)

    def header(self, body: bytes) -> str | None:
        """Return what the header holds for a body; None when it is left out.

        A subscription without a secret gets no signature. [chosen]
        Of two signatures the new secret's stands first, and one space separates them. [chosen]
        """
        signers = self.signers
        if len(signers) == 1:
            return signature(body, signers[0])
        return " ".join([signature(body, secret) for secret in signers]) or None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose signatures a header holds: ``found`` are its parts, ``by`` the place of the secret that each is right under."""

    found: tuple[str, ...]
    by: tuple[int | None, ...]

    @property
    def ok(self) -> bool:
        """Whether a receiver should take the post: one signature that is right is enough, since others may be for others."""
        return any(place is not None for place in self.by)


def verify(body: bytes, header: str | None, secrets: Sequence[str]) -> Verdict:
    """Say which of ``secrets`` the signatures of a header are right under, as a careful receiver would."""
    found = tuple((header or "").split())
    right = [signature(body, secret) for secret in secrets]
    # There is nothing to guard here, so equality may take as long as it takes; a receiver has hmac.compare_digest.
    return Verdict(found, tuple(right.index(one) if one in right else None for one in found))
