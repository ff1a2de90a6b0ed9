from simulator import Simulator

with Simulator(seed=7) as scope:
    session = scope.create("ScenarioSession")
    scope.advance("12m")
    session = scope.finish(session)
    print(session["state"], session["duration"])
