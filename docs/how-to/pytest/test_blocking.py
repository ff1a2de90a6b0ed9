def test_finishing_closes_the_work_order(scope_simulator, my_app):
    session = scope_simulator.create("ScenarioSession", externalData={"work_order_id": "WO-1"})
    scope_simulator.finish(session)

    scope_simulator.expect_answered(event="finished", of=session)
    scope_simulator.expect_queried(of=session, fields=["state"])
    scope_simulator.drain()
    assert my_app.closed == {"WO-1"}
