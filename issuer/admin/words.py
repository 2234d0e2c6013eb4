"""What states, roles and reasons are called on the pages."""

from issuer.organisations.roles import Role
from issuer.web.i18n import gettext as _

__all__ = ["role_words"]


def role_words() -> dict[Role, str]:
    """Say each role in the reader's language."""
    return {
        Role.ALLIANCE_ADMIN: _("Alliance administrator"),
        Role.MEMBER_ADMIN: _("Administrator"),
        Role.COORDINATOR: _("Coordinator"),
        Role.QUALITY_OFFICER: _("Quality officer"),
        Role.VIEWER: _("Viewer"),
    }
