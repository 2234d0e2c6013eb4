"""Four eyes at the desk: who sent a list has no button and no way to approve it."""

import pytest

from issuer.audit.store import rows
from issuer.awarding import batches
from issuer.db.session import reading
from issuer.organisations.roles import Role
from tests.issuer.admin.test_lists import GOOD, look, start, work

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def slug(alliance, achievements):
    wanted = achievements["energy-positive-neighbourhoods"].organisation_id
    return next(found.slug for found in alliance if found.id == wanted)


@pytest.fixture
def sender(sign_in_as, slug):
    return sign_in_as(Role.COORDINATOR, slug)


@pytest.fixture
def sent(sign_in_as, sender, slug):
    """The address of a list that waits."""
    admin = sign_in_as(Role.MEMBER_ADMIN, slug)
    assert admin.submit(f"/staff/o/{slug}/four-eyes", wanted="always").status_code == 303
    page = look(sender, slug, GOOD)
    assert "Ask for approval of 1 row" in page.text
    return start(sender, slug, page)


def stage(instance, where):
    return batches.progress_of(instance, int(where.rsplit("/", 1)[1])).stage


def test_s7_the_sender_has_no_button_and_is_refused(instance, sender, sent):
    page = sender.open(sent).text
    assert "Approve" not in page
    assert "Send it back" not in page
    for act in ("approve", "send-back"):
        assert sender.submit(sent, f"{sent}/{act}", why="x").status_code == 403
    assert stage(instance, sent) == "awaiting approval"


def test_s7_somebody_else_sees_what_is_awarded_and_approves(instance, sign_in_as, slug, sent):
    other = sign_in_as(Role.COORDINATOR, slug)
    page = other.open(sent).text
    for told in ("zoe@x.example", "Zoë Novak", "version 1", "Approve: award 1 person", "Staff 1"):
        assert told in page
    assert other.submit(sent, f"{sent}/approve").status_code == 303
    work(instance, sent)
    assert stage(instance, sent) == "done"
    assert "approved it" in other.open(sent).text
    with reading(instance.engine) as connection:
        (told,) = [row.line for row in rows(connection) if b"batch.approved" in row.line]
    assert b"2026-11-23T12:00:00" in told


def test_s7_it_is_sent_back_with_a_reason_the_sender_reads(
    instance, sign_in_as, slug, sender, sent
):
    other = sign_in_as(Role.COORDINATOR, slug)
    empty = other.submit(sent, f"{sent}/send-back", why=" ")
    assert empty.status_code == 422
    assert 'href="#why"' in empty.text
    other.submit(sent, f"{sent}/send-back", why="Zoë is not in this cohort.")
    page = sender.open(sent).text
    assert "Zoë is not in this cohort." in page
    assert sender.submit(sent, f"{sent}/resume").status_code == 409
    work(instance, sent)
    assert stage(instance, sent) == "sent back"


def test_s7_who_may_not_award_does_not_approve(sign_in_as, slug, sent):
    for role in (Role.VIEWER, Role.QUALITY_OFFICER):
        somebody = sign_in_as(role, slug)
        assert "Approve" not in somebody.open(sent).text
        assert somebody.submit("/staff", f"{sent}/approve").status_code == 403


def test_s7_an_approval_is_given_once(sign_in_as, slug, sent):
    first, second = sign_in_as(Role.COORDINATOR, slug), sign_in_as(Role.COORDINATOR, slug)
    assert first.submit(sent, f"{sent}/approve").status_code == 303
    assert second.submit(sent, f"{sent}/send-back", why="no").status_code == 409


@pytest.mark.parametrize("above", ["", "0", "-1", "many", "1000000"])
def test_a_limit_that_is_none_is_told_and_changes_nothing(sign_in_as, slug, above):
    admin = sign_in_as(Role.MEMBER_ADMIN, slug)
    path = f"/staff/o/{slug}/four-eyes"
    answer = admin.submit(path, wanted="above", above=above)
    assert answer.status_code == 422
    assert 'href="#above"' in answer.text
    assert 'value="never" checked' in admin.open(path).text


def test_the_limit_is_kept_and_shown(sign_in_as, slug):
    admin = sign_in_as(Role.MEMBER_ADMIN, slug)
    path = f"/staff/o/{slug}/four-eyes"
    admin.submit(path, wanted="above", above="20")
    page = admin.open(path).text
    assert 'value="above" checked' in page
    assert 'value="20"' in page
