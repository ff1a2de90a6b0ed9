"""The same test as a script, as a pytest test and as a node program gives the same verdicts of four integrations."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulator.engine import Platform
from simulator.settings import Settings
from tests.all.conftest import ROOT, receiving, run, serving
from tests.workorders import KINDS

FOLDER = ROOT / "docs" / "how-to" / "judging"
KEYS = ("answered", "queried", "order", "receiver")
SAID = (
    r"finished about \S+ answered",
    r"exactly 1 request about \S+ using",
    r"\S+ about \S+ arrived in",
    r"GET \S+ answers",
)
"""How a line about each begins, whatever the resource is called there."""

UNMET = {
    "correct": (),
    "silent": ("queried", "receiver"),
    "slow": ("answered",),
    "twice": ("queried", "receiver"),
}


@contextmanager
def orders(kind: str, folder: Path) -> Iterator[str]:
    token = Platform(Settings(seed=7)).token
    with receiving(folder, {"SCOPE_TOKEN": token}, kind, file=ROOT / "tests" / "workorders.py") as url:
        yield url


def by_script(url: str, folder: Path) -> tuple[int, str, str]:
    done = run(
        sys.executable,
        "-m",
        "simulator",
        "replay",
        FOLDER / "work-order.yaml",
        "--target",
        url,
        folder=folder,
    )
    return done.returncode, done.stdout, r"NOT MET, \S+ "


def by_pytest(url: str, folder: Path) -> tuple[int, str, str]:
    test = FOLDER / "test_work_order.py"
    done = run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", test, folder=folder, ORDERS_URL=url)
    return done.returncode, done.stdout, "E +.*expected: "


def by_node(url: str, folder: Path) -> tuple[int, str, str]:
    with serving(folder, "--speed", "max") as served:
        done = run("node", FOLDER / "work-order.mjs", served.base_url, url, folder=folder)
    return done.returncode, done.stdout, "expected: "


NODE = pytest.param(by_node, marks=pytest.mark.needs_node)


@pytest.mark.parametrize("judge", [by_script, by_pytest, NODE])
@pytest.mark.parametrize("kind", KINDS)
def test_verdicts_are_the_same(kind, judge, tmp_path):
    with orders(kind, tmp_path) as url:
        code, out, before = judge(url, tmp_path)

    unmet = tuple(
        key
        for key, said in zip(KEYS, SAID, strict=True)
        if re.search(f"^ *{before}{said}", out, re.MULTILINE)
    )
    assert (code, unmet) == (int(kind != "correct"), UNMET[kind]), out
