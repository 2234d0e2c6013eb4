"""Giving a learner a badge of which any part can be shown, and showing a part of it.

Spec: Data Integrity ECDSA Cryptosuites 1.0 §3.6 (``ecdsa-sd-2023``: base and derived proofs).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from badges.errors import ProofInvalid, ProofTransformation
from badges.proofs import ecdsa_sd_2023
from badges.proofs.budget import BUDGET, measure
from badges.proofs.data_integrity import (
    proof_options,
    refuse_odd_characters,
    signing_inputs,
    split,
    verify_proof,
)
from badges.proofs.suite import Document
from did.signer import Signer

__all__ = ["BADGE_POINTERS", "add_base_proof", "derive_proof"]

BADGE_POINTERS = (
    "/issuer",
    "/validFrom",
    "/credentialSubject/type",
    "/credentialSubject/achievement/id",
    "/credentialSubject/achievement/type",
    "/credentialSubject/achievement/name",
    "/credentialSubject/achievement/description",
    "/credentialSubject/achievement/criteria",
)
"""What every part of an Open Badge must still say to be one."""

NEVER_HIDDEN = ("/validUntil", "/expirationDate", "/credentialStatus", "/refreshService")
"""What a holder must never be able to leave out: an end or a revocation would vanish with it."""

SUITE = ecdsa_sd_2023.SUITE


def add_base_proof(  # noqa: PLR0913 - two keys and their randomness are arguments
    document: Document,
    signer: Signer,
    *,
    created: datetime,
    mandatory: Iterable[str],
    hmac_key: bytes,
    line_signer: Signer,
) -> dict[str, Any]:
    """Return `document` with the proof from which its holder can derive others.

    `hmac_key` is 32 fresh random bytes, `line_signer` a fresh P-256 key: never use them again.

    Raises:
        ProofTransformation: the document has a proof already.
        ProofInvalid: a key is not P-256.
        MalformedValue: a mandatory pointer leads nowhere.
        BadgeError: the document cannot be transformed (see ``canon.canonicalize``).
    """
    if "proof" in document:
        raise ProofTransformation("a proof to derive from must be the first one")
    measure(document, BUDGET)
    refuse_odd_characters(document)
    options = proof_options(signer, SUITE.name, created=created)
    inputs = signing_inputs(SUITE, document, options, [])
    always = [pointer for pointer in NEVER_HIDDEN if pointer[1:] in document]
    shown = tuple(dict.fromkeys([*mandatory, *always]))
    value = ecdsa_sd_2023.base_value(
        *inputs, signer, mandatory=shown, hmac_key=hmac_key, line_signer=line_signer
    )
    secured = {**document, "proof": [{**options, "proofValue": value}]}
    everything = derive_proof(secured, [""])
    verify_proof(everything, everything["proof"][0], signer.public_key)
    return secured


def derive_proof(secured: Document, selective: Iterable[str]) -> dict[str, Any]:
    """Return the part of `secured` that `selective` (JSON pointers) and its issuer want shown.

    Raises:
        ProofInvalid: it has no base proof, or one of another document.
        MalformedValue: a pointer leads nowhere, or the proof is not written as it must be.
    """
    unsecured, proofs = split(secured)
    bases = [proof for proof in proofs if proof.get("cryptosuite") == SUITE.name]
    if len(bases) != 1:
        raise ProofInvalid("there must be one proof to derive from")
    part, value = ecdsa_sd_2023.derive(unsecured, bases[0].get("proofValue"), selective)
    return {**part, "proof": [{**bases[0], "proofValue": value}]}
