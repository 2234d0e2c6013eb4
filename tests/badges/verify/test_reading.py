"""What strangers send: row V11 of the threat model."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.verify import Form, Verdict, read
from badges.verify.reading import MAX_BYTES

NOT_CREDENTIALS = {
    "nothing": b"",
    "white space": b" \n\t ",
    "text": b"hello",
    "bytes": bytes(range(256)),
    "number": b"5",
    "list": b"[]",
    "list of credentials": b"[{}, {}]",
    "string": b'"hello"',
    "null": b"null",
    "cut off": b'{"type": ["Verifiable',
    "twice the same member": b'{"id": "urn:a", "id": "urn:b"}',
    "twice, escaped": b'{"id": "urn:a", "\\u0069d": "urn:b"}',
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": Infinity}',
    "1e400": b'{"a": 1e400}',
    "many digits": b'{"a": ' + b"9" * 100_000 + b"}",
    "lone surrogate": b'{"a": "\\ud800"}',
    "byte order mark": "\ufeff{}".encode(),
    "utf-16": json.dumps({"a": "b"}).encode("utf-16"),
    "utf-8 broken": b'{"a": "\xff"}',
    "deep": b'{"a":' * 200 + b"1" + b"}" * 200,
    "very deep": b"[" * 200_000 + b"]" * 200_000,
    "comment": b'{"a": 1} // hello',
    "trailing comma": b'{"a": 1,}',
    "two documents": b"{}{}",
    "large": b'{"a": "' + b"x" * (3 * 2**20) + b'"}',
    "too large": b" " * (MAX_BYTES + 1),
}


@pytest.mark.parametrize("kind", NOT_CREDENTIALS)
def test_v11_what_is_not_a_credential_gets_an_answer_and_never_a_green_one(verify, kind):
    report = verify(NOT_CREDENTIALS[kind])
    assert report.verdict is Verdict.NOT_VALID
    assert report.finding("structure").detail or report.finding("structure").code
    json.dumps(report.to_json("x"))


@given(st.binary(max_size=300))
def test_v11_reading_never_fails(data):
    read(data)


MEMBERS = st.sampled_from(
    [
        *("@context", "id", "type", "issuer", "credentialSubject", "credentialStatus", "proof"),
        *("validFrom", "validUntil", "evidence", "endorsement", "refreshService", "@id", "@type"),
        *("credentialSchema", "relatedResource", "verifiableCredential", "achievement", "name"),
        *("verificationMethod", "proofPurpose", "proofValue", "cryptosuite", "@graph", "alignment"),
        *("identifier", "result", "statusListCredential", "statusListIndex", "endorsementJwt"),
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(MEMBERS, inner, max_size=6),
    max_leaves=25,
)


@given(st.dictionaries(MEMBERS, values, max_size=10))
def test_v11_any_object_gets_an_answer_and_never_a_green_one(document):
    from datetime import UTC, datetime

    from badges.verify import Case, Policy, check, needs

    presented = read(json.dumps(document).encode())
    needs(presented, {})
    report = check(Case(presented, {}, Policy(), datetime(2026, 11, 1, tzinfo=UTC)))
    assert report.verdict is not Verdict.VALID
    assert all(finding.code != "internal-error" for finding in report.findings)
    report.to_json("x")


def test_forms_are_told_apart(badge, draft):
    assert read(json.dumps(badge).encode()).form is Form.EMBEDDED
    assert read(json.dumps(draft).encode()).form is Form.NONE
    presentation = {"type": ["VerifiablePresentation"], "verifiableCredential": [badge]}
    read_back = read(json.dumps(presentation).encode())
    assert read_back.form is Form.PRESENTATION
    assert read_back.inner[0].form is Form.EMBEDDED


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_badge_in_a_picture_is_read(badge, verify, kind, blank):
    from badges.baking import bake

    report = verify(bake(blank[kind], json.dumps(badge)))
    assert report.verdict is Verdict.VALID
    assert report.credential["container"] == kind
    empty = verify(blank[kind])
    assert empty.verdict is Verdict.NOT_VALID
    assert empty.finding("structure").code == "not-baked"
