import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.verify.codes import CODES
from badges.verify.outcome import EXPECTED, MUST_PASS, Finding, Outcome, Verdict, verdict

GOOD = [Finding(check, Outcome.PASSED, "well-formed") for check in sorted(EXPECTED)]
REST = [finding for finding in GOOD if finding.check != "status"]
findings = st.builds(
    Finding,
    st.sampled_from([*sorted(EXPECTED), "holder", "something-new"]),
    st.sampled_from(Outcome),
    st.sampled_from([*CODES, "a-code-nobody-knows"]),
)


def test_all_passed_is_valid():
    assert verdict(GOOD) is Verdict.VALID


def test_no_findings_are_no_answer():
    assert verdict([]) is Verdict.COULD_NOT_CHECK


@given(st.data())
def test_taking_any_finding_away_never_makes_a_report_valid(data):
    report = [
        data.draw(
            st.one_of(st.just(good), findings.map(lambda f, c=good.check: f._replace(check=c)))
        )
        for good in GOOD
    ]
    for position in range(len(report)):
        assert verdict(report[:position] + report[position + 1 :]) is not Verdict.VALID


@given(st.lists(findings, max_size=20))
def test_a_valid_report_has_each_check_once(found):
    for report in (found, [*GOOD, *found]):
        if verdict(report) is Verdict.VALID:
            assert sorted(f.check for f in report) == sorted(EXPECTED)


@given(st.permutations(GOOD), st.integers(1, len(GOOD)))
def test_a_report_that_lacks_checks_is_never_valid(order, count):
    assert verdict(order[count:]) is Verdict.COULD_NOT_CHECK


@given(findings.filter(lambda f: f.outcome in {Outcome.FAILED, Outcome.UNKNOWN}))
def test_one_bad_finding_spoils_the_rest(finding):
    assert verdict([f for f in GOOD if f.check != finding.check] + [finding]) is not Verdict.VALID


@pytest.mark.parametrize("check", sorted(MUST_PASS))
def test_not_applicable_is_not_enough_for_what_must_pass(check):
    rest = [f for f in GOOD if f.check != check]
    skipped = Finding(check, Outcome.NOT_APPLICABLE, "no-status")
    assert verdict([*rest, skipped]) is Verdict.COULD_NOT_CHECK


@given(st.lists(findings, max_size=8))
def test_the_order_does_not_matter(found):
    answers = {verdict(order) for order in itertools.islice(itertools.permutations(found), 24)}
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("outcome", "code", "expected"),
    [
        (Outcome.FAILED, "revoked", Verdict.NOT_VALID),
        (Outcome.FAILED, "PROOF_VERIFICATION_ERROR", Verdict.NOT_VALID),
        (Outcome.FAILED, "a-code-nobody-knows", Verdict.NOT_VALID),
        (Outcome.FAILED, "signature-correct", Verdict.NOT_VALID),
        (Outcome.FAILED, "NOT_FOUND", Verdict.COULD_NOT_CHECK),
        (Outcome.FAILED, "expired", Verdict.GENUINE_WITH_REMARKS),
        (Outcome.FAILED, "suspended", Verdict.GENUINE_WITH_REMARKS),
        (Outcome.FAILED, "not-listed", Verdict.GENUINE_WITH_REMARKS),
        (Outcome.UNKNOWN, "STATUS_RETRIEVAL_ERROR", Verdict.COULD_NOT_CHECK),
        (Outcome.UNKNOWN, "revoked", Verdict.COULD_NOT_CHECK),
        (Outcome.UNKNOWN, "a-code-nobody-knows", Verdict.COULD_NOT_CHECK),
        (Outcome.UNKNOWN, "schema-unavailable", Verdict.GENUINE_WITH_REMARKS),
    ],
)
def test_how_heavy_a_finding_is(outcome, code, expected):
    assert verdict([*REST, Finding("status", outcome, code)]) is expected


def test_forgery_outweighs_an_unreachable_list_and_that_outweighs_a_remark():
    forged = Finding("proof", Outcome.FAILED, "PROOF_VERIFICATION_ERROR")
    blind = Finding("status", Outcome.UNKNOWN, "STATUS_RETRIEVAL_ERROR")
    remark = Finding("dates", Outcome.FAILED, "expired")
    rest = [f for f in GOOD if f.check not in {"proof", "status", "dates"}]
    assert verdict([*rest, remark, blind, forged]) is Verdict.NOT_VALID
    assert verdict([*rest, remark, blind, GOOD[3]]) is Verdict.COULD_NOT_CHECK
