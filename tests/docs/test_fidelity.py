"""What is known of the vendor is held by tests that exist, or said not to be imitated."""

from __future__ import annotations

import ast

import pytest

from docs.making.facts import FACTS, Fact, place
from docs.making.fidelity import SOURCES
from tests.docs.documents import ROOT

KNOWN = [fact for facts in FACTS.values() for fact in facts]


def functions(file: str) -> set[str]:
    """Return the names of all tests in a file."""
    path = ROOT / file
    tree = ast.parse(path.read_text("utf-8") if path.exists() else "")
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_tests_that_hold_a_fact_exist():
    named = {place(test) for fact in KNOWN for test in fact.tests}
    there = {file: functions(file) for file in {file for file, _ in named}}

    assert sorted(f"{file}::{name}" for file, name in named if name not in there[file]) == []


@pytest.mark.parametrize("fact", KNOWN, ids=lambda fact: fact.known[:60])
def test_fact_is_held_by_a_test_or_said_not_to_be_imitated(fact: Fact):
    assert fact.tests or fact.left
    assert fact.source.split()[0] in SOURCES
    assert fact.known.endswith(".")
    assert not fact.left or fact.left.endswith(".")


def test_no_fact_stands_twice():
    assert len({fact.known for fact in KNOWN}) == len(KNOWN)
