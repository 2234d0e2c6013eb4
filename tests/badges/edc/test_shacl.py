"""Our rule table and the official shapes agree, or docs/divergences.md says where not."""

import copy

import pytest

from badges.edc.nodes import walk
from badges.edc.problem import errors
from badges.edc.rules import check_edc
from badges.edc.shacl import check_shapes
from tests.examples import examples

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
"""rdflib's own JSON-LD reader uses it."""

GOOD = ("elm-repo/Sample-MC-Annex1-signed.jsonld", "official/Sample-CertOfPart-signed.jsonld")
STRICTER = {
    "mynextid/edc-coe-example.json": {"unknown-code"},
    "mynextid/edc-coe-signed.jsonld": {"unknown-code"},
    "mynextid/edc-dc-signed.jsonld": {"unknown-code"},
}
"""Samples that pass the shapes and break a rule of ours, and which."""

SAMPLES = (
    *GOOD,
    *STRICTER,
    "edci/credential-jws-invalid.jsonld",
    "edci/json_to_seal.json",
    "elm-repo/Sample-MC-Annex1-unsigned-uploadable.json",
    "elm-repo/Sample-MC-Annex1-unsigned.jsonld",
    "mynextid/edc-mc-signed.jsonld",
    "official/AA-Annex1-MC-unsigned.json",
    "official/Sample-CertOfPart-unsigned.json",
    "official/Sample-MastersDegree-signed.jsonld",
)


@pytest.mark.parametrize("name", SAMPLES)
def test_both_give_the_same_verdict_or_ours_is_stricter_where_written(name, sample, shapes):
    document = sample(name)
    ours = errors(check_edc(document))
    official = check_shapes(document, shapes)
    if name in STRICTER:
        assert official == []
        assert {problem.code for problem in ours} == STRICTER[name]
    else:
        assert bool(ours) == bool(official)


def test_an_inner_context_cannot_change_the_meaning(sample, shapes):
    document = sample(GOOD[0])
    document["issuer"]["@context"] = {"legalName": "https://example.org/other"}
    assert [problem.code for problem in check_shapes(document, shapes)] == ["wrong-context"]


def _places(document):
    return [
        (node.path, term)
        for node in walk(document)
        for term in node.value
        if term not in ("@context", "content", "id")
    ]


def _changed(document, path, term, change):
    """A copy with one property changed wherever that object stands (ids repeat)."""
    copied = copy.deepcopy(document)
    chosen = next(node.value for node in walk(copied) if node.path == path)
    key = chosen.get("id")
    for node in walk(copied):
        if ((key and node.value.get("id") == key) or node.value is chosen) and term in node.value:
            change(node.value, term)
    return copied


def _leave_out(node, term):
    del node[term]


def _retype(node, term):
    node[term] = {"id": "urn:test:other", "type": "Other"}


def _as_plain_text(node, term):
    node[term] = "urn:test:plain"


STRUCTURAL = {"missing", "too-many", "wrong-type", "wrong-scheme"}
"""Codes of rules that the shapes have too."""


@pytest.mark.many
@pytest.mark.parametrize("change", [_leave_out, _retype, _as_plain_text])
@pytest.mark.parametrize("name", GOOD)
def test_whatever_the_shapes_refuse_we_refuse(name, change, sample, shapes):
    document = sample(name)
    places = sorted(set(_places(document)))
    for path, term in places[:: max(1, len(places) // examples(4, 40))]:
        broken = _changed(document, path, term, change)
        ours = errors(check_edc(broken))
        official = check_shapes(broken, shapes)
        if official:
            assert ours, (path, term, official)
        if change is _leave_out and {problem.code for problem in ours} & STRUCTURAL:
            assert official, (path, term, ours)
