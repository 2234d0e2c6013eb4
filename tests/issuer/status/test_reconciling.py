"""I4: an old backup is restored beside newer published lists."""

import shutil
from datetime import date

import orjson
import pytest
from sqlalchemy import func, select

from badges.award import Learner
from badges.status import bits as status_bits
from issuer.awarding.artefacts import issue_again
from issuer.awarding.model import Decision, Order
from issuer.awarding.service import Wish, award_one, revoke, status_of
from issuer.db import session, tables
from issuer.errors import Reconciling, StatusRollback
from issuer.status.publication import publish, publish_due
from issuer.status.reconciling import mark, reconcile
from issuer.status.service import Act

ENERGY = "energy-positive-neighbourhoods"


def give(instance, number):
    decision = Decision(Learner(email=f"{number}@student.example"), date(2026, 6, 12))
    return award_one(instance, Wish(ENERGY, decision)).issuance


def take_back(instance, issuance):
    revoke(instance, [issuance.credential_id], Act("cli", instance.now()))


def published_bits(instance):
    (path,) = instance.settings.published.glob("*.json")
    document = orjson.loads(path.read_bytes())
    return status_bits.expand(document["credentialSubject"]["encodedList"])


@pytest.fixture
def instance(instance):
    """On SQLite only: there a backup is a file that can be put back in a line."""
    if instance.engine.dialect.name != "sqlite":
        pytest.skip("the restored backup of this test is a SQLite file")
    return instance


@pytest.fixture
def restored(instance, achievements, clock, tmp_path):
    """Two credentials, a backup, a third one, the first and the third revoked; then the backup."""
    database, backup = tmp_path / "learnseal.sqlite", tmp_path / "backup.sqlite"
    first, second = give(instance, 1), give(instance, 2)
    with session.unit_of_work(instance.engine) as connection:
        connection.exec_driver_sql("SELECT 1")
        shutil.copyfile(database, backup)
        for suffix in ("-wal", "-shm"):
            shutil.copyfile(f"{database}{suffix}", f"{backup}{suffix}")
    clock.forward(minutes=5)
    third = give(instance, 3)
    take_back(instance, first)
    take_back(instance, third)
    clock.forward(minutes=5)
    instance.engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"learnseal.sqlite{suffix}").unlink(missing_ok=True)
        shutil.copyfile(f"{backup}{suffix}", f"{database}{suffix}")
    return first, second, third


def test_i4_a_restored_store_issues_nothing(instance, restored):
    with pytest.raises(Reconciling, match="learnseal reconcile"):
        give(instance, 4)
    with session.reading(instance.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(tables.award)) == 2


def test_i4_a_restored_store_issues_no_second_artefact(instance, restored):
    with pytest.raises(Reconciling):
        issue_again(instance, restored[1].award_id, Order(format="jwt_vc_json"))


def test_i4_a_restored_store_publishes_nothing(instance, restored, clock):
    before = published_bits(instance)
    clock.forward(days=1)
    with pytest.raises(Reconciling):
        publish_due(instance)
    with pytest.raises(Reconciling):
        publish(instance, 1)
    assert published_bits(instance) == before


def test_i4_a_restored_store_revokes_nothing(instance, restored):
    with pytest.raises(Reconciling):
        take_back(instance, restored[1])


def test_i4_reconciling_un_revokes_nobody(instance, restored):
    before = int.from_bytes(published_bits(instance))
    caught = reconcile(instance, "cli")
    publish_due(instance)
    assert (caught.lists, caught.revoked) == (1, 1)
    _, entries = status_of(instance, restored[0].credential_id)
    assert entries[0].set_at
    publish(instance, 1)
    after = int.from_bytes(published_bits(instance))
    assert before.bit_count() == 2
    assert after & before == before


def test_i4_new_places_are_in_new_lists_only(instance, restored):
    reconcile(instance, "cli")
    _, (place,) = status_of(instance, give(instance, 4).credential_id)
    assert place.list_id != 1


def test_i4_the_service_works_again_afterwards(instance, restored):
    reconcile(instance, "cli")
    take_back(instance, give(instance, 4))
    take_back(instance, restored[1])


def test_i4_the_mark_of_another_history_is_noticed_however_long_the_store_grew(
    instance, achievements
):
    give(instance, 1)
    path = instance.settings.published / "mark"
    known = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps(known | {"hash": "00" * 32, "seq": 1}))
    with pytest.raises(Reconciling):
        give(instance, 2)


def test_i4_a_list_the_store_never_heard_of_is_adopted_and_published(instance, achievements, clock):
    first = give(instance, 1)
    take_back(instance, first)
    (path,) = instance.settings.published.glob("*.json")
    path.rename(path.with_name("abcdef0123456789abcdef01.json"))
    assert reconcile(instance, "cli").adopted == 1
    clock.forward(hours=13)
    publish_due(instance)
    adopted = orjson.loads(path.with_name("abcdef0123456789abcdef01.json").read_bytes())
    assert adopted["validFrom"] == "2026-11-24T01:00:00Z"
    bits = status_bits.expand(adopted["credentialSubject"]["encodedList"])
    assert int.from_bytes(bits).bit_count() == 1


def test_i4_an_unreadable_list_is_told_and_nothing_is_reconciled(instance, achievements):
    give(instance, 1)
    (path,) = instance.settings.published.glob("*.json")
    path.write_bytes(b"{")
    with pytest.raises(StatusRollback, match="restore it first"):
        reconcile(instance, "cli")


@pytest.mark.parametrize("content", [b"", b"{}", b'{"seq": "x"}', b"[1]"])
def test_i4_a_damaged_mark_holds_the_service(instance, achievements, content):
    give(instance, 1)
    (instance.settings.published / "mark").write_bytes(content)
    with pytest.raises(Reconciling):
        give(instance, 2)


def test_the_mark_only_moves_forward(instance, achievements):
    give(instance, 1)
    path = instance.settings.published / "mark"
    before = path.read_bytes()
    mark(instance)
    assert path.read_bytes() == before
