"""What a role and a token may do, as a table."""

from __future__ import annotations

import pytest

from simulator.world.rights import OPERATOR, Rights, Role, Viewer


@pytest.mark.parametrize(
    ("role", "reads", "writes", "permalink"),
    [
        (Role.SUPER_ADMIN, True, True, True),
        (Role.COMPANY_ADMIN, True, True, False),
        (Role.REPORTING_ADMIN, True, False, False),
        (Role.ANALYST, False, False, False),
        (Role.VIEWER, False, False, False),
    ],
    ids=str,
)
def test_role_decides_what_is_read_and_written(role, reads, writes, permalink):
    rights = Rights(role)

    assert (rights.reads_all, rights.writes_all, rights.needs_permalink) == (reads, writes, permalink)


@pytest.mark.parametrize("role", Role, ids=str)
def test_token_for_chosen_groups_neither_reads_nor_writes_everything(role):
    rights = Rights(role, frozenset({2}))

    assert (rights.reads_all, rights.writes_all) == (False, False)


def test_whoever_runs_the_simulator_may_do_everything_as_the_integration():
    assert Viewer(1, Rights(Role.COMPANY_ADMIN)) == OPERATOR
