"""Who signed a document: each of its proofs, and whom the signing key speaks for.

Spec: VC Data Integrity 1.0 §4.4 to §4.5; Open Badges 3.0 §8.2 (JWT); SD-JWT VC §3.
Shape: a proof is right or wrong on its own; whether its key is the issuer's is another question.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from badges.errors import ProofInvalid
from badges.verify.embedded_proofs import check_embedded
from badges.verify.keys import KeyRing
from badges.verify.outcome import Finding, Outcome
from badges.verify.presented import Form, Presented
from badges.verify.proof_result import ASSERTION, ProofResult
from badges.verify.token_proof import check_token
from badges.verify.web_keys import UNCONFIRMED
from did.errors import InvalidVerificationMethod

__all__ = ["Authenticity", "authenticate"]


@dataclass(frozen=True, slots=True)
class Authenticity:
    """What is known about all proofs of one document."""

    proofs: tuple[ProofResult, ...]

    @property
    def vintages(self) -> Mapping[str, str]:
        """The older editions of vocabularies that the right signatures were made under."""
        return {url: digest for p in self.proofs if p.passed for url, digest in p.vintages.items()}

    def seal(self) -> Finding:
        """Tell whether every signature is right."""
        if not self.proofs:
            return Finding("proof", Outcome.FAILED, "no-proof")
        for outcome in (Outcome.FAILED, Outcome.UNKNOWN):
            for proof in self.proofs:
                if proof.outcome is outcome:
                    return Finding("proof", outcome, proof.code, proof.detail)
        worst = max(self.proofs, key=lambda p: p.code == "signature-correct-older-words")
        signed = "; ".join(
            f"{p.method} ({p.detail})" if p.detail else p.method for p in self.proofs
        )
        return Finding("proof", Outcome.PASSED, worst.code, f"signed with {signed}")

    def binding(self, issuer: str | None) -> Finding:
        """Tell whether one of the right signatures is the issuer's."""
        if not self.proofs or not any(proof.passed for proof in self.proofs):
            return self._unbound()
        own = [p for p in self.proofs if p.passed and p.purpose == ASSERTION and _is_of(p, issuer)]
        found = [(proof.method, proof.found) for proof in own if proof.found]
        good = [(method, key) for method, key in found if key.refusal is None]
        for method, key in sorted(good, key=lambda one: one[1].remark):
            if not key.remark:
                return Finding("issuer", Outcome.PASSED, "key-of-issuer", method)
            return Finding("issuer", Outcome.FAILED, key.remark, method)
        for _, key in found:
            if key.refusal is not None:
                return Finding("issuer", Outcome.FAILED, key.refusal.code, str(key.refusal))
        signers = ", ".join(proof.method for proof in self.proofs)
        return Finding(
            "issuer",
            Outcome.FAILED,
            InvalidVerificationMethod.code,
            f"signed with {signers}, which does not speak for {issuer}",
        )

    def _unbound(self) -> Finding:
        for proof in self.proofs:
            if proof.found is None and proof.code not in {"no-proof", ProofInvalid.code}:
                return Finding("issuer", proof.outcome, proof.code, proof.detail)
        return Finding("issuer", Outcome.UNKNOWN, "nothing-to-bind")

    def is_by(self, issuer: str | None) -> bool:
        """Tell whether every signature is right and one is the issuer's."""
        if not self.proofs or not all(proof.passed for proof in self.proofs):
            return False
        binding = self.binding(issuer)
        return binding.outcome is Outcome.PASSED or binding.code == UNCONFIRMED


def _is_of(proof: ProofResult, issuer: str | None) -> bool:
    return proof.found is not None and issuer in proof.found.speaks_for


def authenticate(presented: Presented, ring: KeyRing, *, purpose: str = ASSERTION) -> Authenticity:
    """Check every proof of `presented`."""
    return Authenticity(_FORMS[presented.form](presented, ring, purpose))


def _presentation(presented: Presented, ring: KeyRing, purpose: str) -> tuple[ProofResult, ...]:
    if presented.token:
        return check_token(presented, ring, purpose)
    return check_embedded(presented, ring, purpose)


def _unsigned(presented: Presented, ring: KeyRing, purpose: str) -> tuple[ProofResult, ...]:  # noqa: ARG001 - one shape for all forms
    return ()


_FORMS: Mapping[Form, Callable[[Presented, KeyRing, str], tuple[ProofResult, ...]]] = {
    Form.EMBEDDED: check_embedded,
    Form.PRESENTATION: _presentation,
    Form.VC_JWT: check_token,
    Form.VC_SD_JWT: check_token,
    Form.SD_JWT_VC: check_token,
    Form.NONE: _unsigned,
}
"""How each form is checked."""
