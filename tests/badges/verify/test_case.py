from dataclasses import fields
from datetime import UTC, datetime

import pytest

from badges.verify import Case, Policy
from badges.verify.presented import Form, Presented

NOW = datetime(2026, 11, 29, tzinfo=UTC)
OTHER = {"id": "urn:uuid:other"}


@pytest.fixture
def case():
    """A case each of whose parts says something of its own."""
    said = {found.name: object() for found in fields(Presented)} | {"form": Form.EMBEDDED}
    return Case(Presented(**said), {}, Policy(), NOW, {})


def test_the_same_question_is_asked_about_another_credential(case):
    other = case.about(OTHER)
    assert other.document is OTHER
    for found in fields(Case):
        if found.name != "presented":
            assert getattr(other, found.name) is getattr(case, found.name), found.name


def test_nothing_of_how_it_came_is_lost_but_the_text_of_the_first(case):
    other = case.about(OTHER).presented
    for found in fields(Presented):
        if found.name not in {"document", "text"}:
            assert getattr(other, found.name) is getattr(case.presented, found.name), found.name
    assert other.text is None
