"""What the YAML reader says, in our words."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.script.loader import read_document

SAID = {
    "a tab": ("steps:\n\t- wait: 1s", "a.yaml:2:1: a tab stands where only spaces may. Indent with spaces."),
    "text with a colon": (
        "title: a: b",
        "a.yaml:1:9: a colon stands where no key can be. "
        "Check the indentation, or put text with a colon in quotes.",
    ),
    "a key that is indented too far": (
        "title: a\n  seed: 1",
        "a.yaml:2:7: a colon stands where no key can be. "
        "Check the indentation, or put text with a colon in quotes.",
    ),
    "a key without its colon": (
        "title: a\nseed 1\nsteps: []",
        "a.yaml:3:1: a key has no colon after it. Write the colon and a space, or check the indentation.",
    ),
    "a key that is indented too little": (
        "steps:\n  - wait: 1s\n    by: a\n   at: b",
        "a.yaml:4:4: the indentation does not fit what stands above. "
        "Begin each key of a mapping, and each dash of a list, in the same column.",
    ),
    "quotes that do not end": (
        "title: 'a\nsteps: []",
        "a.yaml:1:8: the quoted text that begins here does not end. Close it.",
    ),
    "a bracket that does not end": (
        "title: a\nvars: {a: [1, 2}",
        "a.yaml:2:16: a comma or the closing bracket is missing. Put text with { } [ ] or , in quotes.",
    ),
    "a bracket at the end": (
        "title: [a",
        "a.yaml:1:8: the bracket that begins here does not end. Close it.",
    ),
    "a reference without quotes": (
        "with: {order: ${order}}",
        "a.yaml:1:16: a reference inside { } or [ ] has no quotes. "
        'Put it in quotes, such as {order: "${order}"}.',
    ),
    "a word that begins with a sign": (
        "title: @home",
        "a.yaml:1:8: a word begins with a sign that YAML keeps for itself. Put the text in quotes.",
    ),
    "a star alone": (
        "title: *",
        "a.yaml:1:9: a word begins with a sign that YAML keeps for itself. Put the text in quotes.",
    ),
    "a backslash": (
        'title: "C:\\Users"',
        "a.yaml:1:13: a backslash in double quotes begins nothing that is known. Use single quotes.",
    ),
    "a backslash before any letter": (
        'title: "\\q"',
        "a.yaml:1:10: a backslash in double quotes begins nothing that is known. Use single quotes.",
    ),
    "a bracket that nothing opened": (
        "title: ]",
        "a.yaml:1:8: a value is missing. Write the value, or quotes around it.",
    ),
    "what we have no words for": (
        "%YAML 2.0\n---\na: 1",
        "a.yaml:1:1: the YAML cannot be read: found incompatible YAML document (version 1.* is required). "
        "Check the line before it too.",
    ),
}


@pytest.mark.parametrize(("text", "message"), SAID.values(), ids=SAID)
def test_fault_is_told_in_our_words(text, message):
    with pytest.raises(UsageError) as caught:
        read_document(text, name="a.yaml")

    assert str(caught.value) == message
