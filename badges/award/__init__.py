"""What is awarded, by whom, to whom: the model that every credential format is written from.

Spine: the 16 standard elements of Council Recommendation 2022/C 243/02, Annex I.
"""

from badges.award.achievement import (
    Achievement,
    Assessment,
    Framework,
    GradingScheme,
    Image,
    LearningOutcome,
    QualityAssurance,
    ResultLevel,
    Skill,
)
from badges.award.codes import (
    AssessmentType,
    LearningSetting,
    Mode,
    OpportunityType,
    QualityAssuranceType,
    Stackability,
    Supervision,
)
from badges.award.decision import Award, Evidence, Learner
from badges.award.elements import (
    Element,
    is_micro_credential,
    missing_elements,
    missing_in_award,
)
from badges.award.lang import LangString, pick
from badges.award.organisation import Identifier, Organisation

__all__ = [
    "Achievement",
    "Assessment",
    "AssessmentType",
    "Award",
    "Element",
    "Evidence",
    "Framework",
    "GradingScheme",
    "Identifier",
    "Image",
    "LangString",
    "Learner",
    "LearningOutcome",
    "LearningSetting",
    "Mode",
    "OpportunityType",
    "Organisation",
    "QualityAssurance",
    "QualityAssuranceType",
    "ResultLevel",
    "Skill",
    "Stackability",
    "Supervision",
    "is_micro_credential",
    "missing_elements",
    "missing_in_award",
    "pick",
]
