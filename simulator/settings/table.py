"""The table of settings: what each means, how it may be written, which flag it has, how certain the vendor's side is.

The command line, the documents and ``schemas/settings.schema.json`` read this table and say nothing of their own. It
decides no behaviour; it must not know who uses a setting.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from simulator.clock import Moment, Speed, parse_speed
from simulator.errors import UsageError
from simulator.settings.forms import (
    Form,
    Person,
    boolean,
    choice,
    duration,
    integer,
    moment,
    person,
    several,
    speed,
    text,
    unknown_name,
)
from simulator.wire import JSON

__all__ = ["FIELDS", "PREFIX", "Field", "Settings", "config_schema"]

PREFIX = "SCOPE_SIMULATOR_"
"""What the environment variables of all settings begin with."""

_MAX = parse_speed("max")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a platform is started with. ``FIELDS`` describes each; ``replace`` reads and checks values."""

    seed: int = 1
    start: Moment | None = None
    speed: Speed = _MAX
    host: str = "127.0.0.1"
    port: int = 7267
    targets: tuple[str, ...] = ()
    event_names: str = "create"
    updates: bool = True
    extra_events: bool = True
    types: tuple[str, ...] = ("ScenarioSession", "Call")
    timeout: int = 10_000
    ordering: str = "first"
    users: int = 12
    groups: int = 3
    scenarios: int = 4
    sessions: int = 40
    calls: int = 6
    organization: str | None = None
    permalink: str | None = None
    people: tuple[Person, ...] = ()
    unknown_node: str = "null"
    token_days: int = 30
    journal_bound: int = 100_000
    max_body: int = 1_048_576
    max_query_tokens: int = 10_000
    max_query_depth: int = 50
    max_query_fields: int = 1_000_000

    def replace(self, **given: object) -> Settings:
        """Return a copy with other values, each typed or as text; an unknown name is a usage error."""
        read: dict[str, Any] = {}
        for name, value in given.items():
            field = FIELDS.get(name)
            if field is None:
                raise unknown_name(f"there is no setting {name!r}", name, FIELDS)
            read[name] = field.read(value, place=name, written=f"{name}={field.in_python}")
        return dataclasses.replace(self, **read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting as people see it. ``certainty`` marks the vendor's side of it, None where there is none."""

    name: str
    help: str
    form: Form
    example: str
    flag: str | None = None
    certainty: str | None = None

    @property
    def variable(self) -> str:
        """The environment variable, named as the flag where there is one."""
        return PREFIX + (self.flag or self.name).strip("-").replace("-", "_").upper()

    @property
    def description(self) -> str:
        return f"{self.help} [{self.certainty}]" if self.certainty else self.help

    @property
    def in_toml(self) -> str:
        """The example as a configuration file writes it."""
        if self._kind in ("integer", "boolean"):
            return self.example
        return f'["{self.example}"]' if self._kind == "array" else f'"{self.example}"'

    @property
    def in_python(self) -> str:
        """The example as a keyword argument's value."""
        return self.in_toml.capitalize() if self._kind == "boolean" else self.in_toml

    @property
    def _kind(self) -> JSON:
        return self.form.schema.get("type")

    def read(self, value: object, *, place: str, written: str) -> object:
        """Return ``value`` as ``Settings`` holds it; ``written`` shows how it would be right."""
        try:
            return self.form.read(value)
        except UsageError as error:
            raise UsageError(
                error.problem,
                place=place,
                expected=error.expected,
                found=error.found,
                nearest=error.nearest,
                remedy=f"Write it as in {written}.",
            ) from None


def config_schema() -> dict[str, JSON]:
    """Return the JSON Schema of a configuration file, made from the table; ``schemas/settings.schema.json`` is its copy."""
    properties: dict[str, JSON] = {}
    for field in FIELDS.values():
        default = _plain(getattr(Settings(), field.name))
        shown: dict[str, JSON] = {} if default is None else {"default": default}
        properties[field.name] = {
            "title": field.name.replace("_", " ").capitalize(),
            "description": field.description,
            **field.form.schema,
            **shown,
            "examples": [json.loads(field.in_toml)],
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings",
        "description": "A configuration file, as TOML. Flags and the environment outrank it; it outranks scripts.",
        "examples": [
            {"seed": 7, "speed": "max", "targets": ["http://127.0.0.1:8000/hooks/scopear"], "timeout": "10s"}
        ],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _plain(value: object) -> JSON:
    if isinstance(value, Speed):
        return value.name
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    assert value is None or isinstance(value, str | int)
    return value


_LARGEST = 10_000_000

_TABLE = (
    Field(
        name="seed",
        flag="--seed",
        help="The same seed makes the same people, sessions and ids.",
        form=integer(0, 2**63 - 1),
        example="7",
    ),
    Field(
        name="start",
        help="When the simulator's time begins; without it max begins at 2021-03-01T08:00:00Z, real and factors now.",
        form=moment(),
        example="2021-03-01T08:00:00Z",
    ),
    Field(
        name="speed",
        flag="--speed",
        help="How time passes: real, a factor such as 60 (a minute a second), or max (jumps to what somebody waits "
        "for). serve begins with real, demo with 900, all else with max.",
        form=speed(),
        example="60",
    ),
    Field(
        name="host",
        flag="--host",
        help="The address to listen on.",
        form=text(r"[^\s/]+", "a host name or an address"),
        example="127.0.0.1",
    ),
    Field(
        name="port",
        flag="--port",
        help="The port to listen on; 0 takes a free one.",
        form=integer(0, 65_535),
        example="7267",
    ),
    Field(
        name="targets",
        flag="--target",
        help="The URLs that are told of changes; in the environment, blanks stand between them. The vendor has one URL "
        "for each organisation.",
        certainty="documented: UW",
        form=several(
            text(r"\S+", "a URL such as http://127.0.0.1:8000/hooks/scopear"), separator=None, least=0
        ),
        example="http://127.0.0.1:8000/hooks/scopear",
    ),
    Field(
        name="event_names",
        flag="--event-names",
        help="How the first two event words are spelt: create spells create and update, as every example of the vendor "
        "does; created spells created and updated, as its newer prose does.",
        certainty="documented: UW",
        form=choice("create", "created"),
        example="created",
    ),
    Field(
        name="updates",
        flag="--updates",
        help="Whether each change of a record is told as an update. Off, only an explicit update is.",
        certainty="documented: SEED",
        form=boolean(),
        example="false",
    ),
    Field(
        name="extra_events",
        help="Whether paused, resumed and finished are told, which the vendor's prose names and its list of live events "
        "does not.",
        certainty="documented: SEED",
        form=boolean(),
        example="false",
    ),
    Field(
        name="types",
        flag="--types",
        help="The resource types whose changes are told, separated by commas.",
        certainty="documented: SEED",
        form=several(choice("ScenarioSession", "Call"), separator=",", least=1),
        example="ScenarioSession",
    ),
    Field(
        name="timeout",
        flag="--timeout",
        help="How long one attempt may take, in wall time; a bare number is milliseconds.",
        certainty="chosen",
        form=duration(),
        example="10s",
    ),
    Field(
        name="ordering",
        flag="--ordering",
        help="For each target: first starts the next first attempt when the one before has ended, strict lets nothing "
        "overtake, none has up to 16 in flight.",
        certainty="chosen",
        form=choice("first", "strict", "none"),
        example="strict",
    ),
    Field(
        name="users",
        flag="--users",
        help="How many users the world begins with, the integration's own included.",
        form=integer(1, _LARGEST),
        example="12",
    ),
    Field(
        name="groups",
        flag="--groups",
        help="How many groups the world begins with. The first is named Default.",
        certainty="documented: GN",
        form=integer(1, _LARGEST),
        example="3",
    ),
    Field(
        name="scenarios",
        flag="--scenarios",
        help="How many scenarios the world begins with.",
        form=integer(0, _LARGEST),
        example="4",
    ),
    Field(
        name="sessions",
        flag="--sessions",
        help="How many scenario sessions the world begins with.",
        form=integer(0, _LARGEST),
        example="40",
    ),
    Field(
        name="calls",
        flag="--calls",
        help="How many calls the world begins with.",
        form=integer(0, _LARGEST),
        example="6",
    ),
    Field(
        name="organization",
        help="The organisation's name; invented from the seed unless given.",
        form=text(r".*\S.*", "a name"),
        example="Northwind Rail",
    ),
    Field(
        name="permalink",
        help="The organisation's slug, by which a request may name it; made from the name unless given.",
        certainty="documented: EG",
        form=text(r"[a-z0-9]+(-[a-z0-9]+)*", "lower-case letters, digits and single hyphens"),
        example="northwind",
    ),
    Field(
        name="people",
        help="The first users by name, each a name or what is to be known of the user; as text, commas stand between.",
        form=several(person(), separator=",", least=0),
        example="Ana Silva",
    ),
    Field(
        name="unknown_node",
        help="What GraphQL answers for a node id that it does not know: null, or null and an error.",
        certainty="chosen",
        form=choice("null", "error"),
        example="error",
    ),
    Field(
        name="token_days",
        help="After how many days on the simulator's clock a session token expires.",
        certainty="documented: EG",
        form=integer(1, 36_500),
        example="30",
    ),
    Field(
        name="journal_bound",
        help="How many entries the journal keeps; the oldest go first.",
        form=integer(1, _LARGEST),
        example="100000",
    ),
    Field(
        name="max_body",
        help="How many bytes a request's body may have.",
        certainty="chosen",
        form=integer(1, 2**31 - 1),
        example="1048576",
    ),
    Field(
        name="max_query_tokens",
        help="How many tokens a GraphQL document may have.",
        certainty="chosen",
        form=integer(1, _LARGEST),
        example="10000",
    ),
    Field(
        name="max_query_depth",
        help="How deep the fields of a GraphQL document may be nested.",
        certainty="chosen",
        form=integer(1, 1000),
        example="50",
    ),
    Field(
        name="max_query_fields",
        help="How many fields the answer to a GraphQL query may have, estimated from the sizes of its pages.",
        certainty="chosen",
        form=integer(1, 2**31 - 1),
        example="1000000",
    ),
)

FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _TABLE})
"""All settings by name, in the order of ``Settings``."""
