"""A cohort takes nothing for valid that the whole verifier would not."""

import copy
from dataclasses import replace
from datetime import timedelta

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.proofs import known_shapes
from badges.proofs.data_integrity import add_proof
from badges.status import bits
from badges.status.bitstring import build_list
from badges.verify import Case, Register, Verdict, check, read, read_one_of_many
from badges.verify.cohort import Cohort
from did.public_key import Curve
from did.signers.memory import generate
from issuer.cli.bench_workload import DID, LIST, NOW, Page, University, drafts

UNIVERSITY = University()
EVIDENCE = UNIVERSITY.evidence()
DRAFTS = [*drafts(30, 1)]
SUITE = "eddsa-rdfc-2022"


def signed(draft, signer=UNIVERSITY.signer, **options):
    return add_proof(draft, signer, SUITE, **{"created": NOW} | options)


def presented(document):
    return read_one_of_many(orjson.dumps(document))


def verdict(document, evidence=EVIDENCE):
    alone = read(orjson.dumps(document))
    return check(Case(alone, evidence, UNIVERSITY.policy, NOW)).verdict


def new_cohort(evidence=EVIDENCE, now=NOW):
    """A cohort that has seen enough of these badges to spare the next ones."""
    cohort = Cohort(evidence, UNIVERSITY.policy, now)
    for draft in DRAFTS[:14]:
        shown = presented(signed(draft))
        if not cohort.is_valid(shown):
            cohort.check(shown)
    return cohort


@pytest.fixture(scope="module")
def cohort():
    return new_cohort()


def test_takes_the_next_one_of_a_cohort_for_valid(cohort):
    for draft in DRAFTS[14:20]:
        assert cohort.is_valid(presented(signed(draft)))


def test_takes_one_that_was_read_alone_for_valid_as_well(cohort):
    assert cohort.is_valid(read(orjson.dumps(signed(DRAFTS[15]))))


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{", b'{"a":1,"a":2}', b"x.y.z", b"{" + b" " * 2**20]
)
def test_what_is_no_badge_has_the_same_problem_read_as_one_of_many(data):
    alone, many = read(data), read_one_of_many(data)
    assert (alone.form, str(alone.problem)) == (many.form, str(many.problem))


def test_the_first_of_a_kind_is_left_to_the_whole_verifier():
    other = copy.deepcopy(DRAFTS[20])
    other["credentialSubject"]["achievement"]["id"] = "https://morgenau.example/other"
    fresh = Cohort(EVIDENCE, UNIVERSITY.policy, NOW)
    assert not fresh.is_valid(presented(signed(other)))
    assert fresh.check(presented(signed(other))).verdict is Verdict.VALID


def test_another_signature_is_not_taken_for_valid(cohort):
    one, other = signed(DRAFTS[20]), signed(DRAFTS[21])
    one["proof"][0]["proofValue"] = other["proof"][0]["proofValue"]
    assert not cohort.is_valid(presented(one))
    assert verdict(one) is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "path",
    [
        ("credentialSubject", "identifier", 0, "identityHash"),
        ("credentialSubject", "narrative"),
        ("evidence", 0, "narrative"),
        ("name",),
    ],
)
def test_a_text_that_was_changed_after_signing_is_not_taken_for_valid(cohort, path):
    document = copy.deepcopy(signed(DRAFTS[20]))
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] += "x"
    assert not cohort.is_valid(presented(document))
    assert verdict(document) is Verdict.NOT_VALID


def test_another_key_is_not_taken_for_valid(cohort):
    stranger = generate(Curve.ED25519, UNIVERSITY.signer.verification_method)
    document = signed(DRAFTS[20], stranger)
    assert not cohort.is_valid(presented(document))
    assert verdict(document) is Verdict.NOT_VALID


@pytest.mark.parametrize(
    "options", [{"purpose": "authentication"}, {"expires": NOW - timedelta(hours=1)}]
)
def test_a_proof_that_says_something_else_is_not_taken_for_valid(cohort, options):
    document = signed(DRAFTS[20], **options)
    assert not cohort.is_valid(presented(document))
    assert verdict(document) is not Verdict.VALID


def test_a_proof_of_the_future_is_not_taken_for_valid(cohort):
    document = signed(DRAFTS[20], created=NOW + timedelta(days=1))
    assert not cohort.is_valid(presented(document))
    assert verdict(document) is Verdict.NOT_VALID


def test_what_was_revoked_is_not_taken_for_valid_and_its_neighbour_is():
    index = int(DRAFTS[20]["credentialStatus"]["statusListIndex"])
    revoked = bits.new()
    bits.write(revoked, index, 1)
    listed = build_list(
        LIST,
        DID,
        "revocation",
        revoked,
        valid_from=NOW - timedelta(hours=1),
        valid_until=NOW + timedelta(days=2),
    )
    evidence = EVIDENCE | {LIST: Page(orjson.dumps(signed(listed)))}
    strict = new_cohort(evidence)
    assert not strict.is_valid(presented(signed(DRAFTS[20])))
    assert verdict(signed(DRAFTS[20]), evidence) is Verdict.NOT_VALID
    assert strict.is_valid(presented(signed(DRAFTS[21])))


def test_a_list_that_is_another_now_is_looked_at_again():
    evidence = dict(EVIDENCE)
    strict = new_cohort(evidence)
    assert strict.is_valid(presented(signed(DRAFTS[20])))
    forged = orjson.loads(evidence[LIST].body)
    forged["validUntil"] = "2099-01-01T00:00:00Z"
    evidence[LIST] = Page(orjson.dumps(forged))
    assert not strict.is_valid(presented(signed(DRAFTS[21])))
    evidence[LIST] = Page(b"")
    assert not strict.is_valid(presented(signed(DRAFTS[22])))


def test_without_the_list_nothing_is_taken_for_valid():
    evidence = {url: page for url, page in EVIDENCE.items() if url != LIST}
    assert not new_cohort(evidence).is_valid(presented(signed(DRAFTS[20])))


def test_the_first_that_is_spared_is_looked_at_and_a_mistake_switches_the_memo_off():
    new_cohort()
    wrong = Cohort(EVIDENCE, UNIVERSITY.policy, NOW)
    for draft in DRAFTS[14:18]:
        assert wrong.check(presented(signed(draft))).verdict is Verdict.VALID
    wrong.policy = replace(UNIVERSITY.policy, register=Register("Nobody", {}))
    try:
        for draft in DRAFTS:
            wrong.is_valid(presented(signed(draft)))
        assert not known_shapes.memo().trusted
    finally:
        known_shapes.memo().trusted = True


def places(value, path=()):
    for name, member in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, name)
        if isinstance(member, dict | list):
            yield from places(member, (*path, name))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(sorted(places(signed(DRAFTS[22])), key=str)),
    value=st.sampled_from(["", "x", "@id", "urn:x:y", "https://a b", "\x85", "7", None, True, []]),
    again=st.booleans(),
)
def test_no_change_is_taken_for_valid_that_the_whole_verifier_refuses(cohort, path, value, again):
    document = copy.deepcopy(signed(DRAFTS[22]))
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    if again and path[0] != "proof":
        try:
            document = signed({n: v for n, v in document.items() if n != "proof"})
        except Exception:  # noqa: BLE001 - what cannot be signed is looked at as it is
            again = False
    if cohort.is_valid(presented(document)):
        assert verdict(document) is Verdict.VALID


def test_a_credential_that_was_only_looked_at_stands_for_no_other():
    alone = Cohort(EVIDENCE, UNIVERSITY.policy, NOW)
    for draft in DRAFTS[:14]:
        assert alone.look(presented(signed(draft))).verdict is Verdict.VALID
        assert not alone.is_valid(presented(signed(draft)))
