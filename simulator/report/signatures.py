"""Why a receiver refused a signed post, as far as its answer shows: many answers hold the signature that was computed.

Decides when an answer is looked into and what is told of it. It must not decide what explains a signature, see
``webhooks.misreadings``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from simulator.webhooks.misreadings import Explanation, explain, supposed, tokens_in
from simulator.webhooks.signing import HEADER, verify
from simulator.wire import Attempt, Outcome

__all__ = ["explain_attempt", "refusal_lines"]

_REFUSALS = frozenset({400, 401, 403})
_MOST_TOKENS = 4
"""How many texts of one answer are looked into."""


def explain_attempt(attempt: Attempt, computed: str, secrets: Sequence[str]) -> Explanation:
    """Say why what somebody computed for a post is not what its header holds; of ``secrets`` the newest stands first."""
    held = next((value for name, value in attempt.headers if name.lower() == HEADER.lower()), None)
    verdict = verify(attempt.body, held, secrets)
    return explain(supposed(attempt.body, secrets, verdict, headers=attempt.headers), computed)


def refusal_lines(attempt: Attempt, outcome: Outcome, secrets: Sequence[str]) -> list[str]:
    """Return what the answer to a signed post shows of why it was refused; nothing where it shows nothing."""
    held = [value for name, value in attempt.headers if name.lower() == HEADER.lower()]
    if not held or not secrets or outcome.status not in _REFUSALS:
        return []
    answer = "\n".join([outcome.body.decode(errors="replace"), *outcome.headers.values()])
    # What was sent may be shown too: the right signature, and ids that look like one.
    sent = {*held[0].split(), *tokens_in(attempt.body.decode(errors="replace"))}
    tokens = [one for one in tokens_in(answer) if one not in sent][:_MOST_TOKENS]
    told = list(_told(attempt, tokens, secrets))
    if tokens and not told and re.search(r"signature|hmac|digest", answer, re.IGNORECASE):
        return [f"the answer shows {tokens[0]}, which no mistake that we know explains; sent was {held[0]}"]
    return told


def _told(attempt: Attempt, tokens: Sequence[str], secrets: Sequence[str]) -> Iterator[str]:
    for token in tokens:
        explanation = explain_attempt(attempt, token, secrets)
        if explanation.explained:
            yield f"the answer shows the signature {token}. {explanation}"
