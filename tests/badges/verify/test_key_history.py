"""An issuer whose keys are suddenly others (row V18)."""

import pytest

from badges.verify import Case, Outcome, Policy, Verdict, check, read
from badges.verify.key_history import Seen, issuers, seen
from did.document import KeyEntry, build
from did.jwk import thumbprint
from did.public_key import Curve
from did.signers.memory import generate
from tests.badges.verify.conftest import DID, NOW
from tests.hostile.world import encode

OTHER = generate(Curve.P256)


def known(*signers, issuer=DID):
    keys = frozenset(thumbprint(signer.public_key) for signer in signers)
    return Policy(known_keys={issuer: keys})


def issuer(report):
    return report.finding("issuer")


def test_an_issuer_nobody_saw_before_has_no_history(badge, verify):
    assert verify(badge).verdict is Verdict.VALID


def test_an_issuer_with_the_keys_it_had_is_fine(uni, badge, verify):
    assert verify(badge, policy=known(uni.signer, OTHER)).verdict is Verdict.VALID


def test_the_history_of_another_issuer_says_nothing(badge, verify):
    policy = known(OTHER, issuer="did:web:elsewhere.example")
    assert verify(badge, policy=policy).verdict is Verdict.VALID


def test_v18_a_key_change_without_a_rotation_record_is_a_remark(badge, verify):
    report = verify(badge, policy=known(OTHER))
    assert report.verdict is Verdict.GENUINE_WITH_REMARKS
    assert (issuer(report).outcome, issuer(report).code) == (Outcome.FAILED, "issuer_key_changed")


@pytest.mark.parametrize("state", [{}, {"retired": True}, {"revoked": NOW}])
def test_v18_a_rotation_that_still_lists_the_old_key_is_none(uni, badge, verify, state):
    old = KeyEntry("key-0", OTHER.public_key, **state)
    uni.publish(build(DID, [old, KeyEntry("key-1", uni.signer.public_key)]))
    assert verify(badge, policy=known(OTHER)).verdict is Verdict.VALID


def test_v18_a_changed_key_never_makes_a_forgery_genuine(uni, badge, verify):
    uni.publish(build(DID, [KeyEntry("key-1", generate(Curve.ED25519).public_key)]))
    assert verify(badge, policy=known(OTHER)).verdict is Verdict.NOT_VALID


def test_v18_an_issuer_we_knew_that_is_gone_cannot_be_checked(uni, badge, verify):
    report = verify(badge, pages={}, policy=known(uni.signer))
    assert report.verdict is Verdict.COULD_NOT_CHECK


def test_v18_a_deactivated_did_signs_nothing(uni, badge, verify):
    uni.publish({**uni.document.raw, "deactivated": True})
    report = verify(badge)
    assert report.verdict is Verdict.NOT_VALID
    assert "deactivated" in issuer(report).detail


def watched(uni, badge, policy=None):
    case = Case(read(encode(badge)), uni.pages, policy or Policy(), NOW)
    return seen(case, check(case))


def test_what_was_seen_are_the_keys_the_issuer_lists(uni, badge):
    thumb = thumbprint(uni.signer.public_key)
    assert watched(uni, badge) == {DID: Seen((thumb,), is_explained=True)}


def test_v18_keys_after_a_sudden_change_are_seen_as_unexplained(uni, badge):
    assert not watched(uni, badge, known(OTHER))[DID].is_explained


def test_v18_nothing_is_learnt_from_a_forgery(uni, badge):
    assert watched(uni, {**badge, "name": "Other"}) == {}
    uni.publish(build(DID, [KeyEntry("key-1", OTHER.public_key)]))
    assert watched(uni, badge) == {}


def test_a_key_that_is_its_own_address_has_no_history(draft):
    own = generate(Curve.ED25519).verification_method.partition("#")[0]
    assert issuers(read(encode({**draft, "issuer": own}))) == frozenset()
    assert issuers(read(encode(draft))) == {DID}
