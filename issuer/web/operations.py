"""What every answer is measured by, and the question whether the process is alive.

Shape: ``/healthz`` never touches the database, so that a slow database does not restart the
service; ``/readyz`` (`issuer.app.readiness`) and ``/metrics`` (`issuer.app.figures`) do. Figures
are by route and never by address, so that no claim code and no name ends up in a graph.
"""

import logging
from time import perf_counter

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Gauge, Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from badges.proofs import known_shapes
from issuer.web.request_id import new_request_id

__all__ = ["ANSWERS", "Measured", "router"]

router = APIRouter(tags=["operators"])

requests = logging.getLogger("learnseal.requests")
"""A line for each request, by route and never by address."""

ANSWERS = CollectorRegistry()
"""Figures of this process."""

SECONDS = Histogram(
    "learnseal_request_seconds",
    "Time to answer a request, by route and status.",
    ("method", "route", "status"),
    registry=ANSWERS,
)
TRUSTED = Gauge(
    "learnseal_shape_memo_trusted",
    "1 while the short way to canonical bytes agrees with the full one; 0 is an alarm.",
    registry=ANSWERS,
)
TRUSTED.set_function(lambda: float(known_shapes.memo().trusted))
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Measured:
    """Counts and times every answer, gives it an id, and writes its line of the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status, asked = perf_counter(), 500, new_request_id()

        async def send_watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = asked
            await send(message)

        try:
            await self.app(scope, receive, send_watched)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in METHODS else "other"
            seconds = perf_counter() - started
            SECONDS.labels(method, route, status).observe(seconds)
            told = {"method": method, "route": route, "status": status, "ms": round(seconds * 1e3)}
            requests.info("%s %s %d", method, route, status, extra=told)


@router.get("/healthz", summary="Is the process alive?")
async def healthz() -> dict[str, str]:
    """Answer as long as this process can."""
    return {"status": "ok"}
