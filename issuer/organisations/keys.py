"""Make the keys of an organisation, and lead them through their life.

Shape: key files are ``{slug}-{fragment}.key`` in the data folder's ``keys``; fragments count up
(``key-1``, ``key-2``), so that an old signature always names the key that made it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from did.public_key import Curve
from did.signers import file
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.errors import NoSigningKey, NotAllowed
from issuer.instance import Instance
from issuer.organisations import store
from issuer.organisations.model import Key, KeyState, Organisation

__all__ = ["active_among", "active_key", "compromise", "create_key", "require_web", "rotate"]


def create_key(
    instance: Instance,
    connection: Connection,
    organisation: Organisation,
    *,
    curve: Curve = Curve.ED25519,
    actor: str,
) -> Key:
    """Make a new active key for an organisation with a did:web.

    The key file is there before its row is: a row never names a key that was not kept.
    """
    now = instance.now()
    fragment = f"key-{len(store.keys_of(connection, organisation.id)) + 1}"
    method = f"{organisation.did}#{fragment}"
    instance.settings.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = instance.settings.keys / f"{organisation.slug}-{fragment}.key"
    uri, signer = file.make(path, curve, instance.passphrase, method, cost=instance.key_cost)
    instance.kept[uri] = signer
    new = Key(0, organisation.id, uri, method, signer.public_key, KeyState.ACTIVE, now)
    kept = store.add_key(connection, new)
    append(connection, [Event(actor, "key.created", method)], now)
    return kept


def active_key(
    connection: Connection, organisation: Organisation, curve: Curve | None = Curve.ED25519
) -> Key:
    """Return the key the organisation signs with; without `curve` its first one.

    Raises:
        NoSigningKey: it has none of this kind.
    """
    return active_among(store.keys_of(connection, organisation.id), organisation, curve)


def active_among(
    keys: Iterable[Key], organisation: Organisation, curve: Curve | None = Curve.ED25519
) -> Key:
    """Return the same of all keys of an organisation, which were read already.

    Raises:
        NoSigningKey: there is none of this kind among them.
    """
    for key in keys:
        if key.state is KeyState.ACTIVE and curve in {None, key.public_key.curve}:
            return key
    raise NoSigningKey(
        f"{organisation.slug} has no active {curve or 'signing'} key: make one first"
    )


def rotate(
    instance: Instance, connection: Connection, organisation: Organisation, old: Key, actor: str
) -> Key:
    """Retire `old` and make its successor, in one commit: there is always one active key."""
    require_web(organisation)
    now = instance.now()
    store.set_key_state(connection, old.id, KeyState.RETIRED, now)
    append(connection, [Event(actor, "key.retired", old.verification_method)], now)
    curve = old.public_key.curve
    return create_key(instance, connection, organisation, curve=curve, actor=actor)


def compromise(
    connection: Connection, key: Key, since: datetime, now: datetime, actor: str
) -> None:
    """Say that somebody else may have held `key` since then; it never signs again."""
    store.set_key_state(connection, key.id, KeyState.COMPROMISED, since)
    detail = {"since": since.isoformat()}
    append(connection, [Event(actor, "key.compromised", key.verification_method, detail)], now)


def require_web(organisation: Organisation) -> None:
    """Return when the organisation can change keys.

    Raises:
        NotAllowed: its DID is one key for ever.
    """
    if not organisation.did.startswith("did:web:"):
        raise NotAllowed(
            f"{organisation.did.split(':')[1]} is one key for ever: only a did:web can change keys"
        )
