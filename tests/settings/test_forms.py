"""Each form reads text and typed values alike, and says plainly what it cannot read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from simulator.clock import parse_moment, parse_speed
from simulator.errors import UsageError
from simulator.settings import forms

NOON = parse_moment("2021-03-01T12:00:00Z")


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (forms.integer(0, 9), "7", 7),
        (forms.integer(-9, 9), -7, -7),
        (forms.boolean(), True, True),
        (forms.boolean(), "No", False),
        (forms.boolean(), "1", True),
        (forms.choice("a", "b"), "b", "b"),
        (forms.text("[a-z]+", "letters"), "abc", "abc"),
        (forms.several(forms.choice("a", "b"), separator=",", least=1), "a, b", ("a", "b")),
        (forms.several(forms.integer(0, 9), separator=",", least=0), [1, "2"], (1, 2)),
        (forms.several(forms.text(".+", "x"), separator=None, least=0), " x  y ", ("x", "y")),
        (forms.duration(), "10s", 10_000),
        (forms.duration(), 250, 250),
        (forms.schedule(), "5s, 5m,30m", (5_000, 300_000, 1_800_000)),
        (forms.schedule(), ["500ms", 2000], (500, 2_000)),
        (forms.schedule(), "none", ()),
        (forms.fraction(), "0.25", 0.25),
        (forms.fraction(), 1, 1.0),
        (forms.moment(), "2021-03-01T12:00:00Z", NOON),
        (forms.moment(), datetime(2021, 3, 1, 12, tzinfo=UTC), NOON),
        (forms.moment(), date(2021, 3, 1), NOON - 12 * 3_600_000),
        (forms.moment(), NOON, NOON),
        (forms.speed(), "max", parse_speed("max")),
        (forms.speed(), 60, parse_speed("60")),
        (forms.speed(), parse_speed("real"), parse_speed("real")),
        (forms.header(), "X-Tenant: acme", ("X-Tenant", "acme")),
        (forms.header(), "Authorization:Bearer a:b ", ("Authorization", "Bearer a:b")),
        (forms.header(), "X-Empty:", ("X-Empty", "")),
        (forms.header(), ("X-Tenant", "größe"), ("X-Tenant", "größe")),
        (forms.host(), "Scope.Internal.", "scope.internal"),
        (forms.host(), "10.0.0.1", "10.0.0.1"),
        (forms.host(), "[::1]", "::1"),
        (forms.host(), "FE80::0:1", "fe80::1"),
        (forms.address(), "https://scope.example/", "https://scope.example"),
        (forms.address(), "http://[::1]:7267/behind/", "http://[::1]:7267/behind"),
    ],
)
def test_form_reads(form, value, expected):
    assert form.read(value) == expected


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (forms.integer(0, 9), "10", "the value does not fit; expected a whole number from 0 to 9, found 10."),
        (
            forms.integer(0, 9),
            True,
            "the value does not fit; expected a whole number from 0 to 9, found True.",
        ),
        (
            forms.integer(0, 9),
            "1e3",
            "the value does not fit; expected a whole number from 0 to 9, found '1e3'.",
        ),
        (forms.integer(0, 9), 1.5, "the value does not fit; expected a whole number from 0 to 9, found 1.5."),
        (forms.boolean(), "maybe", "the value does not fit; expected true or false, found 'maybe'."),
        (forms.boolean(), 1, "the value does not fit; expected true or false, found 1."),
        (
            forms.choice("first", "strict", "none"),
            "frist",
            "the value does not fit; expected first, strict or none, found 'frist'. Did you mean first?",
        ),
        (forms.choice("a", "b"), 3, "the value does not fit; expected a or b, found 3."),
        (forms.text("[a-z]+", "letters"), "A", "the value does not fit; expected letters, found 'A'."),
        (forms.text("[a-z]+", "letters"), None, "the value does not fit; expected letters, found None."),
        (
            forms.several(forms.boolean(), separator=",", least=1),
            (),
            "the value does not fit; expected a list of at least 1, found ().",
        ),
        (
            forms.several(forms.boolean(), separator=",", least=0),
            3,
            "the value does not fit; expected a list, found 3.",
        ),
        (
            forms.duration(),
            0,
            "the value does not fit; expected a duration such as 10s, or milliseconds, found 0.",
        ),
        (
            forms.duration(),
            False,
            "the value does not fit; expected a duration such as 10s, or milliseconds, found False.",
        ),
        (
            forms.duration(),
            "10",
            "the duration cannot be read; expected a number with ms, s, m, h or d, such as 12m, or ISO 8601, "
            "such as PT12M, found '10'.",
        ),
        (
            forms.schedule(),
            "5s,soon",
            "the value does not fit; expected durations such as 5s,5m,30m, or none; 'soon' is no duration, found '5s,soon'.",
        ),
        (
            forms.schedule(),
            3,
            "the value does not fit; expected durations such as 5s,5m,30m, or none; at most 100, found 3.",
        ),
        (forms.fraction(), "lots", "the value does not fit; expected a number from 0 to 1, found 'lots'."),
        (forms.fraction(), 1.5, "the value does not fit; expected a number from 0 to 1, found 1.5."),
        (forms.fraction(), True, "the value does not fit; expected a number from 0 to 1, found True."),
        (forms.fraction(), [], "the value does not fit; expected a number from 0 to 1, found []."),
        (
            forms.moment(),
            1.5,
            "the value does not fit; expected a time such as 2021-03-01T08:00:00Z, found 1.5.",
        ),
        (
            forms.moment(),
            "noon",
            "the time cannot be read; expected ISO 8601, such as 2021-03-01T08:00:00Z, found 'noon'.",
        ),
    ],
)
def test_form_says_what_it_cannot_read(form, value, expected):
    with pytest.raises(UsageError) as caught:
        form.read(value)

    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("form", "value", "expected"),
    [
        (forms.integer(0, 9), 7, 7),
        (forms.boolean(), False, False),
        (forms.choice("a", "b"), "b", "b"),
        (forms.several(forms.header(), separator=None, least=0), (("A", "b"), ("C", "")), ["A: b", "C: "]),
        (forms.duration(), 10_000, "10s"),
        (forms.duration(), 1_500, "1500ms"),
        (forms.duration(), 90 * 60_000, "90m"),
        (forms.duration(), 3_600_000, "1h"),
        (forms.schedule(), (5_000, 300_000), "5s,5m"),
        (forms.schedule(), (), "none"),
        (forms.fraction(), 0.5, 0.5),
        (forms.moment(), NOON, "2021-03-01T12:00:00.000Z"),
        (forms.speed(), parse_speed("60"), "60"),
    ],
)
def test_form_writes_what_it_reads_as_a_configuration_file_holds_it(form, value, expected):
    assert form.write(value) == expected
    assert form.read(expected) == value


@pytest.mark.parametrize(
    "value",
    [
        "X-Tenant",
        "X Tenant: a",
        ": a",
        "X-A: a\r\nX-B: b",
        "X-A: a\nb",
        "X-A: \0",
        "X-A: \udcff",
        3,
        None,
        "",
    ],
)
def test_header_that_is_none_or_more_than_one_is_refused(value):
    with pytest.raises(UsageError) as caught:
        forms.header().read(value)

    assert str(caught.value) == (
        f"the value does not fit; expected a header in one line, such as X-Tenant: acme, found {value!r}."
    )


@pytest.mark.parametrize(
    "name", ["Content-Type", "content-length", "HOST", "Transfer-Encoding", "Connection"]
)
def test_header_that_would_break_the_post_is_refused(name):
    with pytest.raises(UsageError) as caught:
        forms.header().read(f"{name}: x")

    assert str(caught.value) == (
        f"the header {name} is the post's own; expected a header that does not say how the body is to be read, "
        f"found '{name}: x'."
    )


@pytest.mark.parametrize("value", ["a:80", "http://a", "a/b", "", "*", "größe.example", "[::1", 3, None])
def test_host_with_more_than_a_name_is_refused(value):
    with pytest.raises(UsageError) as caught:
        forms.host().read(value)

    assert str(caught.value) == (
        f"the value does not fit; expected a host name or an address, without a port, found {value!r}."
    )


@pytest.mark.parametrize(
    "value",
    [
        *("scope.example", "ftp://scope.example", "https://", "https://a?b", "https://a#b", "https://me@a"),
        *(
            "https://a b",
            "https://a:0",
            "https://a:99999",
            "https://[::1",
            "https://:80",
            r"https://a\b",
            3,
            None,
        ),
    ],
)
def test_address_that_is_none_is_refused(value):
    with pytest.raises(UsageError) as caught:
        forms.address().read(value)

    assert str(caught.value) == (
        f"the value does not fit; expected an address such as https://scope.example, found {value!r}."
    )


@pytest.mark.parametrize("value", ["fast", -1, True, None])
def test_speed_that_is_none_is_worded_by_the_clock(value):
    with pytest.raises(UsageError) as caught:
        forms.speed().read(value)

    with pytest.raises(UsageError) as expected:
        parse_speed(str(value))
    assert str(caught.value) == str(expected.value)


def test_name_like_no_other_lists_all():
    error = forms.unknown_name("there is no x", "zzz", ["alpha", "beta"], place="here")

    assert str(error) == "here: there is no x. There are: alpha, beta."
