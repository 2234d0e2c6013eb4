"""Real copies: signed at claim time, each with its own status, valid for our own verifier."""

from datetime import date

import orjson
import pytest

from badges.award import Learner
from badges.proofs import sd_jwt_vc, vc_jwt
from badges.verify import Case, Verdict, check, needs, read
from did import jwk
from did.public_key import Curve
from did.signers import memory
from issuer.awarding.model import Decision, Order
from issuer.awarding.service import Wish, award_one, reinstate, revoke, suspend
from issuer.awarding.store import of_award
from issuer.db.session import reading
from issuer.oid4vci import offers
from issuer.oid4vci.copies import issue_copies
from issuer.oid4vci.model import Configuration, Format, Holder
from issuer.register.service import own_policy
from issuer.status.model import Purpose, Reason
from issuer.status.own_documents import own_documents
from issuer.status.service import Act
from tests.issuer.oid4vci.wallet import Wallet, new_key

ZOE = Learner(given_name="Zoë", family_name="van den Berg", email="zoe@student.example")


@pytest.fixture
def issuing(service):
    """Let the service issue for real while a test runs."""
    del service.app.state.issue_copies
    yield service
    service.app.state.issue_copies = service.issue


def award(service, learner=ZOE):
    decision = Decision(learner, date(2026, 6, 12), grade="Passed", occasion=award.counter)
    award.counter += 1
    wish = Wish("energy-positive-neighbourhoods", decision)
    return award_one(service.instance, wish).issuance.award_id


award.counter = 1


def receive(service, form, key=None):
    """Award, offer, claim; return the credential as bytes."""
    wallet = Wallet(service.client(), key or new_key(), service.clock)
    choice = offers.OfferChoice(format=form)
    made = offers.create_offer(service.instance, award(service), choice)
    _, _, answer = wallet.receive(made.uri)
    assert answer.status_code == 200, answer.text
    (one,) = answer.json()["credentials"]
    credential = one["credential"]
    return orjson.dumps(credential) if isinstance(credential, dict) else credential.encode()


def report_on(service, document):
    instance = service.instance
    presented, evidence = read(document), {}
    for _ in range(3):
        evidence.update(own_documents(instance, needs(presented, evidence)))
    with reading(instance.engine) as connection:
        policy = own_policy(instance, connection)
    return check(Case(presented, evidence, policy, instance.now()))


@pytest.mark.parametrize("form", list(Format))
def test_what_a_wallet_receives_is_valid_until_it_is_revoked(issuing, form):
    document = receive(issuing, form)
    report = report_on(issuing, document)
    assert report.verdict is Verdict.VALID, report.findings
    presented = read(document)
    name = presented.document.get("id") or presented.document["jti"]
    revoke(issuing.instance, [name], Act("staff", issuing.clock(), Reason.ISSUED_IN_ERROR))
    report = report_on(issuing, document)
    assert report.verdict is Verdict.NOT_VALID
    assert {f.check for f in report.findings if f.outcome == "failed"} == {"status"}


@pytest.mark.parametrize("curve", [Curve.ED25519, Curve.P256])
@pytest.mark.parametrize("form", [Format.LDP_VC, Format.JWT_VC_JSON])
def test_the_badge_is_bound_to_the_holders_did(issuing, form, curve):
    key = new_key(curve)
    document = read(receive(issuing, form, key)).document
    assert document["credentialSubject"]["id"] == key.verification_method.partition("#")[0]


def test_a_jwt_badge_is_what_jwt_wallets_know(issuing):
    parsed = vc_jwt.parse(receive(issuing, Format.JWT_VC_JSON).decode())
    vc = parsed.payload["vc"]
    assert vc["@context"][0] == "https://www.w3.org/2018/credentials/v1"
    assert "validFrom" not in vc
    assert "." not in vc["issuanceDate"]  # to the second: some wallets compare nbf with it
    assert set(parsed.header) == {"alg", "typ", "kid"}
    assert parsed.payload["iss"] == vc["issuer"]["id"]


def test_an_sd_jwt_is_bound_to_the_key_and_hides_the_name(issuing):
    key = new_key()
    parsed = sd_jwt_vc.parse(receive(issuing, Format.SD_JWT_VC, key).decode())
    assert parsed.payload["cnf"]["jwk"] == jwk.to_jwk(key.public_key)
    assert "Zoë" not in orjson.dumps(parsed.payload).decode()
    assert parsed.claims["given_name"] == "Zoë"
    assert parsed.claims["vct"].endswith("/vct/energy-positive-neighbourhoods")
    assert parsed.payload["status"]["status_list"]["uri"].endswith("/token")


def test_the_type_of_an_sd_jwt_is_the_one_the_metadata_announces(issuing):
    parsed = sd_jwt_vc.parse(receive(issuing, Format.SD_JWT_VC).decode())
    client = issuing.client()
    place = "https://badges.example/.well-known/openid-credential-issuer/o/halvik"
    listed = client.get(place).json()["credential_configurations_supported"]
    assert listed["energy-positive-neighbourhoods_dc+sd-jwt"]["vct"] == parsed.claims["vct"]
    told = client.get(parsed.claims["vct"])
    assert told.status_code == 200
    assert told.json()["vct"] == parsed.claims["vct"]


def test_copies_of_one_award_have_places_of_their_own(issuing):
    number = award(issuing)
    offer = offers.create_offer(issuing.instance, number, offers.OfferChoice())
    wallet = Wallet(issuing.client(), new_key(), issuing.clock)
    read_offer = wallet.read(offer.uri)
    issuer = read_offer["credential_issuer"]
    token = wallet.redeem(read_offer).json()["access_token"]
    nonce = wallet.nonce(issuer)
    keys = [new_key(), new_key()]
    body = {
        "credential_configuration_id": read_offer["credential_configuration_ids"][0],
        "proofs": {"jwt": [wallet.proof(issuer, nonce, signer=key) for key in keys]},
    }
    given = wallet.ask(issuer, token, body).json()["credentials"]
    first, second = (one["credential"] for one in given)
    assert first["id"] != second["id"]
    places = [one["credentialStatus"]["statusListIndex"] for one in (first, second)]
    assert places[0] != places[1]


def test_the_same_key_asking_again_gets_the_same_bytes(issuing):
    number = award(issuing)
    key = new_key()
    wallet = Wallet(issuing.client(), key, issuing.clock)
    got = []
    for _ in range(2):
        made = offers.create_offer(issuing.instance, number, offers.OfferChoice())
        _, _, answer = wallet.receive(made.uri)
        got.append(answer.json()["credentials"])
    assert got[0] == got[1]


def test_a_bare_key_becomes_a_did_where_the_format_needs_one(issuing):
    signer = memory.generate(Curve.P256)
    holder = Holder(signer.public_key, jwk.to_jwk(signer.public_key))
    name = "energy-positive-neighbourhoods_ldp_vc"
    one = Configuration(name, Format.LDP_VC, "x", "halvik", {"en": "x"}, {})
    made = offers.create_offer(issuing.instance, award(issuing), offers.OfferChoice())
    with reading(issuing.instance.engine) as connection:
        offer = offers.store.find_offer(connection, made.name)
    (credential,) = issue_copies(issuing.instance, offer, one, [holder])
    did = signer.verification_method.partition("#")[0]
    assert credential["credentialSubject"]["id"] == did


def test_a_list_that_grew_old_is_published_again_before_a_copy_points_at_it(issuing):
    receive(issuing, Format.LDP_VC)
    issuing.clock.forward(days=30)
    assert report_on(issuing, receive(issuing, Format.LDP_VC)).verdict is Verdict.VALID


@pytest.fixture
def suspended(issuing):
    """An award that is suspended for now, and the id of its credential."""
    decision = Decision(ZOE, date(2026, 6, 12), grade="Passed", occasion=award.counter)
    award.counter += 1
    order = Order(purposes=(Purpose.REVOCATION, Purpose.SUSPENSION))
    wish = Wish("energy-positive-neighbourhoods", decision, order=order)
    issuance = award_one(issuing.instance, wish).issuance
    suspend(issuing.instance, [issuance.credential_id], act_of(issuing))
    return issuance


def act_of(service):
    return Act("staff", service.clock(), Reason.UNDER_REVIEW)


def session_of(service, number, **choice):
    """Offer an award and redeem it; return the wallet, issuer, token and configuration."""
    wallet = Wallet(service.client(), new_key(), service.clock)
    made = offers.create_offer(service.instance, number, offers.OfferChoice(**choice))
    read_offer = wallet.read(made.uri)
    token = wallet.redeem(read_offer).json()["access_token"]
    (name,) = read_offer["credential_configuration_ids"]
    return wallet, read_offer["credential_issuer"], token, name


def test_a_copy_that_is_refused_uses_up_neither_nonce_nor_offer(issuing, suspended):
    wallet, issuer, token, name = session_of(issuing, suspended.award_id)
    proof = wallet.proof(issuer, wallet.nonce(issuer))
    body = {"credential_configuration_id": name, "proofs": {"jwt": [proof]}}
    refused = wallet.ask(issuer, token, body)
    assert refused.status_code == 400
    assert refused.json()["error"] == "credential_request_denied"
    reinstate(issuing.instance, [suspended.credential_id], act_of(issuing))
    assert wallet.ask(issuer, token, body).status_code == 200
    assert wallet.ask(issuer, token, body).json()["error"] == "invalid_nonce"


def test_a_deferred_copy_that_is_refused_can_still_be_fetched(issuing, suspended):
    wallet, issuer, token, name = session_of(issuing, suspended.award_id, deferred_seconds=5)
    proof = wallet.proof(issuer, wallet.nonce(issuer))
    body = {"credential_configuration_id": name, "proofs": {"jwt": [proof]}}
    later = {"transaction_id": wallet.ask(issuer, token, body).json()["transaction_id"]}
    issuing.clock.forward(seconds=6)
    refused = wallet.ask(issuer, token, later, "deferred_credential")
    assert refused.json()["error"] == "credential_request_denied"
    reinstate(issuing.instance, [suspended.credential_id], act_of(issuing))
    assert wallet.ask(issuer, token, later, "deferred_credential").status_code == 200
    spent = wallet.ask(issuer, token, later, "deferred_credential")
    assert spent.json()["error"] == "invalid_transaction_id"


def test_two_holders_get_their_copies_together_or_not_at_all(issuing, suspended):
    wallet, issuer, token, name = session_of(issuing, suspended.award_id)
    nonce, keys = wallet.nonce(issuer), [new_key(), new_key()]
    proofs = [wallet.proof(issuer, nonce, signer=key) for key in keys]
    body = {"credential_configuration_id": name, "proofs": {"jwt": proofs}}
    assert wallet.ask(issuer, token, body).status_code == 400
    with reading(issuing.instance.engine) as connection:
        assert len(of_award(connection, suspended.award_id)) == 1
    reinstate(issuing.instance, [suspended.credential_id], act_of(issuing))
    assert len(wallet.ask(issuer, token, body).json()["credentials"]) == 2
