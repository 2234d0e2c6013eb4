"""What `learnseal bench` compares: the same work by PyLD alone, by memo, by template; and limits.

Shape: a contender's work is a function of one document; it is timed in batches, in turn with the
others.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from badges import seal
from badges.errors import ProofInvalid
from badges.proofs import data_integrity, multibase, plain_pyld
from badges.verify import Case, Verdict, check, needs, read, read_one_of_many
from badges.verify.cohort import Cohort
from issuer.cli.bench_workload import NOW, Page, University

__all__ = ["CONTENDERS", "Contender", "Desk"]

Document = dict[str, Any]

_QUADS = b"x" * 18_000
"""As many bytes as a badge of the workload has canonical N-Quads."""

_MESSAGE = bytes(64)


@dataclass(frozen=True, slots=True)
class Desk:
    """The issuer, and all that its verifier holds."""

    university: University = field(default_factory=University)

    evidence: dict[str, Page] = field(init=False)
    cohort: Cohort = field(init=False)
    known_signature: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "evidence", self.university.evidence())
        cohort = Cohort(self.evidence, self.university.policy, NOW)
        object.__setattr__(self, "cohort", cohort)
        object.__setattr__(self, "known_signature", self.university.signer.sign(_MESSAGE))

    def issue_plainly(self, draft: Document) -> bytes:
        """Canonicalize, hash, sign, write: nothing is checked."""
        signer = self.university.signer
        options = data_integrity.proof_options(signer, seal.SUITE, created=NOW)
        proof = {**options, "proofValue": multibase.encode_z(signer.sign(_hashed(draft, options)))}
        return orjson.dumps({**draft, "proof": [proof]})

    def issue(self, draft: Document) -> bytes:
        """Issue as the product does: every check, the signature, and a look at the signature."""
        signer = self.university.signer
        ready = seal.prepare(
            draft,
            issuer_document=self.university.document,
            method=signer.verification_method,
            now=NOW,
        )
        return orjson.dumps(seal.sign(ready, signer, created=NOW))

    def issue_one_of_many(self, draft: bytes) -> bytes:
        """Issue the same as the product does in bulk: from text to text."""
        signer = self.university.signer
        ready = seal.prepare_text(
            draft,
            issuer_document=self.university.document,
            method=signer.verification_method,
            now=NOW,
        )
        proof = seal.prove(ready, signer, created=NOW)
        if proof is None:
            return orjson.dumps(seal.sign(ready, signer, created=NOW))
        return b'%b,"proof":%b}' % (draft[:-1], proof)

    def sign(self, draft: Document) -> bytes:
        """Sign what was checked before."""
        signer = self.university.signer
        signed = data_integrity.add_proof(draft, signer, seal.SUITE, created=NOW, look=False)
        return orjson.dumps(signed)

    def verify_plainly(self, sealed: bytes) -> None:
        """Look at the signature and at nothing else."""
        document = orjson.loads(sealed)
        (proof,) = document.pop("proof")
        signature = multibase.decode_z(proof.pop("proofValue"))
        if not self.university.signer.public_key.verify(signature, _hashed(document, proof)):
            raise ProofInvalid("the signature does not fit")

    def verify(self, sealed: bytes) -> None:
        """Verify as the product does: every check, with a register and a status list."""
        presented, policy = read(sealed), self.university.policy
        missing = needs(presented, self.evidence, policy)
        report = check(Case(presented, self.evidence, policy, NOW))
        if missing or report.verdict is not Verdict.VALID:
            raise ProofInvalid(f"the verdict is {report.verdict}")

    def verify_one_of_many(self, sealed: bytes) -> None:
        """Verify as the product does what it has signed: many of one issuer, at one time."""
        presented = read_one_of_many(sealed)
        if self.cohort.is_valid(presented):
            return
        report = self.cohort.check(presented)
        if report.verdict is not Verdict.VALID:
            raise ProofInvalid(f"the verdict is {report.verdict}")

    def check_signature(self, sealed: bytes) -> None:
        """Look at the signature and at nothing else, by our own means."""
        document = read(sealed).document
        key = self.university.signer.public_key
        data_integrity.verify_proof(document, document["proof"][0], key)

    def least_issue(self, draft: Document) -> bytes:
        """Hash as much as a badge has quads, sign, write JSON."""
        digest = sha256(_QUADS).digest()
        return orjson.dumps({**draft, "proof": self.university.signer.sign(digest * 2).hex()})

    def least_verify(self, sealed: bytes) -> None:
        """Read JSON, hash as much as a badge has quads, check a signature."""
        orjson.loads(sealed)
        sha256(_QUADS).digest()
        self.university.signer.public_key.verify(self.known_signature, _MESSAGE)


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to do the work, and the plain way it is compared with."""

    name: str
    work: Callable[[Desk, Any], object]
    takes: str
    """``draft``, its ``text``, or ``sealed``."""

    against: str = ""
    """The contender its ratio is against; empty: it is a yardstick."""

    templates: bool = True
    batch: int = 40
    """Documents of one round; few of what is slow."""


_ISSUE, _VERIFY = "issue: PyLD alone, nothing checked", "verify: PyLD alone, signature only"

CONTENDERS = (
    Contender(_ISSUE, Desk.issue_plainly, "draft", batch=3),
    Contender("issue: by memo, all checks", Desk.issue, "draft", _ISSUE, templates=False),
    Contender("issue: by memo, signature only", Desk.sign, "draft", _ISSUE, templates=False),
    Contender("issue: by template, all checks", Desk.issue, "draft", _ISSUE),
    Contender("issue: one of many, all checks", Desk.issue_one_of_many, "text", _ISSUE),
    Contender("issue: by template, signature only", Desk.sign, "draft", _ISSUE),
    Contender("issue: limit (SHA-256, Ed25519, JSON)", Desk.least_issue, "draft", _ISSUE),
    Contender(_VERIFY, Desk.verify_plainly, "sealed", batch=3),
    Contender("verify: known shape, whole verdict", Desk.verify, "sealed", _VERIFY),
    Contender("verify: one of many, whole verdict", Desk.verify_one_of_many, "sealed", _VERIFY),
    Contender("verify: known shape, signature only", Desk.check_signature, "sealed", _VERIFY),
    Contender("verify: limit (JSON, SHA-256, Ed25519)", Desk.least_verify, "sealed", _VERIFY),
)
"""The rows of the table."""


def _hashed(document: Document, options: Document) -> bytes:
    options = {**options, "@context": document["@context"]}
    parts = (plain_pyld.canonicalize(options), plain_pyld.canonicalize(document))
    return b"".join(sha256(part).digest() for part in parts)
