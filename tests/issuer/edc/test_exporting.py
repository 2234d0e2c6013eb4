import json
from datetime import date

import pytest
from sqlalchemy import update

from badges.award import Learner
from badges.edc.mapping import attached_badge
from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.errors import NotExportable
from badges.proofs import jades
from issuer.audit.service import verify as verify_audit
from issuer.awarding.model import Decision
from issuer.awarding.service import Wish, award_one
from issuer.db.edc_tables import edc_file
from issuer.db.session import unit_of_work
from issuer.edc import store
from issuer.edc.exporting import draft, seal_many, sealed
from issuer.edc.facts import TEST_NOTICE
from issuer.errors import NotFound, NotIssued, StoredBytesChanged, TimestampUnavailable
from issuer.signing.sealing import Sealer
from issuer.signing.test_seal import make_test_seal

COURSE = "energy-positive-neighbourhoods"


@pytest.fixture
def issued(instance, achievements):
    learner = Learner("Ana", "Andromeda", email="ana@student.example")
    return award_one(instance, Wish(COURSE, Decision(learner, date(2026, 6, 12), grade="Passed")))


@pytest.fixture
def sealer(instance, alliance):
    def make(legal_name=alliance[0].particulars.legal_name, timestamps=None):
        seal = make_test_seal(
            legal_name,
            identifier="VATBE-0000000097",
            country="BE",
            now=instance.now(),
            algorithm="ES256",
        )
        answer = timestamps or (lambda query: seal.timestamps.answer(query, instance.now()))
        return Sealer(seal.key, answer)

    return make


def test_a_sealed_file_verifies_passes_every_rule_and_carries_the_badge(instance, issued, sealer):
    octets = sealed(instance, issued.issuance.id, sealer())
    report = jades.verify(octets, jades.NO_LIST, instance.now())
    document = json.loads(report.payload)
    assert report.is_intact
    assert report.level is jades.Level.T
    assert errors(check_edc(document, seal=sealer().identity)) == []
    assert attached_badge(document) == issued.document


def test_it_is_sealed_once_and_stays_the_same(instance, issued, sealer, clock):
    first = sealed(instance, issued.issuance.id, sealer())
    clock.forward(days=1)
    assert sealed(instance, issued.issuance.id, sealer()) == first
    actions = [line for line in _audit(instance) if "edc." in line]
    assert [json.loads(line)["action"] for line in actions] == ["edc.intended", "edc.sealed"]


def _audit(instance):
    from issuer.audit.store import rows

    verify_audit(instance.engine)
    with unit_of_work(instance.engine) as connection:
        return [row.line.decode() for row in rows(connection)]


def test_what_was_kept_is_sealed_after_the_timestamp_authority_is_back(instance, issued, sealer):
    def silent(query):
        raise TimestampUnavailable("the timestamp authority does not answer")

    with pytest.raises(TimestampUnavailable):
        sealed(instance, issued.issuance.id, sealer(timestamps=silent))
    with unit_of_work(instance.engine) as connection:
        kept = store.file_of(connection, issued.issuance.id)
    octets = sealed(instance, issued.issuance.id, sealer())
    assert kept.sealed is None
    assert json.loads(octets)["payload"].encode() == kept.payload


def test_changed_text_is_never_sealed(instance, issued, sealer):
    with unit_of_work(instance.engine) as connection:
        made = store.Draft(issued.issuance.id, issued.issuance.award_id, "urn:x", b"{}")
        store.keep_payload(connection, made, None, instance.now())
        connection.execute(update(edc_file).values(payload=b'{"id": 1}'))
    with pytest.raises(StoredBytesChanged):
        sealed(instance, issued.issuance.id, sealer())


def test_a_seal_of_somebody_else_is_refused_and_nothing_is_kept(instance, issued, sealer):
    with pytest.raises(NotExportable, match="seal certificate says 'Other University'"):
        sealed(instance, issued.issuance.id, sealer("Other University"))
    with unit_of_work(instance.engine) as connection:
        assert store.file_of(connection, issued.issuance.id) is None


def test_a_test_seal_says_so_on_the_page(instance, issued, sealer):
    document = json.loads(json.loads(sealed(instance, issued.issuance.id, sealer()))["payload"])
    image = document["displayParameter"]["individualDisplay"][0]["displayDetail"][0]["image"]
    assert TEST_NOTICE in image["description"]["en"]


def test_an_alliance_that_seals_for_a_member_says_so(instance, issued, sealer):
    document = json.loads(json.loads(sealed(instance, issued.issuance.id, sealer()))["payload"])
    body = document["credentialSubject"]["hasClaim"][0]["awardedBy"]["awardingBody"][0]
    assert document["issuer"]["legalName"] != body["legalName"]
    assert "on behalf of" in document["evidence"][0]["evidenceStatement"]


def test_a_draft_can_be_uploaded_and_names_where_to_send_it(instance, issued):
    wrapped = json.loads(draft(instance, issued.issuance.id))
    assert wrapped["deliveryDetails"]["deliveryAddress"] == ["ana@student.example"]
    assert errors(check_edc(wrapped["credential"], is_draft=True)) == []


def test_what_was_not_issued_is_not_exported(instance, achievements, sealer, issuance_rows):
    with pytest.raises(NotFound):
        draft(instance, 999_999)
    (number,) = issuance_rows(1)
    with pytest.raises(NotIssued):
        sealed(instance, number, sealer())


def test_a_batch_names_what_was_refused_and_can_be_repeated(instance, issued, sealer):
    seen = []
    batch = seal_many(instance, [issued.issuance.id, 999_999], sealer(), tell=seen.append)
    assert batch.sealed == (issued.issuance.id,)
    assert list(batch.refused) == [999_999]
    assert seen == [2]
    assert seal_many(instance, [issued.issuance.id], sealer()).sealed == (issued.issuance.id,)


def test_every_example_can_be_exported(instance, achievements, sealer):
    for key in achievements:
        learner = Learner("Ana", "Andromeda", email="ana@student.example")
        made = award_one(instance, Wish(key, Decision(learner, date(2026, 6, 12))))
        octets = sealed(instance, made.issuance.id, sealer())
        assert jades.verify(octets, jades.NO_LIST, instance.now()).is_intact
