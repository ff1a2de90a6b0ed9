"""The file itself: its tables, how it is opened, and how a batch of changes gets into it as a whole or not at all.

The only user of sqlite3. It must not know what the rows mean; that is the matter of ``keeping`` and ``loading``.

Theory. The file is in write-ahead mode and belongs to this process alone, so that what was committed is in the hands of
the operating system and outlives the process, however it ends. It does not wait for the disk: when the machine itself
loses power, the last moments before it may be missing, never a half of anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from simulator.errors import UsageError

__all__ = ["FORMAT", "Batch", "File"]

FORMAT = 1
"""The number of the form in which facts are written; a file of another one is not read."""

_OURS = 0x53_63_6F_70
"""By this number a file is known as one of the simulator's: ``Scop``."""

Batch: TypeAlias = Iterable[tuple[str, Sequence[tuple[Any, ...]]]]
"""Statements, each with the rows it is carried out for."""

_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE records (kind TEXT, number INTEGER, fields BLOB NOT NULL, PRIMARY KEY (kind, number)) WITHOUT ROWID",
    "CREATE TABLE links (link TEXT, parent INTEGER, child INTEGER, PRIMARY KEY (link, parent, child)) WITHOUT ROWID",
    "CREATE TABLE gone (kind TEXT, number INTEGER, PRIMARY KEY (kind, number)) WITHOUT ROWID",
    "CREATE TABLE targets (id INTEGER PRIMARY KEY, standing BLOB NOT NULL)",
    "CREATE TABLE tokens (text TEXT PRIMARY KEY, user INTEGER NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TABLE deliveries (number INTEGER PRIMARY KEY, delivery BLOB NOT NULL, tries INTEGER NOT NULL, due INTEGER,
    in_flight INTEGER NOT NULL, in_place INTEGER NOT NULL, was TEXT, fate TEXT, entry INTEGER)""",
    "CREATE INDEX ended ON deliveries (entry) WHERE entry IS NOT NULL",
    "CREATE TABLE excused (number INTEGER PRIMARY KEY)",
    """CREATE TABLE journal (number INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, fact BLOB NOT NULL,
    attempt INTEGER)""",
)
_CONTENT = ("meta", "records", "links", "gone", "targets", "tokens", "deliveries", "excused", "journal")

_PLACE = "db"
"""What errors are about: the setting that names the file."""


class File:
    """A file of facts, open until it is closed."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it; UsageError when it cannot be used."""
        self._path = path
        try:
            # Whoever drives the platform may do so from another thread than it was made in, one at a time.
            self._base = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise self._problem(error) from None
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._base.close()
            raise self._problem(error) from None
        except UsageError:
            self._base.close()
            raise

    @property
    def path(self) -> Path:
        return self._path

    def write(self, batch: Batch, *, afresh: bool = False) -> None:
        """Carry out a batch as a whole, ``afresh`` after all else was deleted; UsageError, and nothing has changed."""
        run = self._base.execute
        try:
            run("BEGIN")
            if afresh:
                for table in _CONTENT:
                    run(f"DELETE FROM {table}")  # noqa: S608 - the names stand above
            for statement, rows in batch:
                self._base.executemany(statement, rows)
            run("COMMIT")
        except sqlite3.Error as error:
            self._base.rollback()
            raise self._problem(error) from None

    def meta(self) -> Mapping[str, bytes]:
        """Return what is known of the whole, by key; nothing when the file is new."""
        return dict(self.rows("SELECT key, value FROM meta"))

    def rows(self, query: str, *values: int) -> Iterator[tuple[Any, ...]]:
        """Yield the rows that answer a query."""
        try:
            yield from self._base.execute(query, values)
        except sqlite3.Error as error:
            raise self._problem(error) from None

    def close(self) -> None:
        """Let go of the file, with what was not committed undone."""
        self._base.close()

    # inside

    def _prepare(self) -> None:
        run = self._base.execute
        # Before the first look at it: it is ours alone from then on, and needs no file of shared memory.
        run("PRAGMA locking_mode = EXCLUSIVE")
        ours, version = (run(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        tables = run("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if (tables or ours) and ours != _OURS:
            raise self._refused(
                "the file is a database of something else",
                remedy="Name a file of the simulator's, or one that does not exist yet.",
            )
        if tables and version != FORMAT:
            raise self._refused(
                "the file was written by another version of the simulator",
                expected=f"form {FORMAT}",
                found=f"form {version}",
                remedy="Open it with that version, or name another file.",
            )
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        run("PRAGMA wal_autocheckpoint = 4000")
        run("BEGIN IMMEDIATE")
        if not tables:
            run(f"PRAGMA application_id = {_OURS}")
            run(f"PRAGMA user_version = {FORMAT}")
            for table in _TABLES:
                run(table)
        run("COMMIT")

    def _problem(self, error: sqlite3.Error) -> UsageError:
        """Return what is wrong, by SQLite's name of the failure, and the one thing to do."""
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_BUSY"):
            return self._refused(
                "the file is in use by another process",
                remedy="End the simulator that uses it, or name another file.",
            )
        if name.startswith("SQLITE_FULL"):
            return self._refused(
                "the file cannot grow: the disk is full",
                remedy="Make room and start again; the file holds all that anybody was told of.",
            )
        if name.startswith("SQLITE_NOTADB"):
            return self._refused(
                "the file is no database",
                remedy="Name a file of the simulator's, or one that does not exist yet.",
            )
        if name.startswith("SQLITE_CANTOPEN"):
            return self._refused(
                "the file cannot be opened",
                remedy="Name a file in a folder that exists, which may be read and written.",
            )
        if name.startswith("SQLITE_READONLY"):
            return self._refused(
                "the file cannot be written",
                remedy="Let it and its folder be written by whoever runs the simulator, or name another file.",
            )
        return self._refused(
            f"the file cannot be used: {error}", remedy="Name another file, or bring back a copy of this one."
        )

    def _refused(
        self, problem: str, *, remedy: str, expected: str | None = None, found: str | None = None
    ) -> UsageError:
        problem = problem.replace("the file", f"the file {self._path}", 1)
        return UsageError(problem, place=_PLACE, expected=expected, found=found, remedy=remedy)
