"""What a platform would have told that stands already: a new one, or one that stands where a snapshot was taken.

Decides nothing: it puts what there is in an order in which it could have been told.
"""

from __future__ import annotations

from simulator.engine import Platform
from simulator.facts import Facts
from simulator.webhooks.deliveries import Condition
from simulator.world.rebuilding import written

__all__ = ["retell"]


def retell(platform: Platform, facts: Facts) -> None:
    """Tell ``facts`` all that has happened to a platform so far, as far as it still matters."""
    facts.wrote(list(written(platform.world)))
    for token in platform.auth.given:
        facts.token(token.text, token)
    for one in platform.dispatch.targets.standings:
        facts.target(one.target.id, one)
    standing = list(platform.dispatch.outbox.standing())
    # Each was planned first; the journal tells what has ended, and where the others stand is said last.
    for delivery in (*platform.dispatch.ended, *(delivery for delivery, _ in standing)):
        facts.delivery(delivery, Condition())
    for entry in platform.journal.since(0):
        facts.entered(entry)
    for delivery, condition in standing:
        facts.delivery(delivery, condition)
