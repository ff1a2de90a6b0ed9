"""Files that are seen whole or not at all, and places that cannot be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from simulator.cli.whole import prove, write
from simulator.errors import UsageError


def test_file_is_there_whole_and_alone(tmp_path):
    file = tmp_path / "report.xml"
    file.write_text("old")

    prove(str(file), place="--report")
    assert file.read_text() == "old"
    write(str(file), b"new", place="--report")

    assert file.read_text() == "new"
    assert list(tmp_path.iterdir()) == [file]


def test_link_stays_one(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    link.symlink_to(file)

    prove(str(link), place="--report")
    write(str(link), b"new", place="--report")

    assert (link.is_symlink(), file.read_text()) == (True, "new")


def test_device_stays_one(tmp_path):
    prove(os.devnull, place="--report")
    write(os.devnull, b"new", place="--report")

    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    "call", [prove, lambda path, place: write(path, b"", place=place)], ids=["prove", "write"]
)
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(
            lambda at: at / "missing" / "report.xml", "no such file or directory", id="no directory"
        ),
        pytest.param(lambda at: at, "is a directory", id="a directory"),
        pytest.param(lambda at: at / ("x" * 300), "file name too long", id="too long"),
        pytest.param(lambda at: at / "a\0b", "embedded null byte", id="no name"),
    ],
)
def test_place_that_cannot_be_written(tmp_path, call, make, reason):
    inside = tmp_path / "inside"
    inside.mkdir()

    with pytest.raises(UsageError) as raised:
        call(str(make(inside)), place="--report")

    assert str(raised.value) == (
        f"--report: the file cannot be written; found {reason}. Name a file in a directory that exists."
    )
    assert list(tmp_path.iterdir()) == [inside]
    assert list(inside.iterdir()) == []
