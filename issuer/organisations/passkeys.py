"""Passkeys of the staff: a key in their device instead of a password.

Spec: W3C Web Authentication Level 2, §7.1 (registration) and §7.2 (authentication).
Shape: discoverable credentials with user verification, no attestation asked; the device says who it
is, so signing in asks for no address. Everything but the ceremony itself is the library's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import Connection
from webauthn.helpers import base64url_to_bytes, options_to_json, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import unit_of_work
from issuer.errors import InvalidAccount, NotFound, SignInRefused
from issuer.instance import Instance
from issuer.organisations import passkeys_store as store
from issuer.organisations.questions import Question, answered, ask
from issuer.organisations.roles import Staff

__all__ = ["Answer", "offer", "register", "remove", "request", "sign_in"]

MOST = 10
"""Passkeys of one account."""

REQUIRED = UserVerificationRequirement.REQUIRED
REGISTER, SIGN_IN = "passkey", "passkey-sign-in"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a device answered, through which browser."""

    browser: str
    credential: Mapping[str, Any]

    def challenge(self) -> bytes:
        """Return the challenge the device says it signed.

        Raises:
            SignInRefused: the answer has not the form of one.
        """
        try:
            text = str(self.credential["response"]["clientDataJSON"])
            return bytes(parse_client_data_json(base64url_to_bytes(text)).challenge)
        except (KeyError, TypeError, ValueError, WebAuthnException) as error:
            raise SignInRefused("the device's answer cannot be read") from error


def offer(instance: Instance, staff: Staff, browser: str) -> str:
    """Return, as JSON, what a browser needs to make a passkey for `staff`.

    Raises:
        InvalidAccount: there are enough of them.
    """
    with unit_of_work(instance.engine) as connection:
        known = store.of_account(connection, staff.account_id)
        if len(known) >= MOST:
            raise InvalidAccount({"passkey": f"Remove one first: {MOST} passkeys are enough."})
        options = webauthn.generate_registration_options(
            rp_id=_host(instance),
            rp_name="learnseal",
            user_id=str(staff.account_id).encode(),
            user_name=staff.email,
            user_display_name=staff.name,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=REQUIRED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=k.credential_id) for k in known],
        )
        detail = {"account": str(staff.account_id)}
        question = Question(REGISTER, browser)
        ask(connection, question, options.challenge, detail, instance.now())
    return options_to_json(options)


def register(instance: Instance, staff: Staff, answer: Answer, name: str) -> int:
    """Keep the passkey a device made, and return its number.

    Raises:
        SignInRefused: it is not what was asked for, or is somebody's already.
    """
    challenge, now = answer.challenge(), instance.now()
    with unit_of_work(instance.engine) as connection:
        detail = answered(connection, Question(REGISTER, answer.browser), challenge, now)
    if detail.get("account") != str(staff.account_id):
        raise SignInRefused("begin again: somebody else was signed in here")
    try:
        made = webauthn.verify_registration_response(
            credential=dict(answer.credential),
            expected_challenge=challenge,
            expected_rp_id=_host(instance),
            expected_origin=instance.settings.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise SignInRefused("the device's answer does not hold") from error
    new = store.New(staff.account_id, made.credential_id, made.credential_public_key)
    with unit_of_work(instance.engine) as connection:
        number = store.add(connection, new, made.sign_count, name.strip()[:80] or "Passkey", now)
        if number is None:
            raise SignInRefused("this passkey is known already")
        _tell(connection, staff, "staff.passkey-added", number, instance)
    return number


def remove(instance: Instance, staff: Staff, number: int) -> None:
    """Forget one of the passkeys of `staff`.

    Raises:
        NotFound: they have no such passkey.
    """
    with unit_of_work(instance.engine) as connection:
        if not store.remove(connection, staff.account_id, number):
            raise NotFound("look at the list of your passkeys again")
        _tell(connection, staff, "staff.passkey-removed", number, instance)


def request(instance: Instance, browser: str) -> str:
    """Return, as JSON, what a browser needs to sign in with any passkey of this service."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(instance), user_verification=REQUIRED
    )
    with unit_of_work(instance.engine) as connection:
        question = Question(SIGN_IN, browser)
        ask(connection, question, options.challenge, {}, instance.now())
    return options_to_json(options)


def sign_in(instance: Instance, answer: Answer) -> int:
    """Return the account whose passkey signed.

    Raises:
        SignInRefused: no known passkey did, or not what it was asked to sign.
    """
    challenge, now = answer.challenge(), instance.now()
    with unit_of_work(instance.engine) as connection:
        answered(connection, Question(SIGN_IN, answer.browser), challenge, now)
        known = store.by_credential(connection, _credential_id(answer))
    if known is None:
        raise SignInRefused("no account has this passkey")
    try:
        proven = webauthn.verify_authentication_response(
            credential=dict(answer.credential),
            expected_challenge=challenge,
            expected_rp_id=_host(instance),
            expected_origin=instance.settings.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise SignInRefused("the device's answer does not hold") from error
    actor = f"account:{known.account_id}"
    with unit_of_work(instance.engine) as connection:
        store.note_use(connection, known.id, proven.new_sign_count, now)
        append(connection, [Event(actor, "staff.signed-in", actor, {"by": "passkey"})], now)
    return known.account_id


def _credential_id(answer: Answer) -> bytes:
    try:
        return bytes(base64url_to_bytes(str(answer.credential["rawId"])))
    except (KeyError, ValueError) as error:
        raise SignInRefused("the device's answer cannot be read") from error


def _host(instance: Instance) -> str:
    return urlsplit(instance.settings.origin).hostname or ""


def _tell(
    connection: Connection, staff: Staff, action: str, number: int, instance: Instance
) -> None:
    append(connection, [Event(staff.actor, action, f"passkey:{number}")], instance.now())
