from hypothesis import given
from hypothesis import strategies as st

from issuer.verify.meaning import meaning_of

ESCO = "http://data.europa.eu/esco/skill/ccd0a1d9-afda-43d9-b901-96344886e14d"
ACHIEVEMENT = {
    "id": "https://a.example/1",
    "type": ["Achievement"],
    "name": "Water challenge",
    "description": "Sensors in rivers.",
    "criteria": {"narrative": "Build one."},
    "creditsAvailable": 3,
    "inLanguage": "en",
    "alignment": [
        {
            "targetType": "ext:ESCOSkill",
            "targetName": "Python",
            "targetUrl": ESCO,
            "targetFramework": "ESCO",
            "targetDescription": "Level: intermediate",
        },
        {"targetType": "ext:EQF", "targetName": "EQF level 6", "targetUrl": "http://eqf/6"},
        {
            "targetType": "ext:AssessmentType",
            "targetName": "Written",
            "targetDescription": "60 %",
            "targetUrl": "http://a",
        },
        {"targetType": "CTDL", "targetName": "Something else", "targetUrl": "http://c"},
    ],
    "resultDescription": [
        {"id": "#g", "name": "Grade", "resultType": "LetterGrade"},
        {"id": "#s", "name": "Python", "alignment": [{"targetUrl": ESCO}]},
    ],
}
SUBJECT = {
    "achievement": ACHIEVEMENT,
    "identifier": [
        {"identityType": "emailAddress", "hashed": True, "identityHash": "sha256$00"},
        {"identityType": "name", "hashed": False, "identityHash": "Zoë Ångström"},
    ],
    "result": [
        {"resultDescription": "#g", "value": "A"},
        {"resultDescription": "#s", "value": "advanced"},
    ],
}
CREDENTIAL = {
    "issuer": {"id": "did:web:a.example", "name": "A University"},
    "validFrom": "2026-11-01T00:00:00Z",
    "credentialSubject": SUBJECT,
}


def with_achievement(**change):
    return CREDENTIAL | {"credentialSubject": SUBJECT | {"achievement": ACHIEVEMENT | change}}


def test_skills_tell_the_level_reached_before_the_level_taught():
    assert meaning_of(CREDENTIAL)["skills"] == [
        {"name": "Python", "url": ESCO, "framework": "ESCO", "level": "advanced"}
    ]
    untested = CREDENTIAL | {"credentialSubject": SUBJECT | {"result": []}}
    assert meaning_of(untested)["skills"][0]["level"] == "intermediate"


def test_each_standard_element_has_its_row():
    facts = {(fact["kind"], fact["text"]) for fact in meaning_of(CREDENTIAL)["facts"]}
    assert ("level", "EQF level 6") in facts
    assert ("assessment", "Written (60 %)") in facts
    assert ("credits", "3") in facts
    assert ("alignment", "Something else") in facts


def test_the_learner_is_named_only_where_the_name_is_in_clear():
    assert meaning_of(CREDENTIAL)["learner"] == "Zoë Ångström"
    hashed = [{"identityType": "name", "hashed": True, "identityHash": "sha256$00"}]
    hidden = CREDENTIAL | {"credentialSubject": SUBJECT | {"identifier": hashed}}
    assert meaning_of(hidden)["learner"] == ""


def test_a_grade_is_a_result_and_a_level_of_a_skill_is_not():
    assert meaning_of(CREDENTIAL)["results"] == [{"name": "Grade", "value": "A"}]


def test_a_foreign_alignment_to_esco_is_a_skill_too():
    found = meaning_of(with_achievement(alignment={"targetName": "X", "targetUrl": ESCO}))
    assert [skill["name"] for skill in found["skills"]] == ["X"]


def test_a_book_is_cut_to_a_text():
    assert len(meaning_of(with_achievement(name="x" * 10**6))["title"]) < 10_000
    many = [{"targetName": str(n), "targetUrl": ESCO} for n in range(10_000)]
    assert len(meaning_of(with_achievement(alignment=many))["skills"]) < 100


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(ACHIEVEMENT)), inner),
    max_leaves=20,
)


@given(st.sampled_from(sorted(ACHIEVEMENT)), json, st.sampled_from(sorted(SUBJECT)), json)
def test_whatever_stands_there_is_read_as_text_or_not_at_all(member, value, other, otherwise):
    achievement = ACHIEVEMENT | {member: value}
    subject = SUBJECT | {"achievement": achievement} | {other: otherwise}
    for document in (CREDENTIAL | {"credentialSubject": subject}, {"issuer": value}, {}):
        found = meaning_of(document)
        assert all(isinstance(part, str | list) for part in found.values())
        assert all(isinstance(part, str) for skill in found["skills"] for part in skill.values())
        assert all(isinstance(part, str) for fact in found["facts"] for part in fact.values())
