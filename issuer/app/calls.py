"""The webhooks of a running service: what happened is told a few seconds later."""

from issuer.instance import Instance
from issuer.webhooks.delivering import Courier
from issuer.webhooks.door import send_of

__all__ = ["keep_calling"]

EVERY = 5.0
"""Seconds between two looks for who has something due."""


async def keep_calling(instance: Instance, every: float = EVERY) -> None:
    """Make the calls that are due, until cancelled; what was on its way is called again later."""
    await Courier(instance, send_of(instance.settings)).go_on(every)
