"""Who has an account, and what the token of each is good for."""

from __future__ import annotations

import pytest

from simulator.engine import Platform
from simulator.errors import NotFoundError
from simulator.settings import Settings
from simulator.world.rights import Rights, Role, Viewer

PEOPLE = [
    {"name": "Ana Silva", "role": "reporting_admin", "password": "hush", "token": "token-of-ana"},
    {"name": "Raj", "token": "token-of-raj", "token_groups": ["DEFAULT"]},
    {"name": "Somebody Else"},
]


def who(platform: Platform, token: str) -> Viewer:
    return platform.auth.who({"authorization": f"Bearer {token}"}, platform.now)


def test_person_with_a_token_or_a_password_comes_in_with_its_role():
    platform = Platform(Settings().replace(people=PEOPLE))
    name = platform.user("Ana Silva")["username"]
    user, session_token = platform.auth.sign_in(str(name), "hush", platform.now)

    assert who(platform, "token-of-ana") == Viewer(2, Rights(Role.REPORTING_ADMIN))
    assert (user, who(platform, session_token)) == (2, Viewer(2, Rights(Role.REPORTING_ADMIN)))


def test_token_may_be_limited_to_groups_that_are_named():
    groups = Platform(Settings()).resources("Group")
    names = [str(group["name"]) for group in groups]
    people = [{"token": "token-of-raj", "token_groups": [names[1].upper()]}]
    platform = Platform(Settings().replace(people=people, role="analyst", token_groups=[names[0], names[2]]))

    assert who(platform, "token-of-raj") == Viewer(2, Rights(Role.VIEWER, frozenset({2})))
    assert who(platform, platform.token) == Viewer(1, Rights(Role.ANALYST, frozenset({1, 3})))


def test_session_token_of_the_integration_has_its_role_in_all_groups():
    platform = Platform(Settings().replace(token_groups=["Default"]))
    _, token = platform.auth.sign_in("integrator", platform.password, platform.now)

    assert who(platform, token) == Viewer(1, Rights())


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"token_groups": ["Defalt"]}, "token_groups: no group is called 'Defalt'. Did you mean Default?"),
        (
            {"people": ["Ana", {"token": "t", "token_groups": ["Defalt"]}]},
            "people/1/token_groups: no group is called 'Defalt'. Did you mean Default?",
        ),
    ],
    ids=["own", "person"],
)
def test_unknown_group_is_named(settings, expected):
    with pytest.raises(NotFoundError) as caught:
        Platform(Settings().replace(**settings))

    assert str(caught.value) == expected
