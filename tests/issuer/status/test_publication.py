import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from badges.proofs.data_integrity import verify_proof
from badges.status import bits as status_bits
from issuer.audit.service import verify
from issuer.db.session import reading, unit_of_work
from issuer.db.tables import outbox, status_entry, status_list
from issuer.errors import AlreadyRevoked, NotSuspendable, NotSuspended, StatusRollback
from issuer.organisations.keys import active_key
from issuer.status import files, store
from issuer.status.model import Purpose, Reason
from issuer.status.publication import publish, publish_due
from issuer.status.service import Act, reinstate, reserve, revoke, suspend


@pytest.fixture
def issuances(instance, achievements, issuance_rows):
    """The numbers of ten issuances of one member, that have no place yet."""
    return issuance_rows(10)


@pytest.fixture
def entries(instance, alliance, issuances, clock):
    with unit_of_work(instance.engine) as connection:
        return reserve(connection, alliance[1].id, Purpose.REVOCATION, issuances, clock())


def act(clock, reason=Reason.ISSUED_IN_ERROR):
    return Act("cli", clock(), reason, "told by the registrar")


def revoke_now(instance, entries, clock):
    with unit_of_work(instance.engine) as connection:
        current = store.entries_of(connection, [entry.issuance_id for entry in entries])
        return revoke(connection, current, act(clock))


def served(instance, list_id):
    with reading(instance.engine) as connection:
        found = store.lists(connection, [list_id])[list_id]
    return orjson.loads(files.read(instance.settings.published, found.public_id))


def bit(instance, entry):
    document = served(instance, entry.list_id)
    bits = status_bits.expand(document["credentialSubject"]["encodedList"])
    return status_bits.read(bits, entry.index)


def test_i16_a_new_list_is_published_whole_and_clear(instance, entries, clock):
    assert publish_due(instance) == 1
    document = served(instance, entries[0].list_id)
    bits = status_bits.expand(document["credentialSubject"]["encodedList"])
    assert len(bits) * 8 == status_bits.MIN_ENTRIES
    assert not any(bits)


def test_the_list_is_signed_by_the_organisation(instance, alliance, entries):
    publish_due(instance)
    document = served(instance, entries[0].list_id)
    with reading(instance.engine) as connection:
        key = active_key(connection, alliance[1])
    (proof,) = document["proof"]
    assert proof["verificationMethod"] == key.verification_method
    verify_proof(document, proof, key.public_key)


def test_i16_neither_url_nor_list_names_a_credential(instance, entries):
    publish_due(instance)
    with reading(instance.engine) as connection:
        found = store.lists(connection, [entries[0].list_id])[entries[0].list_id]
    assert len(found.public_id) == 24
    assert set(served(instance, found.id)["credentialSubject"]) == {
        "encodedList",
        "id",
        "statusPurpose",
        "ttl",
        "type",
    }


def test_a_revocation_shows_in_the_next_version_and_only_there(instance, entries, clock):
    publish_due(instance)
    revoke_now(instance, entries[:1], clock)
    assert publish_due(instance) == 1
    assert bit(instance, entries[0]) == 1
    assert bit(instance, entries[1]) == 0


def test_many_changes_make_one_version(instance, entries, clock):
    publish_due(instance)
    for entry in entries[:5]:
        revoke_now(instance, [entry], clock)
    publish_due(instance)
    with reading(instance.engine) as connection:
        assert store.lists(connection, [entries[0].list_id])[entries[0].list_id].version == 2
    assert publish_due(instance) == 0


def test_an_old_list_is_signed_again(instance, entries, clock):
    publish_due(instance)
    clock.forward(hours=13)
    assert publish_due(instance) == 1
    assert served(instance, entries[0].list_id)["validFrom"] == "2026-11-24T01:00:00Z"


def test_the_first_revocation_stands(instance, entries, clock):
    revoke_now(instance, entries[:1], clock)
    clock.forward(days=1)
    with pytest.raises(AlreadyRevoked, match="2026-11-23"):
        revoke_now(instance, entries[:1], clock)


def test_a_bulk_revocation_is_all_or_none(instance, entries, clock):
    revoke_now(instance, entries[3:4], clock)
    with pytest.raises(AlreadyRevoked):
        revoke_now(instance, entries, clock)
    with reading(instance.engine) as connection:
        assert store.places_set(connection, entries[0].list_id) == [entries[3].index]


def test_i5_the_database_refuses_to_clear_a_revocation(instance, entries, clock):
    revoke_now(instance, entries[:1], clock)
    with pytest.raises(DBAPIError, match="cannot be undone"), unit_of_work(instance.engine) as c:
        c.execute(update(status_entry).values(set_at=None))


@pytest.mark.parametrize("verb", [suspend, reinstate])
def test_i5_neither_suspending_nor_reinstating_lifts_a_revocation(instance, entries, clock, verb):
    revoke_now(instance, entries[:1], clock)
    with pytest.raises(AlreadyRevoked, match="for ever"), unit_of_work(instance.engine) as c:
        verb(c, store.entries_of(c, [entries[0].issuance_id]), act(clock))


@pytest.mark.parametrize("change", [{"version": 0}, {"allocated": 0}, {"document": b"{}"}])
def test_i5_the_database_refuses_to_turn_a_list_back(instance, entries, change):
    publish_due(instance)
    with pytest.raises(DBAPIError, match="forward"), unit_of_work(instance.engine) as connection:
        connection.execute(update(status_list).values(**change))


def test_i5_a_place_is_never_given_to_another(instance, entries):
    with pytest.raises(DBAPIError, match="never"), unit_of_work(instance.engine) as connection:
        connection.execute(update(status_entry).values(index=status_entry.c.index + 1))


def test_i5_a_suspension_can_be_lifted(instance, alliance, issuances, clock):
    with unit_of_work(instance.engine) as connection:
        places = reserve(connection, alliance[1].id, Purpose.SUSPENSION, issuances[:2], clock())
        suspended = suspend(connection, places[:1], act(clock, Reason.UNDER_REVIEW))
    publish_due(instance)
    assert bit(instance, places[0]) == 1
    with unit_of_work(instance.engine) as connection:
        reinstate(connection, suspended, act(clock))
    publish_due(instance)
    assert bit(instance, places[0]) == 0


def test_what_is_in_force_cannot_be_reinstated(instance, alliance, issuances, clock):
    with unit_of_work(instance.engine) as connection:
        places = reserve(connection, alliance[1].id, Purpose.SUSPENSION, issuances[:1], clock())
        with pytest.raises(NotSuspended):
            reinstate(connection, places, act(clock))


def test_without_a_place_in_a_suspension_list_there_is_no_suspension(instance, entries, clock):
    with unit_of_work(instance.engine) as connection, pytest.raises(NotSuspendable, match="revoke"):
        suspend(connection, entries[:1], act(clock))


def test_i4_a_published_revocation_survives_a_restored_store(instance, entries, clock):
    """As after a backup: the store forgot the revocation, the published file did not."""
    revoke_now(instance, entries[:1], clock)
    publish_due(instance)
    with unit_of_work(instance.engine) as connection:
        for name in ("revocation_stands", "list_version_rises"):
            on = {"revocation_stands": "status_entry", "list_version_rises": "status_list"}[name]
            tail = f" ON {on}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER {name}{tail}")
        connection.execute(update(status_entry).values(set_at=None))
        connection.execute(update(status_list).values(version=0, published_bits=None))
    clock.forward(minutes=5)
    publish(instance, entries[0].list_id)
    assert bit(instance, entries[0]) == 1


def test_who_waited_for_its_turn_publishes_at_the_time_of_its_turn(instance, entries, clock):
    """Two revocations at once: the second to be published is not taken for an older one."""
    publish_due(instance)
    list_id = entries[0].list_id
    with ThreadPoolExecutor(1) as other, unit_of_work(instance.engine) as connection:
        found = store.locked_list(connection, list_id)
        waiting = other.submit(publish, instance, list_id)
        time.sleep(0.2)
        earlier, later = clock(), clock() + timedelta(minutes=1)
        document = files.read(instance.settings.published, found.public_id)
        moments = [f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode() for moment in (earlier, later)]
        assert moments[0] in document
        files.write(instance.settings.published, found.public_id, document.replace(*moments, 1))
        clock.forward(minutes=1)
        connection.rollback()
        assert waiting.result(timeout=30).version == found.version + 1


def test_i5_a_list_of_a_later_time_is_never_overwritten(instance, entries, clock):
    publish_due(instance)
    clock.now -= timedelta(hours=1)
    before = served(instance, entries[0].list_id)
    with pytest.raises(StatusRollback, match="is of 2026-11-23"):
        publish(instance, entries[0].list_id)
    assert served(instance, entries[0].list_id) == before


def test_a_damaged_file_is_not_silently_replaced(instance, entries):
    publish_due(instance)
    (path,) = instance.settings.published.glob("*.json")
    path.write_bytes(b"{")
    with pytest.raises(StatusRollback, match="cannot be read"):
        publish(instance, entries[0].list_id)


def test_a_failed_publication_is_tried_again(instance, entries, clock):
    instance.kept.clear()
    (instance.settings.keys / "halvik-key-1.key").rename(instance.settings.data / "away")
    with pytest.raises(Exception, match="halvik-key-1"):
        publish_due(instance)
    (instance.settings.data / "away").rename(instance.settings.keys / "halvik-key-1.key")
    assert publish_due(instance) == 1
    with reading(instance.engine) as connection:
        assert not connection.execute(outbox.select().where(outbox.c.done_at.is_(None))).all()


def test_what_was_done_is_in_the_audit_log(instance, entries, clock):
    lines = verify(instance.engine).lines
    revoke_now(instance, entries[:2], clock)
    publish_due(instance)
    assert verify(instance.engine).lines == lines + 3
