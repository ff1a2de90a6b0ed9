"""What somebody may see and do: roles, and tokens that are limited to groups.

Decides which records a viewer sees, and which commands a client may give. How a refusal is told is the matter of whoever
answers: a connection leaves out what may not be seen, a single object is null with an error. [documented: EG]

A company administrator reads and writes anything. [documented: AT] A super administrator does so too, and has to name the
organisation by its permalink. [documented: EG] A reporting administrator reads all data of the organisation and writes
nothing. [documented: HC] An analyst reads the session data of others. [documented: HC] An analyst sees who did it, and of
other things what a viewer sees. [inferred] A viewer sees the work instructions, and of sessions and calls those of its
own. [inferred] What a role may do beyond that is not documented anywhere.

A token for chosen groups reads the users, the content and the sessions of these groups, and updates their users.
[documented: AT] A session belongs to the groups of who created it, a call to those of everybody who takes part. [inferred]
A subscription is seen by those who administer or report. [chosen]

Everybody who has an account may start a session over REST. [seen: DEMO] A token for chosen groups may not. [inferred]
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from simulator.values import dataclass

__all__ = ["OPERATOR", "Rights", "Role", "Viewer"]


class Role(StrEnum):
    """What an account is; the names are ours. [chosen]"""

    SUPER_ADMIN = "super_admin"
    COMPANY_ADMIN = "company_admin"
    REPORTING_ADMIN = "reporting_admin"
    ANALYST = "analyst"
    VIEWER = "viewer"


_READING_ALL: Final = (Role.SUPER_ADMIN, Role.COMPANY_ADMIN, Role.REPORTING_ADMIN)
_WRITING: Final = (Role.SUPER_ADMIN, Role.COMPANY_ADMIN)


@dataclass(frozen=True, slots=True)
class Rights:
    """A role, and the groups to which a token is limited: their numbers, or None for all of them."""

    role: Role = Role.COMPANY_ADMIN
    groups: frozenset[int] | None = None

    @property
    def reads_all(self) -> bool:
        """Whether nothing is hidden."""
        return self.groups is None and self.role in _READING_ALL

    @property
    def writes_all(self) -> bool:
        """Whether every command may be given."""
        return self.groups is None and self.role in _WRITING

    @property
    def needs_permalink(self) -> bool:
        """Whether a request has to name the organisation."""
        return self.role is Role.SUPER_ADMIN


class Viewer(NamedTuple):
    """Who looks, by the number of the user, and with which rights."""

    user: int = 1
    rights: Rights = Rights()


OPERATOR: Final = Viewer()
"""Whoever runs the simulator, in the name of the integration's own account."""
