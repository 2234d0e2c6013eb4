"""What an Open Badge does not say and an EDC needs: questions for the issuer, and their answers.

Spec: EDC application profile (what it cannot be without) and Council Recommendation
2022/C 243/02, Annex I (what a micro-credential must say).
Shape: each question has a key; answers are a JSON object, key → text, number or list of texts.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from badges.award import (
    Achievement,
    Assessment,
    AssessmentType,
    Award,
    Identifier,
    Learner,
    LearningOutcome,
    LearningSetting,
    Mode,
    Organisation,
    QualityAssurance,
    QualityAssuranceType,
    Skill,
    Supervision,
)
from badges.edc.building import EIDAS
from badges.errors import MalformedValue, WrongAnswer
from contexts.codes import UnknownCode, find

__all__ = ["QUESTIONS", "MissingAnswer", "Need", "answer", "missing_answers"]


class Need(StrEnum):
    """What an answer is needed for."""

    EUROPASS = "europass"
    """Europass refuses the credential without it."""

    SEAL = "seal"
    """It cannot be sealed without it; a draft can be written."""

    MICRO_CREDENTIAL = "micro-credential"
    """Without it, it is not a micro-credential in the EU's sense."""

    USEFUL = "useful"


@dataclass(frozen=True, slots=True)
class MissingAnswer:
    """One question to the issuer."""

    key: str
    question: str
    need: Need
    field: str
    """The EDC field it fills."""

    choices: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the wire form."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, when it is open, and where its answer goes."""

    asked: MissingAnswer
    is_open: Callable[[Award], bool]
    put: Callable[[Award, Any], Award]


def missing_answers(award: Award) -> list[MissingAnswer]:
    """Return the questions that are open, the pressing ones first."""
    order = list(Need)
    found = [question.asked for question in QUESTIONS.values() if question.is_open(award)]
    return sorted(found, key=lambda asked: order.index(asked.need))


def answer(award: Award, answers: Mapping[str, Any]) -> Award:
    """Return the award with the answers filled in.

    Raises:
        WrongAnswer: there is no such question, or the answer does not fit it.
    """
    for key, value in answers.items():
        if key not in QUESTIONS:
            raise WrongAnswer(f"there is no question {key!r}; use one of: {', '.join(QUESTIONS)}")
        try:
            award = QUESTIONS[key].put(award, value)
        except (UnknownCode, MalformedValue, ValueError, TypeError, KeyError) as error:
            choices = QUESTIONS[key].asked.choices
            hint = f"; use one of: {', '.join(choices)}" if choices else ""
            raise WrongAnswer(f"{key}: {value!r} does not fit: {error}{hint}") from error
    return award


def _with(award: Award, **changes: Any) -> Award:
    return replace(award, achievement=replace(award.achievement, **changes))


def _each_body(award: Award, change: Callable[[Organisation], Organisation]) -> Award:
    achievement = award.achievement
    return _with(
        award,
        creator=change(achievement.creator),
        awarding_bodies=tuple(map(change, achievement.awarding_bodies)),
    )


def _issuer(award: Award, change: Callable[[Organisation], Organisation]) -> Award:
    if award.issuer:
        return replace(award, issuer=change(award.issuer))
    return _each_body(award, change)


def _country(value: Any) -> str:
    return find("country", str(value)).alias


def _legal(value: Any) -> Callable[[Organisation], Organisation]:
    number = Identifier(EIDAS, _words(value))
    return lambda body: replace(body, identifiers=(*body.identifiers, number))


def _words(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("give a text")
    return value.strip()


def _learner(member: str) -> Callable[[Award, Any], Award]:
    return lambda award, value: replace(
        award, learner=_renamed(award.learner, member, _words(value))
    )


def _renamed(learner: Learner, member: str, name: str) -> Learner:
    if member == "given_name":
        return replace(learner, given_name=name, full_name="")
    return replace(learner, family_name=name, full_name="")


def _member(name: str, read: Callable[[Any], Any]) -> Callable[[Award, Any], Award]:
    return lambda award, value: _with(award, **{name: read(value)})


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _skills(award: Award, value: Any) -> Award:
    outcomes = award.achievement.learning_outcomes
    skills = tuple(
        Skill(_words(one["uri"]), {award.language: _words(one["label"])}) for one in _several(value)
    )
    named = outcomes[0] if outcomes else LearningOutcome(award.achievement.title)
    first = replace(named, skills=(*named.skills, *skills))
    return _with(award, learning_outcomes=(first, *outcomes[1:]))


def _quality(award: Award, value: Any) -> Award:
    body = Organisation(_words(value["agency"]), _country(value["country"]))
    kind = QualityAssuranceType(value.get("type", QualityAssuranceType.INSTITUTION))
    return _with(award, quality_assurance=(QualityAssurance(kind, body, value.get("url")),))


def _body_country(award: Award, value: Any) -> Award:
    country = _country(value)
    return _each_body(award, lambda body: replace(body, country=body.country or country))


def _quality_country(award: Award, value: Any) -> Award:
    country = _country(value)
    assured = tuple(
        replace(one, body=replace(one.body, country=one.body.country or country))
        for one in award.achievement.quality_assurance
    )
    return _with(award, quality_assurance=assured)


def _has_legal(award: Award) -> bool:
    schemes = {number.scheme.casefold() for number in award.awarding_body.identifiers}
    return bool(schemes & {EIDAS, "vat"})


def _achievement(is_open: Callable[[Achievement], bool]) -> Callable[[Award], bool]:
    return lambda award: is_open(award.achievement)


def _values(words: type[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for word in words)


ROWS = (
    Question(
        MissingAnswer(
            "body.country",
            "In which country is the awarding body?",
            Need.EUROPASS,
            "awardedBy.awardingBody.location.address.countryCode",
        ),
        _achievement(lambda one: not all(body.country for body in one.bodies)),
        _body_country,
    ),
    Question(
        MissingAnswer(
            "issuer.country",
            "In which country is the issuer registered?",
            Need.EUROPASS,
            "issuer.location.address.countryCode",
        ),
        lambda award: not award.awarding_body.country,
        lambda award, value: _issuer(award, lambda body: replace(body, country=_country(value))),
    ),
    Question(
        MissingAnswer(
            "quality_assurance.country",
            "In which country is the quality agency?",
            Need.EUROPASS,
            "specifiedBy.accreditation.accreditingAgent.location",
        ),
        _achievement(lambda one: not all(each.body.country for each in one.quality_assurance)),
        _quality_country,
    ),
    Question(
        MissingAnswer(
            "issuer.legal_identifier",
            "What is the issuer's legal identifier, as its seal certificate has it?",
            Need.SEAL,
            "issuer.eIDASIdentifier",
        ),
        lambda award: not _has_legal(award),
        lambda award, value: _issuer(award, _legal(value)),
    ),
    Question(
        MissingAnswer(
            "learner.given_name",
            "What is the learner's given name?",
            Need.MICRO_CREDENTIAL,
            "credentialSubject.givenName",
        ),
        lambda award: not award.learner.name,
        _learner("given_name"),
    ),
    Question(
        MissingAnswer(
            "learner.family_name",
            "What is the learner's family name?",
            Need.MICRO_CREDENTIAL,
            "credentialSubject.familyName",
        ),
        lambda award: not award.learner.name,
        _learner("family_name"),
    ),
    Question(
        MissingAnswer(
            "ects",
            "How many ECTS credits is it worth?",
            Need.MICRO_CREDENTIAL,
            "specifiedBy.creditPoint",
        ),
        _achievement(lambda one: not (one.ects or one.workload_hours)),
        _member("ects", float),
    ),
    Question(
        MissingAnswer(
            "workload_hours",
            "How many hours does a learner work for it?",
            Need.MICRO_CREDENTIAL,
            "specifiedBy.volumeOfLearning",
        ),
        _achievement(lambda one: not (one.ects or one.workload_hours)),
        _member("workload_hours", float),
    ),
    Question(
        MissingAnswer(
            "eqf_level",
            "Which EQF level has it?",
            Need.MICRO_CREDENTIAL,
            "specifiedBy.eqfLevel",
            tuple("12345678"),
        ),
        _achievement(lambda one: not (one.eqf_level or one.nqf or one.cycle)),
        _member("eqf_level", int),
    ),
    Question(
        MissingAnswer(
            "assessment",
            "How is it assessed?",
            Need.MICRO_CREDENTIAL,
            "provenBy.specifiedBy.dcType",
            _values(AssessmentType),
        ),
        _achievement(lambda one: not one.assessments),
        _member(
            "assessments",
            lambda value: tuple(Assessment(AssessmentType(each)) for each in _several(value)),
        ),
    ),
    Question(
        MissingAnswer(
            "participation",
            "How do learners take part?",
            Need.MICRO_CREDENTIAL,
            "specifiedBy.mode",
            _values(Mode),
        ),
        _achievement(lambda one: one.participation is None),
        _member("participation", Mode),
    ),
    Question(
        MissingAnswer(
            "quality_assurance",
            "Who assures the quality? Give agency, country and, if you like, type and url.",
            Need.MICRO_CREDENTIAL,
            "specifiedBy.accreditation",
            _values(QualityAssuranceType),
        ),
        _achievement(lambda one: not one.quality_assurance),
        _quality,
    ),
    Question(
        MissingAnswer(
            "skills",
            "Which ESCO skills does it teach? Give uri and label of each.",
            Need.MICRO_CREDENTIAL,
            "specifiedBy.learningOutcome.relatedESCOSkill",
        ),
        _achievement(lambda one: not one.skills),
        _skills,
    ),
    Question(
        MissingAnswer(
            "supervision",
            "Who watches the assessment, and is identity checked?",
            Need.USEFUL,
            "provenBy.idVerification",
            _values(Supervision),
        ),
        _achievement(
            lambda one: (
                one.supervision is None and not any(each.supervision for each in one.assessments)
            )
        ),
        _member("supervision", Supervision),
    ),
    Question(
        MissingAnswer(
            "setting",
            "Is it formal or non-formal learning?",
            Need.USEFUL,
            "specifiedBy.learningSetting",
            _values(LearningSetting),
        ),
        _achievement(lambda one: one.setting is None),
        _member("setting", LearningSetting),
    ),
    Question(
        MissingAnswer(
            "isced_f",
            "Which fields of study (ISCED-F codes)?",
            Need.USEFUL,
            "specifiedBy.thematicArea",
        ),
        _achievement(lambda one: not one.isced_f),
        _member(
            "isced_f",
            lambda value: tuple(find("isced-f", str(each)).key for each in _several(value)),
        ),
    ),
)
"""The questions, each with the EDC field it fills."""

QUESTIONS: Mapping[str, Question] = {row.asked.key: row for row in ROWS}
"""Every question, by key."""
