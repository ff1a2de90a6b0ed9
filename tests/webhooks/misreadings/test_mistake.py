"""What is told of mistakes: once each, in order, for people and for programs."""

from __future__ import annotations

from simulator.webhooks.misreadings.mistake import RAW, Explanation, Mistake

REWRITTEN = Mistake("rewritten", "It was written again.")
STRIPPED = Mistake("stripped", "White space was left out.")
HEX = Mistake("hex", "It is hex.", "Use base64.")


def test_mistakes_are_told_with_each_remedy_once():
    explanation = Explanation("a", "b", mistakes=(REWRITTEN, STRIPPED, HEX))

    assert explanation.explained
    assert explanation.lines == [
        "More than one mistake, together:",
        "It was written again.",
        "White space was left out.",
        "It is hex.",
        RAW,
        "Use base64.",
    ]
    assert str(Explanation("a", "b", mistakes=(HEX,))) == "It is hex. Use base64."


def test_programs_get_the_same():
    assert Explanation("a", "b", mistakes=(HEX,), hints=("Look.",)).shown == {
        "computed": "a",
        "expected": "b",
        "right": False,
        "mistakes": [{"name": "hex", "what": "It is hex.", "remedy": "Use base64."}],
        "hints": ["Look."],
    }


def test_right_or_unexplained():
    assert Explanation("a", "a", right=True).explained
    assert not Explanation("a", "b", hints=("No.",)).explained
