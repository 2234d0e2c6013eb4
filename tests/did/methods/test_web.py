"""did:web: an address from a DID, and none that leads elsewhere."""

import pytest

from did.errors import DidDocumentIdMismatch, DidNotFound, InvalidDid
from did.methods import web


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:uni.example", "https://uni.example/.well-known/did.json"),
        ("did:web:UNI.Example", "https://uni.example/.well-known/did.json"),
        ("did:web:uni.example:o:physics", "https://uni.example/o/physics/did.json"),
        ("did:web:uni.example%3A8443", "https://uni.example:8443/.well-known/did.json"),
        ("did:web:uni.example%3a8443:o:p", "https://uni.example:8443/o/p/did.json"),
        ("did:web:uni.example:o:caf%C3%A9", "https://uni.example/o/caf%C3%A9/did.json"),
        ("did:web:xn--ni-xka.example", "https://xn--ni-xka.example/.well-known/did.json"),
        ("did:web:a-b.c-d.example:x", "https://a-b.c-d.example/x/did.json"),
    ],
)
def test_a_did_names_an_address(did, url):
    assert web.location(did) == url


@pytest.mark.parametrize(
    "did",
    [
        "did:web:",
        "did:key:z6Mk",
        "did:web:uni.example:",
        "did:web:uni.example::physics",
        "did:web:uni.example#key-1",
        "did:web:uni.example:..:physics",
        "did:web:uni.example:.",
        "did:web:uni.example:%2e%2e",
        "did:web:uni.example:%2E",
        "did:web:uni.example:a%2Fb",
        "did:web:uni.example:a%5Cb",
        "did:web:uni.example:a%3Fb",
        "did:web:uni.example:a%23b",
        "did:web:uni.example:a%00b",
        "did:web:uni.example:a%0Ab",
        "did:web:uni.example:a%7Fb",
        "did:web:uni.example%2Fphysics",
        "did:web:uni.example%3Fq",
        "did:web:uni.example%23",
        "did:web:user%40uni.example",
        "did:web:user%3Asecret%40uni.example",
        "did:web:uni.example%3A",
        "did:web:uni.example%3A0",
        "did:web:uni.example%3A65536",
        "did:web:uni.example%3A8443%3A1",
        "did:web:uni.example%3Ahttp",
        "did:web:uni%2Eexample",
        "did:web:-uni.example",
        "did:web:uni-.example",
        "did:web:uni..example",
        "did:web:.uni.example",
        "did:web:uni.example.",
        "did:web:uni_x.example",
        "did:web:" + "a" * 64 + ".example",
        "did:web:" + "a." * 130 + "example",
        "did:web:127.0.0.1",
        "did:web:93.184.216.34",
        "did:web:127.1",
        "did:web:2130706433",
        "did:web:0x7f000001",
        "did:web:0x7f.0x1",
        "did:web:0177.0.0.1",
        "did:web:uni.example.1",
        "did:web:%5B%3A%3A1%5D",
    ],
)
def test_a_did_that_leads_elsewhere_is_refused(did):
    with pytest.raises(InvalidDid):
        web.location(did)
    with pytest.raises(InvalidDid):
        web.location(did, allow_local=True)


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "issuer.localhost", "intranet", "localhost%3A8443"]
)
def test_a_local_machine_needs_permission(host):
    with pytest.raises(InvalidDid, match="local machine"):
        web.location(f"did:web:{host}")
    assert web.location(f"did:web:{host}", allow_local=True).startswith("https://")


def test_a_document_is_read_if_it_is_the_right_one():
    assert web.read("did:web:uni.example", b'{"id": "did:web:uni.example"}')["id"]


@pytest.mark.parametrize(
    "other",
    [
        "did:web:other.example",
        "did:web:uni.example:o",
        "did:web:UNI.example",
        "did:web:uni.example#",
    ],
)
def test_the_document_of_another_did_is_refused(other):
    with pytest.raises(DidDocumentIdMismatch):
        web.read("did:web:uni.example", b'{"id": "%s"}' % other.encode())


def test_no_document_is_not_found():
    with pytest.raises(DidNotFound):
        web.read("did:web:uni.example", None)
