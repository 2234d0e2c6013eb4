"""The alliance signs, the member awards: lists and decisions stay the member's."""

from dataclasses import replace
from datetime import date

import pytest

from badges.award import Learner
from issuer.app.post import WRITERS, post
from issuer.awarding import batches
from issuer.awarding.artefacts import issue_again
from issuer.awarding.model import Decision, Order
from issuer.awarding.service import Wish, award_one
from issuer.claiming import consent, rules
from issuer.claiming.erasing import erase_due
from issuer.claiming.rules import Rules
from issuer.claiming.service import create_claim
from issuer.claiming.unclaimed import remind_due
from issuer.db.session import reading, unit_of_work
from issuer.mail.service import postman_of
from issuer.organisations import aftercare, mandates
from issuer.organisations.aftercare import Aftercare
from issuer.organisations.mandates import Paper
from issuer.organisations.roles import Role
from issuer.status import store as places
from issuer.status.model import Purpose
from tests.issuer.admin.test_lists import GOOD, look, start, work

KEY = "energy-positive-neighbourhoods"
PAPER = Paper("mandate.pdf", b"%PDF-1.7 a signed letter", date(2026, 5, 1))
sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def member(instance, alliance, achievements):
    """A member for which the alliance signs."""
    found = next(o for o in alliance if o.id == achievements[KEY].organisation_id)
    with unit_of_work(instance.engine) as connection:
        mandates.give(connection, found, PAPER, "test", instance.now())
    return found


@pytest.fixture
def give(instance, member):
    def make(**changes):
        decision = Decision(Learner(given_name="Zoë", email="zoe@x.example"), date(2026, 6, 12))
        return award_one(instance, Wish(KEY, replace(decision, **changes))).issuance

    return make


def decide(instance, organisation, **decided):
    with unit_of_work(instance.engine) as connection:
        aftercare.save(connection, organisation.id, Aftercare(**decided))


@sqlite
def test_a_list_sent_at_the_members_desk_stays_there_and_is_nobody_elses(
    instance, alliance, member, sign_in_as
):
    coordinator = sign_in_as(Role.COORDINATOR, member.slug)
    where = start(coordinator, member.slug, look(coordinator, member.slug, GOOD))
    assert coordinator.open(where).status_code == 200
    work(instance, where)
    assert "1 of 1 rows" in coordinator.open(where).text
    assert f'href="{where}"' in coordinator.open(f"/staff/o/{member.slug}/batches").text
    office = sign_in_as(Role.ALLIANCE_ADMIN)
    assert office.get(where.replace(member.slug, alliance[0].slug)).status_code == 404
    other = next(o for o in alliance[1:] if o.id != member.id)
    stranger = sign_in_as(Role.COORDINATOR, other.slug)
    assert stranger.get(where.replace(member.slug, other.slug)).status_code == 404


@sqlite
def test_a_second_person_of_the_member_approves_what_the_alliance_will_sign(
    instance, member, sign_in_as
):
    administrator = sign_in_as(Role.MEMBER_ADMIN, member.slug)
    page = f"/staff/o/{member.slug}/four-eyes"
    assert administrator.submit(page, wanted="always").status_code == 303
    sender = sign_in_as(Role.COORDINATOR, member.slug)
    where = start(sender, member.slug, look(sender, member.slug, GOOD))
    assert administrator.submit(where, f"{where}/approve").status_code == 303
    work(instance, where)
    assert batches.progress_of(instance, int(where.rsplit("/", 1)[1])).counts.issued == 1


def test_the_member_decides_whether_its_awards_can_be_suspended(instance, alliance, member, give):
    decide(instance, alliance[0], suspendable=True)
    plain = give()
    decide(instance, alliance[0], suspendable=False)
    decide(instance, member, suspendable=True)
    suspendable = give(awarded_on=date(2026, 6, 13))
    copy = issue_again(instance, suspendable.award_id, Order(format="jwt_vc_json")).issuance
    with reading(instance.engine) as connection:
        purposes = [
            {entry.purpose for entry in places.entries_of(connection, [each.id])}
            for each in (plain, suspendable, copy)
        ]
    both = {Purpose.REVOCATION, Purpose.SUSPENSION}
    assert purposes == [{Purpose.REVOCATION}, both, both]


@sqlite
def test_the_member_decides_when_its_learners_are_reminded(  # noqa: PLR0913, PLR0917
    instance, alliance, member, give, clock, tmp_path
):
    changed = {"base_url": "http://localhost:8000", "mail_folder": tmp_path / "mail"}
    mailing = replace(instance, settings=instance.settings.model_copy(update=changed))
    give()
    post(postman_of(mailing, WRITERS))
    clock.forward(days=8)
    decide(instance, alliance[0], reminder_days=(7,))
    assert remind_due(mailing) == 0
    decide(instance, member, reminder_days=(7,))
    assert remind_due(mailing) == 1


def test_the_member_decides_how_long_its_learners_are_kept(instance, alliance, member, give, clock):
    give()
    clock.forward(days=3 * 366)
    decide(instance, alliance[0], retention_years=1)
    assert erase_due(instance) == 0
    decide(instance, member, retention_years=2)
    assert erase_due(instance) == 1


def test_the_member_decides_what_learners_are_asked_and_told(instance, alliance, member, give):
    number, now = give().award_id, instance.now()
    with unit_of_work(instance.engine) as connection:
        rules.save(connection, alliance[0].id, Rules(prove_email=True))
        rules.save(connection, member.id, Rules(wallet_code=True))
        consent.write(connection, alliance[0].id, "the alliance's words", now)
        consent.write(connection, member.id, "the member's words", now)
        link = create_claim(instance, connection, number).claim.id
        assert rules.rules_of_award(connection, number) == Rules(wallet_code=True)
        assert consent.for_claim(connection, link).content == "the member's words"
