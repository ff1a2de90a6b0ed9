"""A person is read from a name or a mapping, and says plainly what does not fit."""

from __future__ import annotations

import pytest

from simulator.errors import UsageError
from simulator.settings.people import ROLES, Person, person
from simulator.world.rights import Role

RAJ = {"name": "Raj", "role": "viewer", "token": "raj-1", "token_groups": ["Default", "Assembly"]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ana Silva", Person(name="Ana Silva")),
        ({"username": "ana", "job_title": "Fitter"}, Person(username="ana", job_title="Fitter")),
        (Person(email="a@example.com"), Person(email="a@example.com")),
        (RAJ, Person(name="Raj", role="viewer", token="raj-1", token_groups=("Default", "Assembly"))),
        ({"password": "hush", "role": "analyst"}, Person(password="hush", role="analyst")),
        (
            {"token": "t", "token_groups": "Default, Assembly"},
            Person(token="t", token_groups=("Default", "Assembly")),
        ),
    ],
)
def test_person_is_read(value, expected):
    assert person().read(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            3,
            "the value does not fit; expected a name, or name, username, email, phone, job_title, role, password, token, "
            "token_groups, found 3.",
        ),
        ({"nmae": "Ana"}, "a person has no 'nmae'. Did you mean name?"),
        ({"name": ""}, "name: the value does not fit; expected text, found ''."),
        (
            {"role": "veiwer", "token": "t"},
            "role: the value does not fit; expected super_admin, company_admin, reporting_admin, analyst or viewer, found "
            "'veiwer'. Did you mean viewer?",
        ),
        ({"role": "viewer"}, "role: nobody can come in with this role. Give a password, a token, or both."),
        ({"token_groups": ["Default"]}, "token_groups: there is no token to limit to groups. Give a token."),
    ],
)
def test_what_does_not_fit_is_named(value, expected):
    with pytest.raises(UsageError) as caught:
        person().read(value)

    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Person(name="Ana", job_title="Fitter"), {"name": "Ana", "job_title": "Fitter"}),
        (person().read(RAJ), RAJ),
    ],
)
def test_person_is_written_as_a_configuration_file_holds_it(value, expected):
    assert person().write(value) == expected
    assert person().read(expected) == value


def test_roles_are_those_that_have_rights():
    assert [*Role] == [*ROLES]
