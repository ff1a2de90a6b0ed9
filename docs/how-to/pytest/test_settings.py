import pytest


@pytest.mark.scope_simulator(seed=7, sessions=3, event_names="created")
class TestSmallWorld:
    def test_marker_of_the_class_counts(self, scope_simulator):
        assert len(scope_simulator.resources("ScenarioSession")) == 3

    @pytest.mark.scope_simulator(sessions=0)
    def test_nearest_marker_wins(self, scope_simulator):
        assert scope_simulator.seed == 7
        assert scope_simulator.resources("ScenarioSession") == []
