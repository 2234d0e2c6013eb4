from datetime import date

import pytest

from badges.award import Learner
from issuer.awarding.credential import credential_bytes, find_credential
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.errors import NotFound

WISH = Wish("energy-positive-neighbourhoods", Decision(Learner(full_name="Zoë"), date(2026, 6, 12)))


def test_a_credential_is_found_by_its_id(instance, achievements):
    credential = award_one(instance, WISH)
    assert find_credential(instance, credential.issuance.credential_id) == credential
    assert credential_bytes(instance, credential.issuance.id) == credential


def test_what_was_not_issued_here_is_not_found(instance, achievements):
    with pytest.raises(NotFound):
        find_credential(instance, "urn:uuid:unknown")
    with pytest.raises(NotFound):
        credential_bytes(instance, 999)
