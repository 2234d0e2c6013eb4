"""What issuer and server say of themselves: both paths, signed, in one language, of old."""

import json

import pytest

from badges.proofs import jws
from did.document import DidDocument
from issuer.audit.store import head
from issuer.db.session import reading
from issuer.oid4vci.model import BATCH_SIZE
from issuer.organisations.service import did_document

HOST = "https://badges.example"
ISSUER = f"{HOST}/o/halvik"
INSERTED = f"{HOST}/.well-known/openid-credential-issuer/o/halvik"
APPENDED = f"{ISSUER}/.well-known/openid-credential-issuer"
FORMATS = ("ldp_vc", "jwt_vc_json", "dc+sd-jwt")

MEMBERS = {
    "authorization_servers",
    "batch_credential_issuance",
    "credential_configurations_supported",
    "credential_endpoint",
    "credential_issuer",
    "credential_request_encryption",
    "credential_response_encryption",
    "deferred_credential_endpoint",
    "display",
    "nonce_endpoint",
    "notification_endpoint",
}
CONFIGURATION = {
    "credential_definition",
    "credential_metadata",
    "credential_signing_alg_values_supported",
    "cryptographic_binding_methods_supported",
    "format",
    "proof_types_supported",
    "scope",
    "vct",
}


@pytest.fixture
def client(service):
    return service.client()


@pytest.fixture
def metadata(client):
    return client.get(INSERTED).json()


def test_the_issuer_is_named_as_in_the_offer(service, wallet, metadata):
    offer = wallet.read(service.offer("energy-positive-neighbourhoods").uri)
    assert metadata["credential_issuer"] == offer["credential_issuer"] == ISSUER
    assert set(offer["credential_configuration_ids"]) <= set(
        metadata["credential_configurations_supported"]
    )


def test_a_reader_of_the_final_version_sees_nothing_else(metadata):
    assert set(metadata) == MEMBERS
    for one in metadata["credential_configurations_supported"].values():
        assert set(one) <= CONFIGURATION


def test_every_address_is_https_and_under_the_issuer(metadata):
    for name, value in metadata.items():
        if name.endswith("_endpoint"):
            assert value.startswith(f"{ISSUER}/")
    assert metadata["authorization_servers"] == [ISSUER]


def test_each_badge_comes_in_three_formats(metadata):
    listed = metadata["credential_configurations_supported"]
    mine = {one["format"] for name, one in listed.items() if name.startswith("energy-positive-")}
    assert mine == set(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_a_configuration_says_what_its_format_needs(metadata, form):
    one = metadata["credential_configurations_supported"][f"energy-positive-neighbourhoods_{form}"]
    assert ("vct" in one) is (form == "dc+sd-jwt")
    assert ("credential_definition" in one) is (form != "dc+sd-jwt")
    assert ("@context" in one.get("credential_definition", {})) is (form == "ldp_vc")
    suites = {"ldp_vc": ["eddsa-rdfc-2022"]}.get(form, ["EdDSA"])
    assert one["credential_signing_alg_values_supported"] == suites
    # Fact 1: the proof algorithms are JOSE names, not suites, even where a wallet thinks otherwise.
    assert "ES256" in one["proof_types_supported"]["jwt"]["proof_signing_alg_values_supported"]
    # Fact 2: W3C formats bind to DIDs only.
    assert ("jwk" in one["cryptographic_binding_methods_supported"]) is (form == "dc+sd-jwt")
    locales = [display["locale"] for display in one["credential_metadata"]["display"]]
    assert len(set(locales)) == len(locales) > 0
    assert one["scope"]


def test_batches_and_encryption_are_announced(metadata):
    assert metadata["batch_credential_issuance"] == {"batch_size": BATCH_SIZE}
    (key,) = metadata["credential_request_encryption"]["jwks"]["keys"]
    assert {"kid", "alg", "use", "kty", "crv", "x", "y"} == set(key)
    assert metadata["credential_response_encryption"]["alg_values_supported"] == ["ECDH-ES"]


def test_older_wallets_find_the_same_where_they_look(client, metadata):
    """Fact 5: wallets of drafts up to 15 append the well-known path, and want old members."""
    older = client.get(APPENDED).json()
    assert older["credential_issuer"] == metadata["credential_issuer"]
    for name, one in metadata["credential_configurations_supported"].items():
        old = older["credential_configurations_supported"][name]
        assert old["display"] == one["credential_metadata"]["display"]
        assert {k: v for k, v in old.items() if k not in {"display", "claims"}} == one


@pytest.mark.parametrize(
    "path",
    [
        f"{HOST}/.well-known/oauth-authorization-server/o/halvik",
        f"{ISSUER}/.well-known/oauth-authorization-server",
        f"{ISSUER}/.well-known/openid-configuration",
    ],
)
def test_the_server_is_described_at_every_path(client, path):
    told = client.get(path).json()
    assert told["issuer"] == ISSUER
    assert told["token_endpoint"] == f"{ISSUER}/token"
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["pre-authorized_grant_anonymous_access_supported"] is True
    assert told["authorization_response_iss_parameter_supported"] is True
    assert told["authorization_details_types_supported"] == ["openid_credential"]
    assert "none" not in told["dpop_signing_alg_values_supported"]


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/openid-credential-issuer/o/nobody",
        "/o/nobody/.well-known/oauth-authorization-server",
        "/o/nobody/token",
        "/o/halvik/vct/nothing",
    ],
)
def test_an_organisation_that_is_not_there(client, path):
    answer = client.post(HOST + path) if path.endswith("token") else client.get(HOST + path)
    assert answer.status_code == 404


def test_the_metadata_can_be_had_signed(service, client, metadata):
    answer = client.get(INSERTED, headers={"Accept": "application/jwt"})
    assert answer.headers["content-type"] == "application/jwt"
    token = jws.parse(
        answer.text,
        types=frozenset({"openidvci-issuer-metadata+jwt"}),
        headers=frozenset({"kid"}),
    )
    with reading(service.instance.engine) as connection:
        document = DidDocument(did_document(connection, service.organisation("halvik")))
    key = document.authorised(token.header["kid"], "assertionMethod", service.clock()).public_key
    jws.verify(token, key)
    claims = token.claims
    assert claims["sub"] == ISSUER
    assert {k: v for k, v in claims.items() if k not in {"sub", "iss", "iat"}} == metadata


def test_asking_again_does_not_make_the_key_sign_again(service, client):
    ask = lambda: client.get(INSERTED, headers={"Accept": "application/jwt"}).text  # noqa: E731
    first = ask()
    with reading(service.instance.engine) as connection:
        lines, _ = head(connection)
    assert ask() == first
    service.clock.forward(hours=2)
    assert ask() != first
    with reading(service.instance.engine) as connection:
        assert head(connection)[0] == lines + 1


@pytest.mark.parametrize("accept", ["application/json, application/jwt", "*/*", "text/html", ""])
def test_plain_metadata_is_the_rule(client, accept):
    answer = client.get(INSERTED, headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("wish", "language"),
    [("no", "no"), ("de;q=0.5, no;q=0.9, en;q=0.1", "no"), ("en-GB, en", "en"), ("xx", None)],
)
def test_a_reader_may_ask_for_a_language(client, wish, language):
    answer = client.get(INSERTED, headers={"Accept-Language": wish})
    assert answer.headers.get("content-language") == language
    one = answer.json()["credential_configurations_supported"][
        "energy-positive-neighbourhoods_ldp_vc"
    ]
    locales = [display["locale"] for display in one["credential_metadata"]["display"]]
    assert locales == ([language] if language else ["en", "no"])


def test_each_reader_gets_its_own_metadata_however_often_and_in_whatever_order(client):
    asked = [(p, w) for p in (INSERTED, APPENDED) for w in ("no", "", "en") for _ in range(2)]
    for path, wish in asked:
        answer = client.get(path, headers={"Accept-Language": wish})
        one = answer.json()["credential_configurations_supported"][
            "energy-positive-neighbourhoods_ldp_vc"
        ]
        assert answer.headers.get("content-language", "") == wish
        assert ("display" in one) is (path == APPENDED)


def test_the_keys_of_tokens_are_published(client):
    told = client.get(f"{HOST}/.well-known/jwt-vc-issuer/o/halvik").json()
    assert told["issuer"] == ISSUER
    assert all("d" not in key and key["kid"].startswith("did:") for key in told["jwks"]["keys"])


def test_the_metadata_names_nobody(metadata):
    text = json.dumps(metadata)
    assert "@" not in text.replace("@context", "")
