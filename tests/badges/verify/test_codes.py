import ast
from pathlib import Path

import pytest

from badges import errors as badge_errors
from badges.verify.codes import CHECK_TITLES, CODES, SUMMARIES, Weight
from badges.verify.outcome import EXPECTED, Verdict
from badges.verify.presentation import EXPECTED_OF_PRESENTATION
from did import errors as did_errors

ROOT = Path(__file__).parents[3]
MET = (
    badge_errors.MalformedCredential,
    badge_errors.MalformedValue,
    badge_errors.DataLoss,
    badge_errors.RespelledTerm,
    badge_errors.UnknownContext,
    badge_errors.BudgetExceeded,
    badge_errors.ProofInvalid,
    badge_errors.ProofTransformation,
    badge_errors.UnsupportedSuite,
    badge_errors.RangeError,
    badge_errors.StatusRetrieval,
    badge_errors.StatusVerification,
    badge_errors.StatusListTooShort,
    badge_errors.NotBaked,
    did_errors.DidNotFound,
    did_errors.DidDocumentIdMismatch,
    did_errors.InvalidDid,
    did_errors.InvalidDidDocument,
    did_errors.InvalidDidUrl,
    did_errors.InvalidKey,
    did_errors.InvalidRelationship,
    did_errors.InvalidVerificationMethod,
    did_errors.MethodNotSupported,
)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words_for_people(code):
    wording = CODES[code]
    assert wording.title.rstrip(".") == wording.title != ""
    assert wording.explanation.endswith(".")
    assert wording.weight in Weight


@pytest.mark.parametrize("error", MET, ids=lambda e: e.__name__)
def test_every_error_a_check_may_meet_has_words(error):
    assert error.code in CODES


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
