"""How certificates of https receivers are checked: as the machine does, with authorities of the operator's too, or not.

Decides what posts are made with. It must not judge a certificate: OpenSSL does.
"""

from __future__ import annotations

import ssl
from functools import cache

from simulator.errors import UsageError
from simulator.settings import Settings

__all__ = ["client_context", "tls_context"]


def tls_context(settings: Settings) -> ssl.SSLContext | bool:
    """Return what posts to https receivers are made with: a context, True for the machine's own, False for no check.

    Raises UsageError, whose place is ``ca``, when that file holds no certificates.
    """
    if settings.ca is None:
        return not settings.insecure
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(cafile=settings.ca)
    except OSError as error:
        # What is wrong inside the file is an SSLError, whose own words help nobody.
        inside = isinstance(error, ssl.SSLError)
        raise UsageError(
            "the file holds no certificates" if inside else "the file cannot be read",
            place="ca",
            expected="certificates in PEM form, which begin with -----BEGIN CERTIFICATE-----"
            if inside
            else None,
            found=settings.ca if inside else f"{settings.ca}: {(error.strerror or str(error)).lower()}",
            remedy="Name the file with the certificate of the authority that signed the receiver's.",
        ) from None
    return context


def client_context(tls: ssl.SSLContext | bool) -> ssl.SSLContext:
    """Return what a connection is secured with, from what ``tls_context`` returned."""
    return tls if isinstance(tls, ssl.SSLContext) else _plain_context(tls)


@cache
def _plain_context(checked: bool) -> ssl.SSLContext:
    # To read the machine's authorities takes some twenty milliseconds.
    context = ssl.create_default_context()
    if not checked:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context
