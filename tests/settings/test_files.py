"""A file is read when the setting is, and what cannot be read is named."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.settings.files import TextFile, text_file


def test_file_is_read_with_its_text(tmp_path):
    file = tmp_path / "mine.graphql"
    file.write_text("größe", "utf-8")
    form = text_file()

    read = form.read(str(file))

    assert read == TextFile(str(file), "größe") == form.read(file) == form.read(read)
    assert form.write(read) == str(file)


def test_what_cannot_be_read_is_named(tmp_path):
    missing, binary, large = (tmp_path / name for name in ("missing", "binary", "large"))
    binary.write_bytes(b"\xff")
    with large.open("wb") as file:
        file.truncate(10_000_001)
    texts = []
    for value in (missing, binary, large, "", 3):
        with pytest.raises(UsageError) as caught:
            text_file().read(value)
        texts.append(str(caught.value))

    assert texts == [
        f"the file {missing} cannot be read: No such file or directory. Name a file that may be read.",
        f"the file {binary} is no text in UTF-8. Save it as UTF-8.",
        f"the file {large} is too large; expected at most 10000000 bytes.",
        "the value does not fit; expected the path of a file, found ''.",
        "the value does not fit; expected the path of a file, found 3.",
    ]
