"""The doors of an organisation's desk: one line for each page the bars and the hall lead to."""

from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _

__all__ = ["Door", "doors", "settings"]

Door = tuple[str, str, Ability]
"""Address below ``/staff/o/{slug}``, words, and what one needs."""


def doors() -> tuple[Door, ...]:
    """Return what is done every day, in order."""
    return (
        ("/award", _("Award"), Ability.AWARD),
        ("/batches", _("Lists"), Ability.SEE),
        ("/awards", _("Awards"), Ability.SEE),
        ("/unclaimed", _("Not taken yet"), Ability.SEE),
        ("/achievements", _("Achievements"), Ability.SEE),
        ("/statistics", _("Statistics"), Ability.SEE),
    )


def settings() -> tuple[Door, ...]:
    """Return what is decided now and then, in order."""
    return (
        ("/organisation", _("Organisation"), Ability.APPOINT),
        ("/people", _("People"), Ability.APPOINT),
        ("/clients", _("Programs"), Ability.APPOINT),
        ("/webhooks", _("Webhooks"), Ability.APPOINT),
        ("/four-eyes", _("Four eyes"), Ability.APPOINT),
        ("/claiming", _("Coming in"), Ability.APPOINT),
        ("/aftercare", _("After awarding"), Ability.APPOINT),
        ("/branding", _("Appearance"), Ability.BRAND),
    )
