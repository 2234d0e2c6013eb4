"""The table of what an EDC must hold means the same as the official shapes."""

import json
import re

import pytest

from contexts import codes
from contexts.profiles import edc_profile

rdflib = pytest.importorskip("rdflib")
SHACL = rdflib.Namespace("http://www.w3.org/ns/shacl#")
CREDENTIALS = "https://www.w3.org/2018/credentials#"
NO_TERM = {
    "areaDialing", "defaultLanguage", "geometry", "hasMember", "latitude", "longitude",
    "nationalId", "resultDistribution",
}  # fmt: skip
"""Properties the shapes name and the JSON-LD context has no term for: no JSON can hold them."""


@pytest.fixture(scope="module")
def graph(shared):
    found = rdflib.Graph()
    for name in ("EDC-generic-no-cv.ttl", "EDC-generic-full.ttl"):
        found.parse(shared / "edc/shapes" / name)
    return found


@pytest.fixture(scope="module")
def terms(shared):
    context = json.loads((shared / "edc/context/edc-ap-context.jsonld").read_text())["@context"]
    prefixes = {name: value for name, value in context.items() if isinstance(value, str)}
    found = {}
    for term, value in context.items():
        iri = value["@id"] if isinstance(value, dict) else value
        prefix, _, local = iri.partition(":")
        if prefix in prefixes and not local.startswith("//"):
            iri = prefixes[prefix] + local
        found.setdefault(iri, term)
    return found


def _local(iri):
    return re.split("[/#]", str(iri))[-1]


def _properties(graph, terms):
    for shape, target in graph.subject_objects(SHACL.targetClass):
        if (shape, SHACL.deactivated, None) in graph:
            continue
        name = terms.get(str(target), _local(target))
        for rule in graph.objects(shape, SHACL.property):
            path = str(graph.value(rule, SHACL.path))
            term = path.removeprefix(CREDENTIALS) if CREDENTIALS in path else terms.get(path)
            yield name, path, term, rule


def test_every_official_property_is_in_the_table_with_its_bounds(graph, terms):
    profile = edc_profile()
    seen = 0
    for name, path, term, rule in _properties(graph, terms):
        if name not in profile or term is None:
            assert name.endswith("Presentation") or _local(path) in NO_TERM
            continue
        ours, seen = profile[name][term], seen + 1
        least, most = graph.value(rule, SHACL.minCount), graph.value(rule, SHACL.maxCount)
        assert ours.minimum >= int(least or 0), (name, term)
        assert most is None or ours.maximum == int(most), (name, term)
    assert seen > 400


def test_every_official_class_and_datatype_is_the_kind_of_the_table(graph, terms):
    for name, _path, term, rule in _properties(graph, terms):
        if term is None or name not in edc_profile():
            continue
        ours = edc_profile()[name][term]
        for wanted in graph.objects(rule, SHACL["class"]):
            assert ours.kinds == (terms.get(str(wanted), _local(wanted)),)
        for wanted in graph.objects(rule, SHACL.datatype):
            text = "text" if graph.value(rule, SHACL.uniqueLang) else "texts"
            assert ours.kinds == ((_local(wanted), text)[_local(wanted) == "langString"],)


def test_every_official_vocabulary_is_the_code_list_of_the_table(graph, terms):
    for name, _path, term, rule in _properties(graph, terms):
        for node in graph.objects(rule, SHACL.node):
            for inner in graph.objects(node, SHACL.property):
                scheme = graph.value(inner, SHACL.hasValue)
                found = codes.list_of_scheme(str(scheme)) if scheme else None
                if found and term:
                    assert edc_profile()[name][term].code_list == found.name
