"""What a reference may look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import UsageError
from simulator.script.references import Reference, escape, is_template, literal, parse_template, templates

READ = {
    "": (),
    "plain $5 and {x}": ("plain $5 and {x}",),
    "${a}": (Reference("a", (), "${a}"),),
    "${ a.b }": (Reference("a", ("b",), "${ a.b }"),),
    "${world.users[1].id}": (Reference("world", ("users", 1, "id"), "${world.users[1].id}"),),
    "${a-b_c[0][12]}": (Reference("a-b_c", (0, 12), "${a-b_c[0][12]}"),),
    "WO-${n}/${m}.": ("WO-", Reference("n", (), "${n}"), "/", Reference("m", (), "${m}"), "."),
    "$${a} and $$${b}": ("${", "a} and $", "${", "b}"),
    "$${${a}": ("${", Reference("a", (), "${a}")),
}


@pytest.mark.parametrize(("text", "parts"), READ.items(), ids=READ)
def test_text_splits_into_words_and_references(text, parts):
    assert parse_template(text) == parts


@pytest.mark.parametrize(
    "text",
    ["${}", "${ }", "${1a}", "${a.}", "${a..b}", "${a[x]}", "${a[-1]}", "${a b}", "${a+1}", "${a${b}}"],
)
def test_reference_that_cannot_be_read(text):
    with pytest.raises(UsageError) as caught:
        parse_template(text)

    assert str(caught.value).startswith(
        "a reference cannot be read; expected a name, then .field and [number], such as ${session.id}, found "
    )


def test_reference_that_does_not_end():
    with pytest.raises(UsageError) as caught:
        parse_template("x ${a")

    assert str(caught.value) == (
        "a reference does not end; found '${a'. Close it with }, or write $${ for the signs."
    )


@given(st.text(alphabet="${}a.[0]"))
def test_escaped_text_means_itself(text):
    escaped = escape(text)

    assert "".join(map(str, parse_template(escaped))) == text
    assert literal(escaped) == text


def test_templates_are_found_with_their_paths():
    value = {"a": ["x", "${y}"], "b": {"c": "${z} $${"}, "d": 1}

    assert list(templates(value, ("p",))) == [("${y}", ("p", "a", 1)), ("${z} $${", ("p", "b", "c"))]


def test_only_text_is_a_template():
    assert [is_template(value) for value in ("${a}", "$a", 1, None, ["${a}"])] == [
        True,
        False,
        False,
        False,
        False,
    ]
