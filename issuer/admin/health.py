"""How the service is: keys and certificates, lists, mail, database, backups, and what to do.

Shape: each look returns one reading; a look that fails is a reading too, never an empty page.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from badges.errors import BadgeError
from did.errors import DidError
from issuer.db import migrations
from issuer.db.session import reading
from issuer.db.tables import issuance, mail, outbox, status_list
from issuer.errors import DatabaseOutdated, IssuerError, Reconciling
from issuer.instance import Instance
from issuer.mail.transport import transport_of
from issuer.organisations.model import KeyState
from issuer.organisations.store import all_organisations, keys_of
from issuer.signing.checkpoints import path_of
from issuer.signing.sealer import has_sealer, sealer_of
from issuer.status.reconciling import require_reconciled
from issuer.web.i18n import day
from issuer.web.i18n import gettext as _

__all__ = ["LOOKS", "Level", "Reading", "look"]

SEAL_SOON, SEAL_NOW = timedelta(days=90), timedelta(days=30)
KEY_OLD = timedelta(days=2 * 365)
"""Age at which a signing key is worth changing."""

LIST_OLD = timedelta(hours=24)
"""Lists are signed every twelve hours and valid for a week."""

STUCK = timedelta(minutes=10)
MAIL_LATE = timedelta(hours=1)
CHECKPOINT_OLD = timedelta(hours=3)
BACKUP_OLD = timedelta(days=2)
DISK_LEFT = 2 * 2**30


class Level(StrEnum):
    """How a reading is; the names are those of the page's colours."""

    GOOD = "passed"
    SOON = "remark"
    BAD = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that was looked at."""

    name: str
    level: Level
    told: str
    todo: str = ""


def look(instance: Instance) -> list[Reading]:
    """Look at everything; the worst comes first."""
    found = [reading_ for one in LOOKS for reading_ in _looked(instance, one)]
    order = (Level.BAD, Level.SOON, Level.UNKNOWN, Level.GOOD)
    return sorted(found, key=lambda reading_: order.index(reading_.level))


def _looked(instance: Instance, one: Callable[[Instance], list[Reading]]) -> list[Reading]:
    try:
        return one(instance)
    except (SQLAlchemyError, OSError, IssuerError, BadgeError, DidError) as error:
        what = _("This could not be looked at (%(error)s).") % {"error": type(error).__name__}
        return [Reading(one.__name__.strip("_"), Level.UNKNOWN, what, _("See the service's log."))]


def _database(instance: Instance) -> list[Reading]:
    name = _("Database")
    try:
        migrations.require_current(instance.engine)
        with reading(instance.engine) as connection:
            require_reconciled(instance, connection)
    except DatabaseOutdated:
        return [Reading(name, Level.BAD, _("Of another version."), "learnseal migrate")]
    except Reconciling:
        told = _("A backup was restored: nothing is issued until it has caught up.")
        return [Reading(name, Level.BAD, told, "learnseal reconcile")]
    return [Reading(name, Level.GOOD, _("There, and of the right version."))]


def _seal(instance: Instance) -> list[Reading]:
    name = _("Certificate of the e-seal")
    if not has_sealer(instance):
        told = _("There is no e-seal: no European Digital Credentials are made.")
        return [Reading(name, Level.UNKNOWN, told, _("Name its key with LEARNSEAL_SEAL_KEY."))]
    sealer, now = sealer_of(instance), instance.now()
    left = sealer.expires_in(now)
    told = _("Ends on %(day)s, in %(days)s days.") % {"day": day(now + left), "days": left.days}
    renew = _("Order a new certificate from your trust service provider.")
    if left < SEAL_NOW:
        return [Reading(name, Level.BAD, told, renew)]
    if left < SEAL_SOON:
        return [Reading(name, Level.SOON, told, renew)]
    if sealer.is_test:
        told += " " + _("It is a test seal: nobody vouches for it.")
        return [Reading(name, Level.SOON, told, _("Get a qualified seal before real awards."))]
    return [Reading(name, Level.GOOD, told)]


def _keys(instance: Instance) -> list[Reading]:
    found = []
    with reading(instance.engine) as connection:
        for organisation in all_organisations(connection):
            active = [
                key for key in keys_of(connection, organisation.id) if key.state is KeyState.ACTIVE
            ]
            name = _("Signing key of %(name)s") % {"name": organisation.particulars.legal_name}
            if not active:
                told = _("It has none: nothing can be signed.")
                found.append(Reading(name, Level.BAD, told, "learnseal key create"))
                continue
            oldest = min(key.created_at for key in active)
            age = instance.now() - oldest
            told = _("In use since %(day)s.") % {"day": day(oldest)}
            old = age > KEY_OLD
            todo = _("Change it at the next key ceremony (docs/keys-and-dids.md).") if old else ""
            found.append(Reading(name, Level.SOON if old else Level.GOOD, told, todo))
    return found


def _lists(instance: Instance) -> list[Reading]:
    name, now = _("Status lists"), instance.now()
    with reading(instance.engine) as connection:
        oldest = connection.scalar(select(func.min(status_list.c.published_at)))
        count = connection.scalar(select(func.count()).select_from(status_list)) or 0
        waiting = connection.scalar(
            select(func.min(outbox.c.created_at)).where(
                outbox.c.topic == "status.changed", outbox.c.done_at.is_(None)
            )
        )
    todo = _("See the service's log: lists are published once a minute.")
    if waiting and now - waiting > STUCK:
        return [Reading(name, Level.BAD, _("A change waits to be published."), todo)]
    if oldest and now - oldest > LIST_OLD:
        told = _("The oldest is of %(day)s; lists are valid for a week.") % {"day": day(oldest)}
        return [Reading(name, Level.BAD, told, todo)]
    told = _("%(count)s, all signed within a day.") % {"count": count}
    return [Reading(name, Level.GOOD, told)]


def _issuing(instance: Instance) -> list[Reading]:
    name, late = _("Credentials on their way"), instance.now() - STUCK
    on_the_way = issuance.c.state.in_(("intended", "signed")) & (issuance.c.intended_at < late)
    unpublished = select(func.count()).where(issuance.c.published_at.is_(None))
    with reading(instance.engine) as connection:
        stuck = connection.scalar(unpublished.where(on_the_way))
        void = connection.scalar(unpublished.where(issuance.c.state == "void"))
    if stuck:
        told = _("%(count)s have waited for more than ten minutes.") % {"count": stuck}
        todo = _("They are tried again every minute; see the service's log for the reason.")
        return [Reading(name, Level.BAD, told, todo)]
    told = _("None waits. %(count)s were refused so far.") % {"count": void or 0}
    return [Reading(name, Level.GOOD, told)]


def _mail(instance: Instance) -> list[Reading]:
    name, now = _("Mail"), instance.now()
    if transport_of(instance.settings) is None:
        told = _("This service sends no mail: learners get no links.")
        return [Reading(name, Level.SOON, told, _("Name a mail server (docs/mail.md)."))]
    recent = mail.c.created_at > now - timedelta(days=7)
    with reading(instance.engine) as connection:
        oldest = connection.scalar(
            select(func.min(mail.c.created_at)).where(mail.c.done_at.is_(None))
        )
        lost = connection.scalar(
            select(func.count()).select_from(mail).where(recent, mail.c.last_error != "")
        )
        sent = connection.scalar(select(func.count()).select_from(mail).where(recent))
    if oldest and now - oldest > MAIL_LATE:
        told = _("The oldest mail waits since %(day)s.") % {"day": day(oldest)}
        return [Reading(name, Level.BAD, told, _("Is the mail server there? See the log."))]
    told = _("Of %(sent)s mails of this week %(lost)s did not arrive.") % {
        "sent": sent,
        "lost": lost,
    }
    many = bool(lost and sent and lost * 10 > sent)
    todo = _("Look at “Not taken yet” of the organisations.") if many else ""
    return [Reading(name, Level.SOON if many else Level.GOOD, told, todo)]


def _checkpoint(instance: Instance) -> list[Reading]:
    name = _("Signed checkpoints of the audit log")
    age = _age(instance, path_of(instance))
    if age is None or age > CHECKPOINT_OLD:
        told = _("There is none yet.") if age is None else _("The last one is old.")
        return [Reading(name, Level.SOON, told, "learnseal audit checkpoint")]
    return [Reading(name, Level.GOOD, _("One of the last hours is there."))]


def _backup(instance: Instance) -> list[Reading]:
    name, age = _("Backup"), _age(instance, instance.settings.data / "backup-mark")
    todo = _("Let your backup touch the file backup-mark in the data folder when it is done.")
    if age is None:
        return [Reading(name, Level.UNKNOWN, _("Nothing tells of one."), todo)]
    told = _("The last one is %(hours)s hours old.") % {"hours": int(age / timedelta(hours=1))}
    return [Reading(name, Level.BAD if age > BACKUP_OLD else Level.GOOD, told, "")]


def _disk(instance: Instance) -> list[Reading]:
    left = shutil.disk_usage(instance.settings.data).free
    told = _("%(left)s GiB are free in the data folder.") % {"left": left // 2**30}
    bad = left < DISK_LEFT
    todo = _("Make room: without it nothing can be stored or signed.") if bad else ""
    return [Reading(_("Disk"), Level.BAD if bad else Level.GOOD, told, todo)]


def _age(instance: Instance, path: Path) -> timedelta | None:
    try:
        changed = path.stat().st_mtime
    except FileNotFoundError:
        return None
    return instance.now() - datetime.fromtimestamp(changed, UTC)


LOOKS: tuple[Callable[[Instance], list[Reading]], ...] = (
    _database,
    _seal,
    _keys,
    _lists,
    _issuing,
    _mail,
    _checkpoint,
    _backup,
    _disk,
)
"""Everything that is looked at, each on its own."""
