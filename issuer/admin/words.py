"""What states, roles and reasons are called on the pages."""

from issuer.claiming.model import ClaimState
from issuer.organisations.roles import Role
from issuer.status.model import Reason
from issuer.web.i18n import gettext as _

__all__ = ["claim_words", "reason_words", "role_words"]


def role_words() -> dict[Role, str]:
    """Say each role in the reader's language."""
    return {
        Role.ALLIANCE_ADMIN: _("Alliance administrator"),
        Role.MEMBER_ADMIN: _("Administrator"),
        Role.COORDINATOR: _("Coordinator"),
        Role.QUALITY_OFFICER: _("Quality officer"),
        Role.VIEWER: _("Viewer"),
    }


def claim_words() -> dict[ClaimState, str]:
    """Say how far a learner has come."""
    return {
        ClaimState.WAITING: _("not opened yet"),
        ClaimState.OPENED: _("opened"),
        ClaimState.KEPT: _("taken"),
        ClaimState.EXPIRED: _("link has ended (the award has not)"),
        ClaimState.WITHDRAWN: _("taken back"),
    }


def reason_words() -> dict[Reason, str]:
    """Say why an award was taken back."""
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
