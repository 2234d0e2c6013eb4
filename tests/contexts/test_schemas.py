import copy
import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts import schemas
from contexts.errors import UnknownSchema
from tests.examples import examples

CREDENTIAL = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "name": "Badge",
    "issuer": {"id": "did:web:uni.example", "type": ["Profile"], "name": "Uni"},
    "validFrom": "2026-01-01T00:00:00Z",
    "credentialStatus": {"id": "https://uni.example/s#1", "type": "BitstringStatusListEntry"},
    "credentialSubject": {
        "id": "did:example:1",
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": False,
                "identityHash": "Ana",
                "identityType": "name",
            }
        ],
        "achievement": {
            "id": "https://uni.example/a",
            "type": ["Achievement"],
            "name": "A",
            "description": "B",
            "criteria": {"narrative": "C"},
            "achievementType": "MicroCredential",
            "inLanguage": "en",
            "creditsAvailable": 3.5,
            "image": {"id": "https://uni.example/i.png", "type": "Image"},
            "alignment": [
                {
                    "type": ["Alignment"],
                    "targetName": "x",
                    "targetUrl": "http://data.europa.eu/esco/skill/1",
                    "targetType": "ext:ESCOSkill",
                }
            ],
        },
    },
    "proof": [{"type": "DataIntegrityProof"}],
}
TYPES = ("name", [], {}, 5, None, True, ["x"], "2026-01-01T00:00:00Z", {"en": 1})


def edits(document):
    """Every single change of a document: a member taken away, or given an odd value."""
    for path in sorted(paths(document), key=str):
        for odd in ("gone", *TYPES):
            edited = copy.deepcopy(document)
            parent = edited
            for step in path[:-1]:
                parent = parent[step]
            if odd == "gone":
                del parent[path[-1]]
            else:
                parent[path[-1]] = odd
            yield path, odd, edited


def paths(value, path=()):
    if path:
        yield path
    members = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, member in members:
        yield from paths(member, (*path, name))


def official(shared, name):
    document = json.loads((shared / "openbadges/schemas" / name).read_text())
    return jsonschema.Draft201909Validator(document)


def agree(ours_url, theirs, document):
    return (schemas.validate(document, ours_url) == []) == theirs.is_valid(document)


@pytest.mark.many
@pytest.mark.parametrize(
    ("url", "name", "sound"),
    [
        (
            schemas.STRICT_ACHIEVEMENT_CREDENTIAL,
            "formal-2025/achievementcredential.json",
            CREDENTIAL,
        ),
        (
            schemas.ACHIEVEMENT_CREDENTIAL,
            "published-2026/ob_v3p0_achievementcredential_schema.json",
            CREDENTIAL,
        ),
        (
            schemas.ANY_ACHIEVEMENT_CREDENTIAL,
            "published-2026/ob_v3p0_anyachievementcredential_schema.json",
            CREDENTIAL,
        ),
    ],
)
def test_our_schema_and_the_official_one_judge_every_single_edit_alike(shared, url, name, sound):
    theirs = official(shared, name)
    assert schemas.validate(sound, url) == []
    assert theirs.is_valid(sound)
    dates = {"validFrom"}
    differ = [
        (path, odd)
        for path, odd, edited in list(edits(sound))[:: examples(5, 1)]
        if not agree(url, theirs, edited)
        and not (path[-1] in dates and isinstance(odd, str))
        and not (odd == {} and "published" in name)
    ]
    assert differ == []


def test_both_official_generations_and_ours_agree_on_the_official_samples(shared):
    pairs = (
        (schemas.STRICT_ACHIEVEMENT_CREDENTIAL, "formal-2025/achievementcredential.json"),
        (
            schemas.ACHIEVEMENT_CREDENTIAL,
            "published-2026/ob_v3p0_achievementcredential_schema.json",
        ),
    )
    seen = 0
    for file in sorted((shared / "openbadges/samples").glob("*.json")):
        sample = json.loads(file.read_text())
        for url, name in pairs:
            assert agree(url, official(shared, name), sample), (file.name, name)
            seen += 1
    assert seen >= 14


def test_the_sample_endorsement_fits_the_endorsement_schema(shared):
    sample = json.loads((shared / "openbadges/samples/endorsement.json").read_text())
    assert schemas.validate(sample, schemas.ENDORSEMENT_CREDENTIAL) == []


def test_a_vcdm_1_1_badge_fits_only_the_schema_for_any_version():
    older = {**CREDENTIAL, "issuanceDate": CREDENTIAL["validFrom"]}
    del older["validFrom"]
    older["@context"] = ["https://www.w3.org/2018/credentials/v1", CREDENTIAL["@context"][1]]
    assert schemas.validate(older, schemas.ANY_ACHIEVEMENT_CREDENTIAL) == []
    assert schemas.validate(older, schemas.ACHIEVEMENT_CREDENTIAL) != []


@pytest.mark.parametrize(
    "moment",
    [
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T24:61:00Z",
        "\uff12\uff10\uff12\uff16-01-01T00:00:00Z",
        "yesterday",
        "",
    ],
)
def test_refuses_what_is_no_moment(moment):
    document = {**CREDENTIAL, "validFrom": moment}
    problems = schemas.validate(document, schemas.STRICT_ACHIEVEMENT_CREDENTIAL)
    assert [problem.path for problem in problems] == ["/validFrom"]


@pytest.mark.parametrize(
    "url", [schemas.ACHIEVEMENT_CREDENTIAL, schemas.STRICT_ACHIEVEMENT_CREDENTIAL]
)
def test_refuses_a_language_map_that_nobody_signs(url):
    document = {**CREDENTIAL, "name": {"en": "Badge", "de": "Abzeichen"}}
    assert [problem.path for problem in schemas.validate(document, url)] == ["/name"]


def test_a_problem_points_at_the_place():
    document = copy.deepcopy(CREDENTIAL)
    del document["credentialSubject"]["achievement"]["alignment"][0]["targetUrl"]
    (problem,) = schemas.validate(document, schemas.ACHIEVEMENT_CREDENTIAL)
    assert problem.path == "/credentialSubject/achievement/alignment/0"
    assert "targetUrl" in problem.message


@pytest.mark.parametrize("type_", ["Microcredential", "micro-credential", "", "EXT:x"])
def test_refuses_a_misspelled_achievement_type(type_):
    document = copy.deepcopy(CREDENTIAL)
    document["credentialSubject"]["achievement"]["achievementType"] = type_
    (problem,) = schemas.validate(document, schemas.ACHIEVEMENT_CREDENTIAL)
    assert problem.path.endswith("/achievementType")


def test_both_folders_of_the_specification_hold_the_same_schema():
    url = schemas.ACHIEVEMENT_CREDENTIAL.replace("/json/", "/json-ld/")
    assert schemas.validate(CREDENTIAL, url) == []


@pytest.mark.parametrize("url", ["", "https://example.com", "file:///etc/passwd", "../x", None, 5])
def test_refuses_a_schema_we_do_not_hold(url):
    assert not schemas.known(url)
    if isinstance(url, str):
        with pytest.raises(UnknownSchema):
            schemas.validate(CREDENTIAL, url)


def test_what_we_make_is_a_json_schema():
    for url in (schemas.ANY_ACHIEVEMENT_CREDENTIAL, schemas.STRICT_ACHIEVEMENT_CREDENTIAL):
        jsonschema.Draft201909Validator.check_schema(schemas.schema(url))
        assert schemas.schema(url)["$id"] == url


@pytest.mark.parametrize("form", [form for forms in schemas._FORMS.values() for form in forms])
def test_the_fast_validator_accepts_exactly_what_the_slow_one_accepts(form):
    slow, fast = schemas._validator(form), schemas._fast_validator(form)
    verdicts = {True: 0, False: 0}
    for path, odd, edited in edits(CREDENTIAL):
        verdict = slow.is_valid(edited)
        assert fast.is_valid(edited) == verdict, (path, odd)
        verdicts[verdict] += 1
    assert verdicts[False]


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-30T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z"),
        *("2026-01-01T00:00:00Z\n", "\uff12026-01-01T00:00:00Z", "2026-01-01T00:00:00z", ""),
        *("2026-01-01T00:00:00.123456789Z", "2026-01-01T00:00:00+14:00", "2026-01-01T23:59:60Z"),
    ],
)
def test_both_validators_read_times_alike(text):
    form = schemas._FORMS[schemas.STRICT_ACHIEVEMENT_CREDENTIAL][0]
    document = CREDENTIAL | {"validFrom": text}
    answers = [v(form).is_valid(document) for v in (schemas._validator, schemas._fast_validator)]
    assert answers[0] == answers[1]


@given(st.text(max_size=12) | st.from_regex(r"[a-z]{2,4}(-[A-Z][a-z]{3})?(-[A-Z]{2}\n?)?"))
def test_the_fast_validator_accepts_no_language_the_slow_one_refuses(text):
    document = copy.deepcopy(CREDENTIAL)
    document["credentialSubject"]["achievement"]["inLanguage"] = text
    form = schemas._FORMS[schemas.ACHIEVEMENT_CREDENTIAL][0]
    if schemas._fits(form, document):
        assert schemas._validator(form).is_valid(document)


@pytest.mark.parametrize("odd", ["\ud800", float("nan"), 2**70, b"x", ("a",)])
def test_a_value_that_is_not_json_is_left_to_the_slow_validator(odd):
    form = schemas._FORMS[schemas.PROFILE][0]
    assert isinstance(schemas._fits(form, {"id": odd, "type": ["Profile"]}), bool)


def test_the_official_samples_fit_alike(shared):
    for path in sorted((shared / "openbadges/samples").glob("*.json")):
        document = json.loads(path.read_text())
        for forms in schemas._FORMS.values():
            for form in forms:
                assert schemas._fits(form, document) == schemas._validator(form).is_valid(document)
