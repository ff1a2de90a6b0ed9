import json
from urllib.request import Request, urlopen

import pytest

QUERY = """
query ($id: ID!) {
  node(id: $id) { ... on ScenarioSession { state } }
  scenarioSessions { totalCount }
}
"""


def ask(scope, node_id, *, token):
    body = json.dumps({"query": QUERY, "variables": {"id": node_id}}).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with urlopen(Request(scope.graphql_url, body, headers)) as answer:
        return json.load(answer)


@pytest.mark.scope_simulator(
    sessions=0,
    people=[
        {"name": "Ana Silva", "role": "reporting_admin", "token": "token-of-ana"},
        {"name": "Raj Patel", "role": "viewer", "token": "token-of-raj"},
    ],
)
def test_viewer_does_not_see_what_others_do(scope_simulator):
    session = scope_simulator.create("ScenarioSession", by="Ana Silva")
    state = {"state": "IN_PROGRESS"}

    assert ask(scope_simulator, session.id, token="token-of-ana") == {
        "data": {"node": state, "scenarioSessions": {"totalCount": 1}}
    }
    assert ask(scope_simulator, session.id, token="token-of-raj") == {
        "data": {"node": None, "scenarioSessions": {"totalCount": 0}},
        "errors": [
            {
                "message": "Not authorized to read object",
                "locations": [{"line": 3, "column": 3}],
                "path": ["node"],
            }
        ],
    }


@pytest.mark.scope_simulator(sessions=0, role="viewer")
def test_own_token_with_low_privileges(scope_simulator):
    session = scope_simulator.create("ScenarioSession", by="integrator")

    own = ask(scope_simulator, session.id, token=scope_simulator.token)

    assert own["data"]["scenarioSessions"] == {"totalCount": 1}
