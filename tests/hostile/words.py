"""Rows V1 to V3: words that are not signed, poisoned contexts, and dates and states re-spelled."""

import copy
from datetime import timedelta

from tests.hostile.world import NOW, REVOKED, Hostile, at, encode, stamp

CRED = "https://www.w3.org/2018/credentials#"
SEC = "https://w3id.org/security#"
STATUS = "https://www.w3.org/ns/credentials/status#"
XSD = "http://www.w3.org/2001/XMLSchema#dateTime"
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"

PLACES = {
    "top": (),
    "issuer": ("issuer",),
    "subject": ("credentialSubject",),
    "achievement": ("credentialSubject", "achievement"),
    "criteria": ("credentialSubject", "achievement", "criteria"),
    "status": ("credentialStatus",),
    "identifier": ("credentialSubject", "identifier", 0),
}

ADDITIONS = {
    "term": {"honours": "summa cum laude"},
    "type": {"type": "DoctorOfPhilosophy"},
    "index": {"@index": "5"},
    "proto": {"__proto__": {"name": "Eve"}},
    "cyrillic": {"nаme": "Master of Science"},  # noqa: RUF001 - a Cyrillic letter is the point
    "zero-width": {"name\u200b": "Master of Science"},
    "null": {"honours": None},
    "empty": {"honours": []},
    "object": {"honours": {"level": "first"}},
    "relative-id": {"seeAlso": {"id": "there"}},
    "language-map": {"name": {"en": "Master of Science"}},
    "at-context": {"@context": {"honours": "https://evil.example/h"}},
    "null-context": {"@context": None},
    "nest": {"@nest": {"honours": "first"}},
    "reverse": {"@reverse": {"issuer": {"id": "did:web:evil.example"}}},
    "included": {"@included": [{"id": "urn:x", "name": "Eve"}]},
    "graph": {"@graph": [{"id": "urn:x", "name": "Eve"}]},
    "blank": {"_:b0": "Eve"},
    "keyword-like": {"@honours": "first"},
    "empty-name": {"": "first"},
    "iri": {"https://evil.example/honours": "first"},
}

CONTEXTS = {
    "inline": [{"honours": "https://evil.example/h"}],
    "unknown": ["https://evil.example/context.json"],
    "spaces": ["https://example.com/with a space"],
    "number": [5],
    "null": [None],
    "vocab": [{"@vocab": "https://evil.example/"}],
    "base": [{"@base": "https://evil.example/"}],
    "language": [{"@language": "de"}],
    "protected-override": [{"issuer": "https://evil.example/issuer"}],
    "alias-of-type": [{"kind": "@type"}],
    "import": [{"@import": "https://evil.example/c"}],
    "propagate": [{"@propagate": False, "x": "urn:x"}],
    "loopback": ["http://127.0.0.1:8080/context"],
    "metadata": ["http://169.254.169.254/latest/meta-data"],
    "file": ["file:///etc/passwd"],
    "data": ["data:application/ld+json,{}"],
    "relative": ["context.json"],
    "nested-list": [["https://www.w3.org/ns/credentials/v2"]],
    "first-model": [V1],
    "version": [{"@version": 1.0}],
}


def words(world):
    """Yield the files."""
    yield from _additions(world)
    yield from _contexts(world)
    yield from _respelled(world)


def _additions(world):
    badge = world.uni.badge()
    for place, path in PLACES.items():
        for name, addition in ADDITIONS.items():
            forged = copy.deepcopy(badge)
            node = at(forged, path)
            kinds = node.get("type", [])
            more = {"type": [*(kinds if isinstance(kinds, list) else [kinds]), "Doctor"]}
            node.update(more if name == "type" else addition)
            yield Hostile(f"v1-{place}-{name}", encode(forged))


def _contexts(world):
    for suite in ("eddsa-rdfc-2022", "eddsa-jcs-2022"):
        badge = world.uni.badge(suite)
        own = badge["@context"]
        for name, more in CONTEXTS.items():
            yield Hostile(f"v2-{suite}-{name}-last", encode({**badge, "@context": [*own, *more]}))
            yield Hostile(f"v2-{suite}-{name}-first", encode({**badge, "@context": [*more, *own]}))
        orders = {"reversed": own[::-1], "first-gone": own[1:], "only-first": own[:1]}
        orders |= {"none": [], "text": own[0], "null": None, "object": {}}
        for name, context in orders.items():
            yield Hostile(f"v2-{suite}-{name}", encode({**badge, "@context": context}))
    badge = world.uni.badge()
    for place, path in list(PLACES.items())[1:]:
        for name in ("inline", "unknown", "null", "vocab"):
            forged = copy.deepcopy(badge)
            at(forged, path)["@context"] = CONTEXTS[name]
            yield Hostile(f"v2-inner-{place}-{name}", encode(forged))


def _typed(value):
    return {"@value": value, "@type": XSD}


def _literal(value):
    """A date as JSON-LD writes it where no context says that it is one."""
    return _typed(value) if isinstance(value, str) else value


def _define(document, **terms):
    document["@context"] = [*document["@context"], terms]


def by_iri(node, document, term, iri):
    node[iri] = _literal(node.pop(term))


def by_iri_in_a_list(node, document, term, iri):
    node[iri] = [_literal(node.pop(term))]


def by_iri_in_a_set(node, document, term, iri):
    node[iri] = {"@set": [_literal(node.pop(term))]}


def by_alias(node, document, term, iri):
    _define(document, ends={"@id": iri})
    node["ends"] = _literal(node.pop(term))


def by_typed_alias(node, document, term, iri):
    _define(document, ends={"@id": iri, "@type": XSD})
    node["ends"] = node.pop(term)


def by_long_alias(node, document, term, iri):
    _define(document, **{"https://honest.example/note": {"@id": iri}})
    node["https://honest.example/note"] = _literal(node.pop(term))


def by_prefix(node, document, term, iri):
    _define(document, cred=iri[: -len(iri.rpartition("#")[2])])
    node[f"cred:{iri.rpartition('#')[2]}"] = _literal(node.pop(term))


def by_vocab(node, document, term, iri):
    _define(document, **{"@vocab": iri[:-1]})
    node[iri[-1:]] = _literal(node.pop(term))


def by_nest(node, document, term, iri):
    node["@nest"] = {term: node.pop(term)}


def by_nest_alias(node, document, term, iri):
    _define(document, more="@nest")
    node["more"] = {term: node.pop(term)}


def by_nested_nest(node, document, term, iri):
    node["@nest"] = {"@nest": {term: node.pop(term)}}


def by_included(node, document, term, iri):
    own = node.get("id", "urn:x")
    document["@included"] = [{"id": own, iri: _literal(node.pop(term))}]


def by_graph(node, document, term, iri):
    own = node.get("id", "urn:x")
    document["@graph"] = [{"id": own, iri: _literal(node.pop(term))}]


def by_second_node(node, document, term, iri):
    """State it of the credential, but write it inside the evidence."""
    own = node.get("id", "urn:x")
    document["evidence"] = [{"id": own, "type": ["Evidence"], iri: _literal(node.pop(term))}]


def by_reverse(node, document, term, iri):
    value = node.pop(term)
    inner = value if isinstance(value, dict) else {"id": "urn:x"}
    inner["@reverse"] = {iri: {"id": node.get("id", "urn:x")}}
    document["evidence"] = [inner]


def by_keyword(node, document, term, iri):
    node[f"@{term}"] = node.pop(term)


def by_case(node, document, term, iri):
    node[term.upper()] = node.pop(term)


def by_space(node, document, term, iri):
    node[f"{term} "] = node.pop(term)


def by_homoglyph(node, document, term, iri):
    node[term.replace("a", "а")] = node.pop(term)  # noqa: RUF001 - a Cyrillic letter is the point


def by_old_name(node, document, term, iri):
    names = {"validUntil": "expirationDate", "credentialStatus": "status", "expires": "expiration"}
    names |= {"expirationDate": "validUntil"}
    node[names.get(term, term)] = node.pop(term)


def by_removal(node, document, term, iri):
    node.pop(term)


def by_null(node, document, term, iri):
    node[term] = None


def by_empty_list(node, document, term, iri):
    node[term] = []


def by_list_keyword(node, document, term, iri):
    node[term] = {"@list": [node[term]]}


def by_set_keyword(node, document, term, iri):
    node[term] = {"@set": [node[term]]}


def by_typed_value(node, document, term, iri):
    node[term] = _literal(node[term])


def by_typed_list(node, document, term, iri):
    node[term] = [_literal(node[term])]


def by_later_twin(node, document, term, iri):
    """Say something harmless by the name, and what was signed by the IRI."""
    node[iri] = _literal(node[term])
    node[term] = stamp(days=900) if isinstance(node[term], str) else {**node[term], "id": "urn:x"}


def by_null_context(node, document, term, iri):
    value = node.pop(term)
    document["@context"] = [*document["@context"], None, *document["@context"]]
    node[iri] = _literal(value)


def by_scoped_context(node, document, term, iri):
    node["@context"] = {"ends": {"@id": iri, "@type": XSD}}
    node["ends"] = node.pop(term)


SPELLINGS = [made for name, made in list(globals().items()) if name.startswith("by_")]
"""29 ways and more to write a thing so that it means the same, or nothing."""


def _respelled(world):
    """Take what is expired or revoked, and hide why."""
    uni = world.uni
    expired = stamp(days=-1)
    signed = {
        "expired": (uni.badge(validUntil=expired), (), "validUntil", CRED),
        "revoked": (uni.badge(index=REVOKED), (), "credentialStatus", CRED),
        "expired-ecdsa": (uni.badge("ecdsa-rdfc-2019", validUntil=expired), (), "validUntil", CRED),
        "revoked-jcs": (uni.badge("eddsa-jcs-2022", index=REVOKED), (), "credentialStatus", CRED),
        "stale-proof": (
            uni.sign(
                uni.draft(), created=NOW - timedelta(days=30), expires=NOW - timedelta(days=1)
            ),
            ("proof", 0),
            "expires",
            SEC,
        ),
        "index": (
            uni.badge(index=REVOKED),
            ("credentialStatus",),
            "statusListIndex",
            STATUS,
        ),
        "purpose": (uni.badge(index=REVOKED), ("credentialStatus",), "statusPurpose", STATUS),
        "old-expired": (
            uni.sign(uni.old_draft(validUntil=expired)),
            (),
            "expirationDate",
            CRED,
        ),
    }
    for case, (document, path, term, namespace) in signed.items():
        iri = namespace + {"expires": "expiration"}.get(term, term)
        for spell in SPELLINGS:
            forged = copy.deepcopy(document)
            spell(at(forged, path), forged, term, iri)
            yield Hostile(f"v3-{case}-{spell.__name__}", encode(forged))
