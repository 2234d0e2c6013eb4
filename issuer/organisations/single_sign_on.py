"""Signing in with the account one has at the university: OpenID Connect.

Spec: OpenID Connect Core 1.0 §3.1 (authorization code flow) and §3.1.3.7 (what an ID token must
say), RFC 7636 (PKCE, S256), RFC 9207 (the ``iss`` of the answer).
Shape: the provider says who somebody is; what they may do here is never asked of it. A stranger
gets in only with an invitation, or when the provider vouches for the address of an account.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.session import unit_of_work
from issuer.errors import SignInRefused
from issuer.instance import Instance
from issuer.organisations import accounts, identities_store, questions
from issuer.organisations.openid_provider import Claims, Provider
from issuer.organisations.questions import Question

__all__ = ["Arrival", "begin", "finish"]

KIND = "single-sign-on"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who got in, and where they wanted to go."""

    account_id: int
    path: str


def begin(instance: Instance, provider: Provider, browser: str, wanted: Mapping[str, str]) -> str:
    """Return the address of the provider to send a browser to.

    `wanted` is kept for its return: ``next`` (a page of ours), ``link`` (the token of an
    invitation), ``account`` (the number of who is signed in and links the two).

    Raises:
        Unreachable: the provider does not answer.
    """
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    verifier = secrets.token_urlsafe(48)
    detail = dict(wanted) | {"nonce": nonce, "verifier": verifier}
    address = provider.authorization_url(state, nonce, verifier)
    with unit_of_work(instance.engine) as connection:
        questions.ask(connection, Question(KIND, browser), state.encode(), detail, instance.now())
    return address


def finish(
    instance: Instance, provider: Provider, browser: str, answer: Mapping[str, str]
) -> Arrival:
    """Return who the provider says came back.

    Raises:
        SignInRefused: the answer is not one to our question, the provider does not vouch, or
            nobody here is that person.
        Unreachable: the provider does not answer.
    """
    state, now = answer.get("state", ""), instance.now()
    with unit_of_work(instance.engine) as connection:
        asked = questions.answered(connection, Question(KIND, browser), state.encode(), now)
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise SignInRefused("another provider answered")
    if "code" not in answer:
        raise SignInRefused("the university's sign-in was not finished")
    claims = provider.claims(answer["code"], asked["verifier"], asked["nonce"], now)
    account_id = _account_of(instance, claims, asked)
    actor = f"account:{account_id}"
    with unit_of_work(instance.engine) as connection:
        event = Event(actor, "staff.signed-in", actor, {"by": "single-sign-on"})
        append(connection, [event], now)
    return Arrival(account_id, asked.get("next", "/staff"))


def _account_of(instance: Instance, claims: Claims, asked: Mapping[str, str]) -> int:
    with unit_of_work(instance.engine) as connection:
        known = identities_store.account_of(connection, claims.issuer, claims.subject)
        if known is not None:
            _refuse_another(known, asked)
            return known
        account_id = int(asked["account"]) if asked.get("account") else None
        if account_id is None and claims.email:
            found = identities_store.open_account(connection, claims.email)
            account_id = found if not asked.get("link") else None
        if account_id is not None:
            _link(instance, connection, claims, account_id)
            return account_id
    return _invited(instance, claims, asked)


def _refuse_another(known: int, asked: Mapping[str, str]) -> None:
    if asked.get("account") not in {None, "", str(known)}:
        raise SignInRefused("this university account belongs to another account here")


def _invited(instance: Instance, claims: Claims, asked: Mapping[str, str]) -> int:
    """Open the account of an invitation for whom the provider vouches."""
    if not asked.get("link"):
        raise SignInRefused("no account here is yours yet: ask an administrator for a link")
    if not claims.email:
        raise SignInRefused("your university does not tell an address that it has checked")
    account_id = accounts.open_without_password(instance, asked["link"], claims.email, claims.name)
    with unit_of_work(instance.engine) as connection:
        _link(instance, connection, claims, account_id)
    return account_id


def _link(instance: Instance, connection: Connection, claims: Claims, account_id: int) -> None:
    now = instance.now()
    identities_store.add(connection, claims.issuer, claims.subject, account_id, now)
    actor = f"account:{account_id}"
    append(connection, [Event(actor, "staff.identity-linked", actor)], now)
