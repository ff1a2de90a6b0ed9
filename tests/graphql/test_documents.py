"""Documents are parsed and validated once, and forgotten when there are too many."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from simulator.graphql import documents as module
from simulator.graphql.documents import Documents, Operation, Prepared, Refusal, documents_of, prepare
from simulator.graphql.limits import Limits
from simulator.graphql.sdl import OURS, Dialect
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
    kept = Documents(LIMITS)

    assert kept.get(GOOD) is kept.get(GOOD)
    assert kept.get(BAD) is kept.get(BAD)
    assert prepared == [GOOD, BAD]


def test_those_with_the_same_limits_and_schema_share_documents():
    within, beyond = documents_of(LIMITS, OURS), documents_of(LIMITS._replace(depth=1), OURS)

    assert documents_of(LIMITS, OURS) is within
    assert documents_of(LIMITS, Dialect((("ScenarioSessionState.PAUSED", "Paused"),))) is not within
    assert isinstance(within.get(GOOD), Prepared)
    assert isinstance(beyond.get(GOOD), Refusal)


def test_the_texts_not_used_for_longest_are_forgotten(prepared):
    kept = Documents(LIMITS, most=3 * len(GOOD))
    texts = [f"{{ viewer {{ {name} }} }}" for name in ("id", "i:id", "j:id")]
    for text in texts[:2]:
        kept.get(text)
    kept.get(texts[0])
    kept.get(texts[2])
    del prepared[:]

    kept.get(texts[0])
    kept.get(texts[1])

    assert prepared == [texts[1]]


def test_a_text_longer_than_all_that_is_kept_is_not_kept():
    kept = Documents(LIMITS, most=5)

    kept.get(GOOD)

    assert len(kept) == 0


def test_threads_that_ask_at_once_share_one_document(monkeypatch):
    together = threading.Barrier(2)

    def slow(text: str, *given: Any) -> Prepared | Refusal:
        together.wait(timeout=10)
        return prepare(text, *given)

    monkeypatch.setattr(module, "prepare", slow)
    kept = Documents(LIMITS)
    threads = [threading.Thread(target=kept.get, args=(GOOD,)) for _ in range(2)]
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
