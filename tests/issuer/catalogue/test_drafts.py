"""Drafts, how an achievement stands, and who publishes: on both databases."""

from dataclasses import replace

import pytest

from issuer.catalogue import drafts, drafts_store, service, standing, store
from issuer.catalogue.drafts import BADGE, Author
from issuer.catalogue.examining import MICRO_CREDENTIAL
from issuer.catalogue.standing import Publisher
from issuer.db.session import reading, unit_of_work
from issuer.errors import AchievementArchived, DraftChanged, InvalidAchievement, NotFound
from issuer.organisations.roles import Grant, Role, Staff

AI = "principles-of-artificial-intelligence"
CONTENT = {"type": BADGE, "title": {"en": "Über Wasser"}, "description": {"en": "A day out."}}


@pytest.fixture
def author(instance, alliance, achievements):
    """The office of the university whose achievement on artificial intelligence it is."""
    with unit_of_work(instance.engine) as connection:
        home = achievements[AI].organisation_id
        organisation = next(found for found in alliance if found.id == home)
        yield Author(instance, connection, organisation, "account:1")


def test_a_draft_gets_a_key_of_its_title_that_nobody_has(author):
    first = drafts.begin(author, CONTENT, languages=("en",))
    second = drafts.begin(author, CONTENT, languages=("en",))
    assert (first.key, second.key) == ("uber-wasser", "uber-wasser-2")


@pytest.mark.parametrize("key", ["new", "import", "Über", "a/b", AI])
def test_a_key_that_cannot_be_or_is_taken_is_refused(author, key):
    with pytest.raises(InvalidAchievement, match=r"id|already"):
        drafts.begin(author, CONTENT, languages=("en",), key=key)


def test_publishing_makes_a_version_and_ends_the_draft(author):
    draft = drafts.begin(author, CONTENT, languages=("en",))
    version = drafts.publish(author, draft, BADGE)
    assert (version.key, version.number, version.is_micro_credential) == (draft.key, 1, False)
    assert drafts_store.by_key(author.connection, draft.key) is None


def test_a_draft_is_not_a_micro_credential_by_saying_so(author):
    draft = drafts.begin(author, CONTENT, languages=("en",))
    with pytest.raises(InvalidAchievement, match="learning_outcomes") as refusal:
        drafts.publish(author, draft, MICRO_CREDENTIAL)
    assert len(refusal.value.problems) == 6
    assert drafts_store.by_key(author.connection, draft.key) == draft


def test_a_published_one_is_reopened_with_all_it_says(author, achievements):
    draft = drafts.reopen(author, AI)
    again = drafts.publish(author, draft, MICRO_CREDENTIAL)
    assert again == achievements[AI]


def test_the_one_who_saves_later_is_told(author):
    draft = drafts.begin(author, CONTENT, languages=("en",))
    mine = replace(draft, content={**draft.content, "ects": "2"})
    drafts.save(author, mine, ["ects"])
    for late in (lambda: drafts.save(author, draft, []), lambda: drafts.discard(author, draft)):
        with pytest.raises(DraftChanged):
            late()
    with pytest.raises(DraftChanged):
        drafts.publish(author, draft, BADGE)


def test_a_draft_as_long_as_a_book_is_refused(author):
    draft = drafts.begin(author, CONTENT, languages=("en",))
    book = replace(draft, content={"description": {"en": "x" * 200_001}})
    with pytest.raises(InvalidAchievement, match="too long"):
        drafts.save(author, book, ["description"])


def test_a_draft_of_another_organisation_is_not_there(author, alliance):
    draft = drafts.begin(author, CONTENT, languages=("en",))
    stranger = next(found for found in alliance if found.id != author.organisation.id)
    with pytest.raises(NotFound):
        drafts.find(author.connection, stranger, draft.key)
    with pytest.raises(NotFound):
        drafts.reopen(replace(author, organisation=stranger), AI)


def test_what_is_archived_is_not_awarded_until_it_is_taken_back(author):
    instance, connection = author.instance, author.connection
    standing.archive(instance, connection, AI, author.actor)
    with pytest.raises(AchievementArchived):
        service.find(connection, AI)
    standing.restore(instance, connection, AI, author.actor)
    assert service.find(connection, AI).key == AI


def test_copying_is_allowed_one_by_one(author):
    standing.allow_copying(author.instance, author.connection, AI, allowed=True, actor="a")
    assert standing.standing(author.connection, AI).may_copy
    standing.allow_copying(author.instance, author.connection, AI, allowed=False, actor="a")
    assert not standing.standing(author.connection, AI).may_copy


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.COORDINATOR, False), (Role.MEMBER_ADMIN, False), (Role.QUALITY_OFFICER, True)],
)
def test_only_a_quality_officer_publishes_where_that_is_the_rule(author, role, may):
    home = author.organisation
    staff = Staff(1, "Ada", "ada@x.example", (Grant(home.id, role),))
    assert standing.may_publish(author.connection, staff, home)
    rule = Publisher.QUALITY_OFFICER
    standing.set_publisher(author.instance, author.connection, home, rule, "a")
    assert standing.publisher_at(author.connection, home) is rule
    assert standing.may_publish(author.connection, staff, home) is may


def test_versions_are_listed_newest_first(instance, achievements, clock):
    with unit_of_work(instance.engine) as connection:
        store.lock(connection, achievements[AI].id, clock())
        changed = achievements[AI].entry.model_copy(update={"ects": 2.0})
        service.publish(instance, connection, changed, "a")
    with reading(instance.engine) as connection:
        assert [v.number for v in store.versions_of(connection, AI)] == [2, 1]
        (newest,) = store.newest_of(connection, achievements[AI].organisation_id)
    assert newest.entry.ects == 2
