"""Whether and when a failed attempt is followed by another.

Decides what a success is, how long to wait after which failure, and how a receiver's own wish (Retry-After) is read. It
must not keep anything: the outbox knows what is due, a target's standing is the business of ``dispatch``.

Nothing is documented of how Scope retries; the whole schedule is a setting. [chosen]
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from simulator.clock import Moment
from simulator.seeds import Seed
from simulator.settings import Settings
from simulator.wire import Outcome

__all__ = ["GONE", "is_success", "wait_after"]

GONE = 410
"""The status by which a receiver says that it wants nothing more."""

_ASKS_TO_WAIT = (429, 503)
_LONGEST_WISH = 86_400_000
_SECONDS = re.compile(r"[0-9]{1,15}")


def is_success(outcome: Outcome) -> bool:
    """Say whether a webhook has arrived: any status of 200 to 299 within the time-out. [chosen]

    A redirect is no success and is not followed. [chosen]
    """
    return outcome.status is not None and 200 <= outcome.status < 300


def wait_after(
    outcome: Outcome, *, attempt: int, delivery: int, now: Moment, settings: Settings, seed: Seed
) -> int | None:
    """Return the milliseconds to wait after failed ``attempt`` (from 1) of a delivery, None when it was the last.

    The wait is that of the schedule or the one the receiver asks for, whichever is longer. [chosen]
    A receiver is heeded that asks with status 429 or 503, and up to a day. [chosen]
    Jitter only lengthens a wait of the schedule, by up to the fraction that is set. [chosen]
    """
    if attempt > len(settings.retry):
        return None
    wait = settings.retry[attempt - 1]
    if settings.jitter:
        wait += int(wait * settings.jitter * seed.number("jitter", delivery, attempt) / 2**64)
    return max(wait, _wish(outcome, now))


def _wish(outcome: Outcome, now: Moment) -> int:
    """Return the milliseconds of a Retry-After, 0 without one that counts.

    A date is read against the Date that the same answer bears, since the receiver's clock need not be ours; without one
    against our own.
    """
    if outcome.status not in _ASKS_TO_WAIT:
        return 0
    text = outcome.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(text):
        wish = int(text) * 1000
    else:
        date = _date(text)
        if date is None:
            return 0
        wish = date - (_date(outcome.headers.get("date", "")) or now)
    return min(max(wish, 0), _LONGEST_WISH)


def _date(text: str) -> int | None:
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return int(_in_utc(date).timestamp() * 1000)


def _in_utc(date: datetime) -> datetime:
    # RFC 9110 dates are GMT, also where the zone reads "-0000", which Python takes for none.
    return date if date.tzinfo else date.replace(tzinfo=UTC)
