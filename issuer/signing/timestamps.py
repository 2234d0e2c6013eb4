"""A timestamp authority over HTTP.

Spec: RFC 3161 §3.4 (``application/timestamp-query`` and ``-reply``).
"""

import httpx

from issuer.errors import TimestampUnavailable
from issuer.signing.sealing import Timestamps

__all__ = ["http_timestamps"]

MAX_BYTES = 64 * 2**10
"""Most bytes of an answer: real ones have three to eight kilobytes."""

SECONDS = 10.0
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def http_timestamps(url: str, client: httpx.Client) -> Timestamps:
    """Return the authority at `url`; `client` is the caller's, with its proxies and addresses."""

    def ask(query: bytes) -> bytes:
        try:
            with client.stream(
                "POST", url, content=query, headers={"Content-Type": _QUERY}, timeout=SECONDS
            ) as answer:
                return _body(answer)
        except httpx.HTTPError as error:
            raise TimestampUnavailable("the timestamp authority does not answer") from error

    return ask


def _body(answer: httpx.Response) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise TimestampUnavailable(f"the timestamp authority answers {answer.status_code}")
    if answer.headers.get("Content-Type", "").split(";")[0].strip().lower() != _REPLY:
        raise TimestampUnavailable("the timestamp authority does not answer with a timestamp")
    body = b""
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > MAX_BYTES:
            raise TimestampUnavailable("the timestamp authority's answer is too long")
    return body
