"""Mutations: subscriptions in both forms of the arguments, and users, with errors inside the data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from simulator.engine import Platform
from simulator.graphql.execute import Endpoint
from simulator.graphql.question import Question
from simulator.settings import Settings
from simulator.wire import JSON
from simulator.world.resources import Kind, Ref, User, WebhookSubscription
from simulator.world.rights import Rights, Role, Viewer

# As the vendor's page has it, but for the URL.
SAMPLE = '''
mutation {
  createWebhookSubscription(input: {
    webhookSubscription: {
      topic: { key: "scenario_session/completed" }
      callbackUrl: "http://127.0.0.1:9/hooks"
      sharedSecret: "s1"
      query: """
        query ($nodeId: ID!) {
          node(id: $nodeId) { ... on ScenarioSession { startedAt scenarioRelease { author { id name } } } }
        }
      """
    }
  }) {
    errors { fullMessage message path type }
    webhookSubscription { id }
  }
}
'''
OLDER = """
mutation {
  createWebhookSubscription(webhookSubscription: {
    topic: { key: "scenario_session/created" } callbackUrl: "http://127.0.0.1:9/hooks" sharedSecret: "s1"
  }) { errors { field message } webhookSubscription { id } }
}
"""
CREATE = """
mutation ($given: WebhookSubscriptionInput) {
  createWebhookSubscription(input: {clientMutationId: "7", webhookSubscription: $given}) {
    clientMutationId errors { fullMessage message path type field } webhookSubscription { id }
  }
}
"""
UPDATE = """
mutation ($id: ID, $given: WebhookSubscriptionInput) {
  updateWebhookSubscription(input: {id: $id, webhookSubscription: $given}) {
    errors { fullMessage path type }
    webhookSubscription { databaseId callbackUrl query sharedSecret topic { key version } }
  }
}
"""
URL = "http://localhost:9/hooks"
GIVEN: dict[str, JSON] = {"topic": {"key": "user/created"}, "callbackUrl": URL, "sharedSecret": "s1"}


def put(platform: Platform, query: str, variables: Mapping[str, JSON] | None = None) -> Any:
    """Return the answer as a client reads it."""
    asked = Question(query, variables or {})
    return json.loads(Endpoint(platform.settings).answer(platform.view(), asked, changer=platform).body)


def data(platform: Platform, query: str, variables: Mapping[str, JSON] | None = None) -> Any:
    """Return what the one mutation of a request gave."""
    whole = put(platform, query, variables)
    assert list(whole) == ["data"], whole
    (payload,) = whole["data"].values()
    return payload


def subscriptions(platform: Platform) -> list[WebhookSubscription]:
    world = platform.world
    return [world.need(WebhookSubscription, n) for n in world.all(WebhookSubscription.KIND)]


def test_the_vendors_sample_subscribes():
    platform = Platform(Settings())

    payload = data(platform, SAMPLE)

    (made,) = subscriptions(platform)
    assert payload == {"errors": [], "webhookSubscription": {"id": platform.ids.encode(made.ref)}}
    assert (made.topic, made.callback_url, made.secret) == (2, "http://127.0.0.1:9/hooks", "s1")
    assert made.query is not None
    assert made.query.startswith("query ($nodeId: ID!) {")


def test_the_older_form_subscribes():
    platform = Platform(Settings())

    payload = data(platform, OLDER)

    assert payload == {
        "errors": [],
        "webhookSubscription": {"id": platform.ids.encode(subscriptions(platform)[0].ref)},
    }


def test_a_mutation_tells_no_webhook_of_the_first_generation_but_stands_in_the_journal():
    platform = Platform(Settings())
    platform.add_target(URL)

    data(platform, CREATE, {"given": GIVEN})

    assert platform.due() == []
    (change,) = [entry.fact for entry in platform.journal.select() if entry.fact.kind == "change"]
    assert (change.verb, change.type, change.words, change.by) == (
        "create",
        "WebhookSubscription",
        (),
        "Integration Account",
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            {**GIVEN, "topic": {"key": "user/create"}},
            {
                "fullMessage": "topic: there is no topic 'user/create'. Did you mean user/created or user/updated or "
                "call/created? Topics: user/created, user/updated, call/created.",
                "message": "there is no topic 'user/create'. Did you mean user/created or user/updated or call/created? "
                "Topics: user/created, user/updated, call/created.",
                "path": ["webhookSubscription", "topic"],
                "type": "NOT_FOUND",
                "field": "topic",
            },
            id="topic",
        ),
        pytest.param(
            {**GIVEN, "callbackUrl": "https://example.com/hooks"},
            {
                "fullMessage": "callbackUrl: a target that was not named at the start must be on this machine; expected a "
                "loopback host such as 127.0.0.1 or localhost, found 'example.com'. Whoever starts the simulator may "
                "name any target with --target, or allow the host with --allow-target.",
                "message": "a target that was not named at the start must be on this machine; expected a loopback host such as "
                "127.0.0.1 or localhost, found 'example.com'. Whoever starts the simulator may name any target with "
                "--target, or allow the host with --allow-target.",
                "path": ["webhookSubscription", "callbackUrl"],
                "type": "INVALID",
                "field": "callbackUrl",
            },
            id="URL elsewhere",
        ),
        pytest.param(
            {**GIVEN, "query": "{ wages }"},
            {
                "fullMessage": "query: the query cannot be stored, at line 1, column 3: Field 'wages' doesn't exist on "
                "type 'Query'.",
                "message": "the query cannot be stored, at line 1, column 3: Field 'wages' doesn't exist on type 'Query'.",
                "path": ["webhookSubscription", "query"],
                "type": "INVALID",
                "field": "query",
            },
            id="query",
        ),
        pytest.param(
            {**GIVEN, "callbackUrl": ""},
            {
                "fullMessage": "callbackUrl: create WebhookSubscription: the value of 'callbackUrl' does not fit; expected "
                'a text that is not empty, found "".',
                "message": "create WebhookSubscription: the value of 'callbackUrl' does not fit; expected a text that is "
                'not empty, found "".',
                "path": ["webhookSubscription", "callbackUrl"],
                "type": "INVALID",
                "field": "callbackUrl",
            },
            id="no URL",
        ),
        pytest.param(
            None,
            {
                "fullMessage": "webhookSubscription: nothing is said about it. Give webhookSubscription.",
                "message": "nothing is said about it. Give webhookSubscription.",
                "path": ["webhookSubscription"],
                "type": "INVALID",
                "field": "webhookSubscription",
            },
            id="nothing",
        ),
    ],
)
def test_what_is_wrong_stands_inside_the_data_and_nothing_changes(given, told):
    platform = Platform(Settings().replace(topics="user/created@1.1,user/updated@1.1,call/created@1.1"))
    before = platform.world

    payload = data(platform, CREATE, {"given": given})

    assert payload == {"clientMutationId": "7", "errors": [told], "webhookSubscription": None}
    assert platform.world is before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param("", "input: there are no arguments. Give input with webhookSubscription.", id="neither"),
        pytest.param(
            "(webhookSubscription: null)",
            "input: there are no arguments. Give input with webhookSubscription.",
            id="null",
        ),
        pytest.param(
            "(input: {webhookSubscription: {}}, webhookSubscription: {})",
            "input: the arguments stand in input and beside it. Leave out webhookSubscription.",
            id="both",
        ),
    ],
)
def test_both_forms_or_neither_is_an_error_inside_the_data(arguments, told):
    payload = data(
        Platform(Settings()),
        f"mutation {{ createWebhookSubscription{arguments} {{ errors {{ fullMessage path }} }} }}",
    )

    assert payload == {"errors": [{"fullMessage": told, "path": ["input"]}]}


def test_a_host_that_the_operator_allows_may_be_named():
    platform = Platform(Settings().replace(allow_targets="example.com"))

    payload = data(platform, CREATE, {"given": {**GIVEN, "callbackUrl": "https://example.com/hooks"}})

    assert payload["errors"] == []


def test_a_subscription_is_changed_by_its_node_id_or_its_database_id():
    platform = Platform(Settings())
    node_id = data(platform, CREATE, {"given": GIVEN})["webhookSubscription"]["id"]

    first = data(
        platform, UPDATE, {"id": node_id, "given": {"sharedSecret": "s2", "query": "{ viewer { id } }"}}
    )
    second = data(platform, UPDATE, {"id": "1", "given": {"query": None, "topic": {"key": "user/updated"}}})

    assert first == {
        "errors": [],
        "webhookSubscription": {
            "databaseId": "1",
            "callbackUrl": URL,
            "query": "{ viewer { id } }",
            "sharedSecret": "s2",
            "topic": {"key": "user/created", "version": "1.1"},
        },
    }
    assert second["webhookSubscription"] == {
        **first["webhookSubscription"],
        "query": None,
        "topic": {"key": "user/updated", "version": "1.1"},
    }
    assert subscriptions(platform)[0].previous_secret == "s1"


@pytest.mark.parametrize(("given", "found"), [("99", "'99'"), (None, "nothing")], ids=["another", "none"])
def test_a_subscription_that_is_not_there_cannot_be_changed(given, found):
    payload = data(Platform(Settings()), UPDATE, {"id": given, "given": {}})

    assert payload == {
        "errors": [
            {
                "fullMessage": f"id: there is no such WebhookSubscription; expected its id, found {found}.",
                "path": ["id"],
                "type": "NOT_FOUND",
            }
        ],
        "webhookSubscription": None,
    }


@pytest.mark.parametrize("arguments", ['input: {id: "1", clientMutationId: "8"}', 'id: "1"'])
def test_a_subscription_is_ended_and_told_as_it_was(arguments):
    platform = Platform(Settings())
    data(platform, CREATE, {"given": GIVEN})

    payload = data(
        platform,
        f"mutation {{ deleteWebhookSubscription({arguments}) "
        "{ errors { message } webhookSubscription { databaseId callbackUrl topic { key } } } }",
    )

    assert payload == {
        "errors": [],
        "webhookSubscription": {
            "databaseId": "1",
            "callbackUrl": URL,
            "topic": {"key": "user/created"},
        },
    }
    assert subscriptions(platform) == []


def test_mutations_of_one_request_happen_in_their_order_and_each_sees_the_one_before():
    platform = Platform(Settings())
    made = """createWebhookSubscription(webhookSubscription: {topic: {key: "user/created"}, callbackUrl: "http://localhost"})
      { webhookSubscription { databaseId organization { webhookSubscriptions { totalCount } } } }"""

    whole = put(
        platform,
        f'mutation {{ a: {made} b: {made} updateWebhookSubscription(id: "3") {{ errors {{ type }} }} }}',
    )

    assert whole == {
        "data": {
            "a": {
                "webhookSubscription": {
                    "databaseId": "1",
                    "organization": {"webhookSubscriptions": {"totalCount": 1}},
                }
            },
            "b": {
                "webhookSubscription": {
                    "databaseId": "2",
                    "organization": {"webhookSubscriptions": {"totalCount": 2}},
                }
            },
            "updateWebhookSubscription": {"errors": [{"type": "NOT_FOUND"}]},
        }
    }


def test_without_somebody_who_changes_the_world_a_mutation_is_refused():
    platform = Platform(Settings())

    whole = json.loads(Endpoint(platform.settings).answer(platform.view(), Question(OLDER)).body)

    assert whole == {
        "data": {"createWebhookSubscription": None},
        "errors": [
            {
                "message": "A mutation must be sent by POST",
                "locations": [{"line": 3, "column": 3}],
                "path": ["createWebhookSubscription"],
            }
        ],
    }
    assert subscriptions(platform) == []


def test_topics_and_subscriptions_are_listed():
    platform = Platform(Settings().replace(topics="user/created@1.1,user/created@1.10"))
    data(platform, CREATE, {"given": GIVEN})
    page = """{
      webhookTopics(last: 1) { totalCount nodes { key version } }
      webhookSubscriptions { nodes { topic { version } callbackUrl } }
    }"""

    whole = put(platform, page)
    inside = put(platform, f"{{ organization {page} }}")

    assert whole == {
        "data": {
            "webhookTopics": {"totalCount": 2, "nodes": [{"key": "user/created", "version": "1.10"}]},
            "webhookSubscriptions": {"nodes": [{"topic": {"version": "1.10"}, "callbackUrl": URL}]},
        }
    }
    assert inside == {"data": {"organization": whole["data"]}}


# Users. As the vendor's page has it, but for the names.
CREATE_USER = """
mutation CreateUser($input: CreateUserMutationInput!) {
  createUser(input: $input) {
    errors { path message fullMessage } user { id username email groups { nodes { name } } licences { nodes { product } } }
  }
}
"""
UPDATE_USER = """
mutation UpdateUser($input: UpdateUserMutationInput!) {
  updateUser(input: $input) {
    clientMutationId errors { path fullMessage type }
    user { email firstName lastName phone jobTitle groups { nodes { name } } licences { nodes { product } } }
  }
}
"""
ANA: dict[str, JSON] = {
    "firstName": "Ana",
    "lastName": "Silva",
    "credentials": {"username": "ana.silva", "password": "a secret"},
    "email": "ana@northwind.example",
}


def test_a_user_is_made_with_licences_and_groups():
    platform = Platform(Settings())
    name = platform.resources("Group", after=1, limit=1)[0]["name"]

    payload = data(
        platform,
        CREATE_USER,
        {
            "input": {
                "user": ANA,
                "requestedLicenses": ["AUTHOR", "ANALYST"],
                "requestedOriginGroup": "DEFAULT",
                "requestedLicensesExtraData": {"any": 1},
                "requestedGroups": ["DEFAULT", str(name).upper()],
            }
        },
    )

    made = platform.user("ana.silva")
    assert payload == {
        "errors": [],
        "user": {
            "id": made.id,
            "username": "ana.silva",
            "email": "ana@northwind.example",
            "groups": {"nodes": [{"name": "Default"}, {"name": name}]},
            "licences": {"nodes": [{"product": "AUTHOR"}, {"product": "ANALYST"}]},
        },
    }


def test_a_user_who_says_nothing_of_it_is_a_viewer_whose_name_is_made_up():
    payload = data(Platform(Settings()), CREATE_USER, {"input": {"user": {}}})

    assert payload["errors"] == []
    assert payload["user"]["licences"] == {"nodes": [{"product": "VIEWER"}]}
    assert payload["user"]["username"]


@pytest.mark.parametrize(
    ("given", "path", "message"),
    [
        pytest.param(
            {"user": {**ANA, "credentials": {"username": "integrator"}}},
            ["user", "credentials", "username"],
            "the username 'integrator' is taken.",
            id="username",
        ),
        pytest.param(
            {"user": {**ANA, "email": " "}},
            ["user", "email"],
            "create User: the value of 'email' does not fit; expected a text that is not empty, found \" \".",
            id="email",
        ),
        pytest.param(
            {"user": ANA, "requestedGroups": ["JEDI"]},
            ["requestedGroups"],
            "no group is called 'JEDI'.",
            id="group",
        ),
        pytest.param(
            {"user": ANA, "requestedLicenses": ["AUTHOR"], "requestedOriginGroup": "JEDI"},
            ["requestedOriginGroup"],
            "no group is called 'JEDI'.",
            id="origin group",
        ),
        pytest.param(
            {"user": ANA, "requestedOriginGroup": "DEFAULT"},
            ["requestedOriginGroup"],
            "an origin group goes with other licences; expected AUTHOR or COMPANY_ADMINISTRATOR among requestedLicenses. "
            "Leave it out.",
            id="origin group of a viewer",
        ),
        pytest.param(
            {"user": ANA, "requestedLicenses": ["AUTHOR", "VIEWER"]},
            ["requestedLicenses"],
            "AUTHOR and VIEWER exclude each other. Leave one out.",
            id="licences",
        ),
    ],
)
def test_a_user_who_cannot_be_made_is_told_inside_the_data(given, path, message):
    platform = Platform(Settings())
    before = platform.world

    payload = data(platform, CREATE_USER, {"input": given})

    assert payload == {
        "errors": [{"path": path, "message": message, "fullMessage": f"{path[-1]}: {message}"}],
        "user": None,
    }
    assert platform.world is before


def test_a_user_is_changed_and_what_is_left_out_stays():
    platform = Platform(Settings())
    made = data(platform, CREATE_USER, {"input": {"user": ANA}})["user"]["id"]

    payload = data(
        platform,
        UPDATE_USER,
        {
            "input": {
                "clientMutationId": "9",
                "id": made,
                "user": {"phone": "+1-555-0142", "jobTitle": "Lead"},
                "requestedLicenses": ["EXPERT", "VIEWER"],
            }
        },
    )
    again = data(platform, UPDATE_USER, {"input": {"id": made, "requestedLicenses": ["EXPERT"]}})
    unknown = data(platform, UPDATE_USER, {"input": {"id": "x", "user": {}}})

    assert payload == {
        "clientMutationId": "9",
        "errors": [],
        "user": {
            "email": "ana@northwind.example",
            "firstName": "Ana",
            "lastName": "Silva",
            "phone": "+1-555-0142",
            "jobTitle": "Lead",
            "groups": {"nodes": [{"name": "Default"}]},
            "licences": {"nodes": [{"product": "VIEWER"}, {"product": "EXPERT"}]},
        },
    }
    assert again["user"] == {**payload["user"], "licences": {"nodes": [{"product": "EXPERT"}]}}
    assert unknown["errors"] == [
        {
            "path": ["id"],
            "fullMessage": "id: there is no such User; expected its id, found 'x'.",
            "type": "NOT_FOUND",
        }
    ]


def test_a_user_is_deleted_but_not_the_account_that_asks():
    platform = Platform(Settings())
    made = data(platform, CREATE_USER, {"input": {"user": ANA}})["user"]["id"]
    delete = (
        "mutation ($id: ID!) { deleteUser(input: {id: $id}) { errors { fullMessage path } user { name } } }"
    )

    assert data(platform, delete, {"id": made}) == {"errors": [], "user": {"name": "Ana Silva"}}
    assert put(platform, f'{{ node(id: "{made}") {{ id }} }}') == {"data": {"node": None}}
    assert data(platform, delete, {"id": "1"}) == {
        "errors": [{"fullMessage": "the integration's own account cannot be deleted.", "path": []}],
        "user": None,
    }


# who may


UPDATE_JOB = """
mutation ($given: UpdateUserMutationInput!) {
  updateUser(input: $given) { errors { fullMessage message path type field } user { jobTitle } }
}
"""


def as_viewer(platform: Platform, rights: Rights, query: str, variables: Mapping[str, JSON]) -> Any:
    view = platform.view(Viewer(1, rights))
    whole = json.loads(
        Endpoint(platform.settings).answer(view, Question(query, variables), changer=platform).body
    )
    assert list(whole) == ["data"], whole
    return next(iter(whole["data"].values()))


@pytest.mark.parametrize(
    "rights",
    [
        Rights(Role.REPORTING_ADMIN),
        Rights(Role.ANALYST),
        Rights(Role.VIEWER),
        Rights(groups=frozenset({1})),
    ],
    ids=str,
)
def test_whoever_lacks_the_right_is_told_so_and_nothing_changes(rights):
    platform = Platform(Settings())
    before = platform.world

    refused = as_viewer(platform, rights, CREATE, {"given": GIVEN})

    assert refused["webhookSubscription"] is None
    assert refused["errors"] == [
        {
            "fullMessage": "Not authorized to create WebhookSubscription",
            "message": "Not authorized to create WebhookSubscription",
            "path": [],
            "type": "NOT_AUTHORIZED",
            "field": None,
        }
    ]
    assert platform.world is before


def test_super_admin_writes():
    platform = Platform(Settings())

    made = as_viewer(platform, Rights(Role.SUPER_ADMIN), CREATE, {"given": GIVEN})

    assert (made["errors"], made["webhookSubscription"] is None) == ([], False)


def test_token_for_chosen_groups_updates_the_users_of_these_groups():
    platform = Platform(Settings(users=9))
    world = platform.world
    members = [n for n in world.all(Kind.USER) if 2 in world.need(User, n).groups]
    others = [n for n in world.all(Kind.USER) if 2 not in world.need(User, n).groups]
    given = {"user": {"jobTitle": "Fitter"}}

    def update(number: int) -> Any:
        node_id = platform.view().id_of(Ref(Kind.USER, number))
        return as_viewer(
            platform, Rights(groups=frozenset({2})), UPDATE_JOB, {"given": {"id": node_id, **given}}
        )

    updated, refused = update(members[0]), update(others[0])

    assert updated == {"errors": [], "user": {"jobTitle": "Fitter"}}
    assert (refused["user"], refused["errors"][0]["type"]) == (None, "NOT_AUTHORIZED")
