"""Our own verifier looks at everything we sign, before anybody else can.

It is given what an employer's verifier would fetch: our DID document and our published status
lists; recognition is by the register of the organisations of this service.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from badges.verify import Policy, Report, Verdict, needs, read, read_one_of_many
from badges.verify.cohort import Cohort
from badges.verify.presented import Presented
from did.fetch.fetched import Fetched
from issuer.awarding.formats import FORMATS
from issuer.awarding.life_store import Unsigned
from issuer.awarding.model import Issuance
from issuer.errors import SelfCheckFailed, SelfCheckIncomplete
from issuer.instance import Instance
from issuer.register.service import own_policy, policy_at_hand
from issuer.status.own_documents import documents_in

__all__ = ["OwnCheck"]

ROUNDS = 3


@dataclass(slots=True)
class OwnCheck:
    """A verifier that knows our own documents and organisations, each read once."""

    instance: Instance
    connection: Connection
    alone: bool = False
    """Whether only one is looked at: what would be learnt of it serves no other."""

    documents: Mapping[str, bytes] = field(default_factory=dict)
    """What was read from `connection` before of our own documents, by path."""

    policy: Policy = field(init=False)
    now: datetime = field(init=False)
    _evidence: dict[str, Fetched] = field(default_factory=dict)
    _cohort: Cohort = field(init=False)

    def __post_init__(self) -> None:
        """Take the register, and the time, as they are now."""
        if self.alone:
            self.policy = policy_at_hand(self.instance, self.connection)
        else:
            self.policy = own_policy(self.instance, self.connection, rehearsed=True)
        self.now = self.instance.now()
        self._cohort = Cohort(self._evidence, self.policy, self.now)

    def require_valid(self, issuance: Issuance | Unsigned, draft: bytes, proof: bytes) -> None:
        """Return when the whole is valid.

        Raises:
            SelfCheckFailed: it is not; names what our verifier found.
            SelfCheckIncomplete: that could not be found out.
        """
        whole = FORMATS[issuance.format].join(draft, proof)
        presented = read(whole) if self.alone else read_one_of_many(whole)
        if self._cohort.is_valid(presented):
            return
        for _ in range(ROUNDS):
            missing = needs(presented, self._evidence, self.policy) - self._evidence.keys()
            if not missing:
                break
            found = documents_in(self.instance, self.connection, missing, self.documents)
            self._evidence.update(found)
        report = self._look(presented) if self.alone else self._cohort.check(presented)
        if report.verdict is not Verdict.VALID:
            incomplete = report.verdict is Verdict.COULD_NOT_CHECK
            kind = SelfCheckIncomplete if incomplete else SelfCheckFailed
            raise kind(f"our own verifier says {report.verdict} ({_why(report)})")

    def _look(self, presented: Presented) -> Report:
        """Look at a lone one; nothing is refused for what was in the register a second ago."""
        report = self._cohort.look(presented)
        if report.verdict is Verdict.VALID:
            return report
        self._cohort.policy = own_policy(self.instance, self.connection, rehearsed=True)
        return self._cohort.look(presented)


def _why(report: Report) -> str:
    return ", ".join(f"{f.check}: {f.code}" for f in report.findings if f.outcome != "passed")
