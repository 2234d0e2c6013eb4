"""How often one network address, and how often all for one organisation, may ask for what.

Spec: RFC 6585 §4 (429), RFC 9110 §10.2.3 (``Retry-After``).
Shape: one table of rules; the first that fits a request counts it. Requests from this machine
itself are not counted: they are the operator's, or come without the proxy that names the caller.
Counts live in the memory of each process, so N processes let N times as much through.
What guards a secret is refused when nobody can count; checking a credential goes on.
"""

import ipaddress
import logging
import math
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from issuer.errors import TooManyRequests
from issuer.web.problems import known

__all__ = ["RULES", "Limited", "Rule", "Rules"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rule:
    """How often is often enough."""

    kind: str
    methods: frozenset[str]
    path: re.Pattern[str]
    of_address: str
    """From one network address: a lecture hall may share one."""

    of_organisation: str = ""
    """For one organisation (the group ``slug`` of the path), from everywhere together."""

    secret: bool = True
    """Whether somebody could guess a secret here."""


RULES = (
    Rule(
        "claim",
        frozenset({"GET", "HEAD", "POST"}),
        re.compile(r"/claim(?:-proof)?(?:/.*)?"),
        of_address="600/minute",
    ),
    Rule(
        "wallet",
        frozenset({"GET", "POST"}),
        re.compile(
            r"/o/(?P<slug>[^/]+)/(?:par|authorize|token|nonce|credential|deferred_credential"
            r"|notification|offers/.*)"
        ),
        of_address="1200/minute",
        of_organisation="60000/minute",
    ),
    Rule(
        "sign-in",
        frozenset({"POST"}),
        re.compile(r"/staff/(?:sign-in|welcome)(?:/.*)?"),
        of_address="120/minute",
    ),
    Rule(
        "token",
        frozenset({"POST"}),
        re.compile(r"/api/token"),
        of_address="120/minute",
    ),
    Rule(
        "verify",
        frozenset({"POST"}),
        re.compile(r"/(?:api/)?verify(?:/.*)?|/vc/(?:credentials|presentations)/verify"),
        of_address="600/minute",
        secret=False,
    ),
    Rule(
        "resolve",
        frozenset({"GET", "HEAD"}),
        re.compile(r"/1\.0/identifiers/.*"),
        of_address="600/minute",
        secret=False,
    ),
)
"""What is counted. Signing in and one-time codes have closer limits of their own besides."""


class Rules:
    """The table, and who counts."""

    def __init__(self, rules: Iterable[Rule] = RULES, storage: Storage | None = None) -> None:
        self.rules = tuple(rules)
        self.counter = MovingWindowRateLimiter(storage or MemoryStorage())

    def refusal(self, method: str, path: str, address: str) -> TooManyRequests | None:
        """Count a request, and say when to come back if it is one too many."""
        for rule in self.rules:
            fits = rule.path.fullmatch(path) if method in rule.methods else None
            if fits:
                return self._counted(rule, address, fits.groupdict().get("slug") or "")
        return None

    def _counted(self, rule: Rule, address: str, slug: str) -> TooManyRequests | None:
        counts = [(parse(rule.of_address), address)]
        if slug and rule.of_organisation:
            counts.append((parse(rule.of_organisation), slug))
        for limit, who in counts:
            try:
                if not self.counter.hit(limit, rule.kind, who):
                    return TooManyRequests(self._seconds(limit, rule.kind, who))
            except (StorageError, OSError) as error:
                log.error("requests cannot be counted: %s", type(error).__name__)  # noqa: TRY400 - no trace needed
                if rule.secret:
                    return TooManyRequests(5)
        return None

    def _seconds(self, limit: RateLimitItem, kind: str, who: str) -> int:
        reset = self.counter.get_window_stats(limit, kind, who).reset_time
        return max(1, math.ceil(reset - time.time()))


class Limited:
    """Counts requests before anything is done for them."""

    def __init__(self, app: ASGIApp, rules: Rules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        address = (scope.get("client") or ("",))[0]
        if scope["type"] != "http" or _is_here(address):
            await self.app(scope, receive, send)
            return
        refusal = self.rules.refusal(scope["method"], scope["path"], address)
        if refusal is None:
            await self.app(scope, receive, send)
            return
        answer = await known(Request(scope), refusal)
        answer.headers["Retry-After"] = str(refusal.seconds)
        await answer(scope, receive, send)


def _is_here(address: str) -> bool:
    """Tell whether a request comes from this machine; a socket file has no address."""
    try:
        return not address or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
