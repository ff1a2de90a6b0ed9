"""Who is told: the URLs that receive webhooks, and which of them are told nothing at present.

It must not decide who may name one, nor which texts are URLs, see ``addresses``, nor when a target is disabled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass as mutable
from dataclasses import replace

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
        self.watcher: Callable[[str, Standing | None], None] | None = None
        """Who is told by its id how a target fares whenever that changes; None when it is none any more."""

    def __iter__(self) -> Iterator[Target]:
        return (standing.target for standing in self._by_url.values() if not standing.callback)

    @property
    def added(self) -> int:
        """How many ids were given out so far."""
        return self._added

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
        standing = self._known(check_url(url), callback=False)
        if standing.callback:
            standing.callback = False
            self._tell(standing)
        return new

    def callback(self, url: str) -> Target:
        """Return the target with the callback URL of a subscription."""
        return self._known(url, callback=True).target

    def remove(self, id: str) -> Target:
        standing = self.standing(id)
        del self._by_url[standing.target.url]
        if self.watcher is not None:
            self.watcher(id, None)
        return standing.target

    def fared(self, standing: Standing, *, ok: bool) -> None:
        """Note that an attempt has succeeded or failed."""
        failures = 0 if ok else standing.failures + 1
        if failures != standing.failures:
            standing.failures = failures
            self._tell(standing)

    def disable(self, standing: Standing, why: str) -> None:
        standing.disabled = why
        self._tell(standing)

    def enable(self, standing: Standing) -> None:
        standing.disabled, standing.failures = None, 0
        self._tell(standing)

    def restore(self, added: int, standings: Iterable[Standing]) -> None:
        """Begin with those of another, which has given out ``added`` ids."""
        self._added = added
        self._by_url = {standing.target.url: standing for standing in standings}

    def take_over(self, other: Targets) -> None:
        """Begin with those of another, which goes on by itself."""
        self.restore(other.added, map(replace, other.standings))

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
            self._tell(standing)
        return standing

    def _tell(self, standing: Standing) -> None:
        if self.watcher is not None:
            self.watcher(standing.target.id, standing)
