"""A sandbox awards as everybody does, and nothing of it is ever valid, sealed, or counted."""

from dataclasses import replace
from datetime import date

import pytest

from badges.award import Learner
from badges.award import Organisation as Particulars
from badges.errors import NotExportable
from badges.verify.outcome import Verdict
from issuer.admin.statistics_store import gather
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.catalogue.service import import_achievements
from issuer.catalogue.yaml_file import read_achievement
from issuer.db.session import reading, unit_of_work
from issuer.edc.exporting import draft
from issuer.errors import InvalidOrganisation
from issuer.organisations import mandates, store
from issuer.organisations.mandates import Paper
from issuer.organisations.service import Founding, establish
from issuer.register.service import own_register
from tests.issuer.awarding.test_service import report_on
from tests.issuer.conftest import EXAMPLES

NAMES = Particulars(legal_name="Sandbox of Northlight", country="BE")


def found(instance, parent, particulars=NAMES, slug="sandbox"):
    with unit_of_work(instance.engine) as connection:
        return establish(instance, connection, Founding(slug, particulars, parent), "test")


@pytest.fixture
def sandbox(instance, alliance):
    return found(instance, alliance[0])


@pytest.fixture
def rehearsed(instance, sandbox):
    """One award of the sandbox."""
    entry = read_achievement(EXAMPLES / "achievements/energy-positive-neighbourhoods.yaml")
    mine = entry.model_copy(update={"id": "rehearsal", "awarding_body": "sandbox"})
    with unit_of_work(instance.engine) as connection:
        import_achievements(instance, connection, [mine])
    learner = Learner(given_name="Ana", email="ana@x.example")
    return award_one(instance, Wish("rehearsal", Decision(learner, date(2026, 6, 12))))


def test_what_a_sandbox_awards_is_signed_and_never_valid(instance, rehearsed):
    report = report_on(instance, rehearsed.document)
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert b"Sandbox of Northlight" in rehearsed.document


def test_nobody_finds_a_sandbox_in_the_register(instance, sandbox, alliance):
    with reading(instance.engine) as connection:
        listed = own_register(connection).listings
    assert sandbox.did not in listed
    assert {each.did for each in alliance} <= set(listed)


def test_no_seal_of_the_alliance_comes_on_what_a_sandbox_awards(instance, rehearsed):
    with pytest.raises(NotExportable, match="sandbox"):
        draft(instance, rehearsed.issuance.id)


def test_nobody_signs_for_a_sandbox(instance, sandbox):
    paper = Paper("m.pdf", b"%PDF-1.7", date(2026, 6, 12))
    with (
        pytest.raises(InvalidOrganisation, match="nobody signs"),
        unit_of_work(instance.engine) as connection,
    ):
        mandates.give(connection, sandbox, paper, "test", instance.now())


def test_the_alliance_does_not_count_its_sandbox(instance, rehearsed, alliance, sandbox):
    with reading(instance.engine) as connection:
        assert len(gather(connection, sandbox, None).awards) == 1
        assert gather(connection, alliance[0], None).awards == []


@pytest.mark.parametrize(
    "particulars",
    [
        Particulars(legal_name="University of Northlight", country="BE"),
        replace(NAMES, names={"en": "University of Northlight"}),
    ],
)
def test_a_sandbox_says_so_in_every_name(instance, alliance, particulars):
    with pytest.raises(InvalidOrganisation, match="in its names"):
        found(instance, alliance[0], particulars)
    with reading(instance.engine) as connection:
        assert not any(one.is_sandbox for one in store.all_organisations(connection))


def test_a_sandbox_stands_below_the_alliance_and_has_nothing_below_it(instance, alliance):
    with pytest.raises(InvalidOrganisation, match="below the alliance"):
        found(instance, alliance[1])
    below = found(instance, alliance[0])
    with pytest.raises(InvalidOrganisation, match="below a sandbox"):
        found(instance, below, slug="unit-of-it")
