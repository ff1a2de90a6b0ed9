"""Who is told: the URLs that receive every webhook.

It must not decide who may name one, nor which texts are URLs, see ``addresses``.
"""

from __future__ import annotations

from simulator.addresses import check_url
from simulator.values import dataclass

__all__ = ["Target", "check_url"]


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that is told about changes. Nothing is appended to it. [documented: UW]"""

    id: str
    url: str
