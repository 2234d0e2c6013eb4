"""The OpenAPI document, walked: nothing is left out for any operation."""

import pytest
from jsonschema import Draft202012Validator

from issuer.app.described import PATHS, complete, example_of, facts, operations, shape
from issuer.web.problems import PROBLEMS
from issuer.webhooks.model import Kind
from tests.issuer.api.test_matrix import NEEDED, PREFIX

PROBLEM = "application/problem+json"


def walk(document):
    return [(f"{method} {path}", operation) for method, path, operation in operations(document)]


def bare(described):
    """Media without an example worth the name."""
    return [kind for kind, media in described.items() if not media.get("example")]


def test_every_operation_is_known_and_nothing_else_is(document):
    assert {name for name, _ in walk(document)} == set(facts())
    assert len(facts()) > 30


def test_every_operation_says_what_it_does_and_what_it_asks(document):
    for name, operation in walk(document):
        assert (name, bool(operation["summary"]), bool(operation["description"])) == (
            name,
            True,
            True,
        )
        assert (name, bare(operation.get("requestBody", {}).get("content", {}))) == (name, [])
        for parameter in operation.get("parameters", ()):
            if parameter["required"]:
                assert (name, parameter["name"], "example" in parameter) == (
                    name,
                    parameter["name"],
                    True,
                )


def test_every_operation_shows_its_answer(document):
    for name, operation in walk(document):
        good = {status: each for status, each in operation["responses"].items() if status < "3"}
        assert (name, bool(good)) == (name, True)
        for response in good.values():
            assert (name, bare(response["content"])) == (name, [])
            assert all(media["schema"] for media in response["content"].values())


def test_every_operation_tells_its_problems_with_their_codes(document):
    form = {"$ref": "#/components/schemas/Problem"}
    for name, operation in walk(document):
        told = {status: each for status, each in operation["responses"].items() if status[0] > "3"}
        assert (name, "default" in told) == (name, True)
        for status, response in told.items():
            problem = response["content"].get(PROBLEM)
            if problem is None:  # an answer of another form, with its example
                assert (name, bare(response["content"])) == (name, [])
                continue
            assert (name, problem["schema"]) == (name, form)
            for code, example in problem["examples"].items():
                assert example["value"]["type"].endswith(code) or code.isdigit()
                assert status in {"default", str(example["value"]["status"])}


def test_only_what_is_no_problem_document_answers_otherwise(document):
    others = {
        (name, status)
        for name, operation in walk(document)
        for status, response in operation["responses"].items()
        if status[0] > "3" and PROBLEM not in response["content"]
    }
    resolver = "GET /1.0/identifiers/{did}"  # DID Resolution has a result for each error
    assert others == {(resolver, status) for status in ("400", "404", "410", "501", "502")} | {
        ("GET /readyz", "503"),
        ("POST /api/token", "400"),
        ("POST /api/token", "401"),
    }


def test_pages_are_not_in_the_document(document):
    assert "/verify" not in document["paths"]
    for name, operation in walk(document):
        for response in operation["responses"].values():
            assert (name, "text/html" in response["content"]) == (name, False)


def test_the_scope_that_is_told_is_the_scope_that_is_asked_for():
    told = {name: entry["scope"] for name, entry in facts().items() if "scope" in entry}
    asked = {f"{method} {PREFIX}{path}": scope for (method, path), scope in NEEDED.items()}
    assert told == asked


def test_every_code_is_one_that_is_answered():
    codes = {str(getattr(kind, "code", "")) for kind in PROBLEMS}
    for name, entry in facts().items():
        assert (name, set(entry.get("problems", ())) - codes) == (name, set())
    with pytest.raises(StopIteration):
        example_of("no-such-code")


def test_an_operation_without_an_entry_is_left_as_it_is():
    bare_one = {"paths": {"/new": {"get": {"responses": {"200": {}}}}}}
    assert complete(bare_one)["paths"]["/new"]["get"] == {"responses": {"200": {}}}


def test_a_schema_is_read_from_an_example():
    text = {"type": ["string", "null"]}
    listed = {"type": "array", "items": {"type": ["integer", "null"]}}
    assert shape("x") == text
    assert shape({"a": [1], "b": None})["properties"] == {"a": listed, "b": {}}
    assert shape(True) == {"type": ["boolean", "null"]}


def test_every_name_in_an_address_has_an_example(document):
    names = {
        parameter["name"]
        for _, operation in walk(document)
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "path"
    }
    assert names == set(PATHS)


def test_every_event_of_webhooks_is_told_with_an_example_of_its_own_form(document):
    assert set(document["webhooks"]) == set(Kind)
    for kind, told in document["webhooks"].items():
        [(media, body)] = told["post"]["requestBody"]["content"].items()
        assert (media, body["example"]["type"]) == ("application/json", kind)
        Draft202012Validator(body["schema"]).validate(body["example"])
        assert told["post"]["summary"]
