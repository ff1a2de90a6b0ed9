"""The people whom a script or a test names, and what each may do.

Decides what can be said of a user and how it may be written; what a role means is decided in ``world.rights``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from simulator.errors import UsageError
from simulator.settings.forms import Form, choice, several, text, unknown_name
from simulator.values import dataclass
from simulator.wire import JSON

__all__ = ["ROLES", "Person", "person"]

ROLES: Final = ("super_admin", "company_admin", "reporting_admin", "analyst", "viewer")
"""What an account may be."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user whom a script or a test names; what is not given is invented from the seed.

    With a ``password`` the user may sign in, with a ``token`` show that; ``role`` and, for the token, ``token_groups`` say
    what is then seen and may be changed.
    """

    name: str | None = None
    username: str | None = None
    email: str | None = None
    phone: str | None = None
    job_title: str | None = None
    role: str | None = None
    password: str | None = None
    token: str | None = None
    token_groups: tuple[str, ...] = ()


def person() -> Form:
    """A person, a mapping of what is known of one, or a name."""
    word = text(r".*\S.*", "text")
    forms = {field.name: word for field in dataclasses.fields(Person)}
    forms["role"] = choice(*ROLES)
    forms["token_groups"] = several(word, separator=",", least=0)
    known = list(forms)

    def read(value: object) -> Person:
        if isinstance(value, Person):
            return value
        if isinstance(value, str):
            value = {"name": value}
        if not isinstance(value, Mapping):
            raise UsageError(
                "the value does not fit", expected=f"a name, or {', '.join(known)}", found=repr(value)
            )
        for key in value:
            if key not in known:
                raise unknown_name(f"a person has no {key!r}", str(key), known)
        found: dict[str, Any] = {}
        for name, given in value.items():
            try:
                found[str(name)] = forms[str(name)].read(given)
            except UsageError as error:
                error.place = error.place or str(name)
                raise
        person = Person(**found)
        if person.token_groups and person.token is None:
            raise UsageError(
                "there is no token to limit to groups", place="token_groups", remedy="Give a token."
            )
        if person.role and person.token is None and person.password is None:
            raise UsageError(
                "nobody can come in with this role", place="role", remedy="Give a password, a token, or both."
            )
        return person

    properties: dict[str, JSON] = {
        name: {
            "title": name.replace("_", " ").capitalize(),
            **(form.schema if form is not word else {"type": "string"}),
        }
        for name, form in forms.items()
    }
    mapping: JSON = {"type": "object", "properties": properties, "additionalProperties": False}

    def write(value: object) -> JSON:
        assert isinstance(value, Person)
        return {
            name: forms[name].write(given)
            for name, given in dataclasses.asdict(value).items()
            if given not in (None, ())
        }

    return Form(read, {"anyOf": [{"type": "string"}, mapping]}, write)
