"""Each form reads text and typed values alike, and says plainly what it cannot read."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from simulator.clock import parse_moment, parse_speed
from simulator.errors import UsageError
from simulator.settings import forms
from simulator.settings.forms import Person

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
        (forms.moment(), "2021-03-01T12:00:00Z", NOON),
        (forms.moment(), datetime(2021, 3, 1, 12, tzinfo=UTC), NOON),
        (forms.moment(), date(2021, 3, 1), NOON - 12 * 3_600_000),
        (forms.moment(), NOON, NOON),
        (forms.speed(), "max", parse_speed("max")),
        (forms.speed(), 60, parse_speed("60")),
        (forms.speed(), parse_speed("real"), parse_speed("real")),
        (forms.person(), "Ana Silva", Person(name="Ana Silva")),
        (
            forms.person(),
            {"username": "ana", "job_title": "Fitter"},
            Person(username="ana", job_title="Fitter"),
        ),
        (forms.person(), Person(email="a@example.com"), Person(email="a@example.com")),
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
            forms.moment(),
            1.5,
            "the value does not fit; expected a time such as 2021-03-01T08:00:00Z, found 1.5.",
        ),
        (
            forms.moment(),
            "noon",
            "the time cannot be read; expected ISO 8601, such as 2021-03-01T08:00:00Z, found 'noon'.",
        ),
        (
            forms.person(),
            3,
            "the value does not fit; expected a name, or name, username, email, phone, job_title, found 3.",
        ),
        (forms.person(), {"nmae": "Ana"}, "a person has no 'nmae'. Did you mean name?"),
        (forms.person(), {"name": ""}, "the value does not fit; expected text, found ''."),
    ],
)
def test_form_says_what_it_cannot_read(form, value, expected):
    with pytest.raises(UsageError) as caught:
        form.read(value)

    assert str(caught.value) == expected


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
