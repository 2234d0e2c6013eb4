"""Bring a key into the service or copy one out: every check first, then one change.

Shape: a key file stays encrypted with the passphrase of the service all the time; a key on a token
(``pkcs11:``) stays where it is. Fragments count up, so that no old name gets a new key.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection

from did.errors import KeyUnavailable
from did.published_keys import is_published
from did.signer import Signer
from did.signers import open_signer
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.errors import NotAllowed, NotFound
from issuer.instance import Instance
from issuer.organisations import store
from issuer.organisations.keys import require_web
from issuer.organisations.model import Key, KeyState, Organisation

__all__ = ["Candidate", "examine", "export_key", "find_key", "import_key"]

PROBE = b"learnseal key ceremony: can this key sign?"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A key that passed every check and may be brought in."""

    uri: str
    method: str
    signer: Signer
    replaces: Key | None
    """The active key of its kind, which will be retired."""


def examine(
    instance: Instance, connection: Connection, organisation: Organisation, uri: str
) -> Candidate:
    """Check everything about a key that is to be brought in, and change nothing.

    Raises:
        NotAllowed: the organisation cannot change keys, or the key is known, here or to all.
        KeyUnavailable: it cannot be opened, or it does not sign.
    """
    require_web(organisation)
    keys = store.keys_of(connection, organisation.id)
    method = f"{organisation.did}#key-{len(keys) + 1}"
    signer = open_signer(uri, verification_method=method, passphrase=instance.passphrase)
    if not signer.public_key.verify(signer.sign(PROBE), PROBE):
        raise KeyUnavailable("what this key signs does not verify with its public half")
    if is_published(signer.public_key):
        raise NotAllowed("the private half of this key is printed in a specification")
    for other in store.all_organisations(connection):
        if any(k.public_key == signer.public_key for k in store.keys_of(connection, other.id)):
            raise NotAllowed(f"{other.slug} has this key already: a key is brought in once")
    active = [
        key
        for key in keys
        if key.state is KeyState.ACTIVE and key.public_key.curve is signer.public_key.curve
    ]
    return Candidate(uri, method, signer, active[0] if active else None)


def import_key(
    instance: Instance,
    connection: Connection,
    organisation: Organisation,
    candidate: Candidate,
    actor: str,
) -> Key:
    """Make an examined key the active one; the key it replaces is retired in the same commit."""
    now = instance.now()
    uri = _kept(instance, organisation, candidate)
    events = [Event(actor, "key.imported", candidate.method)]
    if candidate.replaces:
        store.set_key_state(connection, candidate.replaces.id, KeyState.RETIRED, now)
        events.append(Event(actor, "key.retired", candidate.replaces.verification_method))
    public = candidate.signer.public_key
    new = Key(0, organisation.id, uri, candidate.method, public, KeyState.ACTIVE, now)
    kept = store.add_key(connection, new)
    append(connection, events, now)
    return kept


def _kept(instance: Instance, organisation: Organisation, candidate: Candidate) -> str:
    """Copy a key file into the service's folder; a key on a token stays there."""
    if not candidate.uri.startswith("file:"):
        return candidate.uri
    fragment = candidate.method.partition("#")[2]
    target = instance.settings.keys / f"{organisation.slug}-{fragment}.key"
    instance.settings.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
    _copy(Path(unquote(urlsplit(candidate.uri).path)), target)
    return target.absolute().as_uri()


def find_key(connection: Connection, method: str) -> Key:
    """Return the key with this verification method.

    Raises:
        NotFound: no organisation here has it.
    """
    for organisation in store.all_organisations(connection):
        for key in store.keys_of(connection, organisation.id):
            if key.verification_method == method:
                return key
    raise NotFound(f"no organisation here has the key {method[:200]}")


def export_key(
    instance: Instance, connection: Connection, key: Key, target: Path, actor: str
) -> None:
    """Copy a key file, encrypted as it is, to a new file; the audit log tells of it.

    Raises:
        NotAllowed: the key is on a token and stays there.
        KeyUnavailable: it cannot be opened, or the file exists.
    """
    if not key.uri.startswith("file:"):
        raise NotAllowed("a key on a token cannot be copied")
    open_signer(
        key.uri, verification_method=key.verification_method, passphrase=instance.passphrase
    )
    append(connection, [Event(actor, "key.exported", key.verification_method)], instance.now())
    _copy(Path(unquote(urlsplit(key.uri).path)), target)


def _copy(source: Path, target: Path) -> None:
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise KeyUnavailable(f"{target} cannot be written: {error.strerror}") from error
    with os.fdopen(handle, "wb") as file, source.open("rb") as found:
        shutil.copyfileobj(found, file)
        file.flush()
        os.fsync(file.fileno())
