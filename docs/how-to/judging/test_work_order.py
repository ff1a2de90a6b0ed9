import os

import pytest

ORDERS = os.environ["ORDERS_URL"]


@pytest.mark.scope_simulator(seed=7)
def test_finished_session_closes_its_work_order_once(scope_simulator):
    scope = scope_simulator
    scope.add_target(ORDERS)
    session = scope.create("ScenarioSession", externalData={"work_order_id": "WO-7"})
    scope.view(session, steps=2)
    scope.pause(session)
    scope.advance("2h")
    scope.resume(session)
    scope.finish(session)

    scope.expect(
        answered={"event": "finished", "of": session, "in": "500ms"},
        queried={"of": session, "fields": ["state"], "after": {"event": "finished"}, "times": 1},
        order={"of": session, "events": ["create", "paused", "resumed", "finished"]},
        receiver={"get": f"{ORDERS}/orders/WO-7", "json": {"state": "done", "closings": 1}},
        within="1500ms",
    )
