"""Who has an account: what the settings say of the integration and of other users, as accounts of the world.

Decides which user an account is and which groups a token is for. How a password or a token is read from a request is the
matter of ``auth``.
"""

from __future__ import annotations

from simulator.auth import Account, Auth
from simulator.errors import NotFoundError
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.world.making import group_called
from simulator.world.resources import User
from simulator.world.rights import Role
from simulator.world.view import View

__all__ = ["auth_of"]


def auth_of(view: View, settings: Settings, seed: Seed) -> Auth:
    """Return who may come in; ``NotFoundError`` for a group that the world has not.

    A user for whom only a password or a token is given is a viewer. [chosen]
    """
    accounts = [
        Account(
            number,
            view.world.need(User, number).username,
            person.password,
            person.token,
            Role(person.role or Role.VIEWER),
            _groups(view, person.token_groups, f"people/{number - 2}/token_groups"),
        )
        for number, person in enumerate(settings.people, 2)
        if person.password is not None or person.token is not None
    ]
    return Auth(
        seed,
        token_days=settings.token_days,
        role=Role(settings.role),
        groups=_groups(view, settings.token_groups, "token_groups"),
        accounts=accounts,
    )


def _groups(view: View, names: tuple[str, ...], place: str) -> frozenset[int] | None:
    """No group at all means every group."""
    try:
        return frozenset(group_called(view, name) for name in names) or None
    except NotFoundError as error:
        error.place = place
        raise
