"""A file that cannot be used is told with what to do; what is written is written as a whole or not at all."""

from __future__ import annotations

import sqlite3

import pytest

from simulator.errors import UsageError
from simulator.settings import Settings
from simulator.store import open_stage
from simulator.store.file import File
from tests.store.remembering import Process


@pytest.fixture
def process(tmp_path):
    one = Process(tmp_path / "scope.db")
    yield one
    one.kill()


def refusal(path: object, **settings: object) -> str:
    with pytest.raises(UsageError) as caught:
        open_stage(Settings().replace(db=str(path), **settings))
    return str(caught.value)


def test_file_of_something_else_is_refused(tmp_path):
    text, database = tmp_path / "notes.txt", tmp_path / "shop.db"
    text.write_text("this is no database, whatever it is called\n" * 100)
    with sqlite3.connect(database) as base:
        base.execute("CREATE TABLE orders (number INTEGER)")
    base.close()
    before = (text.read_bytes(), database.read_bytes())

    assert refusal(text) == (
        f"db: the file {text} is no database. Name a file of the simulator's, or one that does not exist yet."
    )
    assert refusal(database) == (
        f"db: the file {database} is a database of something else. "
        "Name a file of the simulator's, or one that does not exist yet."
    )
    assert (text.read_bytes(), database.read_bytes()) == before


def test_file_of_another_version_is_refused(process):
    process.stop()
    with sqlite3.connect(process.path) as base:
        base.execute("PRAGMA user_version = 99")
    base.close()

    assert refusal(process.path) == (
        f"db: the file {process.path} was written by another version of the simulator; expected form 1, found form 99. "
        "Open it with that version, or name another file."
    )


def test_file_that_another_process_uses_is_refused(process):
    assert refusal(process.path) == (
        f"db: the file {process.path} is in use by another process. "
        "End the simulator that uses it, or name another file."
    )


@pytest.mark.parametrize("name", ["", "nowhere/scope.db"], ids=["a folder", "in no folder"])
def test_file_that_cannot_be_opened_is_refused(tmp_path, name):
    path = tmp_path / name

    assert refusal(path) == (
        f"db: the file {path} cannot be opened. Name a file in a folder that exists, which may be read and written."
    )


def test_damaged_file_is_refused(process):
    for number in range(50):
        process.platform.apply("create", "ScenarioSession", {"externalData": {"number": number}})
    process.stop()
    raw = bytearray(process.path.read_bytes())
    raw[4096:] = b"\x55" * (len(raw) - 4096)
    process.path.write_bytes(raw)

    assert refusal(process.path).startswith(
        f"db: the file {process.path} cannot be used: database disk image is malformed."
    )


def test_empty_file_is_a_new_one(tmp_path):
    path = tmp_path / "scope.db"
    path.touch()

    process = Process(path)

    assert process.platform.tally().planned == 0
    process.stop()


def test_batch_that_fails_half_way_changes_nothing(tmp_path):
    file = File(tmp_path / "scope.db")
    file.write([("INSERT INTO meta VALUES (?, ?)", [("a", b"1")])])

    with pytest.raises(UsageError, match="cannot be used: UNIQUE constraint failed"):
        file.write([("INSERT INTO meta VALUES (?, ?)", [("b", b"2"), ("a", b"3")])], afresh=False)

    assert dict(file.meta()) == {"a": b"1"}
    file.write([("INSERT INTO meta VALUES (?, ?)", [("c", b"4")])], afresh=True)
    assert dict(file.meta()) == {"c": b"4"}
    file.close()


def test_question_that_cannot_be_answered_is_told(tmp_path):
    file = File(tmp_path / "scope.db")

    with pytest.raises(UsageError, match="cannot be used: no such table: absent"):
        list(file.rows("SELECT * FROM absent"))

    file.close()


def test_file_that_may_not_be_written_is_told(process):
    process.stop()
    # Whoever runs the tests may write everything, so that the file is opened as one that may only be read.
    file = File(process.path)
    file._base.execute("PRAGMA query_only = ON")

    with pytest.raises(UsageError) as caught:
        file.write([("DELETE FROM meta", [()])])

    file.close()
    assert str(caught.value) == (
        f"db: the file {process.path} cannot be written. "
        "Let it and its folder be written by whoever runs the simulator, or name another file."
    )
