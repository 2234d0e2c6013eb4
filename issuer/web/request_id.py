"""The id of the request that is being answered, for the log and for whoever asks about it."""

import secrets
from contextvars import ContextVar

__all__ = ["new_request_id", "request_id"]

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Empty outside of a request."""


def new_request_id() -> str:
    """Return an id and remember it for the lines that follow."""
    made = secrets.token_hex(8)
    request_id.set(made)
    return made
