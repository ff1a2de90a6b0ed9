"""``serve``: from the start of the process to the first answer of ``/_simulator/health``."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from functools import partial

from bench.measuring import Line, Plan, at_most, child, free_port, medians

__all__ = ["measure", "until_it_answers"]

_SERVE = ("-m", "simulator", "serve", "--port")


def measure(plan: Plan) -> Iterator[Line]:
    pythons = [("", plan.plain), *([(", with [fast]", plan.fast)] if plan.fast else [])]
    for which, python in pythons:
        hello, serve = medians(
            2 * plan.rounds,
            partial(until_it_answers, plan, python, "-m", "bench.hello"),
            partial(until_it_answers, plan, python, *_SERVE),
        )
        seen = f"{serve * 1000:.0f} ms to {hello * 1000:.0f} ms"
        yield at_most(f"serve listens, to a bare aiohttp server{which}", serve / hello, bound=1.4, seen=seen)


def until_it_answers(plan: Plan, *command: str) -> float:
    """Start a server, whose last argument is to be the port, and return the seconds until it answers."""
    port = free_port()
    began = time.perf_counter()
    with child(plan, *command, str(port)):
        while not _answers(port):
            time.sleep(0.0005)
        return time.perf_counter() - began


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/_simulator/health")
        answer = connection.getresponse()
        assert answer.status == 200, answer.status
        answer.read()
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()
    return True
