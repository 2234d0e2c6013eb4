"""The proofs that stand in a document.

Spec: VC Data Integrity 1.0 §4.4 to §4.5.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from badges.credential import many, parse_moment
from badges.errors import BadgeError, ChallengeDiffers, DomainDiffers, ProofInvalid
from badges.proofs import data_integrity
from badges.verify.keys import KeyRing
from badges.verify.named_keys import issuer_of
from badges.verify.outcome import Outcome
from badges.verify.presented import Presented
from badges.verify.proof_result import ASSERTION, ProofResult, settled
from badges.verify.reading import read_fetched
from did.public_key import PublicKey

__all__ = ["check_embedded"]


class _Parts(NamedTuple):
    """A document with embedded proofs, taken apart."""

    presented: Presented
    unsecured: Mapping[str, Any]
    proofs: list[dict[str, Any]]


def check_embedded(presented: Presented, ring: KeyRing, purpose: str) -> tuple[ProofResult, ...]:
    """Check each proof that stands in a document."""
    document = presented.document
    if "proof" not in document:
        return ()
    try:
        unsecured, proofs = data_integrity.split(document)
    except BadgeError as error:
        return (ProofResult(Outcome.FAILED, error.code, str(error)),)
    parts = _Parts(presented, unsecured, proofs)
    return tuple(
        [
            settled(lambda p=proof: _one_embedded(parts, p, ring, purpose), proof)  # type: ignore[misc] # a default binds the loop's proof
            for proof in proofs
        ]
    )


def _one_embedded(parts: _Parts, proof: dict[str, Any], ring: KeyRing, purpose: str) -> ProofResult:
    _check_options(proof, ring, purpose)
    method = proof["verificationMethod"]
    found = ring.find(method, purpose, issuer_of(parts.presented))
    vintages = _verified(parts, proof, found.key)
    older = ", ".join(vintages)
    return ProofResult(
        Outcome.PASSED,
        "signature-correct-older-words" if older else "signature-correct",
        f"with an earlier text of {older}" if older else str(proof.get("cryptosuite", "")),
        method,
        purpose,
        found,
        vintages,
    )


def _verified(parts: _Parts, proof: dict[str, Any], key: PublicKey) -> Mapping[str, str]:
    """Check one signature; that of a list many credentials point at is checked once."""
    if parts.presented.source:
        return _verified_once(parts.presented.source, parts.proofs.index(proof), key)
    return data_integrity.verify_one_of(parts.proofs, proof, parts.unsecured, key).vintages


@lru_cache(maxsize=64)
def _verified_once(source: bytes, place: int, key: PublicKey) -> Mapping[str, str]:
    """Check a signature of a fetched document; a wrong one raises, and is not remembered."""
    document = read_fetched(source).document
    proof = many(document.get("proof"))[place]
    return data_integrity.verify_proof(document, proof, key).vintages


def _check_options(proof: Mapping[str, Any], ring: KeyRing, purpose: str) -> None:
    data_integrity.check_form(proof)
    if proof["proofPurpose"] != purpose:
        raise ProofInvalid(f"the proof is for {proof['proofPurpose'][:80]!r}, not for {purpose}")
    if purpose != ASSERTION:
        _check_answer(proof, ring)
    if "created" in proof and parse_moment(proof["created"]) > ring.now + ring.policy.skew:
        raise ProofInvalid("the proof was made in the future")
    if "expires" in proof and parse_moment(proof["expires"]) <= ring.now - ring.policy.skew:
        raise ProofInvalid("the proof has expired")


def _check_answer(proof: Mapping[str, Any], ring: KeyRing) -> None:
    """Compare what a proof answers with what was asked; domains are a set (§4.4)."""
    domain, challenge = ring.policy.domain, ring.policy.challenge
    if domain is not None and many(proof.get("domain")) != [domain]:
        raise DomainDiffers("the proof is for another domain, or for others too")
    if challenge is not None and proof.get("challenge") != challenge:
        raise ChallengeDiffers("the proof answers another challenge")
