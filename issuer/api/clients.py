"""Make clients, give them another secret, close them.

A secret is 256 random bits, shown once; a client with a public key has none.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from sqlalchemy import Connection

from issuer.api import store
from issuer.api.model import Client, Scope
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import unit_of_work
from issuer.db.token_hash import token_hash
from issuer.errors import InvalidAccount, NotFound
from issuer.instance import Instance

__all__ = ["Made", "Wanted", "close", "make", "own", "rotate", "scopes_of"]

LONGEST_NAME = 100
LONGEST_KEY = 4_000
CURVES = frozenset({"P-256", "P-384", "Ed25519"})
SMALLEST_RSA = 2048


@dataclass(frozen=True, slots=True)
class Wanted:
    """A client as somebody asks for it."""

    name: str
    scopes: frozenset[Scope]
    public_key: str = ""
    """JWK; empty = it gets a secret."""


@dataclass(frozen=True, slots=True)
class Made:
    """A client just made or changed; the only place its secret is ever seen."""

    client_id: str
    secret: str = field(default="", repr=False)


def make(instance: Instance, organisation_id: int, wanted: Wanted, actor: str) -> Made:
    """Make a client.

    Raises:
        InvalidAccount: naming the fields to mend.
    """
    name = " ".join(wanted.name.split())
    problems, key = {}, None
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        problems["name"] = "Name the program in 1 to 100 characters."
    if not wanted.scopes:
        problems["scope"] = "Choose at least one thing it may do."
    if wanted.public_key.strip():
        key = public_key(wanted.public_key)
        if key is None:
            problems["public_key"] = (
                "Give one public key as a JWK: P-256, P-384, Ed25519, or RSA of 2048 bits."
            )
    if problems:
        raise InvalidAccount(problems)
    secret = "" if key else secrets.token_urlsafe(32)
    made = Made(f"c-{secrets.token_hex(12)}", secret)
    row = {
        "organisation_id": organisation_id,
        "client_id": made.client_id,
        "name": name,
        "secret_hash": token_hash(secret) if secret else None,
        "public_key": key,
        "created_at": instance.now(),
    }
    with unit_of_work(instance.engine) as connection:
        number = store.add(connection, row, wanted.scopes)
        detail: dict[str, str | int] = {
            "organisation": organisation_id,
            "scope": " ".join(sorted(wanted.scopes)),
        }
        _tell(instance, connection, "client.made", number, actor, **detail)
    return made


def public_key(text: str) -> str | None:
    """Return a public key as compact JSON; None if it is no key we take, or a private one."""
    if len(text) > LONGEST_KEY:
        return None
    try:
        key = JWK.from_json(text)
        if key.has_private or not key.has_public:
            return None
        members = key.export_public(as_dict=True)
        if members["kty"] == "RSA":
            fits = key.get_op_key("verify").key_size >= SMALLEST_RSA
        else:
            fits = members.get("crv") in CURVES
        return key.export_public() if fits else None
    except (JWException, ValueError, TypeError, KeyError, AttributeError):
        return None


def own(connection: Connection, organisation_id: int, client_id: str) -> Client:
    """Return one of an organisation's open clients.

    Raises:
        NotFound: there is none, it was closed, or it is another's.
    """
    found = store.by_client_id(connection, client_id)
    if found is None or found.organisation_id != organisation_id or found.closed_at:
        raise NotFound("this organisation has no such client")
    return found


def rotate(instance: Instance, organisation_id: int, client_id: str, actor: str) -> Made:
    """Give a client another secret; the old one and every token end at once.

    Raises:
        NotFound: there is no such client, or it has a key and no secret.
    """
    secret, now = secrets.token_urlsafe(32), instance.now()
    with unit_of_work(instance.engine) as connection:
        found = own(connection, organisation_id, client_id)
        if found.secret_hash is None:
            raise NotFound("this client has a key, not a secret: make another client")
        store.change(connection, found.id, secret_hash=token_hash(secret), rotated_at=now)
        store.drop_tokens(connection, found.id)
        _tell(instance, connection, "client.rotated", found.id, actor)
    return Made(client_id, secret)


def close(instance: Instance, organisation_id: int, client_id: str, actor: str) -> None:
    """Close a client for good: its tokens end with it.

    Raises:
        NotFound: there is no such client.
    """
    with unit_of_work(instance.engine) as connection:
        found = own(connection, organisation_id, client_id)
        store.change(connection, found.id, closed_at=instance.now())
        store.drop_tokens(connection, found.id)
        _tell(instance, connection, "client.closed", found.id, actor)


def _tell(
    instance: Instance,
    connection: Connection,
    action: str,
    number: int,
    actor: str,
    **detail: str | int,
) -> None:
    append(connection, [Event(actor, action, f"client:{number}", detail)], instance.now())


def scopes_of(words: Iterable[str]) -> frozenset[Scope]:
    """Return the scopes among some words; others are dropped."""
    known = {scope.value: scope for scope in Scope}
    return frozenset(known[word] for word in words if word in known)
