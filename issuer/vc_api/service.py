"""Sign what an integrator wrote: checked, stored, signed, checked again, as with our own awards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection

from badges import strict_json
from badges.credential import V1, contexts, version
from badges.errors import UnsupportedSuite
from badges.proofs.data_integrity import split, verify_proof
from badges.proofs.suites import suite_named
from badges.seal import prepare, sign
from did.document import DidDocument
from did.public_key import Curve
from did.signer import Signer
from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import reading, unit_of_work
from issuer.errors import NoSigningKey
from issuer.instance import Instance
from issuer.organisations import store as organisations
from issuer.organisations.keys import create_key
from issuer.organisations.model import Key, Organisation
from issuer.organisations.service import did_document, root
from issuer.signing.service import signer_for
from issuer.vc_api import store

__all__ = ["Commission", "issue"]

DATA_INTEGRITY_CONTEXT = "https://w3id.org/security/data-integrity/v2"
"""What a VCDM 1.1 document needs beside its own context to carry such a proof."""

ACTOR = "vc-api"

CURVES = (Curve.ED25519, Curve.P256, Curve.P384)
"""In the order we choose from, where a suite takes several."""


@dataclass(frozen=True, slots=True)
class Commission:
    """A credential to be signed, by whom and with which suite."""

    credential: Mapping[str, Any]
    slug: str | None = None
    """The organisation that signs; none is the alliance."""

    suite: str = "eddsa-rdfc-2022"


def issue(instance: Instance, commission: Commission) -> dict[str, Any]:
    """Return the signed credential.

    Raises:
        NotFound: there is no such organisation.
        UnsupportedSuite: we do not sign with it, or the organisation has no key for it.
        NotSealable: a verifier would refuse it, or its issuer is not the organisation.
    """
    with unit_of_work(instance.engine) as connection:
        of = organisation(connection, commission.slug)
        key, signer = signer_of(instance, connection, of, commission.suite)
        document = DidDocument(did_document_of(connection, of))
        draft = completed(commission.credential)
        prepare(draft, issuer_document=document, method=key.verification_method, now=instance.now())
        intent = store.Intent(of.id, key.id, commission.suite, orjson.dumps(draft))
        number = store.keep_intent(connection, intent, instance.now())
        event = Event(ACTOR, "issuance.intended", key.verification_method, {"vc-api": number})
        append(connection, [event], instance.now())
    return sign_kept(instance, number, document, signer, commission.suite)


def sign_kept(
    instance: Instance, number: int, document: DidDocument, signer: Signer, suite: str
) -> dict[str, Any]:
    """Sign what was kept, look at it once more, and keep the proof."""
    with reading(instance.engine) as connection:
        draft = strict_json.loads(store.draft_of(connection, number))
    method, now = signer.verification_method, instance.now()
    checked = prepare(draft, issuer_document=document, method=method, now=now)
    signed = sign(checked, signer, suite=suite, created=now)
    for proof in split(signed)[1]:
        verify_proof(signed, proof, signer.public_key)
    with unit_of_work(instance.engine) as connection:
        store.keep_proof(connection, number, orjson.dumps(signed["proof"]), now)
        append(connection, [Event(ACTOR, "issuance.signed", method, {"vc-api": number})], now)
    return signed


def organisation(connection: Connection, slug: str | None) -> Organisation:
    """Return who is to sign."""
    return organisations.by_slug(connection, slug) if slug else root(connection)


def did_document_of(connection: Connection, of: Organisation) -> dict[str, Any]:
    """Return the DID document a verifier will see."""
    return did_document(connection, of)


def signer_of(
    instance: Instance, connection: Connection, of: Organisation, suite: str
) -> tuple[Key, Signer]:
    """Return the organisation's key for a suite; a did:web gets one of a new kind when asked.

    Raises:
        UnsupportedSuite: we do not sign with it, or there can be no key for it.
    """
    known = suite_named(suite)
    if not known.may_sign:
        raise UnsupportedSuite(f"we check {suite} and make no new ones")
    for curve in CURVES:
        if curve in known.curves:
            try:
                return signer_for(instance, connection, of, curve)
            except NoSigningKey as error:
                if not of.did.startswith("did:web:"):
                    raise UnsupportedSuite(f"{of.slug} has no key for {suite}") from error
                create_key(instance, connection, of, curve=curve, actor=ACTOR)
                return signer_for(instance, connection, of, curve)
    raise UnsupportedSuite(f"{suite} needs a kind of key that we do not have")


def completed(credential: Mapping[str, Any]) -> dict[str, Any]:
    """Return the draft: a VCDM 1.1 document gets the context of the proof it will carry."""
    draft = dict(credential)
    if version(draft) == 1 and DATA_INTEGRITY_CONTEXT not in (found := contexts(draft)):
        draft["@context"] = [V1, *found[1:], DATA_INTEGRITY_CONTEXT]
    return draft
