"""Sealed files of strangers: whatever is in them, the answer is a report, and never intact."""

import base64
import copy
import json
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.proofs import jades
from badges.proofs.jades import NO_LIST, Level
from badges.proofs.jades.encoding import from_b64url, to_b64, to_b64url

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
SAMPLES = ("elm-repo/Sample-MC-Annex1-signed.jsonld", "official/Sample-CertOfPart-signed.jsonld")
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.just([[]]),
    st.just({"val": "MAA="}),
)

pytestmark = pytest.mark.filterwarnings("ignore:Attribute's length")


@pytest.fixture(scope="module", params=SAMPLES)
def opened(request, shared):
    """A sealed sample with its encoded parts in clear: payload, signature, both headers."""
    document = json.loads((shared / "edc/samples" / request.param).read_bytes())
    (signature,) = document["signatures"]
    return {
        "payload": "{}",
        "signature": signature["signature"],
        "protected": json.loads(from_b64url(signature["protected"])),
        "etsiU": [json.loads(from_b64url(each)) for each in signature["header"]["etsiU"]],
    }


def closed(parts):
    unsigned = parts["etsiU"]
    if isinstance(unsigned, list):
        unsigned = [to_b64url(json.dumps(each).encode()) for each in unsigned]
    signature = {
        "protected": to_b64url(json.dumps(parts["protected"]).encode()),
        "header": {"etsiU": unsigned},
        "signature": parts["signature"],
    }
    return {"payload": parts["payload"], "signatures": [signature]}


def places(value, path=()):
    """Go through every place in a JSON value."""
    yield path
    children = value.items() if isinstance(value, dict) else ()
    children = enumerate(value) if isinstance(value, list) else children
    for name, child in children:
        yield from places(child, (*path, name))


def put(value, path, new):
    for name in path[:-1]:
        value = value[name]
    value[path[-1]] = new


def at(value, path):
    for name in path:
        value = value[name]
    return value


def examine(document):
    report = jades.verify(document, NO_LIST, NOW)
    assert report.findings
    assert not (report.is_intact and report.level is Level.LTA)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_part_of_another_kind_is_no_seal(opened, data):
    parts = copy.deepcopy(opened)
    path = data.draw(st.sampled_from([path for path in places(parts) if path]))
    put(parts, path, data.draw(ODD))
    examine(closed(parts))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_bent_certificates_tokens_and_lists_are_no_seal(opened, data):
    parts = copy.deepcopy(opened)
    binary = [p for p in places(parts) if (p and p[-1] == "val") or p[:-1] == ("protected", "x5c")]
    path = data.draw(st.sampled_from(binary))
    octets = bytearray(base64.b64decode(at(parts, path)))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(octets) - 1))
        octets[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    put(parts, path, to_b64(bytes(octets)))
    examine(closed(parts))


@given(st.binary(max_size=300))
def test_any_bytes_are_answered(octets):
    examine(octets)


@pytest.mark.parametrize("depth", [100, 10_000, 200_000])
def test_deep_nesting_is_refused(depth):
    document = b'{"payload":"{}","signatures":' + b"[" * depth + b"]" * depth + b"}"
    assert jades.verify(document, NO_LIST, NOW).failures() == ("seal-malformed",)


def test_a_token_nested_deep_in_itself_is_refused(opened):
    octets = b""
    for _ in range(3000):
        length = len(octets)
        head = bytes([length]) if length < 128 else b"\x82" + length.to_bytes(2, "big")
        octets = b"\x30" + head + octets
    parts = copy.deepcopy(opened)
    parts["etsiU"][-1] = {"arcTst": {"tstTokens": [{"val": to_b64(octets)}]}}
    examine(closed(parts))


def test_too_many_of_anything_is_refused(opened):
    many = [
        opened | {"etsiU": opened["etsiU"][:1] * 65},
        opened | {"etsiU": [{"xVals": opened["etsiU"][1]["xVals"] * 60}]},
        opened | {"protected": opened["protected"] | {"x5c": opened["protected"]["x5c"] * 11}},
    ]
    for parts in many:
        assert jades.verify(closed(parts), NO_LIST, NOW).level is None
    document = closed(opened)
    document["signatures"] *= 9
    assert jades.verify(document, NO_LIST, NOW).failures() == ("seal-malformed",)
