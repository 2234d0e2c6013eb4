"""What is known about one proof, and what an error says of it.

Spec: VC Data Integrity 1.0 §4.4.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from badges.errors import BadgeError, MalformedValue, ProofInvalid, UnknownContext, UnsupportedSuite
from badges.verify.keys import FoundKey
from badges.verify.outcome import Outcome
from did.errors import DidError, DidNotFound, MethodNotSupported

__all__ = ["ASSERTION", "ProofResult", "settled"]

ASSERTION = "assertionMethod"
"""What the proofs of credentials are for."""

LATER = (DidNotFound, MethodNotSupported, UnsupportedSuite, UnknownContext)
"""Errors that say something about us or the network, not about the credential."""

REAL_SUITES = frozenset(
    {
        *("bbs-2023", "ecdsa-sd-2023", "ecdsa-xi-2023", "BbsBlsSignature2020"),
        *("Ed25519Signature2018", "JsonWebSignature2020", "RsaSignature2018", "DataIntegrityProof"),
        *("EcdsaSecp256k1Signature2019", "EcdsaSecp256r1Signature2019"),
    }
)
"""Kinds of proof that exist in the world; a name outside of it is a forgery or a mistake."""


class ProofResult(NamedTuple):
    """What is known about one proof."""

    outcome: Outcome
    code: str
    detail: str = ""
    method: str = ""
    purpose: str = ""
    found: FoundKey | None = None
    vintages: Mapping[str, str] = MappingProxyType({})
    """Which older editions of the vocabularies it was made under."""

    @property
    def passed(self) -> bool:
        """Whether the signature is right."""
        return self.outcome is Outcome.PASSED


def settled(check: Callable[[], ProofResult], proof: Mapping[str, Any]) -> ProofResult:
    """Return what `check` finds, or what its error says of this proof or token header."""
    method = str(proof.get("verificationMethod", ""))
    try:
        return check()
    except LATER as error:
        if isinstance(error, UnsupportedSuite) and not _is_real(proof):
            return ProofResult(Outcome.FAILED, ProofInvalid.code, str(error), method)
        return ProofResult(Outcome.UNKNOWN, error.code, str(error), method)
    except MalformedValue as error:  # of a proof that is how it is wrong (VC Data Integrity §4.4)
        return ProofResult(Outcome.FAILED, ProofInvalid.code, str(error), method)
    except (BadgeError, DidError) as error:
        return ProofResult(Outcome.FAILED, error.code, str(error), method)


def _is_real(proof: Mapping[str, Any]) -> bool:
    kind, suite = proof.get("type"), proof.get("cryptosuite")
    name = suite if kind == "DataIntegrityProof" else kind
    return isinstance(name, str) and name in REAL_SUITES - {"DataIntegrityProof"}
