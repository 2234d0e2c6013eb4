"""What learners are told by mail when an award changes."""

import email
import email.policy

import pytest

from issuer.app.post import WRITERS, post
from issuer.awarding.standing import Change, change_awards
from issuer.db.session import unit_of_work
from issuer.mail.service import postman_of
from issuer.organisations import aftercare
from issuer.organisations.aftercare import Aftercare
from issuer.status.model import Reason
from issuer.status.service import Act

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def mails(local, clock):
    """Deliver, and return the texts of what went out just now."""

    def read():
        folder = local.settings.mail_folder
        before = set(folder.glob("*.eml"))
        clock.forward(minutes=1)
        post(postman_of(local, WRITERS))
        return [_text(path) for path in sorted(set(folder.glob("*.eml")) - before)]

    return read


def _text(path):

    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return f"{message['Subject']}\n{message.get_content()}"


@pytest.fixture
def suspendable(instance, achievements):
    owner = achievements["energy-positive-neighbourhoods"].organisation_id
    with unit_of_work(instance.engine) as connection:
        aftercare.save(connection, owner, Aftercare(suspendable=True))


def change(instance, made, kind, reason=Reason.UNDER_REVIEW):
    act = Act("account:1", instance.now(), reason, "SECRET NOTE")
    return change_awards(instance, [made.issuance.award_id], kind, act)


def test_s8_the_learner_is_told_of_each_change_with_the_public_reason_only(
    instance, suspendable, award, mails
):
    made = award()
    assert len(mails()) == 1
    change(instance, made, Change.SUSPEND)
    (suspended,) = mails()
    assert suspended.startswith("Suspended for now: ")
    assert "Reason: Under review." in suspended
    change(instance, made, Change.REINSTATE)
    (again,) = mails()
    assert again.startswith("In force again: ")
    change(instance, made, Change.REVOKE, Reason.MISCONDUCT)
    (revoked,) = mails()
    assert "Reason: Academic misconduct." in revoked
    assert "SECRET NOTE" not in suspended + again + revoked


def test_s8_the_learner_is_told_in_their_language(instance, award, mails):
    made = award(language="de")
    mails()
    change(instance, made, Change.REVOKE, Reason.ISSUED_IN_ERROR)
    (told,) = mails()
    assert told.startswith("Widerrufen: ")
    assert "Grund: Irrtümlich ausgestellt." in told


def test_who_never_heard_of_an_award_is_not_told_that_it_ended(instance, award, mails):
    made = award()
    change(instance, made, Change.REVOKE)
    assert mails() == []


def test_a_cancelled_award_is_not_spoken_of(instance, award, mails):
    made = award()
    mails()
    change(instance, made, Change.CANCEL)
    assert mails() == []


def test_what_is_not_so_any_more_is_not_told(instance, suspendable, award, mails):
    made = award()
    mails()
    change(instance, made, Change.SUSPEND)
    change(instance, made, Change.REINSTATE)
    (told,) = mails()
    assert told.startswith("In force again: ")
