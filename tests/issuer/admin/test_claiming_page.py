"""What an organisation asks of learners is decided at the desk, and only where mail can be sent."""

from dataclasses import replace

import pytest

from issuer.claiming import rules
from issuer.claiming.rules import Rules
from issuer.db.session import reading
from issuer.organisations.roles import Role

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def instance(instance):
    """The same service with a mail server."""
    settings = instance.settings.model_copy(update={"smtp_host": "mail.badges.example"})
    return replace(instance, settings=settings)


def decided(instance, organisation):
    with reading(instance.engine) as connection:
        return rules.read(connection, organisation.id)


def test_an_administrator_decides_and_it_holds(instance, sign_in_as, alliance):
    mine = alliance[1]
    browser = sign_in_as(Role.MEMBER_ADMIN, mine.slug)
    page = f"/staff/o/{mine.slug}/claiming"
    assert browser.submit(page, prove_email="true").status_code == 303
    assert decided(instance, mine) == Rules(prove_email=True)
    assert 'name="prove_email" value="true" aria-describedby="prove-note" checked' in (
        browser.open(page).text
    )
    assert browser.submit(page, wallet_code="true").status_code == 303
    assert decided(instance, mine) == Rules(wallet_code=True)
    assert decided(instance, alliance[2]) == Rules()


def test_without_mail_nothing_that_needs_it_can_be_asked(instance, sign_in_as, visitor, alliance):
    mine = alliance[1]
    browser = sign_in_as(Role.MEMBER_ADMIN, mine.slug)
    silent = instance.settings.model_copy(update={"smtp_host": ""})
    browser.app.state.instance = replace(instance, settings=silent)
    answer = browser.submit(f"/staff/o/{mine.slug}/claiming", prove_email="true")
    assert answer.status_code == 422
    assert "LEARNSEAL_SMTP_HOST" in answer.text
    assert decided(instance, mine) == Rules()
