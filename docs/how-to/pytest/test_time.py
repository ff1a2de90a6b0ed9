def test_two_hours_pass_at_once(scope_simulator, my_app):
    session = scope_simulator.create("ScenarioSession", externalData={"work_order_id": "WO-1"})
    scope_simulator.pause(session)
    scope_simulator.advance("2h")
    scope_simulator.resume(session)
    scope_simulator.advance("10m")
    session = scope_simulator.finish(session)

    assert (session["duration"], session["idleDuration"]) == (600, 7200)
