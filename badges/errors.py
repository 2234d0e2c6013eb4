"""What can go wrong with a credential, a proof, a status list or a seal.

Spec: VCDM 2.0 §7.2, VC Data Integrity 1.0 §4.7 and Bitstring Status List 1.0 §3.5 name the codes
      in capitals; the kebab-case ones are ours.
Shape: every class has one stable ``code``; the first docstring line is a sentence for people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "BadgeError",
    "BudgetExceeded",
    "ChallengeDiffers",
    "DataLoss",
    "DomainDiffers",
    "IncompleteAward",
    "MalformedCredential",
    "MalformedValue",
    "NotBaked",
    "NotExportable",
    "NotSealable",
    "Problem",
    "ProofInvalid",
    "ProofTransformation",
    "RangeError",
    "RespelledTerm",
    "ShaclMissing",
    "StatusListTooShort",
    "StatusRetrieval",
    "StatusVerification",
    "TimestampInvalid",
    "UnknownContext",
    "UnsupportedSuite",
    "WrongAnswer",
]


class BadgeError(Exception):
    """Something about this credential is not right."""

    code = "badge-error"


class MalformedCredential(BadgeError):
    """This cannot be read as a credential."""

    code = "PARSING_ERROR"


class MalformedValue(BadgeError):
    """A value has the wrong form."""

    code = "MALFORMED_VALUE_ERROR"


class DataLoss(BadgeError):
    """Part of the document would not be covered by the signature."""

    code = "DATA_LOSS_DETECTION_ERROR"


class RespelledTerm(BadgeError):
    """Something is written in a way that hides it from readers of the plain JSON."""

    code = "respelled-term"


class UnknownContext(BadgeError):
    """The document uses a vocabulary that we do not hold."""

    code = "unknown-context"


class BudgetExceeded(BadgeError):
    """The document asks for more work than any honest credential needs."""

    code = "budget-exceeded"


class ProofInvalid(BadgeError):
    """The signature does not fit the document."""

    code = "PROOF_VERIFICATION_ERROR"


class ChallengeDiffers(ProofInvalid):
    """The presentation answers another request."""

    code = "INVALID_CHALLENGE_ERROR"


class DomainDiffers(ProofInvalid):
    """The presentation was made for somebody else."""

    code = "INVALID_DOMAIN_ERROR"


class ProofTransformation(BadgeError):
    """The document could not be brought into the form that is signed."""

    code = "PROOF_TRANSFORMATION_ERROR"


class UnsupportedSuite(BadgeError):
    """The signature is of a kind we do not know."""

    code = "unsupported-suite"


class RangeError(BadgeError):
    """The status list has no entry with this number."""

    code = "RANGE_ERROR"


class StatusRetrieval(BadgeError):
    """The status list could not be had."""

    code = "STATUS_RETRIEVAL_ERROR"


class StatusVerification(BadgeError):
    """The status list is not what it claims to be."""

    code = "STATUS_VERIFICATION_ERROR"


class StatusListTooShort(BadgeError):
    """The status list is so short that an entry points at a person."""

    code = "STATUS_LIST_LENGTH_ERROR"


class TimestampInvalid(BadgeError):
    """The timestamp does not prove what it should."""

    code = "timestamp-invalid"


class NotBaked(BadgeError):
    """The picture holds no credential, or more than one."""

    code = "not-baked"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right before a document can be signed."""

    code: str
    path: str
    """Where: a JSON pointer, empty for the whole document."""

    message: str

    def sentence(self) -> str:
        """Return the problem on one line."""
        return f"{self.path or 'document'}: {self.message}"


class NotSealable(BadgeError):
    """This document is not fit to be signed."""

    code = "not-sealable"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: Sequence[Problem] = tuple(problems)
        super().__init__("; ".join(p.sentence() for p in self.problems))


class NotExportable(NotSealable):
    """This award cannot become a European Digital Credential yet."""

    code = "not-exportable"


class ShaclMissing(BadgeError):
    """The official shapes cannot be run here: install learnseal with the extra edc-shacl."""

    code = "shacl-not-installed"


class WrongAnswer(BadgeError):
    """This answer does not fit its question."""

    code = "wrong-answer"


class IncompleteAward(BadgeError):
    """The award or its achievement lacks something that a credential must say."""

    code = "incomplete-award"
