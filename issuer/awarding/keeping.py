"""What a running service does by itself: finish what was left open, and keep status lists fresh."""

import asyncio
import logging

from badges.errors import BadgeError
from did.errors import DidError
from issuer.awarding.issuing import resume
from issuer.errors import IssuerError
from issuer.instance import Instance
from issuer.signing.checkpoints import checkpoint_due
from issuer.status.publication import publish_due

__all__ = ["keep", "tidy"]

EVERY = 60.0
"""Seconds between two rounds; a revocation is published at once and does not wait for one."""

log = logging.getLogger(__name__)


def tidy(instance: Instance) -> None:
    """Do one round: finish what a stopped process left, publish what changed or grew old.

    Once an hour the length and hash of the audit log are signed.
    """
    if finished := resume(instance):
        log.warning("finished %d credentials that a stopped process had left open", finished)
    publish_due(instance)
    checkpoint_due(instance)


async def keep(instance: Instance, every: float = EVERY) -> None:
    """Do a round now and then, until cancelled; a round that fails is told and tried again."""
    while True:
        try:
            await asyncio.to_thread(tidy, instance)
        except (IssuerError, BadgeError, DidError, OSError) as error:
            log.error("a round of housekeeping failed: %s", error)  # noqa: TRY400 - no traceback of data
        except Exception:
            log.exception("a round of housekeeping failed")
        await asyncio.sleep(every)
