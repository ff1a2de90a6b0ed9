"""Who is asking: the integration's account, its tokens, and every way a client may show one.

Decides whether a request is let in and as whom; what that user may do is decided by its rights, see ``world.rights``. A refusal is a
``PlatformError`` with status 401 whose sentence says what is wrong with the header or the token.

The default account is called ``integrator``; its password and its permanent token follow from the seed. [chosen] Other
users have an account if the settings name a password or a token of theirs. [chosen] A permanent token may be limited to
groups. [documented: AT] Signing
in gives a session token, a JWT signed with HS256 with the claims ``data.user_id``, ``data.device_id``, ``exp`` and
``jti``. [documented: EG] A session token expires after 30 days. [documented: EG] The days of a
session token pass on the simulator's clock. [chosen] A permanent token never expires. [documented: AT]

The header Authorization may read ``Token token=T``. [documented: EG] The header Authorization may read ``Bearer token=T``.
[seen: DEMO] The header Authorization may read ``Bearer T``. [seen: EXPR] The header Authorization may read ``Token T``.
[documented: IG] The header PrivateAccessCode is accepted and never demanded. [chosen] A request without a good token is
answered with 401. [seen: DEMO]

Tokens are looked up, not verified: a token that this platform did not give is unknown, however well it is signed. [chosen]
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from simulator.clock import Moment, iso_millis
from simulator.errors import PlatformError
from simulator.seeds import Seed
from simulator.values import dataclass
from simulator.wire import dump
from simulator.world.rights import Rights, Role, Viewer

__all__ = ["UNKNOWN", "Account", "Auth", "Token"]

UNKNOWN = ("The token is not known here: sign in for a new one.", "Invalid username or password.")
"""What ``Auth`` tells whoever knows another world than this one, or none: of a wrong token, of a wrong password."""

_DAY = 86_400_000
_SCHEME = re.compile(r"(?i:token|bearer)\s+(?P<rest>\S.*)")
_NAMED = re.compile(r'(?:.*[,;\s])?(?i:token)\s*=\s*"?(?P<token>[^\s",;]+)"?\s*(?:[,;].*)?')
_FORMS = "'Token token=<token>', 'Bearer token=<token>', 'Bearer <token>' or 'Token <token>'"


@dataclass(frozen=True, slots=True)
class Account:
    """What a user may sign in with, and a permanent token, of which ``groups`` are those it is limited to. What is None
    does not let anybody in."""

    user: int
    username: str
    password: str | None
    token: str | None
    role: Role = Role.COMPANY_ADMIN
    groups: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class _Held:
    """Who holds a token, and until when; None for ever."""

    viewer: Viewer
    until: Moment | None


class Token(NamedTuple):
    """A session token that was given out, to whom, and until when it is good."""

    text: str
    user: int
    until: Moment


class Auth:
    """The accounts, first that of the integration, and the tokens that were given out.

    ``role`` and ``groups`` are those of the integration's own account and its permanent token.
    """

    username = "integrator"

    def __init__(
        self,
        seed: Seed,
        *,
        token_days: int,
        role: Role = Role.COMPANY_ADMIN,
        groups: frozenset[int] | None = None,
        accounts: Sequence[Account] = (),
    ) -> None:
        self.password = seed.text("password", 16)
        self.token = seed.text("permanent token", 40)
        own = Account(1, self.username, self.password, self.token, role, groups)
        self._accounts = {account.user: account for account in (own, *accounts)}
        self._seed = seed
        self._token_days = token_days
        self._key = seed.digest("token key", size=32)
        self._signed_in = 0
        self._held: dict[str, _Held] = {
            account.token: _Held(Viewer(account.user, Rights(account.role, account.groups)), None)
            for account in self._accounts.values()
            if account.token is not None
        }
        self.watcher: Callable[[str, Token | None], None] | None = None
        """Who is told what a token is that was given out or has changed; None when it is forgotten."""

    def sign_in(self, username: str, password: str, now: Moment) -> tuple[int, str]:
        """Return the number of the user and a new session token; 401 for a wrong name or password."""
        found = [account for account in self._accounts.values() if _same(account, username, password)]
        if not found:
            raise PlatformError(401, "Invalid username or password.")
        self._forget(now)
        self._signed_in += 1
        until = Moment(now + self._token_days * _DAY)
        user = found[0].user
        token = self._sign(user, now, until)
        self._hold(Token(token, user, until))
        return user, token

    def who(self, headers: Mapping[str, str], now: Moment) -> Viewer:
        """Return who asks; 401 without a token that is known and in force."""
        held = self._held.get(_token(headers.get("authorization")))
        if held is None:
            raise PlatformError(401, "The token is not known here: sign in for a new one.")
        if held.until is not None and held.until <= now:
            raise PlatformError(401, f"The token expired at {iso_millis(held.until)}: sign in for a new one.")
        return held.viewer

    def expire(self, headers: Mapping[str, str], now: Moment) -> None:
        """Let the session token that a request shows expire now; any other stays as it is."""
        try:
            token = _token(headers.get("authorization"))
        except PlatformError:
            return
        held = self._held.get(token)
        if held is not None and held.until is not None:
            self._hold(Token(token, held.viewer.user, min(held.until, now)))

    @property
    def signed_in(self) -> int:
        """How often somebody signed in, which is how many tokens were given out."""
        return self._signed_in

    def restore(self, signed_in: int, tokens: Iterable[Token]) -> None:
        """Begin with what another gave out."""
        self._signed_in = signed_in
        self._held |= {token.text: self._session(token) for token in tokens}

    def _session(self, token: Token) -> _Held:
        """A session token has the rights of its user's role, in all groups; one without an account has none left."""
        account = self._accounts.get(token.user)
        role = Role.VIEWER if account is None else account.role
        return _Held(Viewer(token.user, Rights(role)), token.until)

    @property
    def given(self) -> list[Token]:
        """The session tokens that were given out, as far as they are remembered."""
        held = self._held.items()
        return [Token(text, one.viewer.user, one.until) for text, one in held if one.until is not None]

    def _hold(self, token: Token) -> None:
        self._held[token.text] = self._session(token)
        if self.watcher is not None:
            self.watcher(token.text, token)

    def _forget(self, now: Moment) -> None:
        """Drop tokens that expired more than their own life ago, so that they do not add up."""
        life = self._token_days * _DAY
        for token, held in list(self._held.items()):
            if held.until is not None and held.until + life <= now:
                del self._held[token]
                if self.watcher is not None:
                    self.watcher(token, None)

    def _sign(self, user: int, now: Moment, until: Moment) -> str:
        jti = self._seed.digest("token id", self._signed_in, size=32).hex()
        claims = {
            "data": {"user_id": user, "device_id": self._seed.uuid("device", self._signed_in)},
            "exp": until // 1000,
            "jti": jti,
            "iat": now // 1000,
        }
        signed = f"{_segment(dump({'alg': 'HS256'}))}.{_segment(dump(claims))}"
        signature = hmac.new(self._key, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_segment(signature)}"


def _same(account: Account, username: str, password: str) -> bool:
    if account.password is None:
        return False
    same = hmac.compare_digest(username.encode(errors="replace"), account.username.encode())
    return hmac.compare_digest(password.encode(errors="replace"), account.password.encode()) and same


@lru_cache(maxsize=256)
def _token(header: str | None) -> str:
    """Return the token that an Authorization header carries."""
    if header is None or not header.strip():
        raise PlatformError(401, f"The header Authorization is missing: send {_FORMS}.")
    match = _SCHEME.fullmatch(header.strip())
    if match is None:
        raise PlatformError(401, f"The header Authorization cannot be read: send {_FORMS}.")
    rest = match["rest"]
    named = _NAMED.fullmatch(rest)
    if named is not None:
        return named["token"]
    if re.search(r"[\s\"=,;]", rest.rstrip("=")) or rest.lower() == "token=":
        raise PlatformError(401, f"The header Authorization cannot be read: send {_FORMS}.")
    return rest


def _segment(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
