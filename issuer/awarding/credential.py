"""An issued credential: the signed document, and where its issuance stands."""

from dataclasses import dataclass

from issuer.awarding import store
from issuer.awarding.formats import FORMATS
from issuer.awarding.model import Issuance, State
from issuer.db.session import reading
from issuer.errors import NotIssued
from issuer.instance import Instance

__all__ = ["Credential", "as_credential", "credential_bytes", "find_credential"]


@dataclass(frozen=True, slots=True)
class Credential:
    """An issued credential: where it stands, and the document itself."""

    issuance: Issuance
    document: bytes
    media_type: str


def credential_bytes(instance: Instance, number: int) -> Credential:
    """Return the signed document of an issuance.

    Raises:
        NotFound: there is no such issuance.
        NotIssued: it is not signed (yet), was voided, or its learner was erased.
    """
    with reading(instance.engine) as connection:
        found = store.with_parts(connection, number)
    return as_credential(*found)


def find_credential(instance: Instance, credential_id: str) -> Credential:
    """Return a signed document by the credential's id.

    Raises:
        NotFound: it was not issued here.
        NotIssued: it is not signed (yet), was voided, or its learner was erased.
    """
    with reading(instance.engine) as connection:
        number = store.by_credential_id(connection, credential_id).id
    return credential_bytes(instance, number)


def as_credential(issuance: Issuance, parts: tuple[bytes, bytes] | None) -> Credential:
    """Return what draft and proof of an issuance make.

    Raises:
        NotIssued: it is not published.
    """
    if parts is None or issuance.state is not State.PUBLISHED:
        raise NotIssued(f"this credential is {issuance.state}, not published")
    made = FORMATS[issuance.format]
    return Credential(issuance, made.join(*parts), made.media_type)
