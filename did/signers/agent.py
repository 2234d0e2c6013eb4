"""Private keys in another process on this machine: they sign there and never come here.

Shape: ``agent:///run/learnseal/signer.sock?key=URI``; the inner URI names the key in the words of
the process that holds it. One question and one answer at a time on a Unix socket, each a line of
JSON of at most `MAX_LINE` bytes: ``{"key", "message"}`` (base64) → ``{"signature"}``;
``{"key"}`` alone → ``{"public_key"}`` (Multikey); either → ``{"error"}``.
"""

import base64
import binascii
import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from did.errors import InvalidKey, KeyUnavailable
from did.multikey import decode
from did.public_key import ALGORITHMS, PublicKey
from did.signer import Signer, did_key_method

__all__ = ["MAX_LINE", "SCHEME", "address", "open_key"]

SCHEME = "agent"

MAX_LINE = 2**20
"""What is signed is a hash or a token; a megabyte is far more than either."""

PATIENCE = 10.0
"""Seconds one answer may take; a key on a token can be slow."""


def address(path: Path, uri: str) -> str:
    """Return the URI under which the process that listens at `path` signs with its key `uri`."""
    return f"{SCHEME}://{quote(str(path.absolute()))}?key={quote(uri, safe='')}"


def open_key(uri: str, passphrase: str | None, verification_method: str | None = None) -> Signer:
    """Ask the process that `uri` names for the public half of a key, and return its signer.

    Raises:
        KeyUnavailable: nobody listens there, or that process does not sign with this key.
    """
    del passphrase  # the other process has it; this one never sees it
    path, key = _parse(uri)
    line = Line(path)
    try:
        public_key = decode(str(line.ask({"key": key}).get("public_key")))
    except InvalidKey as error:
        raise KeyUnavailable(f"{path} answered with a key we cannot read") from error
    return AgentSigner(verification_method or did_key_method(public_key), public_key, key, line)


def _parse(uri: str) -> tuple[Path, str]:
    parts = urlsplit(uri)
    named = dict(parse_qsl(parts.query))
    if parts.scheme != SCHEME or parts.netloc or not parts.path or set(named) != {"key"}:
        raise KeyUnavailable("a key elsewhere is named like agent:///run/signer.sock?key=URI")
    return Path(unquote(parts.path)), named["key"]


@dataclass(slots=True)
class Line:
    """One connection to the other process, for one question at a time; opened again when lost."""

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    connection: socket.socket | None = None

    def __del__(self) -> None:
        """Hang up when nobody holds the line any more."""
        self._hang_up()

    def ask(self, question: Mapping[str, str]) -> Mapping[str, Any]:
        """Return the answer to one question.

        Raises:
            KeyUnavailable: there is none, or the answer is a refusal.
        """
        with self.lock:
            try:
                return self._answer(question)
            except OSError:
                self._hang_up()
            try:  # the other process was started anew: signing twice does no harm
                return self._answer(question)
            except OSError as error:
                self._hang_up()
                raise KeyUnavailable(
                    f"the signing process does not answer at {self.path}: start `learnseal signer`"
                ) from error

    def _answer(self, question: Mapping[str, str]) -> Mapping[str, Any]:
        if self.connection is None:
            self.connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self.connection.settimeout(PATIENCE)
            self.connection.connect(str(self.path))
        self.connection.sendall(json.dumps(question).encode() + b"\n")
        with self.connection.makefile("rb") as reader:
            text = reader.readline(MAX_LINE)
        if not text.endswith(b"\n"):
            raise ConnectionResetError("the other side hung up")
        return self._understood(text)

    def _understood(self, text: bytes) -> Mapping[str, Any]:
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise KeyUnavailable(f"{self.path} does not speak as a signing process") from error
        if not isinstance(answer, dict) or "error" in answer:
            why = answer.get("error") if isinstance(answer, dict) else "not an object"
            raise KeyUnavailable(f"the signing process refused: {why}")
        return answer

    def _hang_up(self) -> None:
        if self.connection is not None:
            with suppress(OSError):
                self.connection.close()
        self.connection = None


@dataclass(frozen=True, slots=True)
class AgentSigner:
    """A key another process holds."""

    verification_method: str
    public_key: PublicKey
    key: str
    line: Line = field(repr=False, compare=False)

    @property
    def algorithm(self) -> str:
        """JOSE name of the algorithm."""
        return ALGORITHMS[self.public_key.curve]

    def sign(self, message: bytes) -> bytes:
        """Return the raw signature of `message`; what does not fit the key is never returned.

        Raises:
            KeyUnavailable: the other process is gone, refuses, or answers with something else.
        """
        text = base64.b64encode(message).decode("ascii")
        answer = self.line.ask({"key": self.key, "message": text})
        try:
            return base64.b64decode(str(answer.get("signature")), validate=True)
        except binascii.Error as error:
            raise KeyUnavailable(f"{self.line.path} answered with no signature") from error
