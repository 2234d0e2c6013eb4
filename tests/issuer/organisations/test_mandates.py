"""Mandates: who signs for whom, and the paper that says so."""

from datetime import date

import pytest

from badges.award import Learner
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidOrganisation, NotFound
from issuer.organisations import mandates
from issuer.organisations.mandates import Paper

PAPER = Paper("mandate.pdf", b"%PDF-1.7 a signed letter", date(2026, 9, 1))
DAY = date(2026, 6, 12)


def give(instance, organisation, paper=PAPER):
    with unit_of_work(instance.engine) as connection:
        mandates.give(connection, organisation, paper, "test", instance.now())


def signer_of(instance, organisation):
    with reading(instance.engine) as connection:
        return mandates.signer_of(connection, organisation).slug


def test_without_a_mandate_everybody_signs_for_themselves(instance, alliance):
    assert [signer_of(instance, o) for o in alliance] == [o.slug for o in alliance]


def test_a_mandate_lets_the_alliance_sign_until_it_ends(instance, alliance):
    give(instance, alliance[1])
    assert signer_of(instance, alliance[1]) == alliance[0].slug
    assert signer_of(instance, alliance[2]) == alliance[2].slug
    with unit_of_work(instance.engine) as connection:
        mandates.end(connection, alliance[1], "test", instance.now())
    assert signer_of(instance, alliance[1]) == alliance[1].slug


def test_awards_are_signed_by_whom_the_mandate_names_and_keep_their_awarding_body(
    instance, alliance, achievements
):
    version = achievements["energy-positive-neighbourhoods"]
    member = next(o for o in alliance if o.id == version.organisation_id)
    by_itself = award_one(instance, Wish(version.key, Decision(Learner(email="a@x.example"), DAY)))
    give(instance, member)
    by_alliance = award_one(
        instance, Wish(version.key, Decision(Learner(email="b@x.example"), DAY))
    )
    assert by_itself.issuance.organisation_id == member.id
    assert by_alliance.issuance.organisation_id == alliance[0].id
    assert member.did.encode() in by_alliance.document


def test_the_newer_mandate_ends_the_older_and_both_papers_stay(instance, alliance):
    give(instance, alliance[1])
    give(instance, alliance[1], Paper("second.pdf", b"%PDF-2.0 second", date(2026, 10, 1)))
    with reading(instance.engine) as connection:
        second, first = mandates.of_organisation(connection, alliance[1])
        papers = [mandates.document(connection, alliance[1], m.id) for m in (first, second)]
    assert first.ended_at
    assert not second.ended_at
    assert papers == [PAPER.content, b"%PDF-2.0 second"]


def test_an_alliance_needs_no_mandate_and_gets_none(instance, alliance):
    with pytest.raises(InvalidOrganisation, match="nobody above"):
        give(instance, alliance[0])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "PDF"),
        (b"PK\x03\x04 a word file", "PDF"),
        (b"<html>%PDF-", "PDF"),
        (b"%PDF-" + bytes(mandates.MAX_BYTES), "more than 2 MiB"),
    ],
    ids=["nothing", "word", "page", "huge"],
)
def test_refuses_what_is_no_paper(instance, alliance, content, why):
    with pytest.raises(InvalidOrganisation, match=why):
        give(instance, alliance[1], Paper("x", content, DAY))
    assert signer_of(instance, alliance[1]) == alliance[1].slug


def test_there_is_nothing_to_end_without_a_mandate(instance, alliance):
    with unit_of_work(instance.engine) as connection, pytest.raises(NotFound):
        mandates.end(connection, alliance[1], "test", instance.now())


def test_the_paper_of_another_organisation_is_not_there(instance, alliance):
    give(instance, alliance[1])
    with reading(instance.engine) as connection:
        (kept,) = mandates.of_organisation(connection, alliance[1])
        with pytest.raises(NotFound):
            mandates.document(connection, alliance[2], kept.id)
