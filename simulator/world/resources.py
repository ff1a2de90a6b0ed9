"""What exists: the vendor's resource kinds and our frozen record for each.

A record is a plain value; it refers to others by number, never by object, and a change makes a new record. Records
hold facts (when, who, how much work is closed); figures that follow from facts and the present moment, such as a
running session's duration, are worked out by ``graph`` when read. Moments are milliseconds, see ``clock.Moment``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from enum import StrEnum
from typing import ClassVar, NamedTuple, TypeAlias

from simulator.clock import Moment
from simulator.errors import NotFoundError, did_you_mean
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = [
    "RECORDS",
    "Attachment",
    "Call",
    "CallParticipant",
    "Group",
    "Kind",
    "License",
    "Organization",
    "Record",
    "Ref",
    "Scenario",
    "ScenarioCatalog",
    "ScenarioRelease",
    "ScenarioSequence",
    "ScenarioSession",
    "ScenarioSessionCheckbox",
    "ScenarioSessionEvent",
    "ScenarioSessionPart",
    "ScenarioSessionStep",
    "ScenarioStep",
    "User",
    "WebhookSubscription",
    "WebhookTopic",
    "kind_called",
]


class Kind(StrEnum):
    """A resource kind; the value is the GraphQL type name. [documented: EG]"""

    ORGANIZATION = "Organization"
    USER = "User"
    GROUP = "Group"
    LICENSE = "License"
    CATALOG = "ScenarioCatalog"
    SCENARIO = "Scenario"
    RELEASE = "ScenarioRelease"
    SEQUENCE = "ScenarioSequence"
    STEP = "ScenarioStep"
    SESSION = "ScenarioSession"
    PART = "ScenarioSessionPart"
    SESSION_STEP = "ScenarioSessionStep"
    EVENT = "ScenarioSessionEvent"
    ATTACHMENT = "Attachment"
    CHECKBOX = "ScenarioSessionCheckbox"
    CALL = "Call"
    PARTICIPANT = "CallParticipant"
    TOPIC = "WebhookTopic"
    SUBSCRIPTION = "WebhookSubscription"


def kind_called(name: str) -> Kind:
    """Return the kind with this name; NotFoundError when there is none."""
    try:
        return Kind(name)
    except ValueError:
        raise NotFoundError(
            f"there is no resource type {name!r}",
            nearest=did_you_mean(name, list(Kind)),
            remedy=f"Types: {', '.join(Kind)}.",
        ) from None


class Ref(NamedTuple):
    """Which record: its kind and number; the number is what the vendor calls databaseId."""

    kind: Kind
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbered:
    KIND: ClassVar[Kind]
    number: int

    @property
    def ref(self) -> Ref:
        return Ref(self.KIND, self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(_Numbered):
    KIND = Kind.ORGANIZATION
    name: str
    permalink: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User(_Numbered):
    KIND = Kind.USER
    first_name: str
    last_name: str
    username: str
    email: str
    phone: str | None = None
    job_title: str | None = None
    groups: tuple[int, ...] = (1,)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(_Numbered):
    KIND = Kind.GROUP
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class License(_Numbered):
    KIND = Kind.LICENSE
    user: int
    product: str
    state: str = "ACTIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioCatalog(_Numbered):
    """Maps one object of the customer's system, such as a machine, to scenarios; these are numbers, rising."""

    KIND = Kind.CATALOG
    name: str
    external_asset_id: str | None
    scenarios: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario(_Numbered):
    KIND = Kind.SCENARIO
    name: str
    description: str
    author: int
    group: int
    published_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioRelease(_Numbered):
    KIND = Kind.RELEASE
    scenario: int
    version: int
    author: int
    published_at: Moment
    type: str = "SCENARIO"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSequence(_Numbered):
    KIND = Kind.SEQUENCE
    release: int
    name: str
    order_index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioStep(_Numbered):
    """``checkboxes`` are the texts a technician ticks on this step; ``order_index`` counts within the release."""

    KIND = Kind.STEP
    sequence: int
    name: str
    order_index: int
    checkboxes: tuple[str, ...] = ()
    external_data: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSession(_Numbered):
    """``worked`` is the milliseconds of all closed parts, ``since`` the moment the present state began, and
    ``part`` the number of the newest part (open exactly while the session is in progress)."""

    KIND = Kind.SESSION
    release: int
    created_by: int
    session_type: str
    state: str
    started_at: Moment
    since: Moment
    part: int
    worked: int = 0
    ended_at: Moment | None = None
    steps_possible: int = 0
    steps_viewed: int = 0
    external_data: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSessionPart(_Numbered):
    """One stretch of work by one person."""

    KIND = Kind.PART
    session: int
    created_by: int
    started_at: Moment
    ended_at: Moment | None = None
    external_data: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSessionStep(_Numbered):
    KIND = Kind.SESSION_STEP
    session: int
    step: int
    viewed_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSessionEvent(_Numbered):
    """``created_at`` is the device's time, ``received_at`` the server's. [inferred]"""

    KIND = Kind.EVENT
    session: int
    session_step: int | None
    created_by: int
    type: str
    created_at: Moment
    received_at: Moment
    event_data: JSON = field(default_factory=dict)
    external_data: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment(_Numbered):
    """The file of an event; it has the event's number and follows from the event alone."""

    KIND = Kind.ATTACHMENT
    author: int
    type: str
    updated_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioSessionCheckbox(_Numbered):
    KIND = Kind.CHECKBOX
    session: int
    session_step: int
    name: str
    checked_at: Moment | None = None
    checked_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(_Numbered):
    KIND = Kind.CALL
    created_by: int
    state: str
    started_at: Moment
    ended_at: Moment | None = None
    external_data: JSON = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallParticipant(_Numbered):
    KIND = Kind.PARTICIPANT
    call: int
    user: int
    joined_at: Moment
    left_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTopic(_Numbered):
    """A kind of event that can be subscribed to."""

    KIND = Kind.TOPIC
    key: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSubscription(_Numbered):
    """``previous_secret`` is what the secret was before it was changed last, ``signing`` which of the two a webhook is
    signed with: ``new``, ``old`` or ``both``."""

    KIND = Kind.SUBSCRIPTION
    topic: int
    callback_url: str
    query: str | None = None
    secret: str | None = None
    previous_secret: str | None = None
    signing: str = "new"


Record: TypeAlias = (
    Organization
    | User
    | Group
    | License
    | ScenarioCatalog
    | Scenario
    | ScenarioRelease
    | ScenarioSequence
    | ScenarioStep
    | ScenarioSession
    | ScenarioSessionPart
    | ScenarioSessionStep
    | ScenarioSessionEvent
    | Attachment
    | ScenarioSessionCheckbox
    | Call
    | CallParticipant
    | WebhookTopic
    | WebhookSubscription
)

RECORDS: dict[Kind, type[Record]] = {
    record.KIND: record
    for record in (
        Organization,
        User,
        Group,
        License,
        ScenarioCatalog,
        Scenario,
        ScenarioRelease,
        ScenarioSequence,
        ScenarioStep,
        ScenarioSession,
        ScenarioSessionPart,
        ScenarioSessionStep,
        ScenarioSessionEvent,
        Attachment,
        ScenarioSessionCheckbox,
        Call,
        CallParticipant,
        WebhookTopic,
        WebhookSubscription,
    )
}
