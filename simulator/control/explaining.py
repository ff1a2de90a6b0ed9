"""The operation that says why a signature is not the one that a webhook bears."""

from __future__ import annotations

from base64 import b64decode

from simulator.control.operations import Ask, Operation, Reply
from simulator.control.record import one_delivery
from simulator.control.stage import Stage
from simulator.errors import UsageError
from simulator.report.deliveries import DeliveryStory
from simulator.wire import JSON

__all__ = ["ROWS", "explain"]


def explain(stage: Stage, ask: Ask) -> Reply:
    # Whoever asks nothing about signatures does not load what looks for mistakes in them.
    from simulator.report.signatures import explain_signature

    fields = ask.fields()
    given = fields.get("secrets", [])
    secrets = [str(one) for one in given] if isinstance(given, list) else []
    computed = str(fields["computed"])
    explanation = explain_signature(stage.platform, computed, of=_of(stage, fields), secrets=secrets)
    return Reply({**explanation.shown, "text": str(explanation)})


def _of(stage: Stage, fields: dict[str, JSON]) -> DeliveryStory | bytes:
    if "delivery" in fields:
        number = fields["delivery"]
        assert isinstance(number, int | float)
        return one_delivery(stage, Ask({"id": str(int(number))}))
    if "body" in fields:
        return str(fields["body"]).encode()
    try:
        return b64decode(str(fields["body_base64"]), validate=True)
    except ValueError:
        raise UsageError("the body is no base64", place="/body_base64") from None


ROWS: tuple[Operation, ...] = (
    Operation(
        "explain_signature",
        "POST",
        "signatures/explain",
        "Say by which mistake a receiver computed a signature of a delivery's last attempt or of a body, or that it is right.",
        explain,
        body="control/explain",
        body_required=True,
        result="control/explanation",
        problems=(404,),
    ),
)
"""The row of the table that is about signatures."""
