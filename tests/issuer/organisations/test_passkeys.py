"""Passkeys: a device that was registered gets in, and nothing else does."""

import json
from dataclasses import replace

import pytest

from issuer.db.session import unit_of_work
from issuer.errors import InvalidAccount, NotFound, SignInRefused
from issuer.organisations import accounts_store, passkeys, passkeys_store
from issuer.organisations.passkeys import Answer
from tests.issuer.organisations.device import PRESENT, Device

BROWSER = "cookie of this browser"


@pytest.fixture
def staff(instance):
    with unit_of_work(instance.engine) as connection:
        number = accounts_store.add_account(
            connection, "ada@uni.example", "Ada", "none", instance.now()
        )
        return accounts_store.staff(connection, number)


def offered(instance, staff, browser=BROWSER):
    return json.loads(passkeys.offer(instance, staff, browser))


def asked(instance, browser=BROWSER):
    return json.loads(passkeys.request(instance, browser))


@pytest.fixture
def device(instance, staff):
    """A device that is registered."""
    made = Device()
    answer = Answer(BROWSER, made.register(offered(instance, staff)))
    passkeys.register(instance, staff, answer, "my laptop")
    return made


def test_a_registered_device_signs_its_owner_in(instance, staff, device):
    answer = Answer(BROWSER, device.sign_in(asked(instance)))
    assert passkeys.sign_in(instance, answer) == staff.account_id


def test_the_device_is_asked_to_know_its_owner_and_to_say_who_it_is(instance, staff):
    chosen = offered(instance, staff)["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert asked(instance)["allowCredentials"] == []


def test_a_device_that_is_known_is_not_offered_again(instance, staff, device):
    assert [known["id"] for known in offered(instance, staff)["excludeCredentials"]]
    again = Answer(BROWSER, device.register(offered(instance, staff)))
    with pytest.raises(SignInRefused, match="known already"):
        passkeys.register(instance, staff, again, "twice")


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://badges.example.evil"},
        {"origin": "http://badges.example"},
        {"host": "evil.example"},
        {"flags": 0},
    ],
    ids=["other origin", "no TLS", "other host", "owner not verified"],
)
def test_refuses_to_register_a_device_that_answers_elsewhere(instance, staff, bent):
    answer = Answer(BROWSER, Device(**bent).register(offered(instance, staff)))
    with pytest.raises(SignInRefused, match="does not hold"):
        passkeys.register(instance, staff, answer, "bent")


@pytest.mark.parametrize(
    "bend",
    [
        lambda d: setattr(d, "origin", "https://evil.example"),
        lambda d: setattr(d, "host", "evil.example"),
        lambda d: setattr(d, "flags", PRESENT),
        lambda d: setattr(d, "key", Device().key),
    ],
    ids=["other origin", "other host", "owner not verified", "other key"],
)
def test_refuses_a_bent_answer(instance, device, bend):
    bend(device)
    answer = Answer(BROWSER, device.sign_in(asked(instance)))
    with pytest.raises(SignInRefused, match="does not hold"):
        passkeys.sign_in(instance, answer)


def test_refuses_a_counter_that_went_back(instance, device):
    device.count = 7
    passkeys.sign_in(instance, Answer(BROWSER, device.sign_in(asked(instance))))
    device.count = 3
    with pytest.raises(SignInRefused, match="does not hold"):
        passkeys.sign_in(instance, Answer(BROWSER, device.sign_in(asked(instance))))


def test_an_answer_is_good_once(instance, device):
    answer = Answer(BROWSER, device.sign_in(asked(instance)))
    passkeys.sign_in(instance, answer)
    with pytest.raises(SignInRefused, match="comes too late"):
        passkeys.sign_in(instance, answer)


def test_an_answer_is_good_for_the_browser_that_was_asked(instance, device):
    answer = Answer("another browser", device.sign_in(asked(instance)))
    with pytest.raises(SignInRefused, match="comes too late"):
        passkeys.sign_in(instance, answer)


def test_an_answer_is_good_for_ten_minutes(instance, device, clock):
    answer = Answer(BROWSER, device.sign_in(asked(instance)))
    clock.forward(minutes=10)
    with pytest.raises(SignInRefused, match="comes too late"):
        passkeys.sign_in(instance, answer)


def test_a_registration_does_not_sign_in(instance, staff, device):
    answer = Answer(BROWSER, device.sign_in(offered(instance, staff)))
    with pytest.raises(SignInRefused, match="comes too late"):
        passkeys.sign_in(instance, answer)


def test_what_one_was_offered_another_cannot_register(instance, staff):
    answer = Answer(BROWSER, Device().register(offered(instance, staff)))
    with pytest.raises(SignInRefused, match="somebody else"):
        passkeys.register(instance, replace(staff, account_id=99), answer, "stolen")


def test_a_stranger_gets_nowhere(instance, staff):
    answer = Answer(BROWSER, Device().sign_in(asked(instance)))
    with pytest.raises(SignInRefused, match="no account"):
        passkeys.sign_in(instance, answer)


@pytest.mark.parametrize(
    "credential",
    [{}, {"response": None}, {"response": {"clientDataJSON": "!"}}, {"response": {"x": []}}],
)
def test_refuses_what_is_no_answer(instance, credential):
    with pytest.raises(SignInRefused, match="cannot be read"):
        passkeys.sign_in(instance, Answer(BROWSER, credential))


def test_a_removed_passkey_opens_nothing(instance, staff, device):
    with unit_of_work(instance.engine) as connection:
        (known,) = passkeys_store.of_account(connection, staff.account_id)
    passkeys.remove(instance, staff, known.id)
    with pytest.raises(SignInRefused, match="no account"):
        passkeys.sign_in(instance, Answer(BROWSER, device.sign_in(asked(instance))))


def test_nobody_removes_the_passkey_of_another(instance, staff, device):
    with unit_of_work(instance.engine) as connection:
        (known,) = passkeys_store.of_account(connection, staff.account_id)
    with pytest.raises(NotFound):
        passkeys.remove(instance, replace(staff, account_id=99), known.id)


def test_ten_are_enough(instance, staff):
    for _ in range(passkeys.MOST):
        answer = Answer(BROWSER, Device().register(offered(instance, staff)))
        passkeys.register(instance, staff, answer, "one more")
    with pytest.raises(InvalidAccount):
        passkeys.offer(instance, staff, BROWSER)
