"""Drives a simulator that runs elsewhere: python drive.py http://127.0.0.1:7267"""

import sys

from simulator.client import BlockingClient

with BlockingClient(sys.argv[1]) as scope:
    scope.reset(speed="max", seed=7)
    session = scope.create("ScenarioSession", sessionType="PERSISTENT", externalData={"order": "WO-1"})
    scope.take_snapshot("at work")
    scope.finish(session)
    print("finished:", scope.resource(session)["state"], "at", scope.clock()["now"])
    scope.restore("at work")
    scope.advance("3h")
    print("restored:", scope.resource(session)["state"], "at", scope.clock()["now"])
    for entry in scope.stream(kinds=["change", "undone", "note"]):
        print(entry["number"], entry["kind"], entry.get("verb") or entry.get("text") or entry["was"]["kind"])
        if "snapshot" in entry.get("text", ""):
            break
