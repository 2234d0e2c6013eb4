"""Can this process do its work? Every check a proxy needs to know of before it sends people here.

Shape: a check looks at one thing and returns one word: ``ok``, or what is wrong. No word tells of
a key, a path or a person; reasons go to the log.
Checks: the database can be read and fits this program; the store is not older than what was
published; the alliance's key signs; the audit log has its head and a folder for its checkpoints;
status lists were signed lately and no change waits; the clock agrees with what was published, and
with PostgreSQL's.
"""

import logging
import os
from collections.abc import Callable
from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from badges.errors import BadgeError
from did.errors import DidError
from issuer.audit import store as audit
from issuer.db import migrations
from issuer.db.session import reading
from issuer.db.tables import outbox, status_list
from issuer.errors import DatabaseOutdated, IssuerError, NotFound, Reconciling
from issuer.instance import Instance
from issuer.organisations.service import root
from issuer.signing import checkpoints
from issuer.signing.service import signer_for
from issuer.status.publication import MAX_AGE
from issuer.status.reconciling import require_reconciled
from issuer.status.service import CHANGED
from issuer.web.request import instance_of

__all__ = ["CHECKS", "readiness", "router"]

router = APIRouter(tags=["operators"])

OLD_LIST = 2 * MAX_AGE
"""Age of a list at which it should long have been signed again."""

WAITING = timedelta(minutes=10)
"""Longest a change of a list may wait to be published: twice its ``ttl``."""

SKEW = timedelta(seconds=60)
"""How much clocks may differ."""

QUESTION = b"learnseal readiness: not a credential"
"""What the key signs to show that it can; no verifier takes it for anything."""

Check = Callable[[Instance, Connection], str]

log = logging.getLogger(__name__)


def _store(instance: Instance, connection: Connection) -> str:
    try:
        require_reconciled(instance, connection)
    except Reconciling:
        return "reconciling"
    return "ok"


def _signer(instance: Instance, connection: Connection) -> str:
    try:
        alliance = root(connection)
    except NotFound:
        return "ok"  # nobody is founded yet, so there is nothing to sign for
    _, signer = signer_for(instance, connection, alliance, None)
    fits = signer.public_key.verify(signer.sign(QUESTION), QUESTION)
    return "ok" if fits else "wrong"


def _audit(instance: Instance, connection: Connection) -> str:
    if not audit.has_head(connection):
        return "broken"
    folder = checkpoints.path_of(instance).parent
    kept = folder if folder.exists() else instance.settings.data
    return "ok" if os.access(kept, os.W_OK) else "unwritable"


def _lists(instance: Instance, connection: Connection) -> str:
    now = instance.now()
    oldest = connection.scalar(select(func.min(status_list.c.published_at)))
    if oldest is not None and oldest < now - OLD_LIST:
        return "old"
    waiting = connection.scalar(
        select(outbox.c.id)
        .where(outbox.c.topic == CHANGED, outbox.c.done_at.is_(None))
        .where(outbox.c.created_at < now - WAITING)
        .limit(1)
    )
    return "ok" if waiting is None else "waiting"


def _clock(instance: Instance, connection: Connection) -> str:
    now = instance.now()
    newest = connection.scalar(select(func.max(status_list.c.published_at)))
    if newest is not None and newest > now + SKEW:
        return "behind"
    if connection.dialect.name == "postgresql":
        theirs = connection.scalar(select(func.clock_timestamp()))
        return "ok" if theirs and abs(theirs - now) <= SKEW else "differs"
    return "ok"


CHECKS: dict[str, Check] = {
    "store": _store,
    "signer": _signer,
    "audit": _audit,
    "lists": _lists,
    "clock": _clock,
}
"""What is looked at, beside the database itself; each stands alone."""


def readiness(instance: Instance) -> dict[str, str]:
    """Return a word for each check."""
    try:
        migrations.require_current(instance.engine)
        with reading(instance.engine) as connection:
            found = {
                name: _word(name, check, instance, connection) for name, check in CHECKS.items()
            }
    except DatabaseOutdated:
        return {"database": "outdated"}
    except SQLAlchemyError:
        return {"database": "unreachable"}
    return {"database": "ok", **found}


def _word(name: str, check: Check, instance: Instance, connection: Connection) -> str:
    try:
        return check(instance, connection)
    except (IssuerError, BadgeError, DidError, OSError) as error:
        log.error("not ready, %s: %s", name, type(error).__name__)  # noqa: TRY400 - no traceback of data
        return "failed"


@router.get("/readyz", summary="Can it do its work?", responses={503: {"description": "not yet"}})
def readyz(request: Request) -> JSONResponse:
    """Answer 200 when everything this process needs works, else 503 and what does not."""
    found = readiness(instance_of(request))
    is_ready = set(found.values()) == {"ok"}
    status = "ok" if is_ready else "unavailable"
    return JSONResponse({"status": status, **found}, status_code=200 if is_ready else 503)
