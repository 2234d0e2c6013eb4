"""Signed checkpoints of the audit log: so that even who can write the database cannot rewrite it.

Spec: RFC 7515 (compact JWS). Shape: ``data/audit/checkpoints.jws``, one token a line; the payload
says how many lines the log had, their chained hash, and when. Copy the file elsewhere now and then
(a mailbox will do): a log that was rewritten as a whole no longer holds the hashes it tells of.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from sqlalchemy import Connection

from badges.errors import BadgeError
from badges.proofs import jws
from issuer.audit import service
from issuer.audit.store import hash_of, head
from issuer.db.session import reading, settle
from issuer.errors import AuditBroken
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.service import root
from issuer.signing.service import signer_for

__all__ = ["EVERY", "Checked", "checkpoint", "checkpoint_due", "path_of", "verify"]

TYPE = "learnseal-audit+jwt"

EVERY = timedelta(hours=1)
"""Time between two checkpoints of a running service."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What verifying the log found."""

    lines: int
    hash: str
    checkpoints: int
    """Signed checkpoints the log fits."""


def path_of(instance: Instance) -> Path:
    """Return the file of the checkpoints."""
    return instance.settings.data / "audit" / "checkpoints.jws"


def checkpoint(instance: Instance) -> str:
    """Sign how far the log is, append that to the file, and return it.

    Raises:
        NotFound: there is no organisation yet that could sign.
        NoSigningKey: the alliance cannot sign.
    """
    with reading(instance.engine) as connection:
        seq, found = head(connection)
        _, signer = signer_for(instance, connection, root(connection), None)
    settle(instance.engine)  # nothing is signed for that a power cut could take away
    told = {"lines": seq, "hash": found.hex(), "at": instance.now().astimezone(UTC).isoformat()}
    header = {"typ": TYPE, "kid": signer.verification_method}
    token = jws.create(header, orjson.dumps(told), signer)
    path = path_of(instance)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a", encoding="ascii") as file:
        file.write(token + "\n")
        file.flush()
        os.fsync(file.fileno())
    return token


def checkpoint_due(instance: Instance) -> bool:
    """Make a checkpoint if the last one is older than an hour and something was done."""
    with reading(instance.engine) as connection:
        seq, _ = head(connection)
    path = path_of(instance)
    if not seq or (path.exists() and _age(path, instance.now()) < EVERY):
        return False
    checkpoint(instance)
    return True


def _age(path: Path, now: datetime) -> timedelta:
    last = path.read_bytes().rstrip().rpartition(b"\n")[2].decode("ascii")
    told = jws.parse(last, types=frozenset({TYPE}), headers=frozenset({"alg", "typ", "kid"}))
    return now - datetime.fromisoformat(str(told.claims["at"]))


def verify(instance: Instance, checkpoints: Path | None = None) -> Checked:
    """Walk the whole log, and compare it with every signed checkpoint.

    Raises:
        AuditBroken: a line was altered, or a checkpoint tells of another log.
    """
    found = service.verify(instance.engine)
    path = checkpoints or path_of(instance)
    tokens = path.read_text("ascii").split() if path.exists() else []
    with reading(instance.engine) as connection:
        for number, token in enumerate(tokens, start=1):
            _compare(connection, token, number)
    return Checked(found.lines, found.hash, len(tokens))


def _compare(connection: Connection, token: str, number: int) -> None:
    try:
        told = jws.parse(token, types=frozenset({TYPE}), headers=frozenset({"alg", "typ", "kid"}))
        keys = organisations.keys_of(connection, root(connection).id)
        (key,) = [key for key in keys if key.verification_method == told.header["kid"]]
        jws.verify(told, key.public_key)
        lines, expected = int(told.claims["lines"]), str(told.claims["hash"])
    except (BadgeError, KeyError, TypeError, ValueError) as error:
        raise AuditBroken(f"checkpoint {number} is not one the alliance signed") from error
    stored = hash_of(connection, lines)
    if lines and (stored is None or stored.hex() != expected):
        raise AuditBroken(
            f"checkpoint {number} tells of another log: its line {lines} is not the one we have"
        )
