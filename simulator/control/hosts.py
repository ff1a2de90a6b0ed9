"""Which hosts are this machine: the rule for who may ask without a token and where strangers may have us post.

Decides by the text alone and asks no name server: a name that resolves to this machine today may not tomorrow.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Container
from urllib.parse import urlsplit

from simulator.errors import UsageError
from simulator.webhooks.targets import check_url

__all__ = ["check_own_url", "is_loopback"]


def is_loopback(host: str) -> bool:
    """Return whether ``host``, a name or an address without a port, means this machine only."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_own_url(url: str, *, allowed: Container[str] = ()) -> str:
    """Return ``url`` when it is one that anybody who reaches the control API may name, else raise UsageError.

    ``allowed`` are the hosts beyond this machine that the operator allows.
    """
    host = (urlsplit(check_url(url)).hostname or "").removesuffix(".")
    if not is_loopback(host) and host not in allowed:
        raise UsageError(
            "a target that arrives over the control API must be on this machine",
            expected="a loopback host such as 127.0.0.1 or localhost",
            found=repr(host),
            remedy="Whoever starts the simulator may name any target with --target, or allow the host with --allow-target.",
        )
    return url
