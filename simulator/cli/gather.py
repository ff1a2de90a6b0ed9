"""What commands that start a simulator have in common: targets that can be posted to, and the file that says where it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from simulator.addresses import check_url
from simulator.cli import whole
from simulator.errors import UsageError
from simulator.settings import Resolved, Settings
from simulator.wire import JSON, dump

__all__ = ["blaming", "checked", "warnings", "write_ready"]


def checked(resolved: Resolved, *, remembers: bool = False) -> Settings:
    """Return the settings when every target can be posted to; the error names where a wrong one came from.

    ``remembers`` is for a command that can keep a file.
    """
    settings = resolved.settings
    if settings.db is not None and not remembers:
        raise UsageError(
            "this command keeps nothing in a file",
            place=resolved.place("db"),
            remedy="Leave it out here; serve --db keeps one, and replay --api plays on what it serves.",
        )
    for url in settings.targets:
        try:
            check_url(url)
        except UsageError as error:
            raise error.at(resolved.place("targets")) from None
    if settings.ca is not None:
        from simulator.server.tls import tls_context

        with blaming(resolved):
            tls_context(settings)
    return settings


@contextmanager
def blaming(resolved: Resolved) -> Iterator[None]:
    """Have an error that is about a setting name the place where its value was given."""
    try:
        yield
    except UsageError as error:
        raise resolved.blame(error) from None


def warnings(resolved: Resolved) -> list[str]:
    """Return what whoever starts a simulator with these settings should know."""
    if not resolved.settings.insecure:
        return []
    return [f"{resolved.place('insecure')}: warning: the certificates of https receivers are not checked."]


def write_ready(path: str, ready: Mapping[str, JSON]) -> None:
    """Write where the simulator is, so that whoever sees the file sees all of it."""
    whole.write(path, dump(ready) + b"\n", place=f"--ready-file {path}")
