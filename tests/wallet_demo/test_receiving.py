"""The wallet at the counter of a real issuer."""

import base64
import json
import stat
from dataclasses import replace

import httpx
import pytest

from issuer.oid4vci.model import Format
from issuer.oid4vci.offers import offer_state
from wallet_demo.errors import (
    InvalidAnswer,
    InvalidOffer,
    NotForThisWallet,
    NotTrustworthy,
    Refused,
    TxCodeNeeded,
    Unreachable,
)
from wallet_demo.receiving import receive, refresh


def assert_nothing_kept(store):
    assert list(store.all()) == []
    assert list((store.folder / "keys").glob("*")) == []


class Between:
    """Somebody between wallet and issuer who changes answers."""

    def __init__(self, client, change):
        self.client, self.change = client, change

    def __call__(self, request):
        answer = self.client.request(
            request.method, str(request.url), headers=request.headers, content=request.read()
        )
        headers = {"content-type": answer.headers.get("content-type", "")}
        honest = httpx.Response(answer.status_code, headers=headers, content=answer.content)
        return self.change(request, honest) or honest


def met(wallet, change):
    """Return the wallet with a changed issuer."""
    between = httpx.MockTransport(Between(wallet.http, change))
    return replace(wallet, http=httpx.Client(transport=between))


def on(path, answer):
    """Change the answers of one endpoint."""
    return lambda request, honest: answer(honest) if request.url.path.endswith(path) else None


def as_json(value, status=200):
    return httpx.Response(status, json=value)


@pytest.mark.parametrize("form", list(Format))
def test_receives_checks_and_keeps_every_format(wallet, issuer, form):
    made = issuer.offer(format=form)
    kept = receive(wallet, made.uri)
    assert kept.report["verdict"] in {"valid", "genuine_with_remarks"}, kept.report
    assert kept.format == form
    assert wallet.store.find(kept.name) == kept
    assert offer_state(issuer.instance, made.name) == "accepted"


@pytest.mark.parametrize("form", list(Format))
def test_sees_that_a_credential_was_revoked(wallet, issuer, form):
    kept = receive(wallet, issuer.offer(format=form).uri)
    issuer.revoke(credential_id_of(issuer, kept))
    renewed = refresh(wallet, kept)
    assert renewed.report["verdict"] == "not_valid"
    assert wallet.store.find(kept.name).report["verdict"] == "not_valid"


def credential_id_of(issuer, kept):
    from issuer.db import tables

    with issuer.instance.engine.connect() as connection:
        newest = tables.issuance.select().order_by(tables.issuance.c.id.desc())
        return connection.execute(newest).first().credential_id


def test_receives_an_offer_by_value_with_a_code(wallet, issuer):
    made = issuer.offer(tx_code=True)
    assert receive(wallet, made.uri_by_value, made.tx_code).name


def test_waits_for_a_deferred_credential(wallet, issuer):
    import time

    patient = replace(wallet, sleep=lambda _: time.sleep(1))
    assert receive(patient, issuer.offer(deferred_seconds=1).uri).name


def test_keys_are_encrypted_and_for_their_owner_only(wallet, issuer):
    kept = receive(wallet, issuer.offer().uri)
    for room, ending in (("keys", "key"), ("credentials", "json")):
        place = wallet.store.folder / room / f"{kept.name}.{ending}"
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert b"AES-256-GCM" in (wallet.store.folder / "keys" / f"{kept.name}.key").read_bytes()


def test_asks_for_the_code(wallet, issuer):
    with pytest.raises(TxCodeNeeded):
        receive(wallet, issuer.offer(tx_code=True).uri)
    assert list(wallet.store.all()) == []


def test_a_wrong_code_is_refused(wallet, issuer):
    made = issuer.offer(tx_code=True)
    with pytest.raises(Refused, match="invalid_grant"):
        receive(wallet, made.uri, "0" * len(made.tx_code))
    assert list(wallet.store.all()) == []


def test_an_offer_is_good_once(wallet, issuer):
    made = issuer.offer()
    receive(wallet, made.uri)
    with pytest.raises(Refused, match="used or has expired"):
        receive(wallet, made.uri)
    with pytest.raises(Refused, match="invalid_grant"):
        receive(wallet, made.uri_by_value)
    assert len(list(wallet.store.all())) == 1


@pytest.mark.parametrize(
    "link",
    ["", "hello", "openid-credential-offer://?", "openid-credential-offer://?credential_offer=["]
    + [f"openid-credential-offer://?credential_offer={text}" for text in ("{}", "[]", "1", "null")]
    + ["openid-credential-offer://?credential_offer=%7B%7D&credential_offer_uri=https://a.example"],
)
def test_what_is_no_offer_is_refused(wallet, link):
    with pytest.raises(InvalidOffer):
        receive(wallet, link)


def test_a_credential_for_another_key_is_not_kept(wallet, issuer, tmp_path):
    other = replace(wallet, store=replace(wallet.store, folder=tmp_path / "other"))
    stolen = receive(other, issuer.offer().uri).credential
    swap = on("/credential", lambda _: as_json({"credentials": [{"credential": stolen}]}))
    with pytest.raises(NotForThisWallet):
        receive(met(wallet, swap), issuer.offer().uri)
    assert_nothing_kept(wallet.store)


def test_a_changed_credential_is_not_kept_and_the_issuer_is_told(wallet, issuer):
    def spoil(honest):
        said = honest.json()
        said["credentials"][0]["credential"]["name"] = "Doctor of Everything"
        return as_json(said)

    made = issuer.offer()
    with pytest.raises(NotTrustworthy):
        receive(met(wallet, on("/credential", spoil)), made.uri)
    assert_nothing_kept(wallet.store)
    assert offer_state(issuer.instance, made.name) == "failed"


def test_another_format_than_promised_is_not_kept(wallet, issuer):
    kept = receive(wallet, issuer.offer(format=Format.JWT_VC_JSON).uri)
    wallet.store.forget_key(kept.name)
    (wallet.store.folder / "credentials" / f"{kept.name}.json").unlink()
    swap = on("/credential", lambda _: as_json({"credentials": [{"credential": kept.credential}]}))
    with pytest.raises(NotTrustworthy, match="promised"):
        receive(met(wallet, swap), issuer.offer().uri)
    assert_nothing_kept(wallet.store)


@pytest.mark.parametrize(
    ("path", "answer", "error"),
    [
        ("/nonce", lambda _: as_json({"c_nonce": "made-up"}), Refused),
        ("/nonce", lambda _: as_json({}), InvalidAnswer),
        ("/nonce", lambda _: as_json({"c_nonce": 7}), InvalidAnswer),
        ("/token", lambda _: httpx.Response(200, html="<h1>log in</h1>"), InvalidAnswer),
        ("/token", lambda _: as_json({"access_token": "x", "token_type": "MAC"}), InvalidAnswer),
        ("/token", lambda _: httpx.Response(302, headers={"location": "/x"}), Refused),
        ("/credential", lambda _: httpx.Response(200, html="<h1>hi</h1>"), InvalidAnswer),
        ("/credential", lambda _: httpx.Response(200, content=b"[" * 10_000), InvalidAnswer),
        ("/credential", lambda _: httpx.Response(200, content=b" " * 2**23), Unreachable),
        ("/credential", lambda _: as_json({}), InvalidAnswer),
        ("/credential", lambda _: as_json({"credentials": []}), InvalidAnswer),
        ("/credential", lambda _: as_json({"credentials": [{"credential": 7}]}), InvalidAnswer),
        ("/credential", lambda _: as_json({"credentials": [{"credential": "x"}]}), NotTrustworthy),
        ("/credential", lambda _: as_json({"transaction_id": "x"}, 202), Refused),
        ("/credential", lambda _: as_json({"error": "invalid_nonce"}, 400), Refused),
    ],
)
def test_hostile_answers_leave_nothing_behind(wallet, issuer, path, answer, error):
    with pytest.raises(error):
        receive(met(wallet, on(path, answer)), issuer.offer().uri)
    assert not any((wallet.store.folder / "keys").glob("*"))
    assert list(wallet.store.all()) == []


@pytest.mark.parametrize("member", ["credential_issuer", "credential_endpoint"])
def test_metadata_of_somebody_else_are_refused(wallet, issuer, member):
    def spoil(request, honest):
        if "openid-credential-issuer" in request.url.path:
            return as_json({k: v for k, v in honest.json().items() if k != member})
        return None

    with pytest.raises(InvalidAnswer):
        receive(met(wallet, spoil), issuer.offer().uri)
    assert list(wallet.store.all()) == []


def test_one_stale_nonce_is_forgiven(wallet, issuer):
    stale = iter(["stale"])

    def spoil(request, honest):
        if request.url.path.endswith("/nonce") and (nonce := next(stale, None)):
            return as_json({"c_nonce": nonce})
        return None

    assert receive(met(wallet, spoil), issuer.offer().uri).name


def test_the_proof_names_the_issuer_and_the_nonce(wallet, issuer):
    seen = []

    def look(request, honest):
        if request.url.path.endswith("/credential"):
            seen.append(json.loads(request.content))

    receive(met(wallet, look), issuer.offer(format=Format.SD_JWT_VC).uri)
    head, claims, _ = seen[0]["proofs"]["jwt"][0].split(".")
    head, claims = (json.loads(base64.urlsafe_b64decode(p + "==")) for p in (head, claims))
    assert head["typ"] == "openid4vci-proof+jwt"
    assert set(head) == {"typ", "alg", "jwk"}
    assert claims["aud"].startswith("https://badges.example/o/")


def test_without_status_it_is_kept_but_never_valid(wallet, issuer):
    """The offer is used up; a list that is out of reach for a minute must not cost the badge."""

    def silent(request, honest):
        return httpx.Response(503) if request.url.path.startswith("/status/") else None

    kept = receive(met(wallet, silent), issuer.offer().uri)
    assert kept.report["verdict"] == "could_not_check"
    assert refresh(wallet, kept).report["verdict"] in {"valid", "genuine_with_remarks"}
