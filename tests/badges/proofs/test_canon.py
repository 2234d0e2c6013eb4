import copy
import json
import subprocess
import sys

import pyoxigraph
import pytest

from badges.errors import (
    BadgeError,
    BudgetExceeded,
    DataLoss,
    MalformedCredential,
    MalformedValue,
    UnknownContext,
)
from badges.proofs import canon, nquads
from badges.proofs.budget import Budget
from contexts import loader

V2 = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"

BADGE = {
    "@context": [V2, OB],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Badge",
    "issuer": {"id": "did:web:uni.example", "type": ["Profile"], "name": "Uni"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialSubject": {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$00",
                "identityType": "emailAddress",
                "salt": "s",
            }
        ],
        "result": [{"type": ["Result"], "resultDescription": "urn:uuid:2", "value": "5"}],
        "achievement": {
            "id": "https://uni.example/a",
            "type": ["Achievement"],
            "name": "A",
            "description": "B",
            "criteria": {"narrative": "C"},
            "creditsAvailable": 3.5,
            "tag": ["x", "y"],
            "resultDescription": [
                {
                    "id": "urn:uuid:2",
                    "type": ["ResultDescription"],
                    "name": "Grade",
                    "resultType": "LetterGrade",
                    "allowedValue": ["1", "5"],
                }
            ],
        },
    },
}


def leaves(value, path=()):
    """The place of every scalar of a document outside its contexts."""
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        if name == "@context":
            continue
        if isinstance(member, dict | list):
            yield from leaves(member, (*path, name))
        else:
            yield (*path, name)


def objects(value, path=()):
    if isinstance(value, dict):
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        if name != "@context" and isinstance(member, dict | list):
            yield from objects(member, (*path, name))


def edited(path, change, document=BADGE):
    document = copy.deepcopy(document)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = change(place[path[-1]])
    return document


def put(path, key, value, document=BADGE):
    document = copy.deepcopy(document)
    place = document
    for step in path:
        place = place[step]
    place[key] = value
    return document


def canonical_or_none(document):
    try:
        return canon.canonicalize(document)
    except BadgeError:
        return None


CHANGES = {
    "a letter more": lambda leaf: f"{leaf}x",
    "a space more": lambda leaf: f"{leaf} ",
    "another case": lambda leaf: str(leaf).swapcase(),
    "null": lambda leaf: None,
    "nothing": lambda leaf: "",
    "a number": lambda leaf: 7,
    "a control character": lambda leaf: f"{leaf}\x07",
    "an object": lambda leaf: {"x": leaf},
    "an empty list": lambda leaf: [],
    "a list of lists": lambda leaf: [[leaf]],
}


@pytest.mark.parametrize("change", sorted(CHANGES))
@pytest.mark.parametrize("path", sorted(leaves(BADGE), key=str), ids=str)
def test_every_edit_of_a_leaf_changes_the_bytes_or_is_refused(path, change):
    changed = edited(path, CHANGES[change])
    if changed != BADGE:
        assert canonical_or_none(changed) != canon.canonicalize(BADGE)


@pytest.mark.parametrize("path", sorted(leaves(BADGE), key=str), ids=str)
def test_every_leaf_taken_away_changes_the_bytes(path):
    document = copy.deepcopy(BADGE)
    place = document
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    assert canonical_or_none(document) != canon.canonicalize(BADGE)


UNSIGNED = {
    "an undefined term": ("invented", "x"),
    "an undefined term with an object": ("invented", {"name": "x"}),
    "a relative path as term": ("a/b", "x"),
    "a term from a prototype": ("__proto__", {"x": 1}),
    "an empty term": ("", "x"),
    "null": ("description", None),
    "an empty list": ("evidence", []),
    "null in a list": ("evidence", [None]),
    "an index": ("@index", "x"),
    "a nest": ("@nest", {"name": "x"}),
    "a graph": ("@graph", [{"id": "urn:x", "name": "x"}]),
    "included objects": ("@included", [{"id": "urn:x", "name": "x"}]),
    "reversed": ("@reverse", {"name": {"id": "urn:x"}}),
    "a set": ("@set", ["x"]),
    "a list": ("@list", ["x"]),
    "a language of its own": ("@language", "en"),
    "a direction": ("@direction", "ltr"),
    "a look-alike keyword": ("@foo", "x"),
    "a look-alike of context": ("@Context", {"x": "y"}),
    "a look-alike of type": ("@types", "x"),
    "a base": ("@base", "https://uni.example/"),
    "a vocabulary": ("@vocab", "https://uni.example/"),
    "a language map": ("description", {"en": "x", "de": "y"}),
    "a list in a list": ("description", [["x"]]),
    "the same twice": ("description", ["x", "x"]),
    "a blank predicate": ("_:p", "x"),
    "a direction that is none": ("description", {"@value": "x", "@direction": "up"}),
    "a number with a direction": ("description", {"@value": 5, "@direction": "ltr"}),
    "a direction without a text": ("description", {"@direction": "ltr"}),
    "a direction and a datatype": (
        "description",
        {"@value": "x", "@type": "https://x.example/t", "@direction": "ltr"},
    ),
    "a text without value": ("description", {"@language": "en"}),
    "a null value": ("description", {"@value": None}),
    "a text with a bad language": ("description", {"@value": "x", "@language": "e n"}),
    "a number with a digit that is not signed": ("https://x.example/n", 0.10000000000000002),
    "a negative zero": ("https://x.example/n", -0.0),
    "a relative id": ("image", {"id": "picture.png", "type": "Image"}),
    "a blank id": ("image", {"id": "_:b0", "type": "Image"}),
    "an id with a bracket": ("image", {"id": "urn:x> <urn:p> <urn:q", "type": "Image"}),
    "an id with a space": ("image", {"id": "https://x.example/a b", "type": "Image"}),
    "an id with a line feed": ("image", {"id": "https://x.example/a\nb", "type": "Image"}),
    "an undefined type": ("image", {"id": "urn:x", "type": "Picture"}),
    "an undefined type among others": ("image", {"id": "urn:x", "type": ["Image", "Picture"]}),
    "a null type": ("image", {"id": "urn:x", "type": None}),
    "no type in the list": ("image", {"id": "urn:x", "type": []}),
    "the same type twice": ("image", {"id": "urn:x", "type": ["Image", "Image"]}),
    "a null id": ("image", {"id": None, "type": "Image"}),
}


@pytest.mark.parametrize("path", [(), ("issuer",), ("credentialSubject", "achievement")], ids=str)
@pytest.mark.parametrize("case", sorted(UNSIGNED))
def test_refuses_what_would_not_be_signed(case, path):
    key, value = UNSIGNED[case]
    with pytest.raises((DataLoss, MalformedValue, MalformedCredential)):
        canon.canonicalize(put(path, key, value))


@pytest.mark.parametrize("path", list(objects(BADGE)), ids=str)
def test_an_undefined_term_is_named_with_its_place(path):
    place = "".join(f"/{step}" for step in path)
    with pytest.raises(DataLoss, match=f"^{place}/invented: "):
        canon.canonicalize(put(path, "invented", "x"))


CONTEXTS = {
    "inline": [V2, OB, {"invented": "https://x.example/i"}],
    "null": [V2, OB, None],
    "null alone": None,
    "unknown": [V2, "https://x.example/context"],
    "relative": [V2, "context.json"],
    "a path": [V2, "file:///etc/passwd"],
    "loopback": [V2, "http://127.0.0.1/context"],
    "a number": [V2, 5],
    "a list": [V2, [OB]],
    "empty": [],
    "false": False,
}


@pytest.mark.parametrize("case", sorted(CONTEXTS))
def test_refuses_every_context_but_ours(case):
    with pytest.raises(UnknownContext, match="/@context"):
        canon.canonicalize({**BADGE, "@context": CONTEXTS[case]})
    with pytest.raises(UnknownContext, match="/issuer/@context"):
        canon.canonicalize(put(("issuer",), "@context", CONTEXTS[case]))


def test_a_document_without_context_says_nothing():
    with pytest.raises(DataLoss):
        canon.canonicalize({name: value for name, value in BADGE.items() if name != "@context"})


@pytest.mark.parametrize("odd", [[BADGE], "text", 5, None])
def test_refuses_what_is_no_object(odd):
    with pytest.raises(MalformedCredential, match="one JSON object"):
        canon.canonicalize(odd)


@pytest.mark.parametrize("document", [{}, {"@context": V2}, {"@context": V2, "id": "urn:x"}])
def test_refuses_what_says_nothing(document):
    with pytest.raises(DataLoss, match="nothing"):
        canon.canonicalize(document)


def clique(size):
    """A small credential of nameless objects that all point at each other."""
    quads = [("_:c0", "<urn:all>", f"_:n{i}", "") for i in range(size)] + [
        (f"_:n{i}", "<urn:p>", f"_:n{j}", "") for i in range(size) for j in range(size) if i != j
    ]
    return "".join(nquads.line(quad) for quad in quads)


@pytest.mark.parametrize("size", [8, 10, 20])
def test_refuses_a_clique_before_it_costs_anything(size):
    with pytest.raises(BudgetExceeded, match="entangled"):
        canon.canonicalize_nquads(clique(size))


def test_refuses_a_credential_whose_nameless_objects_form_a_clique():
    people = [f"_:p{number}" for number in range(10)]
    knows = "https://x.example/knows"
    document = {**BADGE, knows: [{"id": p, knows: [{"id": q} for q in people]} for p in people]}
    assert len(json.dumps(document)) < 4000
    with pytest.raises(DataLoss, match="blank node"):
        canon.canonicalize(document)


def twins(depth):
    """Nested pairs of equal nameless objects: the shape a JSON-LD tree can poison us with."""
    document = {"narrative": "x"}
    for _ in range(depth):
        document = {"https://x.example/p": [copy.deepcopy(document), copy.deepcopy(document)]}
    return {**BADGE, "https://x.example/p": document}


def test_equal_nameless_objects_in_a_tree_are_told_apart_or_refused():
    assert canonical_or_none(twins(3)) is not None
    with pytest.raises(BudgetExceeded):
        canon.canonicalize(twins(14))


@pytest.mark.parametrize(
    ("budget", "why"),
    [
        (Budget(characters=100), "characters"),
        (Budget(depth=2), "levels"),
        (Budget(values=10), "values"),
        (Budget(objects=3), "objects"),
        (Budget(quads=5), "statements"),
        (Budget(blank_nodes=1), "nameless"),
    ],
)
def test_refuses_what_passes_its_budget(budget, why):
    with pytest.raises(BudgetExceeded, match=why):
        canon.canonicalize(BADGE, budget=budget)


def test_canonicalizing_leaves_the_document_alone():
    before = copy.deepcopy(BADGE)
    canon.canonicalize(BADGE)
    assert before == BADGE


def test_the_order_of_members_and_of_unordered_lists_does_not_matter():
    turned = dict(reversed(BADGE.items()))
    achievement = {**BADGE["credentialSubject"]["achievement"], "tag": ["y", "x"]}
    turned["credentialSubject"] = {**BADGE["credentialSubject"], "achievement": achievement}
    assert canon.canonicalize(turned) == canon.canonicalize(BADGE)


def test_the_order_of_allowed_values_matters():
    path = ("credentialSubject", "achievement", "resultDescription", 0, "allowedValue")
    turned = edited(path, lambda values: values[::-1])
    assert canon.canonicalize(turned) != canon.canonicalize(BADGE)


@pytest.mark.parametrize("code", [*range(0x20), 0x7F, 0x80, 0x2028, 0x1F393])
def test_a_second_implementation_hashes_the_same_bytes(code):
    document = {**BADGE, "name": f"a{chr(code)}b", "description": 'quote " back \\ slash'}
    quads = "".join(nquads.line(quad) for quad in canon.to_quads(document))
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(quads.encode(), pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    theirs = sorted(
        pyoxigraph.serialize([quad], format=pyoxigraph.RdfFormat.N_QUADS) for quad in dataset
    )
    assert canon.canonicalize(document) == b"".join(theirs)


def test_a_direction_is_signed_as_a_datatype():
    text = {"@value": "x", "@language": "ar-EG", "@direction": "rtl"}
    plain = {"@context": [V2], "id": "urn:x:y", "name": text}
    assert b'"x"^^<https://www.w3.org/ns/i18n#ar-eg_rtl>' in canon.canonicalize(plain)
    other = {**plain, "name": {**text, "@direction": "ltr"}}
    assert canon.canonicalize(other) != canon.canonicalize(plain)
    alone = {**plain, "name": {"@value": "x", "@direction": "rtl"}}
    assert b"<https://www.w3.org/ns/i18n#_rtl>" in canon.canonicalize(alone)


def test_numbers_are_written_as_json_ld_says():
    document = {
        "@context": [V2, EXAMPLES],
        "id": "urn:x",
        "whole": 3,
        "half": 3.5,
        "small": 1e-7,
        "yes": True,
    }
    text = canon.canonicalize(document).decode()
    for written in (
        '"3"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"3.5E0"^^<http://www.w3.org/2001/XMLSchema#double>',
        '"1.0E-7"^^<http://www.w3.org/2001/XMLSchema#double>',
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
    ):
        assert written in text


def test_an_older_text_of_a_context_can_be_chosen():
    older = {OB: loader.vintages(OB)[1].sha256}
    document = {**BADGE, "endorsementJwt": ["a.b.c"]}
    assert canon.canonicalize(document)
    with pytest.raises(DataLoss, match="/endorsementJwt"):
        canon.canonicalize(document, contexts=older)
    assert canon.canonicalize(document)


def test_the_official_sample_with_everything_in_it_is_read(shared):
    sample = json.loads((shared / "openbadges/samples/fullOpenBadge.json").read_text())
    assert canon.canonicalize(sample)


def test_pyld_is_not_loaded_before_a_document_is():
    code = "import badges.proofs.data_integrity, sys; sys.exit('pyld' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
