"""All a worker of this service does, of every room."""

from issuer.awarding.work import work_of as awarding
from issuer.edc.work import work_of as sealing
from issuer.instance import Instance
from issuer.jobs.worker import Work, joined

__all__ = ["work_of"]


def work_of(instance: Instance, hands: int = 2) -> Work:
    """Return what a worker with so many hands does."""
    return joined(awarding(instance, hands), sealing(instance, hands))
