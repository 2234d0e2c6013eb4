"""The doors of an organisation's desk: one line for each page that the bar and the hall lead to."""

from issuer.organisations.roles import Ability
from issuer.web.i18n import gettext as _

__all__ = ["doors"]


def doors() -> tuple[tuple[str, str, Ability], ...]:
    """Return address below ``/staff/o/{slug}``, words, and what one needs, in order."""
    return (
        ("/award", _("Award"), Ability.AWARD),
        ("/batches", _("Lists"), Ability.SEE),
        ("/awards", _("Awards"), Ability.SEE),
        ("/unclaimed", _("Not taken yet"), Ability.SEE),
        ("/achievements", _("Achievements"), Ability.SEE),
        ("/statistics", _("Statistics"), Ability.SEE),
        ("/people", _("People"), Ability.APPOINT),
        ("/clients", _("Programs"), Ability.APPOINT),
        ("/four-eyes", _("Four eyes"), Ability.APPOINT),
        ("/organisation", _("Organisation"), Ability.APPOINT),
        ("/claiming", _("Coming in"), Ability.APPOINT),
        ("/aftercare", _("After awarding"), Ability.APPOINT),
        ("/branding", _("Appearance"), Ability.BRAND),
    )
