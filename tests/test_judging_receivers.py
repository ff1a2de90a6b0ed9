"""One test of four integrations: the correct one passes, each of the others fails, and the first line says why."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest

from simulator.cli import main
from simulator.engine import Platform
from simulator.errors import ExpectationError
from simulator.server.handle import Simulator
from simulator.settings import Settings
from tests.workorders import KINDS, working

FOLDER = Path(__file__).parents[1] / "docs" / "how-to" / "judging"
TITLE = "A finished session closes its work order, once"

VERDICTS = {
    "correct": [True, True, True, True],
    "silent": [True, False, True, False],
    "slow": [False, True, True, True],
    "twice": [True, False, True, False],
}
"""Which of the four expectations each integration meets: answered, queried, order, receiver."""

ASKED = r"exactly 1 request about \S+ using state after finished began; seen: "
REASONS = {
    "silent": ASKED + "no fitting requests, no requests about \\S+ in all",
    "slow": r"finished about \S+ answered 2xx within 0.5 s; seen: 9 attempts .*, finished 200 after 0\.[78]\d* s, update 200",
    "twice": ASKED + "2 fitting requests, 4 requests about \\S+ in all",
}
"""What the first line says of each that fails."""


@cache
def token() -> str:
    return Platform(Settings(seed=7)).token


@pytest.mark.parametrize("kind", KINDS)
def test_script_passes_the_correct_one_and_says_in_its_first_line_why_others_fail(kind, tmp_path, capsys):
    reports = [f"--report={form}:{tmp_path / form}" for form in ("junit", "html")]
    with working(kind, token()) as url:
        code = main(["replay", str(FOLDER / "work-order.yaml"), "--target", url, *reports])

    out = capsys.readouterr().out
    (first,) = (line for line in out.splitlines() if TITLE in line and line.startswith(("passed", "FAILED")))
    met = re.findall(r"^    (met:|NOT MET,)", out, re.MULTILINE)
    failures = parse(tmp_path / "junit").findall(".//failure")
    page = (tmp_path / "html").read_text("utf-8")
    assert [one == "met:" for one in met] == VERDICTS[kind]
    if kind == "correct":
        assert (code, failures, first.startswith("passed: ")) == (0, [], True)
        return
    expected, seen = REASONS[kind].split("; seen: ")
    assert (code, first.startswith("FAILED: ")) == (1, True)
    assert re.search(REASONS[kind], first)
    assert re.search(seen, failures[0].attrib["message"])
    assert re.search(expected, str(failures[0].text).partition("\n")[0])
    assert re.search(REASONS[kind], page.partition('class="reason"')[2].partition("</p>")[0])


@pytest.mark.parametrize("kind", KINDS)
def test_python_test_gives_the_same_verdicts(kind, monkeypatch):
    with working(kind, token()) as url, Simulator(seed=7) as scope:
        monkeypatch.setenv("ORDERS_URL", url)
        spec = importlib.util.spec_from_file_location("work_order", FOLDER / "test_work_order.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if kind == "correct":
            module.test_finished_session_closes_its_work_order_once(scope)
            return
        with pytest.raises(ExpectationError) as raised:
            module.test_finished_session_closes_its_work_order_once(scope)

    first, *rest = str(raised.value).split("\n")
    unmet = VERDICTS[kind].count(False)
    assert first.startswith(f"{unmet} of 4 expectations not met: ")
    assert re.search(REASONS[kind], first)
    assert sum(line.startswith("expected: ") for line in rest) == unmet
