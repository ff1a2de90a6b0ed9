"""Addresses that can be posted to, and which of them are this machine.

Decides which texts are URLs that can be posted to, and by the text alone which hosts are this machine: no name server is
asked, since a name that resolves to this machine today may not tomorrow. Who may name which is the business of whoever
accepts one: operators any, all others only what ``check_own_url`` lets pass.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Container
from functools import lru_cache
from urllib.parse import urlsplit

from simulator.errors import UsageError, did_you_mean

__all__ = ["check_own_url", "check_url", "is_loopback"]

_EXPECTED = "an address such as http://127.0.0.1:8000/hooks"
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")


def check_url(text: str) -> str:
    """Return ``text`` when it is a URL that can be posted to, else raise UsageError.

    Plain http is as good as https, as receivers under development use it. [seen: DEMO]
    """
    if bad := _UNPRINTABLE.search(text):
        raise UsageError(
            f"a URL cannot hold the character {bad.group()!r}", expected=_EXPECTED, found=repr(text)
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        problem = f"the URL cannot be read: {str(error).lower()}"
        raise UsageError(problem, expected=_EXPECTED, found=repr(text)) from None
    if parts.scheme not in ("http", "https"):
        raise _wrong_scheme(text, parts.scheme)
    if not host:
        raise UsageError("the URL names no host", expected=_EXPECTED, found=repr(text))
    if port == 0:
        raise UsageError("nothing can be reached at port 0", expected=_EXPECTED, found=repr(text))
    if "@" in parts.netloc:
        # The text is not shown: what stands before the @ may be a real password.
        raise UsageError("the URL holds credentials", expected=_EXPECTED, remedy="Leave them out.")
    if "#" in text:
        raise UsageError(
            "the URL has a fragment, which is never sent",
            expected=_EXPECTED,
            found=repr(text),
            remedy="Leave out the # and what follows it.",
        )
    return text


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Return whether ``host``, a name or an address without a port, means this machine only."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_own_url(url: str, *, allowed: Container[str] = (), what: str = "a target") -> str:
    """Return ``url`` when it is one that anybody who reaches the simulator may name, else raise UsageError.

    ``allowed`` are the hosts beyond this machine that the operator allows; ``what`` is what the URL is of.
    """
    host = (urlsplit(check_url(url)).hostname or "").removesuffix(".")
    if not is_loopback(host) and host not in allowed:
        raise UsageError(
            f"{what} that was not named at the start must be on this machine",
            expected="a loopback host such as 127.0.0.1 or localhost",
            found=repr(host),
            remedy="Whoever starts the simulator may name any target with --target, or allow the host with --allow-target.",
        )
    return url


def _wrong_scheme(text: str, scheme: str) -> UsageError:
    if "://" in text:
        return UsageError(
            "only http and https can be posted to",
            expected=_EXPECTED,
            found=repr(text),
            nearest=[f"{near}://" for near in did_you_mean(scheme, ("http", "https"), most=1)],
        )
    return UsageError(
        "the URL does not begin with http:// or https://",
        expected=_EXPECTED,
        found=repr(text),
        nearest=[f"http://{text}"] if text and not text.startswith("/") else (),
    )
