import json

import pytest

from badges.edc.rules import CONTEXTS
from badges.edc.shacl import read_shapes

SEALED = ("elm-repo/Sample-MC-Annex1-signed.jsonld", "official/Sample-CertOfPart-signed.jsonld")


def credential_in(path):
    """The credential in a sample: sealed, wrapped for upload, or plain."""
    document = json.loads(path.read_text())
    if "payload" in document:
        return json.loads(document["payload"])
    if "credential" in document:
        return {"@context": list(CONTEXTS), **document["credential"]}
    return document


@pytest.fixture(scope="session")
def sample(shared):
    def read(name):
        return credential_in(shared / "edc/samples" / name)

    return read


@pytest.fixture(scope="session")
def shapes(shared):
    pytest.importorskip("pyshacl")
    folder = shared / "edc"
    names = ("EDC-generic-full.ttl", "EDC-generic-no-cv.ttl")
    contexts = ("credentials-v1.jsonld", "edc-ap-context.jsonld")
    return read_shapes(
        [(folder / "shapes" / name).read_text() for name in names],
        [json.loads((folder / "context" / name).read_text()) for name in contexts],
    )
