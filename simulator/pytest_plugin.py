"""The pytest plugin: four fixtures, one marker, and the story of a failed test.

Decides how long a simulator lives in a test run: the thread is shared by all tests of a process, everything else (port,
world, clock, journal, targets) is made for one test and gone after it, so that what is left of yesterday's receiver finds
nobody to ask. It must not decide anything about the simulator.

pytest imports this module at every start of every project that has us installed, so whatever is heavy is imported when
a fixture is used and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aiohttp import web

    from simulator.audit.findings import Audited
    from simulator.control import Stage
    from simulator.core import SimulatorCore
    from simulator.effects import Probe
    from simulator.engine import Platform
    from simulator.errors import UsageError
    from simulator.server.handle import AsyncSimulator, Simulator
    from simulator.server.thread import LoopThread

__all__ = [
    "pytest_addoption",
    "pytest_configure",
    "pytest_runtest_call",
    "pytest_runtest_makereport",
    "scope_simulator",
    "scope_simulator_app",
    "scope_simulator_async",
    "scope_simulator_core",
]

_MARKER = "scope_simulator"

_HOME = __file__.removesuffix("pytest_plugin.py")

_STORIES: pytest.StashKey[list[Callable[[], str]]] = pytest.StashKey()
"""How to tell what each simulator of a test went through."""

_AUDITS: pytest.StashKey[list[Callable[[], Audited | None]]] = pytest.StashKey()
"""How to compare what each simulator of a test told with what it answers."""


_BOXES: pytest.StashKey[list[Callable[[str, str, BaseException | None], bytes]]] = pytest.StashKey()
"""How to put what each simulator of a test went through in a box."""

_BOX = "--scope-simulator-box"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the directory for boxes."""
    parser.getgroup("scope simulator").addoption(
        _BOX,
        metavar="DIR",
        help="Leave a file in this directory for each simulator of a test that failed, from which "
        "scope-simulator replay --box FILE repeats the failure without the test.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        f"{_MARKER}(seed=..., **settings): start the test's scope simulator with these settings; "
        "of several markers the nearest to the test wins, setting by setting.",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail a test whose simulator told what its API does not answer, where that is audited."""
    yield
    for audited in item.stash.get(_AUDITS, []):
        audit = audited()
        if audit is not None and not audit.ok:
            from simulator.report.auditing import audit_lines

            raise pytest.fail.Exception("\n".join(audit_lines(audit)), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """End the report of a failed test with what its simulators went through."""
    stories = item.stash.get(_STORIES, [])
    if stories and call.excinfo is not None and not item.config.getoption("fulltrace"):
        _leave_out_our_code(call.excinfo)
    report = yield
    if report.failed:
        report.sections += [("Scope Simulator", tell()) for tell in stories]
        left = _leave_boxes(item, report, None if call.excinfo is None else call.excinfo.value)
        report.sections += [("Scope Simulator, in a box", text) for text in left]
    return report


@pytest.fixture
def scope_simulator(_scope_simulator_running: Simulator) -> Simulator:
    """A running Scope for one test, on a port of its own: its methods block.

    Give `scope_simulator.base_url` and `scope_simulator.token` to the receiver under test, name its URL with
    `scope_simulator.add_target(url)`, let something happen (`create`, `pause`, `finish`, `play`...), and say what the
    receiver must have done (`expect_answered`, `expect_queried`). For tests that are coroutines: scope_simulator_async.
    """
    return _scope_simulator_running


@pytest.fixture
def scope_simulator_async(_scope_simulator_running: Simulator) -> AsyncSimulator:
    """The same Scope as scope_simulator with methods to await, for receivers in the test's own event loop."""
    return _scope_simulator_running.awaitable


@pytest.fixture
def scope_simulator_core(request: pytest.FixtureRequest) -> SimulatorCore:
    """Scope without sockets: `answer(request)`, and attempts by hand through `due`, `report` and `advance(until)`."""
    from simulator.core import SimulatorCore
    from simulator.errors import UsageError

    try:
        core = SimulatorCore(**_marked(request))
    except UsageError as error:
        raise _refusal(error) from None
    _remember(
        request, lambda: _tell(core.platform), lambda: core.audit() if core.platform.settings.audit else None
    )
    return core


@pytest.fixture
def scope_simulator_app(request: pytest.FixtureRequest) -> Iterator[web.Application]:
    """Scope as an aiohttp application, for pytest-aiohttp's `aiohttp_client`: it lives in the test's own event loop.

    Drive it over HTTP, or with `AsyncSimulator.of(client.app, base_url=str(client.make_url("")))`.
    """
    from simulator.errors import UsageError
    from simulator.server.app import LIVE, make_app

    stage = _stage(request)
    try:
        app = make_app(stage)
    except UsageError as error:
        raise _refusal(error) from None
    _remember(request, lambda: _tell(stage.platform), stage.audited)
    _keep_calls(
        request,
        stage,
        probed=lambda: app[LIVE].pump.probed if LIVE in app else (),
        there=lambda call: call(),
    )
    yield app
    stage.close()


@pytest.fixture
def _scope_simulator_running(
    request: pytest.FixtureRequest, _scope_simulator_thread: LoopThread
) -> Iterator[Simulator]:
    from simulator.errors import UsageError
    from simulator.server.handle import Simulator
    from simulator.server.run import running

    thread = _scope_simulator_thread
    stage = _stage(request, port=0)

    here = running(stage)
    try:
        live = thread.run(here.__aenter__()).live
    except UsageError as error:
        raise _refusal(error) from None

    async def told() -> str:
        return _tell(stage.platform)

    async def audited() -> Audited | None:
        return stage.audited()

    def there(call: Callable[[], bytes]) -> bytes:
        async def called() -> bytes:
            return call()

        return thread.run(called()) if thread.alive else call()

    _keep_calls(request, stage, probed=lambda: live.pump.probed, there=there)

    # In its own loop while that runs, since there things may still happen.
    _remember(
        request,
        lambda: thread.run(told()) if thread.alive else _tell(stage.platform),
        lambda: thread.run(audited()),
    )
    handle = Simulator.attached(live)
    yield handle
    handle.stop()
    thread.run(here.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def _scope_simulator_thread() -> Iterator[LoopThread]:
    from simulator.server.thread import LoopThread

    thread = LoopThread()
    yield thread
    thread.stop()


def _stage(request: pytest.FixtureRequest, **defaults: object) -> Stage:
    from simulator.errors import UsageError
    from simulator.settings import Settings
    from simulator.store import open_stage

    try:
        marked = _marked(request)
        return open_stage(Settings().replace(**(defaults | marked)), given=marked)
    except UsageError as error:
        raise _refusal(error) from None


def _marked(request: pytest.FixtureRequest) -> dict[str, object]:
    """Return the settings that the test's markers give, those nearest to the test last."""
    from simulator.errors import UsageError

    settings: dict[str, object] = {}
    for marker in reversed(list(request.node.iter_markers(_MARKER))):
        if marker.args:
            raise UsageError(
                "settings are given by name",
                expected="such as seed=7",
                found=", ".join(repr(arg) for arg in marker.args),
            )
        settings |= marker.kwargs
    return settings


def _remember(
    request: pytest.FixtureRequest, tell: Callable[[], str], audited: Callable[[], Audited | None]
) -> None:
    request.node.stash.setdefault(_STORIES, []).append(tell)
    request.node.stash.setdefault(_AUDITS, []).append(audited)


def _tell(platform: Platform) -> str:
    from simulator.report.text import story

    return story(platform)


def _leave_boxes(item: pytest.Item, report: pytest.TestReport, error: BaseException | None) -> Iterator[str]:
    """Leave what each simulator of a failed test went through in a file; yield what there is to say of it."""
    folder = item.config.getoption(_BOX)
    makes = item.stash.get(_BOXES, []) if folder else []
    for number, make in enumerate(makes, 1):
        from simulator.box.tests import file_name, leave

        name = file_name(item.nodeid, report.when, number if makes[1:] else 0)
        yield leave(folder, name, make(item.nodeid, _said(report, error), error))


def _said(report: pytest.TestReport, error: BaseException | None) -> str:
    """Return in a line why a test failed."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(error) if crash is None else crash.message
    return text.strip().partition("\n")[0]


def _keep_calls(
    request: pytest.FixtureRequest,
    stage: Stage,
    *,
    probed: Callable[[], Iterable[Probe]],
    there: Callable[[Callable[[], bytes]], bytes],
) -> None:
    """Keep what a test makes of its handles, if a box is wanted; ``there`` calls where the simulator lives, ``probed`` is what the
    integration was asked."""
    if request.config.getoption(_BOX) is None:
        return
    calls = stage.keep_calls()

    def make(name: str, said: str, error: BaseException | None) -> bytes:
        from simulator.box.file import write_box
        from simulator.box.tests import box_of_test

        return there(
            lambda: write_box(
                box_of_test(stage.platform, calls, name, said=said, error=error, probes=probed())
            )
        )

    request.node.stash.setdefault(_BOXES, []).append(make)


def _refusal(error: UsageError) -> BaseException:
    """Return the failure of a test that cannot begin: what the person must change, without the way through our code."""
    return pytest.fail.Exception(str(error.at(f"@pytest.mark.{_MARKER}")), pytrace=False)


def _leave_out_our_code(failure: pytest.ExceptionInfo[BaseException]) -> None:
    """End the traceback of an error raised on purpose in the test's own line; that of a mistake of ours stays."""
    from simulator.errors import ScopeSimulatorError

    if not isinstance(failure.value, ScopeSimulatorError):
        return
    here = failure.tb
    while here.tb_next is not None:
        file = here.tb_next.tb_frame.f_code.co_filename
        if file.startswith(_HOME) and file != __file__:
            here.tb_next = None
            return
        here = here.tb_next
