"""The mail of a running service: links for what was issued, sent a few seconds later."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from issuer.claiming import notices, proving
from issuer.claiming.mailing import KIND, queue_links, write_link
from issuer.claiming.notices import queue_notices, write_notice
from issuer.claiming.unclaimed import remind_due
from issuer.instance import Instance
from issuer.mail.service import Postman, postman_of
from issuer.oid4vci import mailed_code
from issuer.organisations import invitations

__all__ = ["post", "post_of"]

LOOK_EVERY = timedelta(minutes=10)

WRITERS = {
    KIND: write_link,
    notices.KIND: write_notice,
    proving.KIND: proving.write_proof,
    mailed_code.KIND: mailed_code.write_code,
    invitations.KIND: invitations.write_invitation,
}
"""Kind of mail → who writes it."""


def post(postman: Postman) -> int:
    """Do one round: queue what is new, send what is due; return how many were sent."""
    queue_links(postman.instance)
    queue_notices(postman.instance)
    remind_now_and_then(postman.instance)
    return postman.round()


def remind_now_and_then(instance: Instance) -> None:
    """Every ten minutes look for reminders that are due and for addresses to be forgotten."""
    now = instance.now()
    looked = instance.kept.get("reminders looked for")
    if looked is None or now >= looked + LOOK_EVERY:
        instance.kept["reminders looked for"] = now
        remind_due(instance)
        invitations.forget_over(instance)


def post_of(instance: Instance) -> Callable[[], int] | None:
    """Return what does one round of this service's mail; None where none is sent."""
    postman = postman_of(instance, WRITERS)
    return partial(post, postman) if postman else None
