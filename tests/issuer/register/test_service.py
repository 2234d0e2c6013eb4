from dataclasses import replace

from issuer.db.session import reading
from issuer.register.service import own_policy, own_register


def test_every_organisation_of_the_service_is_listed_by_its_did(instance, alliance):
    with reading(instance.engine) as connection:
        register = own_register(connection)
    assert register.name == "Northlight University Alliance ivzw"
    listing = register.find("did:web:badges.example:o:halvik")
    assert (listing.name, listing.country) == ("Universitetet i Halvik", "NO")


def test_a_stranger_is_not_listed(instance, alliance):
    with reading(instance.engine) as connection:
        assert own_register(connection).find("did:web:elsewhere.example") is None


def test_an_empty_service_recognises_nobody(instance):
    with reading(instance.engine) as connection:
        assert own_register(connection).listings == {}


def test_local_dids_count_only_for_a_service_on_this_machine(instance, alliance):
    local = instance.settings.model_copy(update={"base_url": "http://localhost:8000"})
    with reading(instance.engine) as connection:
        assert not own_policy(instance, connection).allow_local
        assert own_policy(replace(instance, settings=local), connection).allow_local
