"""VC-API as a suite talks to it: over TLS, each suite at its own issuing address."""

import ssl

import httpx
import pytest

from issuer.db.session import reading
from issuer.organisations.store import all_organisations
from tests.journeys.https_service import HttpsService

pytestmark = pytest.mark.slow

V2 = "https://www.w3.org/ns/credentials/v2"
SUITES = (
    "eddsa-rdfc-2022",
    "eddsa-jcs-2022",
    "ecdsa-rdfc-2019",
    "ecdsa-rdfc-2019/p-384",
    "ecdsa-jcs-2019",
    "ecdsa-jcs-2019/p-384",
    "ecdsa-sd-2023",
)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with HttpsService(tmp_path_factory.mktemp("https"), did_method="key").running() as service:
        yield service


@pytest.fixture(scope="module")
def organisation(service):
    with reading(service.instance.engine) as connection:
        return all_organisations(connection)[0]


@pytest.fixture(scope="module")
def client(service):
    trusted = ssl.create_default_context(cafile=service.ca)
    with httpx.Client(base_url=service.origin, verify=trusted, timeout=60) as client:
        yield client


@pytest.fixture
def credential(organisation):
    return {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": organisation.did,
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:0b2b6f7c-6f1e-4a7b-9d51-1f3d3a6f7a11"},
    }


def issue(client, organisation, suite, credential):
    path = f"/o/{organisation.slug}/vc/{suite}/credentials/issue"
    return client.post(path, json={"credential": credential, "options": {}})


def verify(client, credential):
    body = {"verifiableCredential": credential, "options": {"checks": ["proof"]}}
    whole = client.post("/vc/credentials/verify", json=body | {"options": {}})
    return whole.status_code, client.post("/vc/credentials/verify", json=body).status_code


def shown(client, credential):
    """What a verifier is given: for selective disclosure, a part."""
    if credential["proof"][0]["cryptosuite"] != "ecdsa-sd-2023":
        return credential
    body = {
        "verifiableCredential": credential,
        "options": {"selectivePointers": ["/credentialSubject"]},
    }
    return client.post("/vc/credentials/derive", json=body).json()["verifiableCredential"]


@pytest.mark.parametrize("suite", SUITES)
def test_each_suite_issues_at_its_own_address_and_is_verified(
    client, organisation, credential, suite
):
    answer = issue(client, organisation, suite, credential)
    assert answer.status_code == 201, answer.text
    signed = answer.json()["verifiableCredential"]
    assert signed["credentialSubject"] == credential["credentialSubject"]
    assert signed["proof"][0]["cryptosuite"] == suite.partition("/")[0]
    assert verify(client, shown(client, signed)) == (200, 200)
    forged = {**shown(client, signed), "issuer": "did:web:evil.example"}
    assert set(verify(client, forged)) <= {400, 422}


@pytest.mark.parametrize("suite", SUITES)
def test_each_suite_signs_the_first_data_model_too(client, organisation, credential, suite):
    old = {name: value for name, value in credential.items() if name != "validFrom"}
    old |= {"@context": ["https://www.w3.org/2018/credentials/v1"]}
    old |= {"issuanceDate": "2026-01-01T00:00:00Z"}
    answer = issue(client, organisation, suite, old)
    assert answer.status_code == 201, answer.text
    if suite != "ecdsa-sd-2023":
        assert verify(client, answer.json()["verifiableCredential"]) == (200, 200)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    "change",
    [{"undefined": "x"}, {"type": ["VerifiableCredential", "Undefined"]}, {"credentialSubject": {}},
     {"issuer": "did:web:evil.example"}, {"validFrom": "yesterday"}],
    ids=str,
)  # fmt: skip
def test_no_suite_signs_what_a_verifier_would_refuse(
    client, organisation, credential, suite, change
):
    assert issue(client, organisation, suite, credential | change).status_code in {400, 422}


def test_the_status_list_is_served_over_https_and_a_revocation_shows(
    client, organisation, credential, service
):
    signed = issue(client, organisation, SUITES[0], credential).json()["verifiableCredential"]
    entry = signed["credentialStatus"]
    assert entry["statusListCredential"].startswith(service.origin)
    found = client.get(entry["statusListCredential"]).json()
    assert isinstance(found["issuer"], str)
    assert found["credentialSubject"]["encodedList"].startswith("u")
    change = {"credentialStatus": entry, "status": True}
    assert client.post("/vc/credentials/status", json=change).status_code == 200
    assert verify(client, signed) == (400, 200)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"verifiableCredential": "x"}', b"\xff"])
@pytest.mark.parametrize("path", ["credentials", "presentations"])
def test_nonsense_is_a_client_error(client, body, path):
    headers = {"content-type": "application/json"}
    answer = client.post(f"/vc/{path}/verify", content=body, headers=headers)
    assert answer.status_code in {400, 422}


def test_a_presentation_is_verified_for_its_request_only(client, organisation, credential):
    signed = issue(client, organisation, SUITES[0], credential).json()["verifiableCredential"]
    shown = {"@context": [V2], "type": ["VerifiablePresentation"]}
    shown |= {"verifiableCredential": [signed]}
    body = {"verifiablePresentation": shown, "options": {}}
    assert client.post("/vc/presentations/verify", json=body).status_code == 200
    asked = body | {"options": {"challenge": "c", "domain": "d"}}
    assert client.post("/vc/presentations/verify", json=asked).status_code in {400, 422}
