"""The plugin in projects of somebody else's, run as they run it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.projects import BARE, FAILING, USING, write

ROOT = Path(__file__).parent.parent

# In a checkout that is not installed nothing announces the plugin.
INSTALLED = any(point.name == "scope_simulator" for point in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "simulator.pytest_plugin")


@pytest.fixture
def project(pytester, monkeypatch):
    """Where projects are run; they find the checkout."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return pytester


def test_plugin_loads_nothing_of_ours_before_a_fixture_is_used():
    code = "import sys, pytest; before = set(sys.modules); import simulator.pytest_plugin; print(*set(sys.modules) - before)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert set(done.stdout.split()) == {"simulator", "simulator.pytest_plugin"}


def test_project_that_uses_all_fixtures_passes_without_a_warning(project):
    write(USING, project.path)

    done = project.runpytest_subprocess(*BARE, *PLUGIN, "-W", "error")

    done.assert_outcomes(passed=17)


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    """What pytest prints about the project that fails, test by test, with what differs each time left out."""
    folder = write(FAILING, tmp_path_factory.mktemp("failing"))
    command = [sys.executable, "-m", "pytest", *BARE, *PLUGIN, "-W", "error"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST", done.stdout)
    text = re.sub(r"port \d+", "port N", text)
    text = re.sub(r"\b\d+ ms\b", "N ms", text)
    parts = re.split(r"^_+ (.+?) _+$", text.partition("= short test summary")[0], flags=re.MULTILINE)
    reports = dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    return reports | {"summary": text.rstrip().rpartition("\n")[2]}


def story_of(report: str) -> str:
    return report.partition(" Scope Simulator --------------------------------\n")[2]


def test_failures_of_every_kind_are_counted_as_such(failing):
    assert re.search(r"= 7 failed, 2 passed, 6 errors in [\d.]+s =", failing["summary"])
    assert not [name for name in failing if "test_passes" in name]


def test_story_tells_seed_deliveries_and_requests(failing):
    told = story_of(failing["test_receiver_that_breaks"])
    node = re.search(r'"resource-id":"([^"]+)"', told)[1]

    assert told.splitlines() == [
        "seed 7, max clock at 2021-03-01T08:00:00Z",
        "webhooks: 0 delivered, 1 given up; 1 request answered",
        f"  2021-03-01T08:00:00Z  create ScenarioSession {node[:12]}... to http://HOST/hooks: answered 500 (N ms)",
        "    curl -H 'Content-Type: application/json' -H 'User-Agent: Scope-Simulator' --data-raw "
        '\'{"time":"2021-03-01T08:00:00Z","event":"create","type":"resource","data":'
        f'{{"resource-id":"{node}","resource-url":"http://HOST/api/v3/graphql/object/{node}",'
        '"resource-type":"ScenarioSession"}}\' http://HOST/hooks',
        "what the receiver asked:",
        f"  2021-03-01T08:00:00Z  POST /api/v3/graphql WorkOrder about {node[:12]}... (externalData, state): 200, "
        "N ms after create",
    ]


def test_core_and_app_have_a_story_too(failing):
    assert story_of(failing["test_core"]).startswith("seed 11, ")
    assert story_of(failing["test_app"]).startswith("seed 12, ")
    assert "GET /api/v9: 404" in story_of(failing["test_app"])


def test_story_is_told_though_the_thread_has_ended(failing):
    assert story_of(failing["ERROR at teardown of test_last"]).startswith("seed 13, ")


@pytest.mark.parametrize(
    ("name", "last"),
    [
        (
            "test_receiver_that_breaks",
            '>       scope_simulator.expect_answered(event="create", of=session, within=0.01)',
        ),
        (
            "test_receiver_that_never_asks",
            '>       scope_simulator.expect_queried(of=session, fields=["state"], within=0.01)',
        ),
        ("test_core", '>       scope_simulator_core.expect_answered(event="create")'),
        ("test_error_of_its_own", '>       raise StateError("my own")'),
        ("test_illegal_move", ">       scope_simulator.pause(session)"),
        ("test_awaited", '>       await scope_simulator_async.expect_answered(event="create", within=0.01)'),
    ],
)
def test_traceback_ends_in_the_tests_own_line(failing, name, last):
    lines = failing[name].splitlines()
    shown = [line for line in lines if line.startswith(">")]
    frames = [line for line in lines if re.match(r"\S+\.py:\d+: ", line)]

    assert shown == [last]
    assert len(frames) == 1
    assert frames[0].startswith("test_failing.py:")


def test_unmet_expectation_says_what_was_expected_and_seen(failing):
    breaks, silent = failing["test_receiver_that_breaks"], failing["test_receiver_that_never_asks"]

    assert re.search(
        r"E   .*ExpectationError: expectation not met: create about \S+ answered 2xx; seen: .*: create 500",
        breaks,
    )
    assert re.search(
        r"E   .*nearest:  entry \d+, create to http://HOST/hooks: was answered 500, not 2xx", breaks
    )
    assert re.search(r"E   .*again:    curl .*http://HOST/hooks", breaks)
    assert re.search(r"E   .*a request about \S+ using state; seen: no fitting requests", silent)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("test_positional", "settings are given by name; expected such as seed=7, found 7."),
        ("test_unknown_setting", "there is no setting 'sesions'. Did you mean sessions?"),
        (
            "test_wrong_value",
            "seed: the value does not fit; expected a whole number from 0 to 999999999999999999, found 'seven'. "
            "Write it as in seed=7.",
        ),
        (
            "test_no_such_file",
            "ca: the file cannot be read; found nowhere.pem: no such file or directory. "
            "Name the file with the certificate of the authority that signed the receiver's.",
        ),
        (
            "test_port_in_use",
            "port: port N on 127.0.0.1 is in use. Stop what listens there, or choose another port; "
            "0 takes a free one.",
        ),
    ],
)
def test_marker_that_cannot_be_obeyed_is_one_clear_line(failing, name, text):
    assert failing[f"ERROR at setup of {name}"] == f"@pytest.mark.scope_simulator: {text}"


AUDITED = """\
from dataclasses import replace

import pytest
from simulator import engine


@pytest.fixture(autouse=True)
def lying(monkeypatch):
    right = engine.webhooks_of
    monkeypatch.setattr(
        engine, "webhooks_of", lambda *args: ((url, replace(one, word="finished")) for url, one in right(*args))
    )


@pytest.mark.scope_simulator(audit=True, targets=["http://127.0.0.1:9/"])
def test_running(scope_simulator):
    scope_simulator.create("ScenarioSession")


@pytest.mark.scope_simulator(audit=True, targets=["http://127.0.0.1:9/"])
def test_core(scope_simulator_core):
    scope_simulator_core.create("ScenarioSession")


@pytest.mark.scope_simulator(audit=True, targets=["http://127.0.0.1:9/"])
def test_app(scope_simulator_app):
    pass


def test_not_audited(scope_simulator, scope_simulator_core):
    scope_simulator.create("ScenarioSession")
"""


def test_test_fails_whose_webhooks_contradict_the_api(project):
    write({"pytest.ini": USING["pytest.ini"], "test_audited.py": AUDITED}, project.path)

    done = project.runpytest_subprocess(*BARE, *PLUGIN, "-W", "error")

    done.assert_outcomes(failed=2, passed=2)
    done.stdout.fnmatch_lines(
        [
            "*  NOT SO, webhook 1 about ScenarioSession finished tells the state FINISHED (finished), the API answers*"
        ]
        * 2
    )


BOXED = """\
import pytest


@pytest.mark.scope_simulator(seed=7)
def test_unasked(scope_simulator, my_app):
    scope_simulator.add_target(my_app.url + "/hooks/scopear")
    session = scope_simulator.create("ScenarioSession")
    scope_simulator.finish(session)
    scope_simulator.expect_queried(of=session, fields=["duration"], within=0.1)


async def test_awaited(scope_simulator_async, my_app):
    await scope_simulator_async.create("Call")
    assert my_app.told == ["create"]


def test_two(scope_simulator, scope_simulator_app):
    assert not scope_simulator.base_url


def test_passes(scope_simulator):
    scope_simulator.create("Call")


def test_core(scope_simulator_core):
    assert not scope_simulator_core.base_url


@pytest.fixture
def broken(scope_simulator):
    scope_simulator.pause("nobody")


def test_set_up(broken):
    pass
"""
REPEAT = "import sys; from simulator.cli import main; sys.exit(main(['replay', '--box', *sys.argv[1:]]))"


def repeat(box: Path, folder: Path, *argv: str) -> subprocess.CompletedProcess:
    """Repeat a box where there is nothing else of the project."""
    return subprocess.run(
        [sys.executable, "-c", REPEAT, str(box), *argv],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_failed_test_leaves_a_box_that_repeats_the_failure_without_it(project, tmp_path):
    write(
        {name: USING[name] for name in ("pytest.ini", "conftest.py")} | {"test_boxed.py": BOXED}, project.path
    )
    boxes = tmp_path / "boxes"

    done = project.runpytest_subprocess(*BARE, *PLUGIN, "-W", "error", "--scope-simulator-box", str(boxes))

    done.assert_outcomes(failed=4, passed=1, errors=1)
    assert sorted(path.name for path in boxes.iterdir()) == [
        "test_boxed.py-test_awaited.box.json",
        "test_boxed.py-test_set_up.setup.box.json",
        "test_boxed.py-test_two.1.box.json",
        "test_boxed.py-test_two.2.box.json",
        "test_boxed.py-test_unasked.box.json",
    ]
    # What is said of a test that failed where no call did.
    failures = [
        json.loads(next(boxes.glob(f"*{name}.box.json")).read_text())["failures"]
        for name in ("test_two.1", "test_set_up.setup")
    ]
    assert [[(one["what"], one["text"].partition("http")[0]) for one in found] for found in failures] == [
        [("test", "AssertionError: assert not '")],
        [
            (
                "call",
                "there is no resource with the id 'nobody'. Give the node id of something that exists (ids depend on the seed).",
            )
        ],
    ]
    box = boxes / "test_boxed.py-test_unasked.box.json"
    done.stdout.fnmatch_lines([f"scope-simulator replay --box {box}"])
    for path in project.path.iterdir():
        if path.is_file():
            path.unlink()

    again = repeat(box, tmp_path)

    assert (again.returncode, again.stderr) == (1, "")
    lines = again.stdout.splitlines()
    assert lines[0] == f"repeating {box}: test_boxed.py::test_unasked"
    assert lines[-3] == "the same failure happened again:"
    assert lines[-2].startswith("    again: call 4, expect_queried: expectation not met: a request about ")
    assert lines[-1].startswith("  the journal is the recorded one, entry by entry (")
