"""Asks a served simulator a number of queries that Schemathesis makes up from its schema, by the introspection result.

    python fuzz.py URL TOKEN NUMBER

Prints how many were asked and how many had errors as JSON. Ends with 1 at the first answer of a server that is at a loss.
"""

from __future__ import annotations

import json
import sys

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.graphql import nodes

url, token, number = sys.argv[1:]
text = st.text(max_size=20)
schemathesis.graphql.scalar("Alphanumeric", text.map(nodes.String) | st.integers(-9, 9).map(nodes.Int))
schemathesis.graphql.scalar("JSON", text.map(nodes.String) | st.booleans().map(nodes.Boolean))
schema = schemathesis.graphql.from_url(url, headers={"Authorization": f"Bearer {token}"})
seen = {"asked": 0, "with data": 0, "with errors": 0}


@settings(
    max_examples=int(number),
    phases=[Phase.generate],
    database=None,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@given(case=st.one_of([operation.ok().as_strategy() for operation in schema.get_all_operations()]))
def ask(case: schemathesis.Case) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    whole = answer.json()
    seen["asked"] += 1
    seen["with data"] += whole.get("data") is not None
    seen["with errors"] += "errors" in whole
    told = [error["message"] for error in whole.get("errors", [])]
    assert answer.status_code == 200, (answer.status_code, case.body, whole)
    assert not [one for one in told if "unexpected error" in one], (case.body, told)


ask()
print(json.dumps(seen))
