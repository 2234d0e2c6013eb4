import pytest

from badges.award import missing_elements
from issuer.catalogue import store
from issuer.catalogue.messages import AchievementEntry
from issuer.catalogue.service import achievement_of, find, issuer_for, publish
from issuer.db.session import reading, unit_of_work
from issuer.errors import InvalidAchievement, MayNotAward, NotFound

AI = "principles-of-artificial-intelligence"


def changed(version, **fields):
    return AchievementEntry.model_validate(version.entry.model_dump() | fields)


def publish_one(instance, entry):
    with unit_of_work(instance.engine) as connection:
        return publish(instance, connection, entry, "cli")


def test_the_examples_are_complete_micro_credentials(instance, achievements):
    with reading(instance.engine) as connection:
        for version in achievements.values():
            achievement = achievement_of(instance, connection, version)
            assert missing_elements(achievement) == ()
            assert version.is_micro_credential


def test_an_achievement_keeps_its_uri_and_knows_its_awarding_body(instance, achievements):
    with reading(instance.engine) as connection:
        found = achievement_of(instance, connection, achievements[AI])
    assert found.id == f"https://badges.example/o/alvor/achievements/{AI}"
    assert found.creator.legal_name == "Universidade de Alvor"
    assert found.creator.did == "did:web:badges.example:o:alvor"


def test_the_same_content_again_is_the_same_version(instance, achievements):
    assert publish_one(instance, achievements[AI].entry) == achievements[AI]


def test_an_unawarded_version_changes_in_place(instance, achievements):
    new = publish_one(instance, changed(achievements[AI], ects=2))
    assert (new.id, new.number, new.entry.ects) == (achievements[AI].id, 1, 2)


def test_an_awarded_version_stays_and_a_change_makes_the_next(instance, achievements, clock):
    old = achievements[AI]
    with unit_of_work(instance.engine) as connection:
        store.lock(connection, old.id, clock())
    new = publish_one(instance, changed(old, ects=2))
    assert (new.number, new.entry.ects) == (2, 2)
    with reading(instance.engine) as connection:
        assert store.by_number(connection, old.id).entry.ects == 1
        assert find(connection, AI) == new


@pytest.mark.parametrize(
    ("field", "empty"),
    [
        ("learning_outcomes", ()),
        ("eqf_level", None),
        ("assessment", ()),
        ("participation", None),
        ("quality_assurance", ()),
    ],
)
def test_it_is_no_micro_credential_without_every_mandatory_element(
    instance, achievements, field, empty
):
    with pytest.raises(InvalidAchievement, match=field) as refusal:
        publish_one(instance, changed(achievements[AI], **{field: empty}))
    assert len(refusal.value.problems) == 1


def test_without_workload_it_is_no_micro_credential(instance, achievements):
    with pytest.raises(InvalidAchievement, match="ects"):
        publish_one(instance, changed(achievements[AI], ects=None, hours=None))


def test_an_incomplete_one_may_be_a_plain_badge(instance, achievements):
    plain = changed(achievements[AI], id="took-part", type="Badge", eqf_level=None)
    assert not publish_one(instance, plain).is_micro_credential


def test_another_organisation_cannot_take_over_a_name(instance, achievements):
    with pytest.raises(InvalidAchievement, match="another organisation"):
        publish_one(instance, changed(achievements[AI], awarding_body="halvik"))


def test_an_unknown_awarding_body_is_named(instance, achievements):
    with pytest.raises(NotFound, match="nowhere"):
        publish_one(instance, changed(achievements[AI], id="new-one", awarding_body="nowhere"))


def test_an_unknown_achievement_names_those_there_are(instance, achievements):
    with reading(instance.engine) as connection, pytest.raises(NotFound, match=AI):
        find(connection, "no-such-thing")


def test_an_alliance_issues_for_its_members_and_nobody_else_does(instance, achievements):
    with reading(instance.engine) as connection:
        assert issuer_for(connection, achievements[AI], None).slug == "alvor"
        assert issuer_for(connection, achievements[AI], "northlight").slug == "northlight"
        with pytest.raises(MayNotAward, match="halvik may not issue for alvor"):
            issuer_for(connection, achievements[AI], "halvik")


def test_a_member_does_not_issue_for_its_alliance(instance, achievements):
    mobility = achievements["sustainable-urban-mobility"]
    with reading(instance.engine) as connection, pytest.raises(MayNotAward):
        issuer_for(connection, mobility, "halvik")
