"""Who is told: the URLs that receive every webhook.

Decides which texts are URLs that can be posted to. It must not decide who may name one (operators anywhere,
clients of the API only loopback): that is the business of whoever accepts it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from simulator.errors import UsageError, did_you_mean
from simulator.values import dataclass

__all__ = ["Target", "check_url"]

_EXPECTED = "an address such as http://127.0.0.1:8000/hooks"
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that is told about changes. Nothing is appended to it. [documented: UW]"""

    id: str
    url: str


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
