"""Private keys in files, encrypted at rest.

Spec: scrypt (RFC 7914), AES-256-GCM (NIST SP 800-38D), PKCS #8 (RFC 5958).
Shape: a JSON object; ``secret`` is the encrypted PKCS #8, and every other member is its
authenticated companion, so that no part of the file can be exchanged. Named ``file:///path``.
"""

import base64
import binascii
import json
import os
import secrets
import stat
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from did.errors import KeyUnavailable
from did.public_key import Curve
from did.signer import GENERATE, PrivateKey, Signer, software

__all__ = ["SCHEME", "create", "make", "open_key"]

SCHEME = "file"
FORMAT = "learnseal-key-1"

COST = 2**17
"""Work of one guess at the passphrase: 128 MiB and about a third of a second."""

COSTS = range(2**14, 2**20 + 1)
"""What we accept from a file: less is too easy to guess, more would hold the service up."""

MAX_BYTES = 16_384
"""A key file has under 1 kB: anything longer is another file."""


def create(path: Path, curve: Curve, passphrase: str, *, cost: int = COST) -> str:
    """Make a new private key in a new file only its owner can read, and return its URI.

    Raises:
        InvalidKey: no new keys of this kind are made (RSA).
        KeyUnavailable: no passphrase, the file exists, or it cannot be written.
    """
    return make(path, curve, passphrase, cost=cost)[0]


def make(
    path: Path,
    curve: Curve,
    passphrase: str,
    verification_method: str | None = None,
    *,
    cost: int = COST,
) -> tuple[str, Signer]:
    """Make a new private key as `create` does, and return its URI and the key, already open."""
    if not passphrase:
        raise KeyUnavailable("a key file needs a passphrase that is not empty")
    path = path.absolute()
    key = GENERATE[curve]()
    envelope = _encrypt(key, passphrase, cost)
    _write_once(path, json.dumps(envelope, indent=1).encode() + b"\n")
    return path.as_uri(), software(key, verification_method)


def open_key(uri: str, passphrase: str | None, verification_method: str | None = None) -> Signer:
    """Open the key file that `uri` names.

    Raises:
        KeyUnavailable: there is no such file, others can read it, it is damaged, or the
            passphrase is wrong.
    """
    path = _path(uri)
    if not passphrase:
        raise KeyUnavailable(f"{path} is encrypted: give its passphrase")
    return software(_decrypt(path, _read(path), passphrase), verification_method)


def _path(uri: str) -> Path:
    parts = urlsplit(uri)
    path = unquote(parts.path)
    if parts.scheme != SCHEME or parts.netloc or parts.query or parts.fragment:
        raise KeyUnavailable("a key file is named like file:///srv/keys/seal.key")
    if not path or "\0" in path:
        raise KeyUnavailable("the key URI names no file")
    return Path(path)


def _encrypt(key: PrivateKey, passphrase: str, cost: int) -> dict[str, Any]:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    companion = {
        "format": FORMAT,
        "kdf": {"name": "scrypt", "n": cost, "r": 8, "p": 1, "salt": _text(salt)},
        "cipher": {"name": "AES-256-GCM", "nonce": _text(nonce)},
    }
    pkcs8 = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    cipher = AESGCM(_stretch(passphrase, salt, cost))
    return companion | {"secret": _text(cipher.encrypt(nonce, pkcs8, _bytes_of(companion)))}


def _decrypt(path: Path, envelope: Mapping[str, Any], passphrase: str) -> PrivateKey:
    companion = {name: value for name, value in envelope.items() if name != "secret"}
    try:
        kdf, cipher = envelope["kdf"], envelope["cipher"]
        known = (envelope["format"], kdf["name"], kdf["r"], kdf["p"], cipher["name"])
        cost = kdf["n"]
        salt, nonce = _content(kdf["salt"]), _content(cipher["nonce"])
        secret = _content(envelope["secret"])
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise KeyUnavailable(f"{path} is not a key file of learnseal, or is damaged") from error
    if known != (FORMAT, "scrypt", 8, 1, "AES-256-GCM") or len(nonce) != 12:
        raise KeyUnavailable(f"{path} is protected in a way this version does not know")
    if not isinstance(cost, int) or cost not in COSTS or cost & (cost - 1):
        raise KeyUnavailable(f"{path} asks for an amount of work we do not accept")
    try:
        key = AESGCM(_stretch(passphrase, salt, cost))
        pkcs8 = key.decrypt(nonce, secret, _bytes_of(companion))
    except InvalidTag as error:
        raise KeyUnavailable(f"wrong passphrase for {path}, or the file was changed") from error
    return _load(path, pkcs8)


def _load(path: Path, pkcs8: bytes) -> PrivateKey:
    try:
        private_key = serialization.load_der_private_key(pkcs8, password=None)
    except ValueError as error:
        raise KeyUnavailable(f"{path} does not hold a private key") from error
    if isinstance(private_key, (ed25519.Ed25519PrivateKey, ec.EllipticCurvePrivateKey)):
        return private_key
    raise KeyUnavailable(f"{path} holds a key of a kind we do not sign with")


def _stretch(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=8, p=1).derive(passphrase.encode())


def _read(path: Path) -> Mapping[str, Any]:
    """Read a file that only its owner can read, as one object."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            body = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise KeyUnavailable(f"{path} cannot be read: {error.strerror}") from error
    if stat.S_IMODE(mode) & 0o077:
        raise KeyUnavailable(f"others can read {path}: run chmod 600 on it")
    try:
        envelope = json.loads(body) if len(body) <= MAX_BYTES else None
    except (ValueError, RecursionError) as error:
        raise KeyUnavailable(f"{path} is not a key file of learnseal") from error
    if not isinstance(envelope, dict):
        raise KeyUnavailable(f"{path} is not a key file of learnseal")
    return envelope


def _write_once(path: Path, body: bytes) -> None:
    """Write the whole file or nothing, and never over another."""
    try:
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            Path(draft).unlink()
        _sync(path.parent)
    except FileExistsError as error:
        raise KeyUnavailable(f"{path} exists: a key is never overwritten") from error
    except OSError as error:
        raise KeyUnavailable(f"{path} cannot be written: {error.strerror}") from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bytes_of(companion: Mapping[str, Any]) -> bytes:
    return json.dumps(companion, sort_keys=True, separators=(",", ":")).encode()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _content(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
