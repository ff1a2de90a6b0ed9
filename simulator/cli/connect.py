"""The way to a simulator that runs elsewhere, for every command that has ``--api``: who is there, and with which token.

What is wrong names the flag, the address and what to do. This module must not know what the command wants there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from simulator.client import Client, ProblemError
from simulator.errors import UsageError
from simulator.settings import FIELDS, Resolved

__all__ = ["connected"]


@asynccontextmanager
async def connected(api: str, resolved: Resolved) -> AsyncIterator[Client]:
    """Give a client of the simulator at ``api``, which is of our version and takes our control token."""
    async with AsyncExitStack() as stack:
        try:
            client = await stack.enter_async_context(Client(api, token=resolved.settings.control_token))
        except ProblemError as problem:
            raise _refused(api, resolved) if problem.status == 401 else problem from None
        except UsageError as error:
            raise error.at("--api") from None
        yield client


def _refused(api: str, resolved: Resolved) -> UsageError:
    field = FIELDS["control_token"]
    given = resolved.settings.control_token is not None
    return UsageError(
        f"the simulator at {api} asks for its control token",
        place=resolved.place("control_token"),
        found="another one" if given else "none",
        remedy=f"Give the one that it told at its start, with {field.flag} or {field.variable}.",
    )
