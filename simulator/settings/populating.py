"""The settings of the world: how large it is, who is in it, and what the vendor's side does that is not documented."""

from __future__ import annotations

from simulator.settings.enums import enum_names
from simulator.settings.field import LARGEST, Field
from simulator.settings.files import text_file
from simulator.settings.forms import choice, duration, integer, several, text
from simulator.settings.people import ROLES, person

__all__ = ["FIELDS"]

FIELDS = (
    Field(
        name="users",
        flag="--users",
        help="How many users the world begins with, the integration's own included.",
        form=integer(1, LARGEST),
        example="12",
    ),
    Field(
        name="groups",
        flag="--groups",
        help="How many groups the world begins with. The first is named Default.",
        certainty="documented: GN",
        form=integer(1, LARGEST),
        example="3",
    ),
    Field(
        name="catalogs",
        flag="--catalogs",
        help="How many scenario catalogs the world begins with, one for each machine of the plant.",
        form=integer(0, LARGEST),
        example="3",
    ),
    Field(
        name="scenarios",
        flag="--scenarios",
        help="How many scenarios the world begins with.",
        form=integer(0, LARGEST),
        example="4",
    ),
    Field(
        name="sessions",
        flag="--sessions",
        help="How many scenario sessions the world begins with.",
        form=integer(0, LARGEST),
        example="40",
    ),
    Field(
        name="calls",
        flag="--calls",
        help="How many calls the world begins with.",
        form=integer(0, LARGEST),
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
        name="role",
        flag="--role",
        help="What the integration's own account is, and with it what it sees and may change: a viewer sees its own sessions "
        "and calls, an analyst everybody's sessions, a reporting_admin everything; the other two change everything too, the "
        "super_admin only in requests that name the permalink.",
        certainty="chosen",
        form=choice(*ROLES),
        example="viewer",
    ),
    Field(
        name="token_groups",
        flag="--token-groups",
        help="The groups to which the permanent token is limited; as text, commas stand between.",
        certainty="documented: AT",
        form=several(text(r".*\S.*", "the name of a group"), separator=",", least=0),
        example="Assembly",
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
        name="sdl",
        flag="--sdl",
        help="A GraphQL schema of your own, as SDL or as the answer to an introspection query, to be served in place of ours: "
        "what it has of ours is answered from the world, the rest is invented.",
        certainty="chosen",
        form=text_file(),
        example="schemas/scope.graphql",
    ),
    Field(
        name="token_days",
        help="After how many days on the simulator's clock a session token expires.",
        certainty="documented: EG",
        form=integer(1, 36_500),
        example="30",
    ),
)
