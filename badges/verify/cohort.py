"""Many credentials of one issuer: what was found of one holds for all that differ in nothing read.

Shape: one evidence, one policy, one time. The whole verifier looks at the first credential of a
       template and finds it valid; of a later one every signature is checked, and every check is
       made again that takes a text out of the document which is new (`badges.proofs.spared`).
What is not certain is not answered: the whole verifier looks then, and tells what it finds. It also
looks at the first credential that was spared, and at one in a thousand after it.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from badges.credential import many
from badges.errors import BadgeError
from badges.proofs import data_integrity, known_shapes, known_text, multibase
from badges.proofs.context_check import check_contexts
from badges.proofs.known_text import KnownText
from badges.proofs.sight import TemplateSight
from badges.proofs.spared import Clearance, Family, Rule
from badges.proofs.traced import Path
from badges.verify.authenticity import Authenticity
from badges.verify.case import Case, Examined, KnownLists, examine
from badges.verify.checks.schema import SCHEMA
from badges.verify.checks.structure import FORM
from badges.verify.codes import Weight
from badges.verify.evidence import Evidence
from badges.verify.outcome import Finding, Verdict, weigh
from badges.verify.pipeline import CHECKS, check
from badges.verify.policy import Policy
from badges.verify.presented import Form, Presented
from badges.verify.report import Report
from did.public_key import PublicKey

__all__ = ["Cohort"]

RECHECK_EVERY = 1000
"""One spared credential in so many is looked at by the whole verifier."""

MOST_MODELS = 64
"""Templates that are remembered."""

SUITE = "eddsa-rdfc-2022"

PROOF_VALUE = ("proof", 0, "proofValue")
"""The only text of a proof that always differs."""

_BY_RULES = frozenset({"structure", "schema"})
"""Checks that are made of rules: `FORM`, `SCHEMA` and the contexts."""


@dataclass(frozen=True, slots=True)
class _Model:
    """A credential that was found valid, as far as it stands for others."""

    key: PublicKey
    options_hash: bytes
    clearance: Clearance
    of_proof: tuple[int, ...]
    """Which texts of the template stand in the proof: what they say, only the model is known for
    (``created`` may be equal to ``validFrom``, which differs from batch to batch)."""

    said: tuple[bytes, ...]

    def is_of(self, sight: TemplateSight) -> bool:
        """Tell whether the proof of a credential says what that of the model said."""
        return tuple([sight.texts[place] for place in self.of_proof]) == self.said


@dataclass(slots=True)
class Cohort:
    """A verifier of many credentials at one time."""

    evidence: Evidence
    policy: Policy
    now: datetime
    _models: dict[int, tuple[object, _Model | None]] = field(default_factory=dict)
    """By template, which is kept beside so that its number stays its own; None where it cannot
    stand for others."""

    _lists: KnownLists = field(default_factory=dict)

    def is_valid(self, presented: Presented) -> bool:
        """Tell whether the credential is certainly ``valid``; False: let `check` find out."""
        sight = _sight(presented)
        _, model = self._models.get(id(sight.template), (None, None)) if sight else (None, None)
        if sight is None or model is None or not model.is_of(sight):
            return False
        document, clearance = presented.document, model.clearance
        spared = clearance.spares(document, sight.texts, lambda: _places(document, sight))
        if not spared or not _is_signed(presented, model):
            return False
        if clearance.is_due(RECHECK_EVERY) and self.look(presented).verdict is not Verdict.VALID:
            known_shapes.distrust("a credential was taken for valid that is not: it is now off")
            return False
        return True

    def look(self, presented: Presented) -> Report:
        """Let the whole verifier look at a credential, and learn nothing of it."""
        return check(Case(presented, self.evidence, self.policy, self.now), tell=False)

    def check(self, presented: Presented) -> Report:
        """Let the whole verifier look at a credential, and remember it if it is valid."""
        case = Case(presented, self.evidence, self.policy, self.now, self._lists)
        report, sight = check(case, tell=False), _sight(presented)
        if sight and report.verdict is Verdict.VALID and self._may_learn(sight):
            self._models[id(sight.template)] = sight.template, _model(case, sight)
        return report

    def _may_learn(self, sight: TemplateSight) -> bool:
        if len(self._models) >= MOST_MODELS:
            self._models.clear()
        _, model = self._models.get(id(sight.template), (None, None))
        return id(sight.template) not in self._models or (
            model is not None and not model.is_of(sight)
        )


def _sight(presented: Presented) -> TemplateSight | None:
    if presented.form is not Form.EMBEDDED or presented.problem is not None:
        return None
    if text := _text(presented):
        return text.sight
    sight = known_shapes.recognise(presented.document)
    return sight if isinstance(sight, TemplateSight) else None


def _text(presented: Presented) -> KnownText | None:
    """Return the text of the credential, if it is that of the document to look at."""
    text = presented.text
    return text if text is not None and text.document is presented.document else None


def _places(document: Mapping[str, Any], sight: TemplateSight) -> Mapping[Path, int]:
    return known_shapes.places(document, sight)


def _model(case: Case, sight: TemplateSight) -> _Model | None:
    """Return what a valid credential stands for; None where its proof is not one like all."""
    proofs = case.document["proof"]
    if not isinstance(proofs, list) or len(proofs) != 1 or proofs[0].get("cryptosuite") != SUITE:
        return None
    places = _places(case.document, sight)
    of_proof = {place for path, place in places.items() if path[0] == "proof"}
    value = places.get(PROOF_VALUE)
    if sum(place == value for place in places.values()) > 1:
        return None
    authenticity = examine(case).authenticity
    found = authenticity.proofs[0].found
    if found is None:
        return None
    signed = data_integrity.verify_proof(case.document, proofs[0], found.key)
    if signed.vintages or "previousProof" in proofs[0]:
        return None
    restless = sight.template.restless.setdefault("verdict", set())  # seen in earlier cohorts
    clearance = Clearance(Family("verdict", tuple(_rules(case, authenticity))), restless)
    if not clearance.spares(case.document, sight.texts, lambda: places):
        return None
    fixed = tuple(sorted(of_proof - {value}))
    said = tuple([sight.texts[place] for place in fixed])
    return _Model(found.key, signed.options_hash, clearance, fixed, said)


def _is_signed(presented: Presented, model: _Model) -> bool:
    """Check the signature over the document as it stands; its options are those of the model."""
    try:
        signature = multibase.decode_z(presented.document["proof"][0]["proofValue"])
        digest = _digest(presented)
    except BadgeError:
        return False
    return model.key.verify(signature, model.options_hash + digest)


def _digest(presented: Presented) -> bytes:
    """Return the hash of the canonical document without its proof."""
    text = _text(presented)
    found = known_text.digest_without(text, "proof") if text else None
    if found is not None:
        return found
    unsecured = {name: value for name, value in presented.document.items() if name != "proof"}
    return hashlib.sha256(known_shapes.canonicalize(unsecured, contexts={})).digest()


def _rules(case: Case, authenticity: Authenticity) -> Iterator[Rule]:
    """Give all that the whole verifier asks, as rules about the document."""
    yield from FORM.rules
    yield from SCHEMA.rules
    yield Rule(lambda document: many(document.get("credentialSchema")))  # those are not spared
    yield Rule(_words, lambda _: ())  # the shape decides: see `check_contexts`
    for name in sorted(CHECKS.keys() - _BY_RULES):
        yield Rule(partial(_findings, name, case, authenticity))


def _words(document: Mapping[str, Any]) -> Iterator[str]:
    try:
        check_contexts(document)
    except BadgeError as error:
        yield str(error)


def _findings(
    name: str, case: Case, authenticity: Authenticity, document: Mapping[str, Any]
) -> list[Finding]:
    """Return what one check has against the document, if anything."""
    finding = CHECKS[name](Examined(case.about(document), authenticity))
    return [] if weigh(finding) is Weight.FINE else [finding]
