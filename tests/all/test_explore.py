"""Whole searches over sockets: a planted bug is found by whatever number is drawn from, and a receiver that is right has none."""

from __future__ import annotations

import json

import pytest

from simulator.cli import main
from simulator.script.loader import read_document
from tests.cli.test_explore import STATES
from tests.examples.example import in_thread
from tests.explore.receivers import keeping_work_orders


def explore(path, orders, capsys, *argv: str) -> tuple[int, dict]:
    mine = path / "mine.yaml"
    mine.write_text(STATES)
    target = ("--target", f"{orders.url}/hooks", "--var", f"orders={orders.url}")
    code = main(["explore", str(mine), "--json", *target, *argv])
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


@pytest.mark.parametrize("draw", range(1, 7))
def test_planted_bug_is_found_in_five_steps(draw, tmp_path, capsys):
    with in_thread(lambda: keeping_work_orders("reopens")) as orders:
        code, told = explore(tmp_path, orders, capsys, "--search", str(draw), "--examples", "300")

    steps = read_document((tmp_path / "mine.explored.yaml").read_text()).value["steps"]
    assert (code, told["ok"], told["finding"]["again"]) == (1, False, True)
    assert [next(iter(step)) for step in steps] == ["create", "faults", "pause", "resume", "finish", "expect"]


def test_nothing_is_found_about_a_receiver_that_is_right_and_that_soon(tmp_path, capsys):
    with in_thread(keeping_work_orders) as orders:
        code, told = explore(tmp_path, orders, capsys, "--examples", "300")

    assert (code, told["ok"], told["sequences"]) == (0, True, 300)
    assert told["sequences"] / told["took"] * 60 > 200
