import json
from datetime import UTC, datetime, timedelta

import pytest

from badges.errors import BadgeError, ProofInvalid
from badges.verify import Policy
from badges.verify.keys import KeyRing
from badges.verify.signed_register import sign_register
from did.public_key import Curve
from did.signers.memory import generate
from issuer.db.session import unit_of_work
from issuer.errors import NotFound, RegisterRefused, RegisterRollback
from issuer.register.imports import (
    Candidate,
    import_register,
    imported,
    plain_register,
    remove_register,
    signed_register,
    trusted_listings,
)
from issuer.register.service import own_register

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
UNI = "did:web:uni.elsewhere.example"


@pytest.fixture
def connection(engine):
    with unit_of_work(engine) as connection:
        yield connection


def candidate(version=3, publisher="did:web:p.example", **change):
    listing = {"id": UNI, "name": "Uni"} | change.pop("listing", {})
    document = {"name": "Fed", "version": version, "issuers": [listing]}
    document |= {"expires": "2026-12-01T00:00:00Z"} | change
    return Candidate(publisher, version, json.dumps(document).encode())


def test_an_imported_register_is_believed_until_it_ends(connection):
    assert import_register(connection, "fed", candidate(), NOW, "cli")
    listing = trusted_listings(connection)[UNI]
    assert (listing.name, listing.register) == ("Uni", "Fed")
    assert listing.covers(NOW)
    assert not listing.covers(datetime(2026, 12, 1, tzinfo=UTC))


def test_a_listing_that_ends_before_its_register_ends_then(connection):
    early = candidate(listing={"until": "2026-11-02T00:00:00Z"})
    import_register(connection, "fed", early, NOW, "cli")
    assert not trusted_listings(connection)[UNI].covers(NOW + timedelta(days=1))


def test_a_newer_version_replaces_the_older(connection):
    import_register(connection, "fed", candidate(3), NOW, "cli")
    newer = candidate(4, issuers=["did:web:b.example"])
    assert import_register(connection, "fed", newer, NOW, "cli")
    assert list(trusted_listings(connection)) == ["did:web:b.example"]


def test_the_same_again_changes_nothing(connection):
    import_register(connection, "fed", candidate(), NOW, "cli")
    assert not import_register(connection, "fed", candidate(), NOW, "cli")


@pytest.mark.parametrize("removed", [False, True])
@pytest.mark.parametrize("other", [candidate(2), candidate(3, name="Changed")], ids=["old", "text"])
def test_a_rollback_is_refused_even_after_a_removal(connection, other, removed):
    import_register(connection, "fed", candidate(3), NOW, "cli")
    if removed:
        remove_register(connection, "fed", NOW, "cli")
    with pytest.raises(RegisterRollback):
        import_register(connection, "fed", other, NOW, "cli")


def test_one_member_does_not_go_back_behind_its_statement(connection):
    stated = {"issued": "2026-10-02T00:00:00Z"}
    import_register(connection, "fed", candidate(3, listing=stated), NOW, "cli")
    older = candidate(4, listing={"issued": "2026-10-01T00:00:00Z"})
    with pytest.raises(RegisterRollback, match=r"uni\.elsewhere"):
        import_register(connection, "fed", older, NOW, "cli")


def test_another_publisher_cannot_take_the_name(connection):
    import_register(connection, "fed", candidate(), NOW, "cli")
    with pytest.raises(RegisterRefused, match="published by"):
        import_register(connection, "fed", candidate(9, "did:web:evil.example"), NOW, "cli")


def test_a_removed_register_is_believed_no_more(connection):
    import_register(connection, "fed", candidate(), NOW, "cli")
    remove_register(connection, "fed", NOW, "cli")
    assert trusted_listings(connection) == {}
    assert imported(connection)[0].removed_at == NOW
    with pytest.raises(NotFound):
        remove_register(connection, "fed", NOW, "cli")


def test_a_plain_list_holds_as_long_as_the_operator_vouches(connection):
    plain = plain_register(json.dumps([UNI]).encode(), NOW, 10)
    import_register(connection, "own", plain, NOW, "cli")
    listing = trusted_listings(connection)[UNI]
    assert listing.covers(NOW + timedelta(days=9))
    assert not listing.covers(NOW + timedelta(days=10))


@pytest.mark.parametrize("text", ["", "5", "{}", '{"issuers": [5]}', '"x"'])
def test_what_is_no_list_is_not_imported(text):
    with pytest.raises(BadgeError):
        plain_register(text.encode(), NOW, 10)


def test_a_plain_list_that_has_ended_is_not_imported():
    old = {"issuers": [UNI], "expires": "2026-10-01T00:00:00Z"}
    with pytest.raises(RegisterRefused, match="ended"):
        plain_register(json.dumps(old).encode(), NOW, 10)


def test_a_signed_register_is_read_only_from_its_publisher():
    signer, other = generate(Curve.ED25519), generate(Curve.ED25519)
    plain = {"name": "Fed", "version": 5, "issuers": [UNI]}
    data = json.dumps(
        sign_register(plain, signer, issued=NOW, expires=NOW + timedelta(days=9))
    ).encode()
    ring = KeyRing({}, Policy(), NOW)
    own, foreign = (one.verification_method.partition("#")[0] for one in (signer, other))
    assert signed_register(data, publisher=own, ring=ring).version == 5
    for publisher, changed in ((foreign, data), (own, data.replace(b"Fed", b"Bed"))):
        with pytest.raises(ProofInvalid):
            signed_register(changed, publisher=publisher, ring=ring)


def test_a_services_own_organisations_come_before_a_register(instance, alliance):
    own = "did:web:badges.example:o:halvik"
    with unit_of_work(instance.engine) as connection:
        claims = candidate(listing={"id": own, "name": "Impostor"})
        import_register(connection, "fed", claims, NOW, "cli")
        import_register(connection, "other", candidate(), NOW, "cli")
        register = own_register(connection)
    assert register.find(own).name == "Universitetet i Halvik"
    assert register.find(UNI).name == "Uni"
