"""Found organisations, find them, and publish their DID documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from did.document import KeyEntry, build
from did.multikey import encode
from did.public_key import Curve
from did.signers import file
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.errors import InvalidOrganisation, NotFound
from issuer.instance import Instance
from issuer.organisations import store
from issuer.organisations.keys import create_key
from issuer.organisations.model import (
    SANDBOX,
    Key,
    KeyState,
    Kind,
    Organisation,
    Particulars,
    check_slug,
    host_did,
    web_did,
)

__all__ = [
    "Founding",
    "did_document",
    "document_of",
    "establish",
    "host_document",
    "is_member_of",
    "root",
]


@dataclass(frozen=True, slots=True)
class Founding:
    """What an organisation is founded with."""

    slug: str
    """Its name in URLs."""

    particulars: Particulars
    """Legal name, country, …; a DID or parent in them is not used."""

    parent: Organisation | None = None
    """The alliance (or member) it belongs to; None founds an alliance."""

    did_method: str = "web"
    """``web`` (keys can change) or ``key`` (one key for ever)."""

    curve: Curve = Curve.ED25519
    """The kind of its first key."""


def establish(
    instance: Instance, connection: Connection, founding: Founding, actor: str
) -> Organisation:
    """Found an organisation with its DID and its first key.

    Raises:
        InvalidOrganisation: the slug is taken or unusable, or the DID method is unknown.
    """
    slug, parent = founding.slug, founding.parent
    check_slug(slug)
    if _exists(connection, slug):
        raise InvalidOrganisation(f"there is an organisation {slug!r} already")
    _check_sandbox(founding)
    found = _METHODS.get(founding.did_method)
    if found is None:
        raise InvalidOrganisation(
            f"DID method {founding.did_method!r}: use {' or '.join(_METHODS)}"
        )
    parent_id = parent.id if parent else None
    new = Organisation(0, _kind(parent), slug, "", founding.particulars, parent_id)
    return found(instance, connection, new, founding.curve, actor)


def did_document(connection: Connection, organisation: Organisation) -> dict[str, Any]:
    """Return the DID document of an organisation with a did:web."""
    return document_of(organisation, store.keys_of(connection, organisation.id))


def document_of(organisation: Organisation, keys: Iterable[Key]) -> dict[str, Any]:
    """Return the same from all keys of an organisation, which were read already."""
    return build(organisation.did, [_entry(key) for key in keys])


def host_document(connection: Connection, origin: str) -> dict[str, Any]:
    """Return the DID document of the host: no keys, only the DID of the alliance it serves.

    Raises:
        NotFound: no organisation was founded yet.
    """
    return build(host_did(origin), []) | {"alsoKnownAs": [root(connection).did]}


def is_member_of(connection: Connection, organisation: Organisation, above: Organisation) -> bool:
    """Tell whether `above` is the organisation itself or stands anywhere over it."""
    step = organisation
    while step.id != above.id:
        if step.parent_id is None:
            return False
        step = store.by_id(connection, step.parent_id)
    return True


def root(connection: Connection) -> Organisation:
    """Return the alliance this service was set up for: the first organisation.

    Raises:
        NotFound: there is none yet.
    """
    every = store.all_organisations(connection)
    if not every:
        raise NotFound("there is no organisation yet: run `learnseal demo` or found one")
    return every[0]


def _exists(connection: Connection, slug: str) -> bool:
    return any(found.slug == slug for found in store.all_organisations(connection))


def _check_sandbox(founding: Founding) -> None:
    """A sandbox stands below an alliance, has nothing below it, and says so in every name."""
    parent, particulars = founding.parent, founding.particulars
    if parent and parent.is_sandbox:
        raise InvalidOrganisation("nothing is founded below a sandbox")
    if founding.slug != SANDBOX:
        return
    if parent is None or parent.kind is not Kind.ALLIANCE:
        raise InvalidOrganisation("the sandbox is founded below the alliance, with this slug")
    names = [particulars.legal_name, *particulars.names.values()]
    if any(SANDBOX not in name.casefold() for name in names):
        raise InvalidOrganisation(
            "the sandbox says so in its names: write like 'Sandbox of Halvik'"
        )


def _kind(parent: Organisation | None) -> Kind:
    if parent is None:
        return Kind.ALLIANCE
    return Kind.MEMBER if parent.kind is Kind.ALLIANCE else Kind.UNIT


def _with_web(
    instance: Instance, connection: Connection, new: Organisation, curve: Curve, actor: str
) -> Organisation:
    did = web_did(instance.settings.origin, new.slug)
    kept = _keep(instance, connection, new, did, actor)
    create_key(instance, connection, kept, curve=curve, actor=actor)
    return kept


def _with_key(
    instance: Instance, connection: Connection, new: Organisation, curve: Curve, actor: str
) -> Organisation:
    instance.settings.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = instance.settings.keys / f"{new.slug}-key-1.key"
    uri, signer = file.make(path, curve, instance.passphrase, cost=instance.key_cost)
    instance.kept[uri] = signer
    public_key = signer.public_key
    did = f"did:key:{encode(public_key)}"
    kept = _keep(instance, connection, new, did, actor)
    method = f"{did}#{encode(public_key)}"
    now = instance.now()
    store.add_key(connection, Key(0, kept.id, uri, method, public_key, KeyState.ACTIVE, now))
    append(connection, [Event(actor, "key.created", method)], now)
    return kept


_METHODS = {"web": _with_web, "key": _with_key}
"""How an organisation of each DID method is founded."""


def _keep(
    instance: Instance, connection: Connection, new: Organisation, did: str, actor: str
) -> Organisation:
    named = Organisation(0, new.kind, new.slug, did, new.particulars, new.parent_id)
    kept = store.add(connection, named, instance.now())
    append(connection, [Event(actor, "organisation.established", did)], instance.now())
    return kept


def _entry(key: Key) -> KeyEntry:
    return KeyEntry(
        fragment=key.fragment,
        public_key=key.public_key,
        retired=key.state is KeyState.RETIRED,
        revoked=key.compromised_at,
    )
