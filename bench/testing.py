"""A test with ``scope_simulator``: a fresh world on a free port, and one request; over a test that does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Line, Plan, at_most, medians, seconds_of

__all__ = ["measure"]

_TESTS = 200

_CONFTEST = """
import statistics, time
from pathlib import Path

began = []

def pytest_runtest_logstart(nodeid, location):
    began.append(time.perf_counter())

def pytest_sessionfinish(session):
    # The first ones load what all have in common.
    took = [after - before for before, after in zip(began[10:], began[11:])]
    Path(__file__).with_name("seconds").write_text(str(statistics.median(took)))
"""

_NOTHING = """
import pytest

@pytest.mark.parametrize("n", range({tests}))
def test_it(n):
    pass
"""

_OURS = """
import http.client
import pytest

@pytest.mark.parametrize("n", range({tests}))
def test_it(n, scope_simulator):
    http_ = http.client.HTTPConnection("127.0.0.1", int(scope_simulator.base_url.rpartition(":")[2]))
    http_.request("GET", "/_simulator/health")
    assert http_.getresponse().status == 200
    http_.close()
"""

_BARE = """
import pytest
from aiohttp import web

async def hello(request):
    return web.json_response({{"ready": True}})

@pytest.mark.parametrize("n", range({tests}))
async def test_it(n, aiohttp_client):
    app = web.Application()
    app.router.add_get("/", hello)
    client = await aiohttp_client(app)
    answer = await client.get("/")
    assert answer.status == 200
"""


def measure(plan: Plan) -> Iterator[Line]:
    nothing, ours, bare = medians(
        plan.rounds,
        lambda: _seconds_a_test(plan, "nothing", _NOTHING),
        lambda: _seconds_a_test(plan, "ours", _OURS),
        lambda: _seconds_a_test(plan, "bare", _BARE),
    )
    seen = f"{(ours - nothing) * 1000:.2f} ms to {(bare - nothing) * 1000:.2f} ms"
    ratio = (ours - nothing) / (bare - nothing)
    yield at_most("a test with scope_simulator, to aiohttp_client", ratio, bound=1.2, seen=seen)


def _seconds_a_test(plan: Plan, name: str, text: str) -> float:
    folder = Path(plan.folder / name)
    folder.mkdir(exist_ok=True)
    (folder / "conftest.py").write_text(_CONFTEST)
    (folder / "test_it.py").write_text(text.format(tests=_TESTS))
    (folder / "pytest.ini").write_text(
        "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    )
    seconds_of(
        plan,
        plan.plain,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        str(folder),
    )
    return float((folder / "seconds").read_text())
