import hashlib
import json
from importlib.resources import files

import pytest

from contexts import loader
from contexts.errors import DigestMismatch, UnknownContext

OB_303 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

OFFICIAL = {
    "https://www.w3.org/ns/credentials/v2": "openbadges/contexts/w3c/credentials-v2.jsonld",
    "https://www.w3.org/2018/credentials/v1": "openbadges/contexts/w3c/credentials-v1.jsonld",
    "https://www.w3.org/ns/credentials/examples/v2": (
        "vectors/contexts/credentials-examples-v2.jsonld"
    ),
    "https://w3id.org/security/data-integrity/v1": (
        "openbadges/contexts/w3c/data-integrity-v1.jsonld"
    ),
    "https://w3id.org/security/data-integrity/v2": (
        "openbadges/contexts/w3c/data-integrity-v2.jsonld"
    ),
    "https://w3id.org/security/multikey/v1": "openbadges/contexts/w3c/multikey-v1.jsonld",
    "https://w3id.org/security/jwk/v1": "openbadges/contexts/w3c/jwk-v1.jsonld",
    "https://www.w3.org/ns/did/v1": "openbadges/contexts/w3c/did-v1.jsonld",
    "https://www.w3.org/ns/credentials/status/v1": (
        "openbadges/contexts/w3c/bitstring-status-list-v1.jsonld"
    ),
    "https://w3id.org/vc/status-list/2021/v1": (
        "openbadges/contexts/w3c/status-list-2021-v1.jsonld"
    ),
    "https://w3id.org/security/suites/ed25519-2020/v1": (
        "openbadges/contexts/w3c/ed25519-2020-v1.jsonld"
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json": (
        "openbadges/contexts/ob3-published/context-3.0.0.json"
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json": (
        "openbadges/contexts/ob3-published/context-3.0.1.json"
    ),
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json": (
        "openbadges/contexts/ob3-published/context-3.0.2.json"
    ),
    OB_303: "openbadges/contexts/ob3-published/context-3.0.3.json",
    "https://www.w3.org/ns/cid/v1": "openbadges/contexts/w3c/cid-v1.jsonld",
    "http://data.europa.eu/snb/model/context/edc-ap": "edc/context/edc-ap-context.jsonld",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": (
        "openbadges/contexts/ob3-published/extensions.json"
    ),
}


def canonical(content):
    text = json.dumps(
        json.loads(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("url", sorted(loader.urls()))
def test_every_text_is_the_one_that_was_pinned(url):
    for vintage in loader.vintages(url):
        content = files("contexts").joinpath("data", vintage.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == vintage.sha256
        assert canonical(content) == vintage.canonical_sha256
        assert vintage.origin
        assert vintage.licence
        assert "@context" in loader.load(url, vintage.sha256)


@pytest.mark.parametrize("url", sorted(OFFICIAL))
def test_the_current_text_means_what_the_official_copy_means(url, shared):
    official = (shared / OFFICIAL[url]).read_bytes()
    assert loader.vintages(url)[0].canonical_sha256 == canonical(official)


def test_the_text_of_open_badges_before_it_was_changed_in_place_is_kept(shared):
    older = (shared / "openbadges/contexts/ob3-github-2025/context-3.0.3.json").read_bytes()
    assert loader.vintages(OB_303)[1].canonical_sha256 == canonical(older)
    assert "jti" in json.dumps(loader.load(OB_303))
    assert "jti" not in json.dumps(loader.load(OB_303, loader.vintages(OB_303)[1].sha256))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2/",
        "https://www.w3.org/ns/credentials/v2#",
        "https://www.w3.org/ns/credentials/V2",
        "../lock.json",
        "",
    ],
)
def test_refuses_what_we_do_not_hold(url):
    assert not loader.known(url)
    with pytest.raises(UnknownContext):
        loader.load(url)


@pytest.mark.parametrize("odd", [None, 5, [], {}, ["https://www.w3.org/ns/credentials/v2"]])
def test_what_is_no_url_is_not_known(odd):
    assert not loader.known(odd)


def test_refuses_a_digest_that_was_never_pinned():
    with pytest.raises(UnknownContext, match="digest"):
        loader.load(OB_303, "0" * 64)


def test_refuses_a_file_that_was_changed():
    with pytest.raises(DigestMismatch):
        loader.read_pinned("jsonld/multikey-v1.jsonld", "0" * 64)


def test_a_reader_cannot_change_what_the_next_one_reads():
    loader.load(OB_303)["@context"] = None
    assert loader.load(OB_303)["@context"] is not None
