from datetime import datetime

import pytest

from badges.award import Achievement, Award, Learner, Organisation
from badges.errors import MalformedValue

ACHIEVEMENT = Achievement(
    id="urn:x:1",
    version="1",
    title={"en": "Water"},
    description={"en": "About water"},
    creator=Organisation(legal_name="Tampere University", country="FI"),
)


def test_a_learner_must_be_somebody():
    with pytest.raises(MalformedValue, match="name"):
        Learner()


def test_the_printed_name_wins_over_its_parts():
    assert Learner("Ada", "Lovelace").name == "Ada Lovelace"
    assert Learner("Ada", "Lovelace", "Countess of Lovelace").name == "Countess of Lovelace"


def test_refuses_a_time_without_a_zone():
    with pytest.raises(MalformedValue, match="time zone"):
        Award(
            id="urn:x:2",
            achievement=ACHIEVEMENT,
            learner=Learner("Ada"),
            awarded=datetime(2026, 11, 1),  # noqa: DTZ001 - the point of the test
        )
