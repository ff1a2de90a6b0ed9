"""The settings of the post: who is told of what, in which order, and what happens when a post fails."""

from __future__ import annotations

from simulator.settings.faults import faults
from simulator.settings.field import LARGEST, Field
from simulator.settings.forms import (
    boolean,
    choice,
    duration,
    fraction,
    header,
    integer,
    schedule,
    several,
    text,
)
from simulator.settings.topics import topics

__all__ = ["FIELDS"]

FIELDS = (
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
        name="generation",
        flag="--generation",
        help="Which webhooks a target gets: those of generation 1, those of generation 2, for which it is subscribed to every "
        "topic, or both. Other subscriptions are told in any case.",
        certainty="documented: UW",
        form=choice("1", "2", "both"),
        example="2",
    ),
    Field(
        name="secret",
        flag="--secret",
        help="The shared secret of the subscriptions that are made for targets, with which their webhooks are signed.",
        certainty="documented: UW",
        form=text(r"[^\x00-\x1f\x7f]+", "text without control characters"),
        example="a-shared-secret",
        secret=True,
    ),
    Field(
        name="domain",
        help="What webhooks of generation 2 call the system that sent them, in X-Scope-Domain.",
        certainty="documented: UW",
        form=text(r"[!-~]+", "a domain"),
        example="scope.example",
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
        name="traceparent",
        help="Whether each post has a traceparent header (W3C), by which what a receiver asks can be tied to it. The vendor "
        "sends none.",
        certainty="chosen",
        form=boolean(),
        example="true",
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
        name="retry",
        flag="--retry",
        help="How long to wait before each further attempt of a post that failed, or none. A receiver that asks for longer "
        "(Retry-After with 429 or 503) is heeded, up to a day. emit begins with none.",
        certainty="chosen",
        form=schedule(),
        example="5s,5m,30m",
    ),
    Field(
        name="jitter",
        help="By up to which fraction a wait of the schedule is lengthened; the seed decides each.",
        certainty="chosen",
        form=fraction(),
        example="0.1",
    ),
    Field(
        name="disable_on_gone",
        help="Whether a target that answers 410 Gone is disabled: it is told nothing more until it is enabled again, and then "
        "gets what has piled up.",
        certainty="chosen",
        form=boolean(),
        example="true",
    ),
    Field(
        name="disable_after",
        help="After how many failed attempts in a row a target is disabled; 0 is never.",
        certainty="chosen",
        form=integer(0, LARGEST),
        example="20",
    ),
    Field(
        name="faults",
        flag="--fault",
        help="What goes wrong on purpose from the start on, as side.name=value, with key=value for how often and of what; "
        "in the environment, one stands in each line.",
        form=faults(),
        example="delivery.drop,times=2",
        repeated=True,
    ),
    Field(
        name="audit",
        flag="--audit",
        help="Whether each webhook is compared with what the API answers at that moment, and at the end; a disagreement that no "
        "fault asked for fails the run.",
        form=boolean(),
        example="true",
    ),
)
