"""Elements escape whatever they are given."""

from __future__ import annotations

import pytest

from simulator.report.page.markup import Markup, element, joined, plain, text


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        (element("p", "a"), "<p>a</p>"),
        (element("p"), "<p></p>"),
        (element("p", None, ["a", ["b"]]), "<p>ab</p>"),
        (element("p", element("b", "<"), "&"), "<p><b>&lt;</b>&amp;</p>"),
        (element("p", "x", class_="a b", data_kind="'\"<", id=None, hidden=True, lang=False),
         '<p class="a b" data-kind="&#x27;&quot;&lt;" hidden>x</p>'),
        (element("rect", x=1.0, y=2.25, width=3), '<rect x="1" y="2.2" width="3"/>'),
        (element("rect", element("title", "a")), "<rect><title>a</title></rect>"),
        (element("meta", charset="utf-8"), '<meta charset="utf-8">'),
        (joined(None), ""),
        (text("</script>"), "&lt;/script&gt;"),
        (text(Markup("<b>")), "<b>"),
    ],
    ids=str,
)  # fmt: skip
def test_element_is_written(markup, written):
    assert markup == written
    assert isinstance(markup, Markup)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\n\tb", "a\n\tb"),
        ("a\x00b", r"a\x00b"),
        ("a\u202eb", r"a\u202eb"),
        ("\ud800", r"\ud800"),
        ("é 🚆", "é 🚆"),
        ("'", "'"),
    ],
)
def test_what_does_not_print_is_spelt_out(given, shown):
    assert plain(given) == shown
