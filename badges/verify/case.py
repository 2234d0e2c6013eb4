"""One question to the verifier: a document, the evidence, the policy and the time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from badges.credential import issuer_id
from badges.proofs import known_shapes
from badges.proofs.sight import Sight
from badges.verify.authenticity import Authenticity, authenticate
from badges.verify.evidence import Evidence
from badges.verify.keys import KeyRing
from badges.verify.policy import Policy
from badges.verify.presented import Form, Presented

__all__ = ["Case", "Examined", "KnownLists", "examine"]

KnownLists = dict[tuple[str, str | None], tuple[bytes, Mapping[str, Any]]]
"""By address and issuer: the bytes that were looked at, and the list they hold."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be decided, and everything that may be used for it."""

    presented: Presented
    evidence: Evidence
    policy: Policy
    now: datetime
    lists: KnownLists = field(default_factory=dict)
    """Lists found good with this evidence, policy and time; many credentials point at one."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The credential, not yet believed."""
        return self.presented.document

    def about(self, document: Mapping[str, Any]) -> "Case":
        """Return the same question about another credential, which came without a known text.

        `dataclasses.replace` would take as long as a check.
        """
        was = self.presented
        presented = Presented(
            was.form,
            document,
            was.token,
            was.container,
            was.problem,
            was.source,
            was.inner,
            was.sealed,
        )
        return Case(presented, self.evidence, self.policy, self.now, self.lists)

    @property
    def issuer(self) -> str | None:
        """Who the credential says issued it."""
        if self.presented.form is Form.SD_JWT_VC:
            issuer = self.document.get("iss")
            return issuer if isinstance(issuer, str) else None
        return issuer_id(self.document)

    @property
    def ring(self) -> KeyRing:
        """The keys in the evidence."""
        return KeyRing(self.evidence, self.policy, self.now)


@dataclass(frozen=True, slots=True)
class Examined:
    """A case whose signatures have been looked at."""

    case: Case
    authenticity: Authenticity = field(default_factory=lambda: Authenticity(()))
    sight: Sight | None = None
    """What recognised the document by how it is written; None: whoever wants to know looks."""


def examine(case: Case) -> Examined:
    """Look at the signatures of a case, and how it is written, once for all checks."""
    sight = known_shapes.recognise(case.document)
    return Examined(case, authenticate(case.presented, case.ring), sight)
