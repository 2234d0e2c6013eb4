import json

import pytest

from badges.verify import Policy, Verdict, parse_register
from badges.verify.outcome import weigh


def test_the_report_has_the_public_form(badge, verify):
    report = verify(badge).to_json("badge.json")
    assert list(report) == [
        *("input", "verdict", "summary", "credential", "findings", "checked_at"),
    ]
    assert all(list(f) == ["check", "outcome", "code", "detail"] for f in report["findings"])
    assert report["input"] == "badge.json"
    assert report["checked_at"] == "2026-11-01T12:00:00Z"
    json.dumps(report)


def test_v15_a_name_nobody_vouches_for_comes_after_the_address(badge, verify):
    sentence = verify(badge).summary()
    assert sentence.index("did:web:morgenau.example") < sentence.index("Universitat Morgenau")
    assert "calls itself" in sentence


def test_a_name_from_the_register_stands_alone(badge, verify):
    listed = [{"id": "did:web:morgenau.example", "name": "University of Morgenau"}]
    policy = Policy(register=parse_register(json.dumps(listed)))
    assert "University of Morgenau awarded “Data analysis” to Zoë" in (
        verify(badge, policy=policy).summary()
    )


def test_a_remark_is_named_in_the_sentence(badge, verify):
    policy = Policy(register=parse_register("[]"))
    assert "the issuer is not in the register" in verify(badge, policy=policy).summary()


@pytest.mark.parametrize("name", ["{0}", "{id.__class__}", "%s", "<script>alert(1)</script>"])
def test_v14_a_hostile_name_stays_text(uni, draft, verify, name):
    issuer = {**draft["issuer"], "name": name}
    report = verify(uni.sign({**draft, "issuer": issuer}))
    assert report.verdict is Verdict.VALID
    assert name in report.summary()


def test_a_forged_badge_says_nothing_but_that(badge, verify):
    report = verify({**badge, "name": "Master of Science"})
    assert report.summary() == "Not valid: the seal is broken."
    assert not report.is_protected()


def test_the_heaviest_finding_is_the_reason(badge, verify):
    report = verify({**badge, "name": "x"}, policy=Policy(register=parse_register("[]")))
    assert weigh(report.reason) == "fatal"


def test_long_texts_are_cut(uni, draft, verify):
    report = verify(uni.sign({**draft, "name": "x" * 10_000}))
    assert len(report.credential["name"]) == 4_000
