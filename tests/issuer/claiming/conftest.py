"""A service on this machine that keeps its mail in a folder, and awards to write of."""

from dataclasses import replace
from datetime import date

import pytest

from badges.award import Learner
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.web.i18n import speak


@pytest.fixture
def local(instance, tmp_path):
    """The same service on this machine, keeping its mail in a folder."""
    update = {"base_url": "http://localhost:8000", "mail_folder": tmp_path / "mail"}
    yield replace(instance, settings=instance.settings.model_copy(update=update))
    speak("en")


@pytest.fixture
def award(instance, achievements):
    def make(email="zoe@student.example", **said):
        learner = Learner(given_name="Zoë", family_name="Berg", email=email)
        decision = Decision(learner, date(2026, 6, 12), **said)
        return award_one(instance, Wish("energy-positive-neighbourhoods", decision))

    return make
