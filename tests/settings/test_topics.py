"""The catalogue of topics: what is in it, how an entry is written, and what is refused."""

from __future__ import annotations

import pytest

from simulator.contracts import problems
from simulator.errors import UsageError
from simulator.settings import TOPICS, Settings, Topic, read_topic


def test_the_default_holds_what_the_vendor_documents_first() -> None:
    assert Settings().topics == TOPICS
    assert TOPICS[:3] == (
        "scenario_session/created@1.1",
        "scenario_session/completed@1.1",
        "user/created@1.1",
    )


@pytest.mark.parametrize(
    "given",
    [["user/created@1.1", "user/created@2.0"], "user/created@1.1, user/created@2.0"],
    ids=["list", "text"],
)
def test_a_catalogue_is_a_list_or_text(given: object) -> None:
    assert Settings().replace(topics=given).topics == ("user/created@1.1", "user/created@2.0")


def test_versions_are_compared_as_numbers() -> None:
    assert read_topic("user/created@1.10") == Topic("user/created", "1.10")
    assert read_topic("user/created@1.10").rank > read_topic("user/created@1.9").rank


@pytest.mark.parametrize(
    "entry",
    [
        "user/created",
        "user@1.1",
        "User/created@1",
        "user/created@",
        "user/created@1.01",
        "user/created@1.",
        "",
    ],
)
def test_what_is_no_entry_is_refused(entry: str) -> None:
    with pytest.raises(UsageError) as raised:
        Settings().replace(topics=[entry])

    assert str(raised.value) == (
        f"topics: the value does not fit; expected a key and a version, such as user/created@1.1, found {entry!r}. "
        'Write it as in topics=["user/created@1.1"].'
    )


def test_a_topic_cannot_stand_twice() -> None:
    with pytest.raises(UsageError) as raised:
        Settings().replace(topics="user/created@1.1,user/created@1.1")

    assert str(raised.value).startswith("topics: the topic user/created@1.1 stands twice. ")
    assert problems("settings", {"topics": ["user/created@1.1", "user/created@1.1"]}) != []
