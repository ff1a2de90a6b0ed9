"""Who is told: the URLs that receive webhooks, and which of them are told nothing at present.

It must not decide who may name one, nor which texts are URLs, see ``addresses``, nor when a target is disabled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass as mutable

from simulator.addresses import check_url
from simulator.errors import NotFoundError
from simulator.values import dataclass

__all__ = ["Standing", "Target", "Targets", "check_url"]


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that is told about changes. Nothing is appended to it. [documented: UW]"""

    id: str
    url: str


@mutable(slots=True)
class Standing:
    """How a target fares: ``failures`` is how many attempts have failed in a row, ``disabled`` why it is told nothing.

    ``callback``: it is known only as the callback URL of subscriptions, and hears of their topics alone.
    """

    target: Target
    callback: bool = False
    failures: int = 0
    disabled: str | None = None


class Targets:
    """Every target of a platform, in the order they came; the same URL twice is one. Ids are never used again.

    Going through them passes over the callback URLs of subscriptions, which ``standings`` holds too.
    """

    def __init__(self) -> None:
        self._by_url: dict[str, Standing] = {}
        self._added = 0

    def __iter__(self) -> Iterator[Target]:
        return (standing.target for standing in self._by_url.values() if not standing.callback)

    @property
    def standings(self) -> list[Standing]:
        """How each fares, callback URLs included."""
        return list(self._by_url.values())

    def by_url(self, url: str) -> Standing | None:
        return self._by_url.get(url)

    def add(self, url: str) -> bool:
        """Tell a URL of everything; return whether that is new. UsageError when nothing can be posted there."""
        standing = self._by_url.get(url)
        new = standing is None or standing.callback
        self._known(check_url(url), callback=False).callback = False
        return new

    def callback(self, url: str) -> Target:
        """Return the target with the callback URL of a subscription."""
        return self._known(url, callback=True).target

    def remove(self, id: str) -> Target:
        target = self.standing(id).target
        del self._by_url[target.url]
        return target

    def standing(self, id: str) -> Standing:
        """Return how the target with this id fares; NotFoundError when there is none."""
        for standing in self._by_url.values():
            if standing.target.id == id:
                return standing
        raise NotFoundError(
            f"there is no target {id!r}",
            remedy=f"Targets: {', '.join(one.target.id for one in self.standings) or 'none'}.",
        )

    def _known(self, url: str, *, callback: bool) -> Standing:
        standing = self._by_url.get(url)
        if standing is None:
            self._added += 1
            standing = self._by_url[url] = Standing(Target(str(self._added), url), callback)
        return standing
