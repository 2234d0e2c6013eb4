"""The words of the mail that brings the link: its places, what has to be in, filling it in."""

import re
from collections.abc import Mapping

from issuer.organisations.branding.store import MailText
from issuer.web.i18n import gettext as _

__all__ = ["PLACES", "SAMPLE", "fill", "problems_of"]

PLACES = ("learner", "title", "issuer", "day", "link")
"""What can be filled in."""

SAMPLE = {
    "learner": "Ana Andromeda",
    "title": "Data analysis with Python",
    "issuer": "University",
    "day": "31.12.",
    "link": "https://…/claim/…",
}
"""What a preview fills in where there is nothing better."""

MAX_SUBJECT, MAX_BODY = 200, 4_000
_PLACE = re.compile(r"\{([^{}\n]*)\}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in their places; what they hold is never looked at for places again."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def problems_of(text: MailText) -> dict[str, str]:
    """Say what is wrong with the words of a mail, by field."""
    found = {}
    if not 0 < len(text.subject) <= MAX_SUBJECT or "\n" in text.subject:
        found["subject"] = _("Give the mail a subject of one line, at most 200 characters.")
    if not 0 < len(text.body) <= MAX_BODY:
        found["body"] = _("Write at most 4,000 characters.")
    elif "{link}" not in text.body:
        found["body"] = _("The text must have {link} in it: without it nobody can take the award.")
    for name, value in (("subject", text.subject), ("body", text.body)):
        unknown = [place for place in _PLACE.findall(value) if place not in PLACES]
        if unknown or _CONTROL.search(value) or _is_unbalanced(value):
            found[name] = _("Only these places can be filled in: %(places)s.") % {
                "places": ", ".join(f"{{{place}}}" for place in PLACES)
            }
    if "{link}" in text.subject:
        found["subject"] = _("The link is the key to the award: leave it out of the subject.")
    return found


def _is_unbalanced(text: str) -> bool:
    rest = _PLACE.sub("", text)
    return "{" in rest or "}" in rest
