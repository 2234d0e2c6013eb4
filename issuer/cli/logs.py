"""Lines of the log of a process that serves: text for people, or JSON for machines.

Shape of a JSON line: ``time`` (UTC), ``level``, ``logger``, ``message``, ``request`` (the id of the
request it belongs to, as in the answer's ``X-Request-Id``), ``error`` (class only) and ``trace``
(file, line and function of each frame). Never the text of an exception and never a value of a
variable: either may hold what a learner told us.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from typing_extensions import override

from issuer.settings import Settings
from issuer.web.request_id import request_id

__all__ = ["Discreet", "JsonLines", "configure"]

FIELDS = ("method", "route", "status", "ms")
"""What a line about a request has beside its message."""


def configure(settings: Settings) -> None:
    """Write the log as the settings say; call it once, at the start of a process that serves."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else Discreet())
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for noisy in ("httpx", "httpcore", "fontTools", "alembic", "dbos"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class Discreet(logging.Formatter):
    """A line for people; of an error only its class and the way it took."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    @override
    def formatException(self, ei: Any) -> str:
        return f"{ei[0].__name__} at {' < '.join(_frames(ei[2]))}"


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if asked := request_id.get():
            line["request"] = asked
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _frames(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False)


def _frames(trace: TracebackType | None) -> list[str]:
    """Return where an error came from, innermost first, without any value."""
    frames = traceback.extract_tb(trace, limit=-12)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
