import pytest

from did.errors import KeyUnavailable
from did.public_key import Curve
from did.signers import file
from issuer.db.session import unit_of_work
from issuer.errors import NotAllowed, NotFound
from issuer.organisations.ceremony import examine, export_key, find_key, import_key
from issuer.organisations.keys import active_key
from issuer.organisations.model import KeyState
from issuer.organisations.store import keys_of


@pytest.fixture
def foreign(tmp_path):
    """A key made elsewhere, with the passphrase of this service."""
    uri, _ = file.make(tmp_path / "elsewhere.key", Curve.ED25519, "correct horse", cost=2**14)
    return uri


def test_an_examined_key_becomes_the_active_one(instance, alliance, foreign):
    member = alliance[1]
    with unit_of_work(instance.engine) as connection:
        old = active_key(connection, member)
        new = import_key(
            instance, connection, member, examine(instance, connection, member, foreign), "cli"
        )
        states = [key.state for key in keys_of(connection, member.id)]
        assert active_key(connection, member).id == new.id != old.id
    assert states == [KeyState.RETIRED, KeyState.ACTIVE]
    assert new.verification_method.endswith("#key-2")


def test_examining_changes_nothing(instance, alliance, foreign):
    with unit_of_work(instance.engine) as connection:
        before = keys_of(connection, alliance[1].id)
        examine(instance, connection, alliance[1], foreign)
        assert keys_of(connection, alliance[1].id) == before


def test_a_key_is_brought_in_once(instance, alliance, foreign):
    with unit_of_work(instance.engine) as connection:
        found = examine(instance, connection, alliance[1], foreign)
        import_key(instance, connection, alliance[1], found, "cli")
        with pytest.raises(NotAllowed, match="already"):
            examine(instance, connection, alliance[2], foreign)


def test_a_key_with_another_passphrase_is_refused(instance, alliance, tmp_path):
    uri, _ = file.make(tmp_path / "other.key", Curve.ED25519, "something else", cost=2**14)
    with unit_of_work(instance.engine) as connection, pytest.raises(KeyUnavailable):
        examine(instance, connection, alliance[1], uri)


@pytest.mark.parametrize("uri", ["file:///nowhere.key", "https://x.example/key", "", "pkcs11:"])
def test_a_key_that_is_not_there_is_refused(instance, alliance, uri):
    with unit_of_work(instance.engine) as connection, pytest.raises(KeyUnavailable):
        examine(instance, connection, alliance[1], uri)


def test_an_exported_key_opens_and_stays_encrypted(instance, alliance, tmp_path):
    target = tmp_path / "copy.key"
    with unit_of_work(instance.engine) as connection:
        key = active_key(connection, alliance[1])
        export_key(instance, connection, key, target, "cli")
    assert target.stat().st_mode & 0o777 == 0o600
    assert file.open_key(target.as_uri(), "correct horse").public_key == key.public_key
    with pytest.raises(KeyUnavailable):
        file.open_key(target.as_uri(), "wrong")


def test_an_export_never_overwrites(instance, alliance, tmp_path):
    target = tmp_path / "copy.key"
    target.write_text("mine")
    with unit_of_work(instance.engine) as connection, pytest.raises(KeyUnavailable):
        export_key(instance, connection, active_key(connection, alliance[1]), target, "cli")
    assert target.read_text() == "mine"


def test_an_unknown_key_is_not_found(instance, alliance):
    with unit_of_work(instance.engine) as connection, pytest.raises(NotFound):
        find_key(connection, "did:web:nobody.example#key-1")
