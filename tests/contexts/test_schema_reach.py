"""Where a schema says nothing about a text, any other text there is as good."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contexts import schemas
from contexts.schema_reach import reached
from issuer.cli.bench_workload import drafts

(BADGE,) = drafts(1, 7)
URLS = (schemas.STRICT_ACHIEVEMENT_CREDENTIAL, schemas.ACHIEVEMENT_CREDENTIAL)


def texts(value, path=()):
    if isinstance(value, str):
        yield path
    elif isinstance(value, dict | list):
        for name, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from texts(member, (*path, name))


def with_text(path, text):
    document = copy.deepcopy(BADGE)
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = text
    return document


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(sorted(texts(BADGE), key=str)), text=st.text(max_size=8))
def test_any_text_will_do_where_the_schema_does_not_reach(path, text):
    for url in URLS:
        if path not in schemas.texts_that_count(BADGE, url):
            assert schemas.validate(with_text(path, text), url) == []


@pytest.mark.parametrize("url", URLS)
def test_dates_and_closed_lists_are_reached_and_names_are_not(url):
    found = schemas.texts_that_count(BADGE, url)
    subject = ("credentialSubject",)
    assert {("validFrom",), ("awardedDate",), (*subject, "achievement", "inLanguage")} <= found
    assert not {("name",), (*subject, "narrative"), ("id",), ("evidence", 0, "id")} & found


def test_a_list_of_allowed_objects_reaches_all_their_texts():
    schema = {"$defs": {}, "properties": {"a": {"enum": [{"b": "x"}]}}}
    assert set(reached(schema, {"a": {"b": "y", "c": ["z"]}, "d": ""})) == {
        ("a", "b"),
        ("a", "c", 0),
    }


def test_an_unknown_keyword_is_an_error():
    with pytest.raises(KeyError):
        list(reached({"$defs": {}, "uniqueItems": True}, {}))


@pytest.mark.parametrize(
    "form", [form for forms in schemas._FORMS.values() for form in forms], ids=str
)
def test_every_keyword_of_our_schemas_is_known(form):
    document = json.loads(json.dumps(BADGE))
    assert list(reached(schemas._made(form), document)) is not None
