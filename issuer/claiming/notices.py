"""Tell learners by mail what became of an award, give the link again, remind them of it."""

from collections.abc import Callable

from issuer.awarding.standing import CHANGED, Change, Standing
from issuer.claiming.letters import Facts, facts_of, signed
from issuer.claiming.notices_store import KIND, Notice, NoticeKind, add, by_number
from issuer.claiming.service import create_claim
from issuer.db import outbox
from issuer.db.session import reading, unit_of_work
from issuer.instance import Instance
from issuer.mail.letter import Letter
from issuer.status.model import Reason
from issuer.status.words import reason_words
from issuer.web.i18n import day
from issuer.web.i18n import gettext as _

__all__ = ["KIND", "queue_notices", "write_notice"]

_KINDS = {
    Change.REVOKE: NoticeKind.REVOKED,
    Change.SUSPEND: NoticeKind.SUSPENDED,
    Change.REINSTATE: NoticeKind.REINSTATED,
    Change.REPLACE: NoticeKind.REPLACED,
}


def queue_notices(instance: Instance) -> int:
    """Queue a mail for each award whose standing changed since the last time; return how many."""
    now = instance.now()
    with unit_of_work(instance.engine) as connection:
        messages = outbox.pending(connection, CHANGED, limit=20)
        queued = 0
        for message in messages:
            said = message.payload
            kind = _KINDS[Change(said["change"])]
            queued += add(connection, said["awards"], kind, now, said["reason"])
        outbox.done(connection, messages, now)
    return queued


def write_notice(instance: Instance, number: int) -> Letter | None:
    """Write one notice; None where there is nobody to tell, or nothing to tell any more."""
    with reading(instance.engine) as connection:
        found = by_number(connection, number)
        facts = facts_of(connection, found.award_id) if found else None
    if found is None or facts is None:
        return None
    if found.kind in {NoticeKind.LINK, NoticeKind.REMINDER}:
        return _link(instance, found, facts)
    if not facts.knows or not _still_so(found.kind, facts.standing):
        return None
    subject, text = _CHANGES[found.kind]()
    reason = reason_words()[Reason(found.public_reason or Reason.UNSPECIFIED)]
    why = "" if found.kind is NoticeKind.REINSTATED else _("Reason: %(reason)s.")
    parts = (_("Hello %(learner)s,"), text, why, _ask())
    return signed(facts, subject, parts, {"reason": reason})


def _still_so(kind: NoticeKind, standing: Standing) -> bool:
    """Tell whether an award still stands as a notice says: what waited too long is not said."""
    if kind in {NoticeKind.REVOKED, NoticeKind.REPLACED}:
        return standing.revoked_at is not None
    suspended = standing.suspended_at is not None
    return standing.revoked_at is None and suspended is (kind is NoticeKind.SUSPENDED)


def _link(instance: Instance, found: Notice, facts: Facts) -> Letter | None:
    if facts.standing.revoked_at or facts.standing.suspended_at:
        return None
    with unit_of_work(instance.engine) as connection:
        made = create_claim(instance, connection, found.award_id)
    subject, text = _CHANGES[found.kind]()
    parts = (
        _("Hello %(learner)s,"),
        text,
        "%(url)s",
        _("The link is yours alone: whoever has it can take the micro-credential."),
        _(
            "The link opens until %(day)s. That is the end of the link, not of the "
            "micro-credential: you can ask for a new link at any time."
        ),
    )
    return signed(facts, subject, parts, {"url": made.url, "day": day(made.claim.expires_at)})


def _ask() -> str:
    return _("Questions? Ask %(issuer)s; this mailbox is not read.")


def _revoked() -> tuple[str, str]:
    return _("Revoked: %(title)s"), _(
        "%(issuer)s has revoked your micro-credential “%(title)s”. It is not valid any more, in "
        "every form you have; whoever checks it is told so."
    )


def _suspended() -> tuple[str, str]:
    return _("Suspended for now: %(title)s"), _(
        "%(issuer)s has suspended your micro-credential “%(title)s” for the time being. Whoever "
        "checks it is told so, until it is in force again."
    )


def _reinstated() -> tuple[str, str]:
    return _("In force again: %(title)s"), _(
        "Your micro-credential “%(title)s” from %(issuer)s is in force again. What you have stays "
        "as it is; there is nothing to do."
    )


def _replaced() -> tuple[str, str]:
    return _("Corrected: %(title)s"), _(
        "%(issuer)s has corrected your micro-credential “%(title)s”. The earlier one is not valid "
        "any more; a mail of its own brings the link to the new one."
    )


def _again() -> tuple[str, str]:
    return _("Your link: %(title)s"), _(
        "here is the link to your micro-credential “%(title)s” from %(issuer)s:"
    )


def _reminder() -> tuple[str, str]:
    return _("Waiting for you: %(title)s"), _(
        "your micro-credential “%(title)s” from %(issuer)s is still waiting for you:"
    )


_CHANGES: dict[NoticeKind, Callable[[], tuple[str, str]]] = {
    NoticeKind.REVOKED: _revoked,
    NoticeKind.SUSPENDED: _suspended,
    NoticeKind.REINSTATED: _reinstated,
    NoticeKind.REPLACED: _replaced,
    NoticeKind.LINK: _again,
    NoticeKind.REMINDER: _reminder,
}
"""What is told: subject and first paragraph, in the language of the moment."""
