"""The signing process: it alone holds the keys and their passphrase, and does nothing but sign.

Shape: the other side of `did.signers.agent`. It needs no network and no database. It signs with
the key files of one folder and with the other keys it was started with, for callers of its own user
and group (the rights of the socket file say who), and counts what each key signed.
"""

import base64
import binascii
import json
import logging
import os
import socket
import socketserver
import stat
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from typing_extensions import override

from did.errors import DidError, KeyUnavailable
from did.multikey import encode
from did.signer import Signer
from did.signers import agent, file, open_signer
from issuer.errors import InvalidSettings

__all__ = ["Keyring", "listen"]

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Keyring:
    """The keys this process signs with."""

    folder: Path
    passphrase: str = field(repr=False)
    others: frozenset[str] = frozenset()
    """URIs of keys elsewhere (``pkcs11:…``) that may be used too."""

    most: int | None = None
    """Signatures a key may make before this process is started anew; none = no limit."""

    signed: Counter[str] = field(default_factory=Counter)
    _open: dict[str, Signer] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def answer(self, question: Mapping[str, Any]) -> dict[str, str]:
        """Answer one question; whatever is wrong with it becomes an ``error``."""
        try:
            signer = self._signer(str(question.get("key")))
            if "message" not in question:
                return {"public_key": encode(signer.public_key)}
            message = base64.b64decode(str(question["message"]), validate=True)
            self._count(str(question["key"]))
            return {"signature": base64.b64encode(signer.sign(message)).decode("ascii")}
        except binascii.Error:
            return {"error": "the message is not base64"}
        except DidError as error:
            return {"error": str(error)}

    def _signer(self, uri: str) -> Signer:
        with self._lock:
            if uri not in self._open:
                self._open[uri] = open_signer(
                    self._ours(uri),
                    verification_method="did:example:agent#key",
                    passphrase=self.passphrase,
                )
            return self._open[uri]

    def _ours(self, uri: str) -> str:
        """Return the URI of our own copy: a key file counts by its name, wherever it was made."""
        if uri in self.others:
            return uri
        parts = urlsplit(uri)
        path = self.folder.absolute() / Path(unquote(parts.path)).name
        if parts.scheme != file.SCHEME or not path.is_file():
            raise KeyUnavailable("this process does not sign with that key")
        return path.as_uri()

    def _count(self, uri: str) -> None:
        with self._lock:
            if self.most is not None and self.signed[uri] >= self.most:
                log.critical("a key has made its %d signatures; it signs no more", self.most)
                raise KeyUnavailable(f"the key has made its {self.most} signatures")
            self.signed[uri] += 1


class _Conversation(socketserver.StreamRequestHandler):
    """Questions of one caller, until it hangs up or says what makes no sense."""

    server: "_Server"

    @override
    def handle(self) -> None:
        while (text := self.rfile.readline(agent.MAX_LINE)).endswith(b"\n"):
            try:
                question = json.loads(text)
            except (ValueError, RecursionError):
                return
            if not isinstance(question, dict):
                return
            self.wfile.write(json.dumps(self.server.keyring.answer(question)).encode() + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self.keyring = keyring
        super().__init__(str(path), _Conversation)


def listen(path: Path, keyring: Keyring) -> _Server:
    """Return a server at `path` that only our user and group reach; `serve_forever` runs it.

    Raises:
        InvalidSettings: something that is no socket lies there, or another process listens there.
    """
    _clear(path)
    before = os.umask(0o117)
    try:
        return _Server(path, keyring)
    except OSError as error:
        raise InvalidSettings(f"cannot listen at {path}: {error.strerror or error}") from error
    finally:
        os.umask(before)


def _clear(path: Path) -> None:
    """Remove the socket of a process that is gone."""
    if not path.exists():
        return
    if not stat.S_ISSOCK(path.stat().st_mode):
        raise InvalidSettings(f"{path} is no socket: name another place")
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.connect(str(path))
    except OSError:
        path.unlink()
        return
    raise InvalidSettings(f"another signing process listens at {path}")
