import pytest


def test_story_of_our_own(scope_simulator, my_app):
    scope_simulator.play(
        {
            "title": "A work order is finished",
            "steps": [
                {
                    "create": "ScenarioSession",
                    "as": "session",
                    "with": {"externalData": {"work_order_id": "WO-1"}},
                },
                {"wait": "12m"},
                {"finish": "session"},
                {"expect": {"queried": {"of": "session", "after": {"event": "finished"}}}},
            ],
        }
    )

    scope_simulator.drain()
    assert my_app.closed == {"WO-1"}


@pytest.mark.scope_simulator(seed=7)
def test_bundled_story(scope_simulator, my_app):
    scope_simulator.play("paused-for-a-part")

    scope_simulator.drain()
    assert my_app.closed == {"WO-1042"}
