"""Uses the typed client that was generated. python use.py URL TOKEN ID"""

from __future__ import annotations

import json
import sys

from generated import (
    Client,
    CreateUserInput,
    CreateUserMutationInput,
    LicenseTypeEnum,
    ScenarioSessionStateEnum,
)

url, token, session = sys.argv[1:]
client = Client(url, headers={"Authorization": f"Bearer {token}"})
node = client.session(id=session).node
assert node.state in ScenarioSessionStateEnum
joined = client.join(
    input=CreateUserMutationInput(
        user=CreateUserInput(firstName="Eva", lastName="Novak"), requestedLicenses=[LicenseTypeEnum.VIEWER]
    )
).create_user
print(
    json.dumps(
        [
            node.typename__,
            node.database_id,
            node.state.value,
            len(node.scenario_session_events.nodes),
            joined.user.name,
        ]
    )
)
