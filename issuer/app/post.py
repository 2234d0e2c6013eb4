"""The mail of a running service: links for what was issued, sent a few seconds later."""

import asyncio
import logging
from datetime import timedelta

from issuer.claiming import notices, proving
from issuer.claiming.mailing import KIND, queue_links, write_link
from issuer.claiming.notices import queue_notices, write_notice
from issuer.claiming.unclaimed import remind_due
from issuer.errors import IssuerError
from issuer.instance import Instance
from issuer.mail.service import Postman, postman_of
from issuer.oid4vci import mailed_code

__all__ = ["deliver", "post"]

EVERY = 5.0
"""Seconds between two rounds."""

LOOK_EVERY = timedelta(minutes=10)

WRITERS = {
    KIND: write_link,
    notices.KIND: write_notice,
    proving.KIND: proving.write_proof,
    mailed_code.KIND: mailed_code.write_code,
}
"""Kind of mail → who writes it."""

log = logging.getLogger(__name__)


def post(postman: Postman) -> int:
    """Do one round: queue what is new, send what is due; return how many were sent."""
    queue_links(postman.instance)
    queue_notices(postman.instance)
    remind_now_and_then(postman.instance)
    return postman.round()


def remind_now_and_then(instance: Instance) -> None:
    """Look for reminders that are due, every ten minutes; looking twice changes nothing."""
    now = instance.now()
    looked = instance.kept.get("reminders looked for")
    if looked is None or now >= looked + LOOK_EVERY:
        instance.kept["reminders looked for"] = now
        remind_due(instance)


async def deliver(instance: Instance, every: float = EVERY) -> None:
    """Do a round now and then, until cancelled; nothing to do where no mail is sent."""
    postman = postman_of(instance, WRITERS)
    while postman:
        try:
            await asyncio.to_thread(post, postman)
        except (IssuerError, OSError) as error:
            log.error("a round of mail failed: %s", error)  # noqa: TRY400 - no traceback of data
        except Exception:
            log.exception("a round of mail failed")
        await asyncio.sleep(every)
