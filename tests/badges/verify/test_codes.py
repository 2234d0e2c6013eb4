import ast
from pathlib import Path

import pytest

from badges import errors as badge_errors
from badges.verify.codes import CHECK_TITLES, CODES, SUMMARIES, Weight
from badges.verify.outcome import EXPECTED, Verdict
from badges.verify.presentation import EXPECTED_OF_PRESENTATION
from did import errors as did_errors

ROOT = Path(__file__).parents[3]
NOT_FINDINGS = {"badge-error", "INTERNAL_ERROR", "not-sealable", "incomplete-award"}


def error_codes():
    for module in (badge_errors, did_errors):
        for member in vars(module).values():
            if isinstance(member, type) and issubclass(member, Exception):
                yield member.code


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words_for_people(code):
    wording = CODES[code]
    assert wording.title.rstrip(".") == wording.title != ""
    assert wording.explanation.endswith(".")
    assert wording.weight in Weight


def test_every_error_a_check_may_meet_has_words():
    wire = {"fetch-refused", "key-unavailable", "timestamp-invalid"}
    assert set(error_codes()) - NOT_FINDINGS - wire - set(CODES) == set()


def test_every_code_a_check_writes_has_words():
    written = set()
    for path in (ROOT / "badges/verify").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if getattr(getattr(node, "func", None), "id", "") == "Finding":
                written |= {a.value for a in node.args[2:3] if isinstance(a, ast.Constant)}
    assert written
    assert written <= set(CODES)


def test_every_check_has_a_title():
    assert set(CHECK_TITLES) >= EXPECTED | EXPECTED_OF_PRESENTATION


def test_every_verdict_has_its_sentence():
    assert set(SUMMARIES) == {verdict.value for verdict in Verdict}
