"""Make webhooks, give them another secret, close them, send an event again."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.db.secret import secret
from issuer.db.session import unit_of_work
from issuer.errors import InvalidAccount, NotFound
from issuer.instance import Instance
from issuer.web.i18n import gettext as _
from issuer.webhooks import store
from issuer.webhooks.door import is_allowed
from issuer.webhooks.model import Kind, State, Webhook
from issuer.webhooks.signing import derive

__all__ = ["KEPT", "KEY", "Made", "close", "forget_calls", "make", "replay", "rotate"]

KEY = "webhooks"
"""Name of the key the secrets are derived with."""

KEPT = timedelta(days=30)
"""How long a call that arrived or was given up can still be looked up and sent again."""

AT_ONCE = 1_000
"""Calls forgotten in one commit."""


@dataclass(frozen=True, slots=True)
class Made:
    """A webhook just made or changed; the only place its secret is ever seen."""

    url: str
    secret: str = field(repr=False)


def make(
    instance: Instance, organisation_id: int, url: str, kinds: frozenset[Kind], actor: str
) -> Made:
    """Make a webhook.

    Raises:
        InvalidAccount: naming the fields to mend.
    """
    problems, address = {}, url.strip()
    if not is_allowed(instance.settings, address):
        problems["url"] = _("Give a public address that begins with https://, on its own port.")
    if not kinds:
        problems["kind"] = _("Choose at least one event.")
    if problems:
        raise InvalidAccount(problems)
    salt = secrets.token_bytes(32)
    row = {
        "organisation_id": organisation_id,
        "name": f"w-{secrets.token_hex(12)}",
        "url": address,
        "salt": salt,
        "created_at": instance.now(),
    }
    with unit_of_work(instance.engine) as connection:
        number = store.add(connection, row, kinds)
        made = Made(address, derive(secret(connection, KEY, instance.now()), salt))
        _tell(instance, connection, "webhook.made", number, (organisation_id, actor))
    return made


def rotate(instance: Instance, organisation_id: int, name: str, actor: str) -> Made:
    """Give a webhook another secret; the next call is signed with it.

    Raises:
        NotFound: there is no such webhook.
    """
    salt, now = secrets.token_bytes(32), instance.now()
    with unit_of_work(instance.engine) as connection:
        found = _own(connection, organisation_id, name)
        store.change(connection, found.id, salt=salt, rotated_at=now)
        _tell(instance, connection, "webhook.rotated", found.id, (organisation_id, actor))
        return Made(found.url, derive(secret(connection, KEY, now), salt))


def close(instance: Instance, organisation_id: int, name: str, actor: str) -> None:
    """Close a webhook for good: what waits for it is never sent.

    Raises:
        NotFound: there is no such webhook.
    """
    with unit_of_work(instance.engine) as connection:
        found = _own(connection, organisation_id, name)
        store.change(connection, found.id, closed_at=instance.now())
        _tell(instance, connection, "webhook.closed", found.id, (organisation_id, actor))


def replay(instance: Instance, organisation_id: int, number: int, actor: str) -> None:
    """Send an event again, under the id it had.

    Raises:
        NotFound: there is no such delivery, it waits still, or its webhook is closed.
    """
    with unit_of_work(instance.engine) as connection:
        found = store.recent(connection, organisation_id, 1, number)
        if not found or found[0].state is State.WAITING or found[0].hook.closed_at:
            raise NotFound("there is nothing to send again")
        again = {"state": State.WAITING, "tries": 0, "due_at": instance.now(), "last_error": ""}
        store.note(connection, number, **again)
        _tell(instance, connection, "webhook.replayed", found[0].hook.id, (organisation_id, actor))


def forget_calls(instance: Instance) -> int:
    """Forget calls that are over for a month; return how many."""
    before, gone = instance.now() - KEPT, 0
    while True:
        with unit_of_work(instance.engine) as connection:
            some = store.forget(connection, before, AT_ONCE)
        gone += some
        if some < AT_ONCE:
            return gone


def _own(connection: Connection, organisation_id: int, name: str) -> Webhook:
    found = store.by_name(connection, name)
    if found is None or found.organisation_id != organisation_id or found.closed_at:
        raise NotFound("this organisation has no such webhook")
    return found


def _tell(
    instance: Instance, connection: Connection, action: str, number: int, said: tuple[int, str]
) -> None:
    organisation_id, actor = said
    detail = {"organisation": organisation_id}
    append(connection, [Event(actor, action, f"webhook:{number}", detail)], instance.now())
