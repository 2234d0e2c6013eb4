"""What a running service does by itself: finish what was left open, and keep status lists fresh."""

import logging

from issuer.awarding.issuing import resume
from issuer.instance import Instance
from issuer.signing.checkpoints import checkpoint_due
from issuer.status.publication import publish_due

__all__ = ["tidy"]

log = logging.getLogger(__name__)


def tidy(instance: Instance) -> None:
    """Do one round: finish what a stopped process left, publish what changed or grew old.

    Once an hour the length and hash of the audit log are signed. A revocation is published at once
    and does not wait for a round.
    """
    if finished := resume(instance):
        log.warning("finished %d credentials that a stopped process had left open", finished)
    publish_due(instance)
    checkpoint_due(instance)
