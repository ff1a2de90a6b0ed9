"""Drives a simulator that runs elsewhere, over its control side: ``Client`` is awaited, ``BlockingClient`` blocks.

with BlockingClient("http://127.0.0.1:7267") as scope:
session = scope.create("ScenarioSession", externalData={"work_order_id": "WO-1"})
scope.finish(session)
scope.wait_requests(of=session.id, within="5s")
"""

from simulator.client.calling import BlockingClient, Client, ProblemError

__all__ = ["BlockingClient", "Client", "ProblemError"]
