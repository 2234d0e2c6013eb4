import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jsonschema
import orjson
import pytest

from badges.award import Learner
from badges.errors import MalformedValue
from badges.ob3.build import build_credential, write_credential
from badges.ob3.identity import hash_identity
from badges.status.entry import make_entry

ID = "urn:uuid:00000000-0000-4000-8000-00000000bbbb"
DID = "did:web:morgenau.example"
START = datetime(2026, 9, 1, tzinfo=UTC)
SCHEMAS = {
    "formal-2025": "formal-2025/achievementcredential.json",
    "published-2026": "published-2026/ob_v3p0_achievementcredential_schema.json",
}


@pytest.fixture
def build(award, now):
    def build(award=award, **change):
        status = make_entry("https://morgenau.example/status/1", 7)
        facts = {
            "credential_id": ID, "issuer_did": DID, "valid_from": now, "status": status, **change,
        }  # fmt: skip
        return build_credential(award, **facts)

    return build


@pytest.mark.parametrize("generation", SCHEMAS)
def test_passes_both_generations_of_the_schema(build, shared, generation):
    schema = json.loads((shared / "openbadges/schemas" / SCHEMAS[generation]).read_text())
    proof = {"type": "DataIntegrityProof", "created": "2026-11-01T12:00:00Z"}
    document = build() | {"proof": [proof]}
    validator = jsonschema.Draft201909Validator(schema)
    assert [e.message for e in validator.iter_errors(document)] == []


def test_a_learner_without_a_wallet_is_named_and_the_address_hidden(build):
    subject = build()["credentialSubject"]
    name, address = subject["identifier"]
    assert "id" not in subject
    assert name["identityHash"] == "Zoë Ångström"
    assert address["identityHash"] == hash_identity("zoe@example.org", ID)
    assert "zoe@example.org" not in json.dumps(build())


def test_a_wallet_key_becomes_the_subject(build):
    assert build(holder="did:jwk:abc")["credentialSubject"]["id"] == "did:jwk:abc"


def test_every_result_describes_itself_inside_the_achievement(build):
    subject = build()["credentialSubject"]
    known = {d["id"] for d in subject["achievement"]["resultDescription"]}
    used = {r["resultDescription"] for r in subject["result"]}
    assert used == known
    assert len(used) == 2


def test_there_is_one_language_and_no_language_map(build, award):
    german = build(replace(award, language="de"))
    assert german["name"] == "Datenanalyse"
    assert german["credentialSubject"]["achievement"]["description"] == "Daten putzen."


def test_says_the_level_the_workload_the_assessment_and_the_rest(build):
    alignments = build()["credentialSubject"]["achievement"]["alignment"]
    assert {a["targetType"].removeprefix("ext:") for a in alignments} >= {
        *("AssessmentType", "CreditSystem", "EQF", "ESCOSkill", "ISCEDF", "LearningSetting"),
        *("NQF", "ParticipationMode", "Prerequisites", "QualityAssurance", "Stackability"),
        *("Supervision", "Workload"),
    }


def test_ends_after_the_validity_of_the_achievement(build, award):
    limited = replace(award, achievement=replace(award.achievement, validity=timedelta(days=30)))
    assert build(limited)["validUntil"] == "2026-12-01T12:00:00Z"
    assert "validUntil" not in build()


def test_empty_things_are_left_out(build):
    def walk(value):
        assert value not in (None, "", [], {})
        for member in value.values() if isinstance(value, dict) else value:
            if isinstance(member, dict | list):
                walk(member)

    walk(build())


@pytest.mark.parametrize(
    "bad", ["\x07", "\x7f", "\ud800", "\ufffe", "\ufdd0", "\x00", "\U0001ffff"]
)
def test_refuses_characters_that_signers_disagree_about(build, award, bad):
    with pytest.raises(MalformedValue, match="take it out"):
        build(replace(award, learner=Learner(f"Z{bad}e")))


def test_takes_every_letter_that_names_have(build, award):
    name = "Nguyễn Thị Ánh-Œuvre 🎓 عمر"
    subject = build(replace(award, learner=Learner(name)))["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == name


VARIANTS = {
    "as it is": {},
    "no grade": {"grade": None},
    "nothing told": {"narrative": "", "evidence": ()},
    "only a name": {"learner": Learner("Zoë")},
    "quotes and line ends": {"narrative": 'She said "yes\\no".\n\tAnd left.'},
    "dates of its own": {"activity_start": START, "activity_end": START + timedelta(days=9)},
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("holder", [None, "did:jwk:abc"])
def test_what_is_written_at_once_is_what_was_built(award, now, variant, holder):
    award = replace(award, **VARIANTS[variant])
    facts = {"credential_id": ID, "issuer_did": DID, "valid_from": now, "holder": holder}
    for status in (None, make_entry("https://morgenau.example/status/1", 7)):
        for _ in range(2):
            written = write_credential(award, **facts, status=status)
            assert written == orjson.dumps(build_credential(award, **facts, status=status))


def test_skill_levels_are_written_as_they_were_built(award, now):
    (skill, *_) = award.achievement.skills
    award = replace(award, skill_levels={skill.uri: "5"})
    facts = {"credential_id": ID, "issuer_did": DID, "valid_from": now}
    assert write_credential(award, **facts) == orjson.dumps(build_credential(award, **facts))


@pytest.mark.parametrize("bad", ["\x07", "\x7f", "\ud800", "\ufffe"])
def test_writes_no_characters_that_signers_disagree_about(award, now, bad):
    award = replace(award, learner=Learner(f"Z{bad}e"))
    with pytest.raises(MalformedValue, match="identityHash holds the character"):
        write_credential(award, credential_id=ID, issuer_did=DID, valid_from=now)


def test_two_organisations_of_one_did_are_not_written_alike(award, now):
    facts = {"credential_id": ID, "issuer_did": DID, "valid_from": now}
    for name in ("Morgenau", "Abendau"):
        body = replace(award.awarding_body, legal_name=name)
        written = orjson.loads(write_credential(replace(award, issuer=body), **facts))
        assert written["issuer"]["name"] == name
