"""The contract that conformance suites and integrators hold us to."""

import copy
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from badges.proofs.data_integrity import add_proof
from badges.proofs.multibase import decode_z
from badges.status.bits import expand
from did.public_key import Curve
from did.signers.memory import generate
from issuer.app import create_app
from issuer.db import session
from issuer.db.session import reading
from issuer.db.tables import audit_line, vc_api_credential
from issuer.instance import Instance
from issuer.organisations.setup import establish_alliance
from issuer.settings import Settings
from issuer.verify import question
from issuer.verify.sources import Verifier
from tests.issuer.conftest import Clock

EXAMPLES = Path(__file__).parents[3] / "examples"
V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
SUBJECT = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"


class Inline:
    """A pool without processes: answers in this one."""

    async def ask(self, request):
        return question.answer(request)


def serve(instance, **options):
    """The whole service, its verifier in this process."""
    app = create_app(instance)
    app.state.verifier = Verifier(Inline(), app.state.verifier.sources)
    return TestClient(app, raise_server_exceptions=False, **options)


@pytest.fixture(params=["key", "web"])
def method(request):
    return request.param


def founded(instance, method):
    return establish_alliance(instance, EXAMPLES / "alliance.yaml", did_method=method)[0]


@pytest.fixture(scope="module")
def services(sqlite_model, tmp_path_factory):
    """A service for each DID method, reachable on this machine only, and its first organisation."""
    made = {}
    for method in ("key", "web"):
        folder = tmp_path_factory.mktemp(method)
        shutil.copyfile(sqlite_model, folder / "learnseal.sqlite")
        engine = session.engine(f"sqlite:///{folder / 'learnseal.sqlite'}")
        local = Instance(
            Settings(data=folder), engine, passphrase="correct horse", now=Clock(), key_cost=2**14
        )
        made[method] = (local, founded(local, method), serve(local))
    yield made
    for local, _, _ in made.values():
        local.engine.dispose()


@pytest.fixture
def local(services, method):
    return services[method][0]


@pytest.fixture
def issuer(services, method):
    return services[method][1]


@pytest.fixture
def client(services, method):
    return services[method][2]


@pytest.fixture
def credential(issuer):
    return {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": issuer.did,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": SUBJECT, "name": "Ada"},
    }


def issue(client, credential, path="/vc/credentials/issue"):
    return client.post(path, json={"credential": credential, "options": {}})


def verify(client, credential, **options):
    body = {"verifiableCredential": credential, "options": options}
    return client.post("/vc/credentials/verify", json=body)


def without(document, *path):
    changed = copy.deepcopy(document)
    *way, last = path
    node = changed
    for step in way:
        node = node[step]
    del node[last]
    return changed


def changed(document, *path, to):
    made = copy.deepcopy(document)
    *way, last = path
    node = made
    for step in way:
        node = node[step]
    node[last] = to
    return made


def test_issuing_answers_201_with_the_signed_credential(client, credential, issuer):
    answer = issue(client, credential)
    assert answer.status_code == 201
    signed = answer.json()["verifiableCredential"]
    (proof,) = signed["proof"]
    assert proof["type"] == "DataIntegrityProof"
    assert proof["cryptosuite"] == "eddsa-rdfc-2022"
    assert proof["proofValue"].startswith("z")
    assert proof["proofPurpose"] == "assertionMethod"
    assert proof["verificationMethod"].startswith(issuer.did)
    assert {name: signed[name] for name in credential} == credential


def test_what_was_issued_is_verified(client, credential):
    signed = issue(client, credential).json()["verifiableCredential"]
    answer = verify(client, signed)
    assert answer.status_code == 200, answer.json()
    assert answer.json()["errors"] == []


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_each_suite_has_its_own_address(client, credential, issuer, suite):
    path = f"/o/{issuer.slug}/vc/{suite}/credentials/issue"
    signed = issue(client, credential, path).json()["verifiableCredential"]
    assert signed["proof"][0]["cryptosuite"] == suite
    assert verify(client, signed).status_code == 200


@pytest.mark.parametrize("suite", ["ecdsa-rdfc-2019", "ecdsa-jcs-2019"])
def test_a_web_issuer_gets_a_key_for_the_curves_of_ecdsa(client, credential, issuer, suite, method):
    answer = issue(client, credential, f"/o/{issuer.slug}/vc/{suite}/credentials/issue")
    assert answer.status_code == 201, answer.json()
    signed = answer.json()["verifiableCredential"]
    assert verify(client, signed).status_code == 200
    if method == "key":
        assert signed["issuer"].startswith("did:key:zDn")
        again = issue(client, credential, f"/o/{issuer.slug}/vc/{suite}/credentials/issue").json()
        assert again["verifiableCredential"]["issuer"] == signed["issuer"]


@pytest.mark.parametrize(("curve", "length"), [("p-256", 64), ("p-384", 96)])
def test_a_curve_may_be_asked_for(client, credential, issuer, curve, length):
    path = f"/o/{issuer.slug}/vc/ecdsa-rdfc-2019/{curve}/credentials/issue"
    signed = issue(client, credential, path).json()["verifiableCredential"]
    assert len(decode_z(signed["proof"][0]["proofValue"])) == length
    assert verify(client, signed).status_code == 200


@pytest.mark.parametrize("method", ["key"], indirect=True)
@pytest.mark.parametrize(
    ("keys", "status"),
    [
        ("ecdsa-rdfc-2019/p-521", 404),
        ("ecdsa-rdfc-2019/P-256", 404),
        ("eddsa-rdfc-2022/p-256", 422),
        ("ecdsa-sd-2023/p-384", 422),
    ],
)
def test_a_curve_that_does_not_fit_is_refused(client, credential, issuer, keys, status):
    path = f"/o/{issuer.slug}/vc/{keys}/credentials/issue"
    assert issue(client, credential, path).status_code == status


def test_a_refused_credential_does_not_spoil_the_next(client, credential, issuer):
    path = f"/o/{issuer.slug}/vc/ecdsa-rdfc-2019/credentials/issue"
    assert issue(client, credential | {"nobodyDefinedThis": 1}, path).status_code == 422
    assert issue(client, credential, path).status_code == 201


def test_a_status_is_added_and_its_list_is_served(client, credential, local):
    signed = issue(client, credential).json()["verifiableCredential"]
    entry = signed["credentialStatus"]
    assert entry["type"] == "BitstringStatusListEntry"
    assert entry["statusPurpose"] == "revocation"
    assert entry["statusListIndex"] == str(int(entry["statusListIndex"]))
    assert "statusSize" not in entry
    assert entry["id"] != entry["statusListCredential"]
    served = client.get(entry["statusListCredential"].removeprefix(local.settings.origin)).json()
    assert served["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert served["id"] == entry["statusListCredential"]
    assert served["issuer"] == signed["issuer"]
    assert isinstance(served["@context"], list)
    subject = served["credentialSubject"]
    assert subject["type"] == "BitstringStatusList"
    assert subject["statusPurpose"] == "revocation"
    assert subject["encodedList"].startswith("u")
    assert len(expand(subject["encodedList"])) >= 16 * 1024
    assert signed["credentialSubject"] == credential["credentialSubject"]


def test_two_credentials_never_share_a_place(client, credential):
    places = [issue(client, credential).json()["verifiableCredential"]["credentialStatus"]["id"]]
    places.append(
        issue(client, credential).json()["verifiableCredential"]["credentialStatus"]["id"]
    )
    assert len(set(places)) == 2


@pytest.mark.parametrize("method", ["key"], indirect=True)
def test_a_status_that_is_there_stays_and_none_is_added_where_that_is_switched_off(
    local, issuer, credential
):
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": "https://a.example/status/1",
    }
    mine = credential | {"credentialStatus": entry}
    signed = issue(serve(local), mine).json()["verifiableCredential"]
    assert signed["credentialStatus"] == entry
    settings = local.settings.model_copy(update={"vc_api_status": False})
    plain = issue(serve(replace(local, settings=settings)), credential)
    assert "credentialStatus" not in plain.json()["verifiableCredential"]


def revoke(client, entry, to=True):
    return client.post("/vc/credentials/status", json={"credentialStatus": entry, "status": to})


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "ecdsa-rdfc-2019"])
def test_a_revoked_credential_is_verified_no_more(client, credential, issuer, suite):
    path = f"/o/{issuer.slug}/vc/{suite}/credentials/issue"
    signed = issue(client, credential, path).json()["verifiableCredential"]
    other = issue(client, credential, path).json()["verifiableCredential"]
    assert verify(client, signed).status_code == 200
    assert revoke(client, signed["credentialStatus"]).status_code == 200
    answer = verify(client, signed)
    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == ["revoked"]
    assert verify(client, other).status_code == 200
    assert revoke(client, signed["credentialStatus"]).status_code == 409


@pytest.mark.parametrize("method", ["key"], indirect=True)
def test_only_what_was_signed_here_is_revoked_and_for_ever(client, credential):
    entry = issue(client, credential).json()["verifiableCredential"]["credentialStatus"]
    elsewhere = entry | {"statusListCredential": "https://a.example/status/1"}
    assert revoke(client, elsewhere).status_code == 404
    unused = str((int(entry["statusListIndex"]) + 1) % 131_072)
    assert revoke(client, entry | {"statusListIndex": unused}).status_code == 404
    assert revoke(client, entry | {"statusListIndex": 7}).status_code in {400, 422}
    assert revoke(client, entry, to=False).status_code == 403
    assert revoke(client, entry, to="true").status_code == 403
    assert revoke(client, None).status_code == 400


SD = "ecdsa-sd-2023"


def derive(client, credential, *pointers):
    body = {"verifiableCredential": credential, "options": {"selectivePointers": pointers}}
    return client.post("/vc/credentials/derive", json=body)


def selective(client, issuer, credential, *mandatory):
    body = {"credential": credential, "options": {"mandatoryPointers": mandatory}}
    return client.post(f"/o/{issuer.slug}/vc/{SD}/credentials/issue", json=body)


def test_a_part_of_a_credential_is_shown_and_verified(client, credential, issuer):
    credential["credentialSubject"]["description"] = "known to few"
    base = selective(client, issuer, credential, "/issuer", "/validFrom")
    assert base.status_code == 201, base.json()
    signed = base.json()["verifiableCredential"]
    assert signed["proof"][0]["cryptosuite"] == SD
    assert signed["proof"][0]["proofValue"].startswith("u2V0A")
    whole = verify(client, signed)
    assert whole.status_code == 400  # the base proof is the holder's alone
    wrong = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    assert wrong in [found["type"] for found in whole.json()["problemDetails"]]
    answer = derive(client, signed, "/credentialSubject/name")
    assert answer.status_code == 201, answer.json()
    part = answer.json()["verifiableCredential"]
    assert part["credentialSubject"]["name"] == "Ada"
    assert "description" not in part["credentialSubject"]
    assert part["validFrom"] == credential["validFrom"]
    assert part["credentialStatus"] == signed["credentialStatus"]
    assert verify(client, part).status_code == 200, verify(client, part).json()
    forged = changed(part, "credentialSubject", "name", to="Eve")
    assert verify(client, forged).status_code == 400


@pytest.mark.parametrize("method", ["key"], indirect=True)
def test_pointers_that_lead_nowhere_are_refused(client, credential, issuer):
    assert selective(client, issuer, credential, "/nothing").status_code in {400, 422}
    wrong = {"credential": credential, "options": {"mandatoryPointers": "/issuer"}}
    path = f"/o/{issuer.slug}/vc/{SD}/credentials/issue"
    assert client.post(path, json=wrong).status_code in {400, 422}
    signed = selective(client, issuer, credential).json()["verifiableCredential"]
    assert derive(client, signed, "/nothing").status_code in {400, 422}
    assert derive(client, signed, 4).status_code in {400, 422}
    plain = issue(client, credential).json()["verifiableCredential"]
    assert derive(client, plain, "/issuer").status_code in {400, 422}
    assert derive(client, "a token").status_code == 400


@pytest.mark.parametrize(
    "suite", ["nonsense-2022", "Ed25519Signature2020", "eddsa-2022", "..", "x" * 300]
)
def test_a_suite_we_do_not_sign_with_is_refused(client, credential, issuer, suite):
    answer = issue(client, credential, f"/o/{issuer.slug}/vc/{suite}/credentials/issue")
    assert answer.status_code in {404, 422}


def test_a_vcdm_1_credential_gets_the_context_its_proof_needs(client, credential):
    old = without(credential, "validFrom") | {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": SUBJECT},
    }
    answer = issue(client, old)
    assert answer.status_code == 201, answer.json()
    signed = answer.json()["verifiableCredential"]
    assert "https://w3id.org/security/data-integrity/v2" in signed["@context"]
    assert verify(client, signed).status_code == 200


SRI = "sha384-" + "A" * 64

REFUSED = {
    "no subject": lambda c: without(c, "credentialSubject"),
    "empty subject": lambda c: c | {"credentialSubject": {}},
    "no subject in the list": lambda c: c | {"credentialSubject": []},
    "no type": lambda c: without(c, "type"),
    "another type": lambda c: c | {"type": ["Something"]},
    "undefined type": lambda c: c | {"type": ["VerifiableCredential", "NobodyDefinedThis"]},
    "undefined term": lambda c: c | {"nobodyDefinedThis": "x"},
    "undefined term inside": lambda c: changed(c, "credentialSubject", "undefinedTerm", to="x"),
    "context no list": lambda c: c | {"@context": V2},
    "no context": lambda c: without(c, "@context"),
    "contexts in the wrong order": lambda c: c | {"@context": [EXAMPLES_V2, V2]},
    "unknown context": lambda c: c | {"@context": [V2, "https://example.com/x"]},
    "context with a space": lambda c: c | {"@context": [V2, "https://example .com"]},
    "context that is a number": lambda c: c | {"@context": [V2, 4]},
    "no issuer": lambda c: without(c, "issuer"),
    "issuer null": lambda c: c | {"issuer": None},
    "issuer no URL": lambda c: c | {"issuer": "not-url"},
    "issuer without id": lambda c: c | {"issuer": {"name": "x"}},
    "another issuer": lambda c: c | {"issuer": SUBJECT},
    "id no URL": lambda c: c | {"id": "not-url"},
    "two ids": lambda c: c | {"id": ["urn:a:1", "urn:a:2"]},
    "validFrom malformed": lambda c: c | {"validFrom": "2026-01-01"},
    "validFrom without zone": lambda c: c | {"validFrom": "2026-01-01T00:00:00"},
    "validUntil malformed": lambda c: c | {"validUntil": "tomorrow"},
    "ends before it begins": lambda c: c | {"validUntil": "2025-01-01T00:00:00Z"},
    "status without type": lambda c: c | {"credentialStatus": {"id": "https://a.example/1"}},
    "status id no URL": lambda c: c | {"credentialStatus": {"id": "no url", "type": "X"}},
    "schema without type": lambda c: c | {"credentialSchema": {"id": "https://a.example/1"}},
    "schema id no URL": lambda c: c | {"credentialSchema": {"id": "no", "type": "JsonSchema"}},
    "refresh without type": lambda c: c | {"refreshService": {"id": "https://a.example/1"}},
    "terms without type": lambda c: c | {"termsOfUse": {"id": "https://a.example/1"}},
    "evidence without type": lambda c: c | {"evidence": {"id": "https://a.example/1"}},
    "resources as text": lambda c: c | {"relatedResource": ["https://a.example/1"]},
    "resource without id": lambda c: c | {"relatedResource": [{"digestSRI": SRI}]},
    "resource twice": lambda c: (
        c | {"relatedResource": [{"id": "https://a.example/1", "digestSRI": SRI}] * 2}
    ),
    "resource with another digest": lambda c: (
        c | {"relatedResource": [{"id": V2, "digestSRI": SRI}]}
    ),
    "protected term redefined": lambda c: (
        c | {"@context": [V2, {"credentialSubject": "https://a.example/subject"}]}
    ),
    "resource without digest": lambda c: c | {"relatedResource": [{"id": "https://a.example/1"}]},
    "language value with more": lambda c: c | {"name": {"@value": "x", "@language": "en", "y": 1}},
    "signed already": lambda c: c | {"proof": {"type": "DataIntegrityProof"}},
    "no credential": lambda c: {},
}


@pytest.mark.parametrize("method", ["key"], indirect=True)
@pytest.mark.parametrize("case", REFUSED)
def test_issuing_refuses_what_a_verifier_would_refuse(client, local, credential, case):
    before = count(local, vc_api_credential)
    answer = issue(client, REFUSED[case](credential))
    assert answer.status_code in {400, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert count(local, vc_api_credential) == before


@pytest.mark.parametrize("method", ["key"], indirect=True)
@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"x"',
        "{}",
        '{"credential": "x"}',
        '{"credential": 1}',
        '{"a":1,"a":2}',
    ],
)
@pytest.mark.parametrize(
    "path", ["/vc/credentials/issue", "/vc/credentials/verify", "/vc/presentations/verify"]
)
def test_what_is_no_request_is_a_400(client, path, body):
    answer = client.post(path, content=body)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_what_is_signed_was_stored_and_audited_first(instance, credential, method):
    local = replace(instance, settings=Settings(data=instance.settings.data))
    mine = credential | {"issuer": founded(local, method).did}
    lines = count(local, audit_line)
    issue(serve(local), mine)
    assert count(local, vc_api_credential) == 1
    assert count(local, audit_line) == lines + 3  # the new list was published too


def count(instance, table):
    with reading(instance.engine) as connection:
        return connection.scalar(select(func.count()).select_from(table))


FORGED = {
    "not a map": lambda s: "a credential",
    "proof missing": lambda s: without(s, "proof"),
    "proof not a map": lambda s: s | {"proof": ["x"]},
    "proof type missing": lambda s: without(s, "proof", 0, "type"),
    "proof type unknown": lambda s: changed(s, "proof", 0, "type", to="UnknownProof"),
    "method missing": lambda s: without(s, "proof", 0, "verificationMethod"),
    "purpose missing": lambda s: without(s, "proof", 0, "proofPurpose"),
    "purpose unknown": lambda s: changed(s, "proof", 0, "proofPurpose", to="invalidPurpose"),
    "created missing": lambda s: without(s, "proof", 0, "created"),
    "value missing": lambda s: without(s, "proof", 0, "proofValue"),
    "value null": lambda s: changed(s, "proof", 0, "proofValue", to=None),
    "value without header": lambda s: changed(
        s, "proof", 0, "proofValue", to=s["proof"][0]["proofValue"][1:]
    ),
    "suite unknown": lambda s: changed(s, "proof", 0, "cryptosuite", to="unknown-2022"),
    "undefined term added": lambda s: s | {"newTerm": "x"},
    "undefined type added": lambda s: s | {"type": [*s["type"], "UndefinedType"]},
    "relative id": lambda s: s | {"id": "relative"},
    "subject changed": lambda s: changed(s, "credentialSubject", "name", to="Eve"),
    "previous proof unknown": lambda s: changed(s, "proof", 0, "previousProof", to="urn:uuid:1"),
    "previous proofs unknown": lambda s: changed(s, "proof", 0, "previousProof", to=["urn:uuid:1"]),
}


@pytest.mark.parametrize("method", ["key"], indirect=True)
@pytest.mark.parametrize("case", FORGED)
def test_verifying_refuses_what_was_not_signed_so(client, credential, case):
    signed = issue(client, credential).json()["verifiableCredential"]
    assert verify(client, FORGED[case](signed)).status_code in {400, 422}


@pytest.mark.parametrize("method", ["key"], indirect=True)
def test_a_refusal_says_what_is_wrong_as_problem_details(client, credential):
    signed = issue(client, credential).json()["verifiableCredential"]
    assert verify(client, signed).json()["problemDetails"] == []
    for case, problem in (
        ("subject changed", "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
        ("value missing", "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
        ("suite unknown", "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
        ("undefined term added", "https://w3id.org/security#DATA_LOSS_DETECTION_ERROR"),
    ):
        answer = verify(client, FORGED[case](signed)).json()
        assert answer["verified"] is False
        assert problem in [found["type"] for found in answer["problemDetails"]], case
        assert all(found["title"] for found in answer["problemDetails"])


@pytest.mark.parametrize("method", ["key"], indirect=True)
@pytest.mark.parametrize(
    ("url", "status"), [(V2, 400), ("https://nowhere.invalid/terms.pdf", 200)], ids=str
)
def test_a_document_with_another_fingerprint_is_an_error_and_a_missing_one_is_none(
    client, credential, url, status
):
    stranger = generate(Curve.ED25519)
    did = stranger.verification_method.partition("#")[0]
    resource = {"id": url, "digestSRI": "sha384-" + "A" * 64}
    unsigned = credential | {"issuer": did, "relatedResource": [resource]}
    now = client.app.state.instance.now()
    signed = add_proof(unsigned, stranger, "eddsa-rdfc-2022", created=now)
    answer = verify(client, signed)
    assert answer.status_code == status, answer.json()


@pytest.mark.parametrize("method", ["key"], indirect=True)
def test_proof_only_is_said_to_be_unbound(client, credential):
    stranger = generate(Curve.ED25519)
    signed = add_proof(
        credential, stranger, "eddsa-rdfc-2022", created=client.app.state.instance.now()
    )
    assert verify(client, signed).status_code == 400
    answer = verify(client, signed, checks=["proof"])
    assert answer.status_code == 200
    assert answer.json()["unbound"] is True
    assert answer.json()["report"]["verdict"] != "valid"
    tampered = changed(signed, "credentialSubject", "name", to="Eve")
    assert verify(client, tampered, checks=["proof"]).status_code == 400


@pytest.fixture
def presentation(client, credential):
    holder = generate(Curve.ED25519)

    def make(challenge="c-1", domain="verifier.example", purpose="authentication"):
        signed = issue(client, credential).json()["verifiableCredential"]
        unsigned = {
            "@context": [V2],
            "type": ["VerifiablePresentation"],
            "holder": holder.verification_method.partition("#")[0],
            "verifiableCredential": [signed],
        }
        options = {"challenge": challenge, "domain": domain, "purpose": purpose}
        now = client.app.state.instance.now()
        return add_proof(unsigned, holder, "eddsa-rdfc-2022", created=now, **options)

    return make


def present(client, presentation, challenge="c-1", domain="verifier.example"):
    options = {"challenge": challenge, "domain": domain}
    body = {"verifiablePresentation": presentation, "options": options}
    return client.post("/vc/presentations/verify", json=body)


@pytest.mark.parametrize("method", ["key"], indirect=True)
def test_a_presentation_answers_challenge_and_domain(client, presentation):
    answer = present(client, presentation())
    assert answer.status_code == 200, answer.json()
    assert present(client, presentation(), challenge="c-2").status_code == 400
    assert present(client, presentation(), domain="other.example").status_code == 400


@pytest.mark.parametrize("method", ["key"], indirect=True)
def test_a_presentation_with_a_forged_credential_is_refused(client, presentation):
    made = presentation()
    made["verifiableCredential"][0]["credentialSubject"]["name"] = "Eve"
    assert present(client, made).status_code == 400
    assert present(client, without(presentation(), "proof")).status_code == 400


@pytest.mark.parametrize("method", ["web"], indirect=True)
def test_nobody_issues_on_a_public_service_without_its_token(local, issuer, credential):
    def status(token, given):
        settings = Settings(
            data=local.settings.data, base_url="https://badges.example", vc_api_token=token
        )
        headers = {"Authorization": f"Bearer {given}"} if given else {}
        client = serve(replace(local, settings=settings), headers=headers)
        return issue(client, credential).status_code

    assert status("", "") == 403
    assert status("", "anything") == 403
    assert status("right", "") == 401
    assert status("right", "wrong") == 401
    assert status("right", "right") == 201
