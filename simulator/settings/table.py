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
from simulator.seeds import LARGEST_SEED
from simulator.settings.enums import EnumNames, enum_names
from simulator.settings.field import Field
from simulator.settings.forms import (
    Person,
    address,
    boolean,
    choice,
    duration,
    header,
    host,
    integer,
    moment,
    person,
    several,
    speed,
    text,
    unknown_name,
)
from simulator.settings.topics import TOPICS, topics
from simulator.values import dataclass

__all__ = ["FIELDS", "Settings", "contradiction"]

_MAX = parse_speed("max")


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a platform is started with. ``FIELDS`` describes each; ``replace`` reads and checks values."""

    seed: int = 1
    start: Moment | None = None
    speed: Speed = _MAX
    host: str = "127.0.0.1"
    port: int = 7267
    public_url: str | None = None
    allow_hosts: tuple[str, ...] = ()
    allow_targets: tuple[str, ...] = ()
    control_token: str | None = None
    targets: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    ca: str | None = None
    insecure: bool = False
    event_names: str = "create"
    updates: bool = True
    extra_events: bool = True
    types: tuple[str, ...] = ("ScenarioSession", "Call")
    topics: tuple[str, ...] = TOPICS
    timeout: int = 10_000
    ordering: str = "first"
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
    enum_names: EnumNames = ()
    file_lifetime: int = 3_600_000
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


_LARGEST = 10_000_000

_TABLE = (
    Field(
        name="seed",
        flag="--seed",
        help="The same seed makes the same people, sessions and ids.",
        form=integer(0, LARGEST_SEED),
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
        name="public_url",
        flag="--public-url",
        help="Where others reach the simulator, which is what stands in a webhook's resource-url; without it the address "
        "it listens on. Requests for that host are answered.",
        form=address(),
        example="https://scope.example",
    ),
    Field(
        name="allow_hosts",
        flag="--allow-host",
        help="Further names by which the simulator may be asked, besides loopback ones and the public URL's; as text, "
        "commas stand between them.",
        form=several(host(), separator=",", least=0),
        example="scope.internal",
        repeated=True,
    ),
    Field(
        name="allow_targets",
        flag="--allow-target",
        help="Further hosts that targets may be on which arrive over the API, besides this machine; as text, "
        "commas stand between them.",
        form=several(host(), separator=",", least=0),
        example="receiver",
        repeated=True,
    ),
    Field(
        name="control_token",
        flag="--control-token",
        help="What the control side asks for, as Authorization: Bearer TOKEN. Without it, requests from this machine need "
        "none, and for others a token is made and told at the start.",
        form=text(r"[!-~]+", "visible ASCII without blanks"),
        example="a-word-of-your-own",
        secret=True,
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
        repeated=True,
    ),
    Field(
        name="headers",
        flag="--header",
        help="Headers of every post, besides those the vendor sends; in the environment, one stands in each line.",
        form=several(header(), separator="\n", least=0),
        example="X-Tenant: acme",
        repeated=True,
    ),
    Field(
        name="ca",
        flag="--ca",
        help="A file with certificates (PEM) that https receivers may be signed by, besides those the machine trusts.",
        form=text(r".*\S.*", "the path of a file"),
        example="certificates/own-ca.pem",
    ),
    Field(
        name="insecure",
        flag="--insecure",
        help="Whether https receivers are posted to without a look at their certificates.",
        form=boolean(),
        example="true",
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
        name="topics",
        help="The catalogue of topics that can be subscribed to, each with its version; as text, commas stand between "
        "them. What the world cannot tell of is never told.",
        certainty="inferred",
        form=topics(),
        example="user/created@1.1",
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
        name="catalogs",
        flag="--catalogs",
        help="How many scenario catalogs the world begins with, one for each machine of the plant.",
        form=integer(0, _LARGEST),
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
        name="history_days",
        flag="--history-days",
        help="Over how many days before the start the sessions and calls are spread that the world begins with.",
        form=integer(1, 3650),
        example="365",
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
        name="enum_names",
        help="How values of enums are spelt on the wire where ours are not the vendor's, such as the states of sessions "
        "and the types of events; a name that more than one enum has may stand as CallStateEnum.FINISHED.",
        certainty="chosen",
        form=enum_names(),
        example="FINISHED=COMPLETED",
    ),
    Field(
        name="file_lifetime",
        help="How long the address of a file can be fetched, on the simulator's clock; a bare number is milliseconds.",
        certainty="chosen",
        form=duration(),
        example="1h",
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
