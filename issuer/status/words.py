"""What the public reasons of a status are called, in the reader's language."""

from issuer.status.model import Reason
from issuer.web.i18n import gettext as _

__all__ = ["reason_words"]


def reason_words() -> dict[Reason, str]:
    """Say why an award was taken back or suspended."""
    return {
        Reason.ISSUED_IN_ERROR: _("Issued in error"),
        Reason.SUPERSEDED: _("Replaced by another"),
        Reason.REQUIREMENTS_NOT_MET: _("Requirements not met"),
        Reason.MISCONDUCT: _("Academic misconduct"),
        Reason.LEARNER_REQUEST: _("At the learner's request"),
        Reason.KEY_COMPROMISE: _("The signing key was compromised"),
        Reason.UNDER_REVIEW: _("Under review"),
        Reason.UNSPECIFIED: _("No reason given"),
    }
