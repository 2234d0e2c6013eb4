"""What one can do with a Europass file: convert, validate, seal, verify."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from badges.edc.building import moment
from badges.edc.finishing import finish
from badges.edc.mapping import Conversion, edc_to_ob3, ob3_to_edc
from badges.edc.problem import Problem, errors
from badges.edc.rules import check_edc
from badges.edc.shacl import Shapes, check_shapes
from badges.errors import NotExportable
from badges.verify import Case, Policy, check, read
from issuer.edc.facts import draw_pages
from issuer.edc.opening import EdcForm, is_badge, open_file
from issuer.signing.sealing import Sealer

__all__ = ["Validation", "convert", "seal", "validate", "verify"]

IsSkill = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Validation:
    """What our rules say of a credential, and what the official shapes say where they are here."""

    form: EdcForm
    problems: tuple[Problem, ...]
    shapes: tuple[Problem, ...] | None = field(default=None)

    @property
    def is_good(self) -> bool:
        """Tell whether nothing has to be mended."""
        return not errors(self.problems) and not self.shapes

    def to_json(self) -> dict[str, Any]:
        """Return the wire form."""
        official = None if self.shapes is None else [each.to_json() for each in self.shapes]
        return {
            "good": self.is_good,
            "form": self.form,
            "problems": [problem.to_json() for problem in self.problems],
            "official_shapes": official,
        }


def validate(
    data: bytes, *, shapes: Shapes | None = None, is_skill: IsSkill | None = None
) -> Validation:
    """Check a file by our rules, and by the official shapes where they are installed.

    Raises:
        MalformedCredential: it holds no credential.
        ShaclMissing: there are shapes but the extra edc-shacl is not installed.
    """
    opened = open_file(data)
    is_draft = opened.form is EdcForm.UPLOAD
    problems = check_edc(opened.document, is_draft=is_draft, is_skill=is_skill)
    official = tuple(check_shapes(opened.document, shapes)) if shapes else None
    if official and is_draft:
        official = tuple(each for each in official if each.path not in FILLED_AT_SEALING)
    return Validation(opened.form, tuple(problems), official)


FILLED_AT_SEALING = {"issuer", "issued", "eidasLegalIdentifier"}
"""What the shapes want and a draft cannot have: sealing fills it in."""


def convert(
    data: bytes, issued: datetime, *, answers: Mapping[str, Any] | None = None
) -> Conversion:
    """Turn an Open Badge into an EDC draft, or an EDC into an unsigned Open Badge.

    Raises:
        MalformedCredential: it is neither.
        WrongAnswer: an answer does not fit its question.
        NotExportable: Europass would refuse the result; the problems name field and fix.
    """
    document = open_file(data).document
    if not is_badge(document):
        return edc_to_ob3(document)
    return ob3_to_edc(document, draw_pages, issued, answers=answers)


def seal(data: bytes, sealer: Sealer, now: datetime) -> bytes:
    """Seal an unsealed EDC: what only sealing knows is filled in, then nothing changes again.

    Raises:
        MalformedCredential: it is no EDC, or is sealed already.
        NotExportable: a rule is broken; nothing is sealed.
        NotSealable, SealKeyUnusable: the certificate is not fit to seal.
    """
    opened = open_file(data)
    document = finish(opened.document, opened.form is EdcForm.SEALED, sealer.identity, moment(now))
    found = errors(check_edc(document, seal=sealer.identity))
    if found:
        raise NotExportable(problem.as_error() for problem in found)
    return sealer.seal(orjson.dumps(document).decode(), now)


def verify(data: bytes, policy: Policy, now: datetime) -> dict[str, Any]:
    """Check seal and content of a sealed file, with nothing from the network."""
    return check(Case(read(data), {}, policy, now)).to_json("")
