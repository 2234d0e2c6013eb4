"""A register of trusted issuers that its publisher signed: import it, refuse an older one.

Spec: our own format (docs/registers.md); proof by ``eddsa-jcs-2022`` or ``ecdsa-jcs-2019``, as
      the document is plain JSON without a vocabulary.
Shape: the register's members, ``publisher`` (a DID), a whole number as ``version`` that only rises,
       ``issued``, ``expires``, and ``proof``.
"""

from datetime import datetime
from typing import Any

from badges import strict_json
from badges.credential import moment
from badges.errors import MalformedValue, ProofInvalid
from badges.proofs import data_integrity
from badges.verify.keys import KeyRing
from badges.verify.register import Register, parse_register
from did.signer import Signer

__all__ = ["check_publisher", "read_signed_register", "sign_register"]

SUITES = ("eddsa-jcs-2022", "ecdsa-jcs-2019")
PURPOSE = "assertionMethod"


def sign_register(
    register: dict[str, Any], signer: Signer, *, issued: datetime, expires: datetime
) -> dict[str, Any]:
    """Return `register` signed by its publisher, who is the owner of the key.

    Raises:
        MalformedValue: it is not a register, or would end before it begins.
    """
    if expires <= issued:
        raise MalformedValue("the register would end before it begins")
    dated = {
        **register,
        "publisher": signer.verification_method.partition("#")[0],
        "issued": moment(issued),
        "expires": moment(expires),
    }
    _version(dated)
    parse_register(strict_json.dumps(dated))
    suite = SUITES[0] if signer.algorithm == "EdDSA" else SUITES[1]
    return data_integrity.add_proof(dated, signer, suite, created=issued)


def read_signed_register(
    data: bytes, *, publisher: str, ring: KeyRing, newest: int = 0
) -> Register:
    """Return the register in `data`, if `publisher` signed it and it is not older than known.

    Args:
        data: the signed register.
        publisher: the DID it must be signed by; whom to trust is not for the document to say.
        ring: where to find the publisher's key, and what time it is.
        newest: the highest version seen so far.

    Raises:
        MalformedCredential, MalformedValue: not a register.
        ProofInvalid: not signed by `publisher`, expired, or older than `newest`.
        DidError: the publisher's key cannot be had.
    """
    document = strict_json.loads(data)
    if not isinstance(document, dict):
        raise ProofInvalid(f"the register is not published by {publisher}")
    check_publisher(document, publisher=publisher, ring=ring)
    register = parse_register(data)
    if register.expires is None or register.expires <= ring.now:
        raise ProofInvalid("the register has expired, or never does")
    if register.issued is None or register.issued > ring.now + ring.policy.skew:
        raise ProofInvalid("the register is of the future, or has no date")
    if _version(document) < newest:
        raise ProofInvalid(f"version {document['version']} is older than {newest}, seen before")
    return register


def check_publisher(document: dict[str, Any], *, publisher: str, ring: KeyRing) -> None:
    """Check that `publisher` signed a register, whatever its age.

    Raises:
        ProofInvalid: not signed by `publisher`.
        DidError: the publisher's key cannot be had.
    """
    if document.get("publisher") != publisher:
        raise ProofInvalid(f"the register is not published by {publisher}")
    _, proofs = data_integrity.split(document)
    for proof in proofs:
        _check_proof(document, proof, publisher, ring)


def _check_proof(
    document: dict[str, Any], proof: dict[str, Any], publisher: str, ring: KeyRing
) -> None:
    data_integrity.check_form(proof)
    if proof["proofPurpose"] != PURPOSE or proof.get("cryptosuite") not in SUITES:
        raise ProofInvalid("the register is not signed in the form registers are")
    found = ring.find(proof["verificationMethod"], PURPOSE, publisher)
    if found.refusal is not None:
        raise found.refusal
    if publisher not in found.speaks_for:
        raise ProofInvalid(f"the register is signed by somebody else than {publisher}")
    data_integrity.verify_proof(document, proof, found.key)


def _version(document: dict[str, Any]) -> int:
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise MalformedValue("the version of a register is a whole number from 1 on")
    return version
