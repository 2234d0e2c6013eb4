import json

from badges.verify import Verdict


def test_a_genuine_badge_is_valid(badge, verify):
    report = verify(badge)
    assert report.verdict is Verdict.VALID, json.dumps(report.to_json(), indent=1)
