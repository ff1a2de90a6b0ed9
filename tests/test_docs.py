"""The documents that are made from the code are fresh, and marks are read as the house style writes them."""

from __future__ import annotations

import pytest

from docs import build
from docs.making import fidelity


def statements(text: str) -> list[tuple[str, str, str]]:
    found = fidelity.statements_in(fidelity.Text("file.py", "", text))
    return [(one.sentence, one.certainty, one.source) for one in found]


@pytest.mark.parametrize("name", build.DOCUMENTS)
def test_document_is_fresh(name):
    file = build.ROOT / name

    assert file.read_text("utf-8") == build.DOCUMENTS[name](build.ROOT), "write it anew with: make docs"


def test_stale_document_is_told_and_mended(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "DOCUMENTS", {"a.md": lambda root: f"made for {root.name}\n"})

    assert build.main(["--check"]) == 1
    assert capsys.readouterr().err == "a.md is stale; write it anew with: make docs\n"
    assert build.main([]) == 0
    assert (tmp_path / "a.md").read_text("utf-8") == f"made for {tmp_path.name}\n"
    assert build.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A rule. [chosen]", [("A rule.", "chosen", "")]),
        (
            "Not marked. One is, e.g. this\none. [documented: UW, EG] Two too [inferred]; so is three. [seen: DEMO]",
            [
                ("One is, e.g. this one.", "documented", "UW, EG"),
                ("Two too", "inferred", ""),
                ("so is three.", "seen", "DEMO"),
            ],
        ),
        ("Heading\n\nThe rule of 1.5 s. [chosen]\n", [("The rule of 1.5 s.", "chosen", "")]),
        ("- first [chosen]\n- second, by the help centre. [documented: HC \"A title\"]",
         [("first", "chosen", ""), ("second, by the help centre.", "documented", 'HC "A title"')]),
        ("A list [0] and [later].", []),
    ],
)  # fmt: skip
def test_marked_sentence_begins_after_the_stop_before_it(text, expected):
    assert statements(text) == expected


@pytest.mark.parametrize("mark", ["[documented]", "[seen: NOBODY]"])
def test_mark_without_a_known_source_is_refused(mark):
    with pytest.raises(SystemExit, match="names no known source"):
        statements(f"A rule. {mark}")


def test_docstrings_and_comments_know_what_they_stand_at():
    source = '''"""Module. [chosen]"""
LIMIT = 3
"""Limit. [chosen]"""
class Thing:
    """Thing. [chosen]"""
    size: int
    """Size. [chosen]"""
    def act(self):
        self.done = True
        """Done. [chosen]"""
        # First line of a comment,
        # and its end. [chosen]
        return 1  # Side note. [chosen]
'''

    found = [(one.about, one.text) for one in fidelity.python_texts("file.py", source)]

    assert found == [
        ("", "Module. [chosen]"),
        ("LIMIT", "Limit. [chosen]"),
        ("Thing", "Thing. [chosen]"),
        ("Thing.size", "Size. [chosen]"),
        ("Thing.act.done", "Done. [chosen]"),
        ("Thing.act", "First line of a comment,\nand its end. [chosen]"),
        ("Thing.act", "Side note. [chosen]"),
    ]


def test_sdl_descriptions_know_their_coordinate():
    sdl = '"T." type Query { "F." field("A." id: ID, other: Int): E } enum E { "V." VALUE } "I." input In { "X." x: Int }'

    found = [(one.about, one.text) for one in fidelity.sdl_texts("scope.graphql", sdl)]

    assert found == [
        ("Query", "T."),
        ("Query.field", "F."),
        ("Query.field(id:)", "A."),
        ("E.VALUE", "V."),
        ("In", "I."),
        ("In.x", "X."),
    ]


def test_json_descriptions_know_their_key_and_examples_are_data():
    schema = {
        "description": "Whole.",
        "properties": {"a": {"items": {"description": "Part."}}},
        "examples": [{"description": "data"}],
    }

    found = [(one.about, one.text) for one in fidelity.json_texts("a.schema.json", schema, "")]

    assert found == [("", "Whole."), ("a", "Part.")]


def test_same_sentence_in_one_file_is_one_row():
    rows = [fidelity.Statement("f", f"a{n}", "At most ``n`` | more.", "chosen", "") for n in range(5)]

    assert fidelity.table(rows).splitlines()[2:] == [
        "| `a0`, `a1`, `a2` and 2 more | At most `n` \\| more. | chosen |  | [f](../f) |"
    ]
