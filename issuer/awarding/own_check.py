"""Our own verifier looks at everything we sign, before anybody else can.

It is given what an employer's verifier would fetch: our DID document and our published status
lists; recognition is by the register of the organisations of this service.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from badges.verify import Case, Verdict, check, needs, read
from did.fetch.fetched import Fetched
from issuer.awarding.formats import FORMATS
from issuer.awarding.model import Issuance
from issuer.errors import SelfCheckFailed
from issuer.instance import Instance
from issuer.register.service import own_policy
from issuer.status.own_documents import own_documents

__all__ = ["OwnCheck"]

ROUNDS = 3


@dataclass(slots=True)
class OwnCheck:
    """A verifier that knows our own documents, each read once."""

    instance: Instance
    connection: Connection
    _evidence: dict[str, Fetched] = field(default_factory=dict)

    def require_valid(self, issuance: Issuance, draft: bytes, proof: bytes) -> None:
        """Return when the whole is valid.

        Raises:
            SelfCheckFailed: naming what our verifier found.
        """
        policy = own_policy(self.instance, self.connection)
        presented = read(FORMATS[issuance.format].join(draft, proof))
        policy = own_policy(self.instance, self.connection)
        for _ in range(ROUNDS):
            missing = needs(presented, self._evidence, policy) - self._evidence.keys()
            if not missing:
                break
            self._evidence.update(own_documents(self.instance, missing))
        report = check(Case(presented, self._evidence, policy, self.instance.now()))
        if report.verdict is not Verdict.VALID:
            found = ", ".join(
                f"{f.check}: {f.code}" for f in report.findings if f.outcome != "passed"
            )
            raise SelfCheckFailed(f"our own verifier says {report.verdict} ({found})")
