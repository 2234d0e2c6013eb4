from dataclasses import replace

import pytest

from did.document import DidDocument
from did.errors import InvalidVerificationMethod
from issuer.audit.service import verify
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidOrganisation, NoSigningKey, NotAllowed, NotFound
from issuer.organisations import store
from issuer.organisations.keys import active_key, compromise, rotate
from issuer.organisations.model import Kind, Particulars
from issuer.organisations.service import Founding, did_document, establish, is_member_of
from issuer.signing.service import signer, signer_for

UNIVERSITY = Particulars("Universitetet i Halvik", "NO")


def found(instance, **founding):
    with unit_of_work(instance.engine) as connection:
        return establish(instance, connection, Founding(**founding), "cli")


def document(instance, organisation):
    with reading(instance.engine) as connection:
        return DidDocument(did_document(connection, organisation))


def test_an_organisation_gets_its_did_and_a_key_that_may_sign(instance, clock):
    halvik = found(instance, slug="halvik", particulars=UNIVERSITY)
    assert halvik.did == "did:web:badges.example:o:halvik"
    with reading(instance.engine) as connection:
        key, signs = signer_for(instance, connection, halvik)
    method = document(instance, halvik).authorised(
        signs.verification_method, "assertionMethod", clock()
    )
    assert method.public_key == signs.public_key == key.public_key
    assert verify(instance.engine).lines == 2


def test_the_port_of_the_base_url_is_part_of_the_did(instance):
    settings = instance.settings.model_copy(update={"base_url": "http://localhost:8000/"})
    halvik = found(replace(instance, settings=settings), slug="halvik", particulars=UNIVERSITY)
    assert halvik.did == "did:web:localhost%3A8000:o:halvik"


def test_an_organisation_may_be_one_key(instance):
    halvik = found(instance, slug="halvik", particulars=UNIVERSITY, did_method="key")
    with reading(instance.engine) as connection:
        _, signs = signer_for(instance, connection, halvik)
    assert signs.verification_method.startswith(halvik.did + "#z6Mk")


def test_one_key_for_ever_cannot_change(instance):
    halvik = found(instance, slug="halvik", particulars=UNIVERSITY, did_method="key")
    with unit_of_work(instance.engine) as connection:
        key = active_key(connection, halvik)
        with pytest.raises(NotAllowed, match="only a did:web"):
            rotate(instance, connection, halvik, key, "cli")


def test_members_know_their_alliance(instance, alliance):
    northlight, halvik, morgenau, _ = alliance
    assert [o.kind for o in alliance] == [Kind.ALLIANCE, Kind.MEMBER, Kind.MEMBER, Kind.MEMBER]
    assert halvik.particulars.parent.legal_name == northlight.particulars.legal_name
    with reading(instance.engine) as connection:
        assert is_member_of(connection, halvik, northlight)
        assert not is_member_of(connection, northlight, halvik)
        assert not is_member_of(connection, halvik, morgenau)


@pytest.mark.parametrize("slug", ["", "A", "a b", "../etc", "-a", "a" * 64, "a.b", "a/b", "å"])
def test_an_unusable_slug_is_refused(instance, slug):
    with pytest.raises(InvalidOrganisation, match="lower-case"):
        found(instance, slug=slug, particulars=UNIVERSITY)


def test_a_slug_is_taken_once(instance):
    found(instance, slug="halvik", particulars=UNIVERSITY)
    with pytest.raises(InvalidOrganisation, match="already"):
        found(instance, slug="halvik", particulars=UNIVERSITY)


def test_an_unknown_did_method_names_those_there_are(instance):
    with pytest.raises(InvalidOrganisation, match="use web or key"):
        found(instance, slug="halvik", particulars=UNIVERSITY, did_method="btcr")


def test_nobody_is_found_where_nobody_is(instance):
    with reading(instance.engine) as connection, pytest.raises(NotFound):
        store.by_slug(connection, "halvik")


def test_i8_after_rotation_the_old_key_verifies_and_the_new_one_signs(instance, clock):
    halvik = found(instance, slug="halvik", particulars=UNIVERSITY)
    with unit_of_work(instance.engine) as connection:
        old = active_key(connection, halvik)
        new = rotate(instance, connection, halvik, old, "cli")
        key, _ = signer_for(instance, connection, halvik)
    assert (key, new.fragment) == (new, "key-2")
    keys = document(instance, halvik)
    for method in (old.verification_method, new.verification_method):
        keys.authorised(method, "assertionMethod", clock())
    assert [m.id for m in keys.methods("authentication")] == [new.verification_method]


def test_i8_a_compromised_key_is_revoked_in_the_document_and_never_opened(instance, clock):
    halvik = found(instance, slug="halvik", particulars=UNIVERSITY)
    with unit_of_work(instance.engine) as connection:
        compromise(connection, active_key(connection, halvik), clock(), clock(), "cli")
        (key,) = store.keys_of(connection, halvik.id)
        with pytest.raises(NoSigningKey, match="no active"):
            signer_for(instance, connection, halvik)
    with pytest.raises(NoSigningKey, match="compromised"):
        signer(instance, key)
    with pytest.raises(InvalidVerificationMethod, match="revoked"):
        document(instance, halvik).authorised(key.verification_method, "assertionMethod", clock())


def test_an_exchanged_key_file_is_noticed(instance, alliance):
    halvik = alliance[1]
    instance.kept.clear()
    keys = instance.settings.keys
    (keys / "halvik-key-1.key").write_bytes((keys / "morgenau-key-1.key").read_bytes())
    with reading(instance.engine) as connection, pytest.raises(NoSigningKey, match="another key"):
        signer_for(instance, connection, halvik)
