import json

import pytest

from tests.issuer.verify.conftest import DID

JSON = {"Content-Type": "application/json"}


def post(client, body, content_type="application/json"):
    data = body if isinstance(body, bytes | str) else json.dumps(body)
    return client.post("/api/verify", content=data, headers={"Content-Type": content_type})


def test_a_genuine_badge_of_a_listed_issuer_is_valid(client, uni):
    report = post(client, uni.badge()).json()
    assert report["verdict"] == "valid", report["findings"]
    assert report["checked_at"] == "2026-11-23T12:00:00Z"
    assert {"input", "verdict", "summary", "credential", "findings", "checked_at"} <= set(report)
    assert all(set(f) == {"check", "outcome", "code", "detail"} for f in report["findings"])


@pytest.mark.parametrize("wrapped", [lambda b: {"credential": b}, lambda b: b], ids=["in", "bare"])
def test_the_credential_may_come_in_an_envelope_or_bare(client, uni, wrapped):
    assert post(client, wrapped(uni.badge())).json()["verdict"] == "valid"


def test_an_address_is_fetched_and_checked(client, uni):
    uni.web.put("https://morgenau.example/badges/1.json", uni.badge())
    answer = post(client, {"url": "https://morgenau.example/badges/1.json"})
    assert answer.json()["verdict"] == "valid"
    assert answer.json()["input"] == "https://morgenau.example/badges/1.json"


def test_a_changed_letter_is_not_valid(client, uni):
    badge = uni.badge()
    badge["name"] = "Fire challenge"
    answer = post(client, badge)
    assert answer.status_code == 200
    assert answer.json()["verdict"] == "not_valid"


def test_a_revoked_badge_is_not_valid(client, uni):
    badge = uni.badge()
    uni.revoke()
    report = post(client, badge).json()
    assert report["verdict"] == "not_valid"
    assert {f["check"] for f in report["findings"] if f["outcome"] == "failed"} == {"status"}


def test_a_status_list_out_of_reach_is_never_valid(client, uni):
    badge = uni.badge()
    del uni.web.found["https://morgenau.example/status/1"]
    assert post(client, badge).json()["verdict"] == "could_not_check"


def test_an_issuer_nobody_listed_is_never_valid(client, uni):
    uni.web.register = type(uni.web.register)("The alliance", {})
    report = post(client, uni.badge()).json()
    assert report["verdict"] == "genuine_with_remarks"
    assert report["credential"]["issuer"]["name_source"] == "self-declared"


def test_only_what_the_credential_needs_is_asked_for(client, uni):
    post(client, uni.badge())
    assert sorted(uni.web.asked) == sorted(set(uni.web.asked))
    assert all(url.startswith("https://morgenau.example/") for url in uni.web.asked)


@pytest.mark.parametrize(
    ("body", "content_type", "status", "kind"),
    [
        ("", "application/json", 422, "nothing-to-check"),
        ("   ", "text/plain", 422, "nothing-to-check"),
        ("hello", "text/plain", 400, "PARSING_ERROR"),
        ("{", "application/json", 400, "PARSING_ERROR"),
        ('{"a": 1, "a": 2}', "application/json", 400, "PARSING_ERROR"),
        ('{"credential": {"a": 1, "a": 2}}', "application/json", 400, "PARSING_ERROR"),
        ('{"a": NaN}', "application/json", 400, "PARSING_ERROR"),
        ('{"a": 1e400}', "application/json", 400, "PARSING_ERROR"),
        ("[" * 100_000, "application/json", 400, "PARSING_ERROR"),
        (b"\xff\xfe{\x00}\x00", "application/json", 400, "PARSING_ERROR"),
        (b"\xef\xbb\xbf{}", "application/json", 400, "PARSING_ERROR"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png", 400, None),
        ('{"url": "file:///etc/passwd"}', "application/json", 422, "unreachable"),
        ('{"url": "https://nowhere.example/"}', "application/json", 422, "unreachable"),
        ('{"url": "http://127.0.0.1/"}', "application/json", 422, "unreachable"),
        ('{"url": 7}', "application/json", 422, "unreachable"),
        (b" " * (3 * 2**20 + 1), "text/plain", 413, "too-large"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_no_credential_gets_a_problem_that_says_so(
    client, body, content_type, status, kind
):
    answer = post(client, body, content_type)
    assert answer.status_code in ({status} if status else {400, 422, 200})
    if answer.status_code != 200:
        assert answer.headers["content-type"] == "application/problem+json"
        assert kind is None or answer.json()["type"].endswith(kind)
    else:
        assert answer.json()["verdict"] != "valid"


def test_a_report_is_kept_by_nobody(client, uni):
    assert post(client, uni.badge()).headers["cache-control"] == "no-store"


def test_v18_a_service_remembers_keys_and_remarks_on_a_sudden_change(uni, client):
    badge = uni.badge()
    assert client.post("/api/verify", json=badge).json()["verdict"] == "valid"
    assert uni.web.explained == {DID: True}
    uni.web.known = {DID: frozenset({"another"})}
    report = client.post("/api/verify", json=badge).json()
    (finding,) = [f for f in report["findings"] if f["check"] == "issuer"]
    assert (report["verdict"], finding["code"]) == ("genuine_with_remarks", "issuer_key_changed")
    assert uni.web.explained == {DID: False}
