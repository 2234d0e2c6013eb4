"""What a running service does now and then for its organisations: erase what is kept no longer."""

import asyncio
import logging

from issuer.claiming.erasing import erase_due
from issuer.errors import IssuerError
from issuer.instance import Instance

__all__ = ["do_chores"]

EVERY = 3_600.0
"""Seconds between two rounds; doing one twice changes nothing."""

log = logging.getLogger(__name__)


async def do_chores(instance: Instance, every: float = EVERY) -> None:
    """Do a round now and then, until cancelled; a round that fails is told and tried again."""
    while True:
        await asyncio.sleep(every)
        try:
            if erased := await asyncio.to_thread(erase_due, instance):
                log.info("the learners of %d awards were erased: their time was over", erased)
        except IssuerError as error:
            log.error("a round of chores failed: %s", error)  # noqa: TRY400 - no traceback of data
        except Exception:
            log.exception("a round of chores failed")
