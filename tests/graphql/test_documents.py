"""Documents are parsed and validated once, and forgotten when there are too many."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from simulator.graphql import documents as module
from simulator.graphql.documents import Documents, Operation, Prepared, Refusal, prepare
from simulator.graphql.limits import Limits
from simulator.settings import Settings

LIMITS = Limits.of(Settings())
GOOD, BAD = "{ viewer { id } }", "{ viewer { wages } }"


@pytest.fixture
def prepared(monkeypatch):
    """Count what is prepared anew."""
    texts = []

    def counted(text: str, *given: Any) -> Prepared | Refusal:
        texts.append(text)
        return prepare(text, *given)

    monkeypatch.setattr(module, "prepare", counted)
    return texts


def test_a_text_is_prepared_once_good_or_bad(prepared):
    kept = Documents()

    assert kept.get(GOOD, LIMITS) is kept.get(GOOD, LIMITS)
    assert kept.get(BAD, LIMITS) is kept.get(BAD, LIMITS)
    assert prepared == [GOOD, BAD]


def test_other_limits_are_another_document(prepared):
    kept = Documents()

    assert isinstance(kept.get(GOOD, LIMITS), Prepared)
    assert isinstance(kept.get(GOOD, LIMITS._replace(depth=1)), Refusal)
    assert len(kept) == 2


def test_the_texts_not_used_for_longest_are_forgotten(prepared):
    kept = Documents(most=3 * len(GOOD))
    texts = [f"{{ viewer {{ {name} }} }}" for name in ("id", "i:id", "j:id")]
    for text in texts[:2]:
        kept.get(text, LIMITS)
    kept.get(texts[0], LIMITS)
    kept.get(texts[2], LIMITS)
    del prepared[:]

    kept.get(texts[0], LIMITS)
    kept.get(texts[1], LIMITS)

    assert prepared == [texts[1]]


def test_a_text_longer_than_all_that_is_kept_is_not_kept():
    kept = Documents(most=5)

    kept.get(GOOD, LIMITS)

    assert len(kept) == 0


def test_threads_that_ask_at_once_share_one_document(monkeypatch):
    together = threading.Barrier(2)

    def slow(text: str, *given: Any) -> Prepared | Refusal:
        together.wait(timeout=10)
        return prepare(text, *given)

    monkeypatch.setattr(module, "prepare", slow)
    kept = Documents()
    threads = [threading.Thread(target=kept.get, args=(GOOD, LIMITS)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(kept) == 1


def test_a_document_knows_its_operations():
    document = prepare("query A { viewer { id } } query B { __schema { types { name } } }", LIMITS)
    assert isinstance(document, Prepared)

    a, b = document.operations
    assert a == Operation("A", (), constant=False, mutates=False, plans=a.plans)
    assert b == Operation("B", (), constant=True, mutates=False, plans=b.plans)
    assert (document.operation("A"), document.operation("B")) == (a, b)
    assert (document.operation("C"), document.operation(None)) == (None, None)


@pytest.mark.parametrize(
    ("query", "constant"),
    [
        ("{ __schema { types { name } } __typename }", True),
        ("query ($n: String!) { __type(name: $n) { name } }", False),
        ("{ __typename viewer { id } }", False),
        ("{ ... { __typename } }", False),
    ],
)
def test_only_questions_about_the_schema_are_always_answered_the_same(query, constant):
    document = prepare(query, LIMITS)
    assert isinstance(document, Prepared)

    assert [operation.constant for operation in document.operations] == [constant]
