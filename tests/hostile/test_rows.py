"""Every row of the threat model has tests named after it, and most tests of the verifier refuse.

Here are also the tests of rows that no file of the corpus can ask: V9 (where we go) and V20 (what
an old answer is worth).
"""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from badges.verify import Policy, Verdict, needs, read
from tests.hostile.lists import URLS
from tests.hostile.world import NOW, encode

TESTS = Path(__file__).resolve().parents[1]


def test_each_row_has_tests_named_after_it():
    named = set()
    for file in TESTS.rglob("test_*.py"):
        named |= set(re.findall(r"def test_(v\d+)_", file.read_text()))
    assert {f"v{number}" for number in range(1, 21)} <= named


def test_most_cases_are_negative(made):
    _, cases = made
    negative = sum("valid" not in case.allowed for case in cases)
    assert negative / len(cases) >= 0.6


INSIDE = [url for url in URLS if isinstance(url, str)]


@pytest.mark.parametrize("url", INSIDE)
def test_v9_a_list_anywhere_but_on_the_web_is_not_asked_for(made, url):
    """What is asked for is https; `did.fetch` looks at the address itself."""
    world, _ = made
    badge = world.uni.badge("eddsa-jcs-2022")
    entry = {**badge["credentialStatus"], "statusListCredential": url}
    asked = needs(read(encode({**badge, "credentialStatus": entry})), {})
    assert all(address.startswith("https://") and len(address) <= 2_048 for address in asked)


@pytest.mark.parametrize("member", ["image", "evidence", "url", "parentOrg", "termsOfUse"])
def test_v9_pictures_evidence_and_homepages_are_never_asked_for(made, member):
    world, _ = made
    badge = world.uni.badge()
    secret = "https://169.254.169.254/latest/meta-data"
    asked = needs(read(encode({**badge, member: {"id": secret}})), {})
    issuer = {**badge["issuer"], member: {"id": secret}}
    asked |= needs(read(encode({**badge, "issuer": issuer})), {})
    assert secret not in asked


def test_v9_one_credential_cannot_make_us_ask_half_the_web(made):
    _, cases = made
    for case in cases:
        if len(case.data) < 100_000:
            assert len(needs(read(case.data), {})) <= 40, case.name


def test_v20_a_report_says_when_it_was_made_and_from_which_list(made, judge):
    world, _ = made
    report = judge(encode(world.uni.badge())).to_json("x")
    assert report["checked_at"] == "2026-11-01T12:00:00Z"
    (status,) = [f for f in report["findings"] if f["check"] == "status"]
    assert "list of 2026-11-01T11:00:00Z, seen 2026-11-01 12:00 UTC" in status["detail"]


def test_v20_a_report_handed_in_again_is_no_credential(made, judge):
    world, _ = made
    report = judge(encode(world.uni.badge())).to_json("x")
    again = judge(json.dumps(report).encode())
    assert again.verdict is Verdict.NOT_VALID


def test_v20_an_old_answer_does_not_outlive_a_revocation(made, judge):
    """The same file a day later is asked anew: nothing of the first answer is kept."""
    world, _ = made
    issuer = world.issuer()
    badge = encode(issuer.badge())
    assert judge(badge).verdict is Verdict.VALID
    bits = bytearray(b"\xff" * 16_384)
    world.put(issuer.list_url(), issuer.sign(issuer.list(bits=bits)))
    assert judge(badge).verdict is Verdict.NOT_VALID
    world.put(issuer.list_url(), b"gone", status=404)
    assert judge(badge).verdict is Verdict.COULD_NOT_CHECK


def test_v20_a_presentation_answers_one_request(made, judge):
    from tests.hostile.genuine import presented

    world, _ = made
    shown = encode(presented(world, [world.uni.badge()], domain="https://employer.example"))
    asked = Policy(challenge="n-1", domain="https://employer.example")
    assert judge(shown, asked).verdict is Verdict.VALID
    for other in (
        replace(asked, challenge="n-2"),
        replace(asked, domain="https://evil.example"),
    ):
        assert judge(shown, other).verdict is Verdict.NOT_VALID


def test_v20_the_time_of_a_report_is_the_time_of_the_question(made, judge):
    world, _ = made
    report = judge(encode(world.uni.badge()))
    assert abs(report.checked_at - NOW) < timedelta(seconds=1)
