"""The table of settings: what each means, how it may be written, which flag it has, how certain the vendor's side is.

The command line, the documents and ``schemas/settings.schema.json`` read this table and say nothing of their own. It
decides no behaviour; it must not know who uses a setting.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from simulator.clock import Moment, Speed, parse_speed
from simulator.errors import UsageError
from simulator.settings import populating, posting, running
from simulator.settings.enums import EnumNames
from simulator.settings.fault_kinds import Fault
from simulator.settings.field import Field
from simulator.settings.files import TextFile
from simulator.settings.forms import unknown_name
from simulator.settings.people import Person
from simulator.settings.topics import TOPICS
from simulator.values import dataclass

__all__ = ["FIELDS", "Settings", "contradiction"]

_MAX = parse_speed("max")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a platform is started with. ``FIELDS`` describes each; ``replace`` reads and checks values."""

    seed: int = 1
    start: Moment | None = None
    speed: Speed = _MAX
    clock_header: bool = False
    host: str = "127.0.0.1"
    port: int = 7267
    public_url: str | None = None
    allow_hosts: tuple[str, ...] = ()
    allow_targets: tuple[str, ...] = ()
    control_token: str | None = None
    db: str | None = None
    journal_bound: int = 100_000
    max_body: int = 1_048_576
    max_query_tokens: int = 10_000
    max_query_depth: int = 50
    max_query_fields: int = 1_000_000
    strict_limits: bool = False
    tell_invented: bool = False
    targets: tuple[str, ...] = ()
    generation: str = "1"
    secret: str | None = None
    domain: str = "scopear.com"
    headers: tuple[tuple[str, str], ...] = ()
    ca: str | None = None
    insecure: bool = False
    event_names: str = "create"
    updates: bool = True
    extra_events: bool = True
    types: tuple[str, ...] = ("ScenarioSession", "Call")
    topics: tuple[str, ...] = TOPICS
    traceparent: bool = False
    timeout: int = 10_000
    ordering: str = "first"
    retry: tuple[int, ...] = (5_000, 300_000, 1_800_000)
    jitter: float = 0.0
    disable_on_gone: bool = False
    disable_after: int = 0
    faults: tuple[Fault, ...] = ()
    audit: bool = False
    users: int = 12
    groups: int = 3
    catalogs: int = 3
    scenarios: int = 4
    sessions: int = 40
    calls: int = 6
    history_days: int = 90
    organization: str | None = None
    permalink: str | None = None
    people: tuple[Person, ...] = ()
    role: str = "company_admin"
    token_groups: tuple[str, ...] = ()
    enum_names: EnumNames = ()
    file_lifetime: int = 3_600_000
    unknown_node: str = "null"
    sdl: TextFile | None = None
    token_days: int = 30

    def replace(self, **given: object) -> Settings:
        """Return a copy with other values, each typed or as text; an unknown name is a usage error."""
        read: dict[str, Any] = {}
        for name, value in given.items():
            field = FIELDS.get(name)
            if field is None:
                raise unknown_name(f"there is no setting {name!r}", name, FIELDS)
            read[name] = field.read(value, place=name, written=f"{name}={field.in_python}")
        settings = dataclasses.replace(self, **read)
        contradiction(settings, {name: name for name in FIELDS})
        return settings


def contradiction(settings: Settings, places: Mapping[str, str]) -> None:
    """Raise UsageError for settings that cannot both hold; ``places`` says by name where each was given."""
    if settings.insecure and settings.ca is not None:
        raise UsageError(
            f"certificates cannot be checked with {settings.ca} and not be checked at all",
            place=f"{places['ca']} and {places['insecure']}",
            remedy="Leave one of the two out.",
        )


FIELDS: Mapping[str, Field] = MappingProxyType(
    {field.name: field for field in (*running.FIELDS, *posting.FIELDS, *populating.FIELDS)}
)
"""All settings by name, in the order of ``Settings``."""
