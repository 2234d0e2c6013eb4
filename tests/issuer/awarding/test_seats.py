import pytest
from sqlalchemy import update

from issuer.awarding.seats import MOST_KEPT, Room
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import organisation
from issuer.errors import KeyCompromised
from issuer.organisations.keys import active_key, compromise, rotate

ENERGY = "energy-positive-neighbourhoods"


@pytest.fixture
def halvik(alliance):
    return alliance[1]


def seen(instance, halvik, version):
    """Return what a chunk sees: the seat of an organisation, and an achievement of it."""
    with reading(instance.engine) as connection:
        room = Room(instance, connection)
        return room.seat(halvik.id)[1], room.achievement(version.id)


def test_what_the_rows_still_say_is_the_very_object_of_before(instance, halvik, achievements):
    seat, badge = seen(instance, halvik, achievements[ENERGY])
    again, same = seen(instance, halvik, achievements[ENERGY])
    assert again.document is seat.document
    assert same is badge
    assert same.creator is badge.creator


def test_a_new_key_is_in_the_document_of_the_next_chunk(instance, halvik, achievements):
    before, _ = seen(instance, halvik, achievements[ENERGY])
    with unit_of_work(instance.engine) as connection:
        new = rotate(instance, connection, halvik, active_key(connection, halvik), "cli")
    after, _ = seen(instance, halvik, achievements[ENERGY])
    assert after.signer.verification_method == new.verification_method
    assert after.document.method(new.verification_method)
    assert len(after.document.raw["verificationMethod"]) == 2
    assert len(before.document.raw["verificationMethod"]) == 1


def test_a_compromised_key_is_refused_however_often_it_was_used(
    instance, halvik, achievements, clock
):
    seen(instance, halvik, achievements[ENERGY])
    with unit_of_work(instance.engine) as connection:
        key = active_key(connection, halvik)
        compromise(connection, key, clock(), clock(), "cli")
    with reading(instance.engine) as connection, pytest.raises(KeyCompromised):
        Room(instance, connection).seat(halvik.id, key.id)


def test_an_organisation_that_changed_is_named_anew(instance, halvik, achievements):
    _, before = seen(instance, halvik, achievements[ENERGY])
    with unit_of_work(instance.engine) as connection:
        row = connection.execute(organisation.select().where(organisation.c.id == halvik.id)).one()
        changed = row.legal.replace(halvik.particulars.legal_name, "Halvik, renamed")
        connection.execute(
            update(organisation).where(organisation.c.id == halvik.id).values(legal=changed)
        )
    _, after = seen(instance, halvik, achievements[ENERGY])
    assert before.creator.legal_name == halvik.particulars.legal_name
    assert after.creator.legal_name == "Halvik, renamed"


def test_no_more_achievements_are_kept_than_fit(instance, halvik, achievements):
    seen(instance, halvik, achievements[ENERGY])
    kept = instance.kept["achievements they award"]
    kept |= {-number: None for number in range(1, MOST_KEPT)}
    other = next(version for key, version in achievements.items() if key != ENERGY)
    seen(instance, halvik, other)
    assert list(kept) == [other.id]
