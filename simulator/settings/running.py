"""The settings of the simulator itself: its seed and time, where it listens, who may ask, and its bounds."""

from __future__ import annotations

from simulator.seeds import LARGEST_SEED
from simulator.settings.field import LARGEST, Field
from simulator.settings.forms import address, boolean, host, integer, moment, several, speed, text

__all__ = ["FIELDS"]

FIELDS = (
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
        help="How time passes: real, a factor such as 60 (a minute a second), max (jumps to what somebody waits for) or "
        "manual (moves only when somebody moves it, by POST clock/advance). serve begins with real, demo with 900, all else "
        "with max.",
        form=speed(),
        example="60",
    ),
    Field(
        name="clock_header",
        help="Whether each answer of the vendor's side and each post bears X-Scope-Simulator-Now, the present moment on the "
        "simulator's clock, so that a receiver can go by that time. The vendor sends no such header.",
        certainty="chosen",
        form=boolean(),
        example="true",
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
        help="Further hosts that targets may be on which arrive over the control API, besides this machine; as text, "
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
        name="db",
        flag="--db",
        help="A file that remembers: world, deliveries, targets, tokens, clock and journal outlive the process, however it ends. "
        "Without it all is gone at the end.",
        form=text(r".*\S.*", "the path of a file"),
        example="scope.db",
    ),
    Field(
        name="journal_bound",
        help="How many entries the journal keeps; the oldest go first.",
        form=integer(1, LARGEST),
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
        form=integer(1, LARGEST),
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
    Field(
        name="strict_limits",
        flag="--strict-limits",
        help="Whether the documented limits of connections are enforced: first or last, from 1 to 100, and at most 500,000 nodes "
        "a request. The vendor's own samples and clients would not pass.",
        certainty="documented: IG",
        form=boolean(),
        example="true",
    ),
    Field(
        name="tell_invented",
        help="Whether each GraphQL answer says in its extensions which fields and arguments it asked for are our invention. The "
        "vendor's answers have no extensions.",
        certainty="chosen",
        form=boolean(),
        example="true",
    ),
)
