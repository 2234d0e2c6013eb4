"""HTTP/1.1 as the service reads it: uvicorn's protocol over llhttp, with bounds it does not have.

Spec: RFC 9112 §3.2 (one Host), §7.1.2 (trailers); RFC 9110 §6.5.1 (trailers are no headers),
§15.5.1 (400).
Shape: given to uvicorn as ``http=``. Reading is left to the library; here is only counted what is
not body, since the library keeps a head for as long as it comes.
"""

from typing import Any

from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["MAX_HEAD", "BoundedProtocol"]

MAX_HEAD = 2**16
"""Most bytes of a request that are not body: its first line, headers, chunk sizes, trailers."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._beside_body = 0
        self._in_head = True

    @override
    def data_received(self, data: bytes) -> None:
        self._beside_body += len(data)
        super().data_received(data)
        if self._beside_body > MAX_HEAD and not self.transport.is_closing():
            self.send_400_response("This request has too much around its body.")

    @override
    def on_message_begin(self) -> None:
        self._in_head = True
        super().on_message_begin()

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        if self._in_head:  # a trailer is no header: a proxy in front has not looked at it
            super().on_header(name, value)

    @override
    def on_headers_complete(self) -> None:
        self._in_head = False
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        hosts = sum(name == b"host" for name, _ in self.headers)
        if size > MAX_HEAD or hosts > 1 or not (hosts or self.parser.get_http_version() == "1.0"):
            raise ValueError("a head that is too large, or not of one host")  # answered with 400
        super().on_headers_complete()

    @override
    def on_body(self, body: bytes) -> None:
        self._beside_body -= len(body)
        super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        self._beside_body = 0
        super().on_message_complete()
