import copy

import pytest

from badges.ob3.build import build_credential
from badges.ob3.rules import check_badge, is_badge


@pytest.fixture
def badge(award, now):
    return build_credential(
        award, credential_id="urn:uuid:1", issuer_did="did:web:a.example", valid_from=now
    )


def test_what_we_build_keeps_the_rules(badge):
    assert is_badge(badge)
    assert check_badge(badge) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: b["@context"].pop(),
        lambda b: b["@context"].reverse(),
        lambda b: b.update(credentialSubject=[b["credentialSubject"]] * 2),
        lambda b: b["credentialSubject"].update(type=["Person"]),
        lambda b: b["credentialSubject"].pop("identifier"),
        lambda b: b["credentialSubject"].update(identifier=[]),
        lambda b: b["credentialSubject"].pop("achievement"),
        lambda b: b["credentialSubject"]["achievement"].update(criteria={}),
        lambda b: b["credentialSubject"]["achievement"].pop("criteria"),
        lambda b: b["credentialSubject"]["result"][0].update(resultDescription="urn:other"),
        lambda b: b["credentialSubject"]["achievement"].pop("resultDescription"),
    ],
)
def test_each_broken_rule_is_a_problem(badge, spoil):
    spoilt = copy.deepcopy(badge)
    spoil(spoilt)
    assert check_badge(spoilt)


def test_other_credentials_are_not_badges():
    assert not is_badge({"type": ["VerifiableCredential"]})


@pytest.mark.parametrize("meant", [[], {}, ["x"], {"id": "x"}])
def test_a_result_that_names_no_description_is_told_whatever_it_holds(badge, meant):
    badge["credentialSubject"]["result"] = [{"type": ["Result"], "resultDescription": meant}]
    assert any("not described" in problem.message for problem in check_badge(badge))


LEVELS = [{"id": f"urn:level:{n}", "type": ["RubricCriterionLevel"], "name": n} for n in "ab"]


@pytest.mark.parametrize(
    ("description", "result", "holds"),
    [
        ({"rubricCriterionLevel": LEVELS}, {"achievedLevel": "urn:level:b"}, True),
        ({"rubricCriterionLevel": LEVELS}, {"value": "5"}, True),
        ({}, {"achievedLevel": "urn:level:b"}, True),
        ({"resultType": "Status"}, {"status": "Completed"}, True),
        ({"rubricCriterionLevel": LEVELS}, {"achievedLevel": "urn:level:c"}, False),
        ({"rubricCriterionLevel": LEVELS}, {"achievedLevel": ["urn:level:a"]}, False),
        ({"rubricCriterionLevel": LEVELS}, {"achievedLevel": None}, False),
        ({"resultType": "Status"}, {"value": "Completed"}, False),
    ],
    ids=str,
)
def test_a_result_is_what_its_description_allows(badge, description, result, holds):
    subject = badge["credentialSubject"]
    described = {"id": "urn:result:1", "type": ["ResultDescription"]} | description
    subject["achievement"]["resultDescription"] = [described]
    subject["result"] = [{"type": ["Result"], "resultDescription": "urn:result:1"} | result]
    assert (check_badge(badge) == []) is holds
