"""A check is spared only where nothing it looks at is new: the findings stay the same."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges import seal
from badges.credential.rules import check_rules
from badges.errors import NotSealable
from badges.ob3.rules import check_badge
from badges.proofs import known_shapes
from badges.proofs.spared import Clearance, Family, Rule
from badges.proofs.traced import trace
from badges.verify.checks import schema, structure
from contexts import schemas
from issuer.cli.bench_workload import NOW, University, drafts

CROWD = [*drafts(40, 1)]


def every_problem(document):
    """Return what `find_problems` says when nothing is spared."""
    known_shapes.memo().trusted = False
    try:
        return seal.find_problems(document)
    finally:
        known_shapes.memo().trusted = True


def form_problems(document):
    return [*check_rules(document), *check_badge(document)]


def schema_problems(document):
    return schemas.validate(document, schemas.ACHIEVEMENT_CREDENTIAL)


@pytest.fixture(scope="module", autouse=True)
def _practised():
    """Bring the memo of this process to where it spares: by template, and by shape alone."""
    memo = known_shapes.memo()
    for templates in (True, False):
        memo.templates = templates
        for draft in CROWD[:16]:
            seal.find_problems(draft)
            known_shapes.spares(structure.FORM, draft)
            known_shapes.spares(schema.SCHEMA, draft)
    memo.templates = True
    assert known_shapes.spares(seal._CHECKS, CROWD[20])


def places(value, path=()):
    for name, member in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, name)
        if isinstance(member, dict | list):
            yield from places(member, (*path, name))


PLACES = sorted(places(CROWD[20]), key=str)
NASTY = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            *("", " ", "@id", "_:b0", "name", "Profile", "urn:", "urn:x:y", "a:b", "https://a b"),
            *("2026-02-30T00:00:00Z", "2026-02-28T00:00:00", "2026-02-28", "0", "-1", "01", "1e3"),
            *("x\x7f", "x\x85", "\ufffe", "\U0001ffff", "tab\t", 'quote"', "back\\", "é", "%s"),
            *("did:web:other.example", "https://morgenau.example", "EN", "ext:x", "revocation"),
            *("2026-11-23T12:00:00Z", "50", "BitstringStatusListEntry", "Achievement"),
        ]
    ),
    st.sampled_from([None, True, 0, -1, 1.5, [], {}, ["x"], {"id": "urn:x:y"}]),
)


def changed(path, value):
    document = copy.deepcopy(CROWD[20])
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return document


def compare(path, value, *, templates):
    document, memo = changed(path, value), known_shapes.memo()
    memo.templates = templates
    try:
        found = seal.find_problems(document)
        spared_form = known_shapes.spares(structure.FORM, document)
        spared_schema = known_shapes.spares(schema.SCHEMA, document)
    finally:
        memo.templates = True
    assert found == every_problem(document)
    assert not (spared_form and form_problems(document))
    assert not (spared_schema and schema_problems(document))
    assert memo.trusted


CHANGES = {"path": st.sampled_from(PLACES), "value": NASTY, "templates": st.booleans()}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(**CHANGES)
def test_one_change_in_a_known_shape_has_the_findings_of_all_checks(path, value, templates):
    compare(path, value, templates=templates)


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(**CHANGES)
def test_two_thousand_changes_have_the_findings_of_all_checks(path, value, templates):
    compare(path, value, templates=templates)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("id",), "urn:a b"),
        (("validFrom",), "2026-02-30T00:00:00Z"),
        (("awardedDate",), "yesterday"),
        (("credentialStatus", "statusListIndex"), "-1"),
        (("credentialStatus", "id"), "nowhere"),
        (("evidence", 0, "id"), "https://a b"),
        (("evidence", 1, "description"), "c1 \x85"),
        (("credentialSubject", "identifier", 0, "identityHash"), "\ufffe"),
        (("credentialSubject", "narrative"), "bell \x07"),
        (("credentialSubject", "result", 0, "resultDescription"), "https://a.example/other"),
        (("credentialSubject", "achievement", "inLanguage"), "English"),
        (("credentialSubject", "achievement", "criteria", "narrative"), ""),
    ],
)
@pytest.mark.parametrize("templates", [True, False])
def test_a_text_that_is_wrong_in_its_place_is_found(path, text, templates):
    memo = known_shapes.memo()
    memo.templates = templates
    try:
        assert seal.find_problems(changed(path, text)) == every_problem(changed(path, text)) != []
    finally:
        memo.templates = True


def test_what_was_spared_can_be_sealed_and_a_signed_one_cannot():
    university = University()
    method = university.signer.verification_method
    sealable = seal.prepare(CROWD[30], issuer_document=university.document, method=method, now=NOW)
    signed = seal.sign(sealable, university.signer, created=NOW)
    with pytest.raises(NotSealable, match="proof"):
        seal.prepare(signed, issuer_document=university.document, method=method, now=NOW)


def clearance(check, **more):
    return Clearance(Family("test", (Rule(check, **more),)))


def spared(known, document, texts):
    where = {("a",): 0, ("b",): 1}
    return known.spares(document, texts, lambda: where)


def test_a_check_is_not_made_again_for_a_text_it_never_took():
    asked = []

    def check(document):
        asked.append(document["a"])
        return []

    known = clearance(check)
    assert all(spared(known, {"a": "x", "b": b}, (b"x", b.encode())) for b in "123")
    assert len(asked) == 2  # made once, and once more to see what it takes
    assert known.uses == 2


def test_a_check_is_made_again_for_a_text_that_is_new():
    known = clearance(lambda document: ["wrong"] if document["a"] == "y" else [])
    assert spared(known, {"a": "x", "b": ""}, (b"x", b""))
    assert not spared(known, {"a": "y", "b": ""}, (b"y", b""))
    assert not spared(known, {"a": "y", "b": ""}, (b"y", b""))


def test_a_check_whose_text_always_changes_is_made_each_time_and_may_fail():
    known = clearance(lambda document: ["wrong"] if document["a"] == "50" else [])
    for number in range(60):
        text = str(number)
        assert spared(known, {"a": text, "b": ""}, (text.encode(), b"")) is (text != "50")


def test_what_one_learnt_of_a_check_that_is_made_each_time_serves_the_next_and_it_may_fail():
    asked, restless = [], set()

    def check(document):
        asked.append(document["a"])
        return ["wrong"] if document["a"] == "bad" else []

    family = Family("test", (Rule(check),))
    first = Clearance(family, restless)
    for number in range(12):
        assert spared(first, {"a": str(number)}, (b"%d" % number, b""))
    assert restless == {0}
    second = Clearance(family, restless)
    for text in ("12", "13", "14"):
        assert spared(second, {"a": text}, (text.encode(), b""))
        assert asked[-1] == text
    assert not spared(second, {"a": "bad"}, (b"bad", b""))
    assert not spared(Clearance(family, restless), {"a": "bad"}, (b"bad", b""))


def test_a_check_that_reads_more_on_another_way_is_not_spared_by_what_it_read_before():
    def check(document):
        return ["wrong"] if document["a"] == "look" and document["b"] == "bad" else []

    known = clearance(check)
    assert spared(known, {"a": "skip", "b": "bad"}, (b"skip", b"bad"))
    assert spared(known, {"a": "look", "b": "good"}, (b"look", b"good"))
    assert not spared(known, {"a": "look", "b": "bad"}, (b"look", b"bad"))
    assert spared(known, {"a": "skip", "b": "bad"}, (b"skip", b"bad"))


def test_a_text_that_is_new_in_each_batch_does_not_make_a_rule_restless():
    asked = []
    known = Clearance(Family("test", (Rule(lambda d: asked.append(d["a"]) or []),)))
    for batch in range(30):
        for _ in range(100):
            assert spared(known, {"a": f"{batch}"}, (b"%d" % batch, b""))
    assert len(asked) == 2 * 30  # looked at, and traced
    for number in range(20):  # and one after the other does
        assert spared(known, {"a": f"n{number}"}, (b"n%d" % number, b""))
    assert known.restless == {0}


def test_a_text_that_is_not_plain_is_not_spared():
    family = Family("test", (), is_plain=lambda written: b"!" not in written)
    assert spared(Clearance(family), {}, (b"x", b"y"))
    assert not spared(Clearance(family), {}, (b"x", b"!"))


def test_a_spared_check_that_fails_when_asked_again_switches_the_memo_off():
    alarms, wrong = [], []
    memo = known_shapes.new_memo(group=known_shapes._achievement, alarm=alarms.append)
    family = Family("test", (Rule(lambda _: wrong, lambda _: ()),))
    for draft in CROWD[:6]:
        memo.canonicalize(draft)
    assert memo.spares(family, CROWD[6])
    wrong.append("after all")
    assert not memo.spares(family, CROWD[7])
    assert alarms
    assert not memo.trusted
    assert not memo.spares(family, CROWD[8])


def test_a_trace_names_every_value_that_was_taken_out():
    document = {"a": "1", "b": {"c": "2", "d": "3"}, "e": ["4", {"f": "5", "g": "6"}], "h": "7"}

    def check(view):
        return view["a"], view["b"].get("c"), "h" in view, view["e"][1]["f"]

    answer, seen = trace(check, document)
    assert answer == ("1", "2", True, "5")
    assert seen == {("a",), ("b", "c"), ("e", 0), ("e", 1, "f")}


def test_a_trace_is_not_fooled_by_copies():
    document = {"a": {"b": "1", "c": "2"}}
    for check in (lambda v: {**v["a"]}, lambda v: dict(v["a"]), lambda v: v["a"] == {}):
        assert trace(check, document)[1] in ({("a", "b"), ("a", "c")}, frozenset())
    assert trace(lambda v: dict(v["a"]), document)[1] == {("a", "b"), ("a", "c")}


def test_a_sight_handed_along_spares_what_a_look_does():
    sight = known_shapes.recognise(CROWD[21])
    assert known_shapes.spares(structure.FORM, CROWD[21], sight)
    assert known_shapes.spares(schema.SCHEMA, CROWD[21], sight)


def test_a_sight_had_before_spares_nothing_once_the_memo_is_off():
    made = []
    sight = known_shapes.recognise(CROWD[22])
    for _ in range(4):  # the first makes the check, and the second makes sure
        known_shapes.require("new", CROWD[22], made.append, sight)
    assert len(made) == 2
    known_shapes.memo().trusted = False
    try:
        assert not known_shapes.spares(structure.FORM, CROWD[22], sight)
        known_shapes.require("new", CROWD[22], made.append, sight)
    finally:
        known_shapes.memo().trusted = True
    assert len(made) == 3
