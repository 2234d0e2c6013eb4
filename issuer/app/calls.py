"""The webhooks of a running service: what happened is told a few seconds later."""

from issuer.instance import Instance
from issuer.webhooks.delivering import Courier
from issuer.webhooks.door import send_of

__all__ = ["call"]


def call(instance: Instance) -> int:
    """Do one round; return how many calls arrived."""
    return Courier(instance, send_of(instance.settings)).round()
