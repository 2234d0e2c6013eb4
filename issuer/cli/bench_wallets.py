"""Wallets for `bench`: they play a whole claim over one kept connection, as lightly as can be.

They share the machine with the service they measure, so a request is written as bytes and of an
answer no more is read than its status and its body (HTTP/1.1 with ``Content-Length``, RFC 9112).
Their keys are made beforehand; the proof holds the nonce, so it is signed when that is known.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson

from badges.proofs import jws
from did.public_key import Curve
from did.signer import Signer
from did.signers import memory
from issuer.errors import DemoFailed
from issuer.oid4vci.messages import PRE_AUTHORIZED

__all__ = ["Claim", "Phone"]

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"
_MOST = 2**16
"""Bytes read at once."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a wallet is to claim: an offer behind its link, bound to a key made beforehand."""

    uri: str
    key: Signer = field(default_factory=lambda: memory.generate(Curve.P256))


class Phone:
    """Where wallets run: one connection to one process of the service."""

    def __init__(self, port: int, patience: float) -> None:
        self.host = f"127.0.0.1:{port}"
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.socket.close()

    def claim_all(self, claims: Sequence[Claim]) -> None:
        """Claim one after the other.

        Raises:
            DemoFailed: the service refused, or did not answer.
        """
        try:
            for each in claims:
                self.claim(each)
        except (OSError, ValueError, KeyError) as error:
            raise DemoFailed(f"a claim failed: {error!r}") from error

    def claim(self, what: Claim) -> None:
        """Play one wallet: offer, metadata, token, nonce, credential, notification."""
        offer = self._get(parse_qs(urlsplit(what.uri).query)["credential_offer_uri"][0])
        issuer: str = offer["credential_issuer"]
        self._get(issuer.replace("/o/", "/.well-known/openid-credential-issuer/o/"))
        code = offer["grants"][PRE_AUTHORIZED]["pre-authorized_code"]
        form = urlencode({"grant_type": PRE_AUTHORIZED, "pre-authorized_code": code})
        token = self._post(f"{issuer}/token", form.encode(), _FORM)["access_token"]
        nonce = self._post(f"{issuer}/nonce")["c_nonce"]
        (name,) = offer["credential_configuration_ids"]
        proofs = {"jwt": [_proof(what.key, issuer, nonce)]}
        wanted = orjson.dumps({"credential_configuration_id": name, "proofs": proofs})
        given = self._post(f"{issuer}/credential", wanted, _JSON, token)
        told = {"notification_id": given["notification_id"], "event": "credential_accepted"}
        self._post(f"{issuer}/notification", orjson.dumps(told), _JSON, token)

    def _get(self, url: str) -> dict[str, Any]:
        return self._ask(f"GET {urlsplit(url).path} HTTP/1.1\r\nHost: {self.host}\r\n", b"")

    def _post(
        self, url: str, body: bytes = b"", kind: str = _JSON, token: str = ""
    ) -> dict[str, Any]:
        head = (
            f"POST {urlsplit(url).path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Type: {kind}\r\n"
        )
        head += f"Content-Length: {len(body)}\r\n"
        return self._ask(f"{head}Authorization: Bearer {token}\r\n" if token else head, body)

    def _ask(self, head: str, body: bytes) -> dict[str, Any]:
        self.socket.sendall(f"{head}\r\n".encode() + body)
        status, answer = self._answer()
        if not 200 <= status < 300:
            raise DemoFailed(f"the service answered {status}: {answer[:200]!r}")
        return dict(orjson.loads(answer)) if answer else {}

    def _answer(self) -> tuple[int, bytes]:
        got = self._more(b"")
        while (end := got.find(b"\r\n\r\n")) < 0:
            got = self._more(got)
        head, length = got[:end].lower(), 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            length = int(value) if name == b"content-length" else length
        while len(got) < end + 4 + length:
            got = self._more(got)
        return int(head[9:12]), got[end + 4 :]

    def _more(self, got: bytes) -> bytes:
        piece = self.socket.recv(_MOST)
        if not piece:
            raise ConnectionError("the service closed the connection")
        return got + piece


def _proof(key: Signer, issuer: str, nonce: str) -> str:
    head = {"typ": "openid4vci-proof+jwt", "kid": key.verification_method}
    now = int(datetime.now(UTC).timestamp())
    return jws.create(head, orjson.dumps({"aud": issuer, "iat": now, "nonce": nonce}), key)
