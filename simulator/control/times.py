"""The operations on time: what time it is, how it passes, move it, and wait until all is quiet."""

from __future__ import annotations

from simulator.clock import Moment, parse_duration, parse_moment, parse_speed
from simulator.control.operations import Ask, Operation, Reply, Waiting
from simulator.control.record import idle
from simulator.control.stage import Stage
from simulator.control.views import show_clock
from simulator.control.waits import advance, settled
from simulator.errors import UsageError

__all__ = ["ROWS", "advance_clock", "read_clock", "set_clock", "settle"]


def read_clock(stage: Stage, _ask: Ask) -> Reply:
    return Reply(show_clock(stage.platform.clock))


def set_clock(stage: Stage, ask: Ask) -> Reply:
    stage.set_speed(parse_speed(str(ask.fields()["mode"])))
    return Reply(show_clock(stage.platform.clock))


def advance_clock(stage: Stage, ask: Ask) -> Waiting:
    fields = ask.fields()
    if "to" in fields:
        until = parse_moment(str(fields["to"]))
    else:
        until = Moment(stage.platform.now + parse_duration(str(fields["by"])))
    yield from advance(stage.platform, until)
    return Reply(show_clock(stage.platform.clock))


def settle(stage: Stage, ask: Ask) -> Waiting:
    """Until nothing is due and the receiver has been quiet."""
    from simulator.expect import read_within

    given = ask.fields().get("within")
    assert given is None or isinstance(given, str | int | float)
    within = read_within(given, place="/within")
    if within.seconds is None:
        raise UsageError("that all is quiet is waited for in wall time", place="/within")
    return (yield from idle(stage, settled, within.seconds))


ROWS: tuple[Operation, ...] = (
    Operation(
        "clock", "GET", "clock", "What time it is, and how it passes.", read_clock, result="control/clock"
    ),
    Operation(
        "set_clock",
        "PUT",
        "clock",
        "Let time pass differently from now on; the present moment stays.",
        set_clock,
        body="control/clock_request",
        body_required=True,
        result="control/clock",
    ),
    Operation(
        "advance_clock",
        "POST",
        "clock/advance",
        "Move a clock of mode max or manual; what falls due on the way is posted and answered first.",
        advance_clock,
        body="control/advance",
        body_required=True,
        result="control/clock",
        problems=(409,),
        may_wait=True,
    ),
    Operation(
        "settle",
        "POST",
        "settle",
        "Wait until nothing is due and no request or post was seen for 300 ms.",
        settle,
        body="control/settle",
        result="control/verdict",
        problems=(408, 409),
        may_wait=True,
    ),
)
"""The rows of the table that are about time."""
