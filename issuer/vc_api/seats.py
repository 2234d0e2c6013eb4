"""Who signs for whom: the key an organisation uses with a suite, and the DID it speaks for.

A did:web gets a key of a new kind when a suite first asks for one. A did:key is one key for ever:
an organisation with one gets a second did:key, kept as a unit of it, with status lists of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from badges.credential import issuer_id
from badges.errors import UnsupportedSuite
from badges.proofs.selective_disclosure import SUITE as SELECTIVE
from badges.proofs.suites import suite_named
from did.document import DidDocument
from did.public_key import Curve
from did.signer import Signer
from issuer.errors import NoSigningKey, NotFound
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.keys import create_key
from issuer.organisations.model import Key, Organisation
from issuer.organisations.service import Founding, did_document, establish, root
from issuer.signing.service import signer_for

__all__ = ["ACTOR", "Seat", "seat_of", "spoken_by"]

ACTOR = "vc-api"

CURVES = (Curve.ED25519, Curve.P256, Curve.P384)
"""In the order we choose from, where a suite takes several."""


@dataclass(frozen=True, slots=True)
class Seat:
    """An organisation, the DID it signs as, and the key."""

    asked: Organisation
    """Whom the caller named."""

    signing: Organisation
    """Who signs: the same, or its unit that has the did:key of another curve."""

    key: Key
    signer: Signer
    document: DidDocument


def seat_of(
    instance: Instance, connection: Connection, slug: str | None, suite: str, curve: Curve | None
) -> Seat:
    """Return who signs for the organisation `slug` (none: the alliance) with a suite.

    Raises:
        NotFound: there is no such organisation.
        UnsupportedSuite: we do not sign with the suite, or not with such a key.
    """
    asked = organisations.by_slug(connection, slug) if slug else root(connection)
    wanted = curve_for(suite, curve)
    signing, key, signer = _signer(instance, connection, asked, wanted)
    return Seat(asked, signing, key, signer, DidDocument(did_document(connection, signing)))


def curve_for(suite: str, wanted: Curve | None) -> Curve:
    """Return the kind of key to use with a suite.

    Raises:
        UnsupportedSuite: we do not sign with the suite, or not with such a key.
    """
    known = suite_named(suite)
    if not known.may_sign and suite != SELECTIVE.name:
        raise UnsupportedSuite(f"we check {suite} and make no new ones")
    for curve in CURVES:
        if curve in known.curves and wanted in {None, curve}:
            return curve
    raise UnsupportedSuite(f"{suite} does not work with a key of the kind {wanted}")


def spoken_by(seat: Seat, credential: Mapping[str, Any]) -> dict[str, Any]:
    """Return the credential with the issuer's DID of this seat, if it names the organisation's."""
    if seat.signing.did == seat.asked.did or issuer_id(credential) != seat.asked.did:
        return dict(credential)
    issuer = credential["issuer"]
    named = issuer | {"id": seat.signing.did} if isinstance(issuer, dict) else seat.signing.did
    return {**credential, "issuer": named}


def _signer(
    instance: Instance, connection: Connection, of: Organisation, curve: Curve
) -> tuple[Organisation, Key, Signer]:
    try:
        return of, *signer_for(instance, connection, of, curve)
    except NoSigningKey:
        if of.did.startswith("did:web:"):
            create_key(instance, connection, of, curve=curve, actor=ACTOR)
        else:
            of = _unit(instance, connection, of, curve)
        return of, *signer_for(instance, connection, of, curve)


def _unit(
    instance: Instance, connection: Connection, of: Organisation, curve: Curve
) -> Organisation:
    """Return the unit of `of` that has a did:key of this curve; found it the first time."""
    slug = f"{of.slug[:55]}-{curve.lower()}"
    try:
        return organisations.by_slug(connection, slug)
    except NotFound:
        particulars = replace(of.particulars, parent=None)
        founding = Founding(slug, particulars, of, did_method="key", curve=curve)
        return establish(instance, connection, founding, ACTOR)
