"""Decide how an organisation appears: all that was typed is checked, kept and told, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from issuer.audit.model import Event
from issuer.audit.store import append
from issuer.errors import InvalidLetter, InvalidLogo
from issuer.instance import Instance
from issuer.mail.letter import Letter
from issuer.mail.transport import sender_of
from issuer.organisations.branding import store
from issuer.organisations.branding.colour import ENOUGH, contrast, nearest, read_colour
from issuer.organisations.branding.logo import read_logo
from issuer.organisations.branding.model import DARK, LIGHT, PAGE, Branding
from issuer.organisations.branding.store import MailText
from issuer.organisations.model import Organisation
from issuer.settings import Settings
from issuer.web import i18n
from issuer.web.i18n import gettext as _

__all__ = ["Wish", "check", "decide", "decide_mail", "sender_domains"]

MAX_NAME = 120

GROUNDS = {"colour": LIGHT, "dark_colour": DARK, "page_colour": PAGE}
"""What each colour stands on."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody typed; empty means: as the organisation above has it."""

    logo: bytes = b""
    removes_logo: bool = False
    colour: str = ""
    dark_colour: str = ""
    page_colour: str = ""
    sender_name: str = ""
    sender_address: str = ""
    languages: Sequence[str] = ()


def check(
    wish: Wish, before: Branding, above: Branding, settings: Settings
) -> tuple[Branding, dict[str, str]]:
    """Return what would be kept, and what is wrong, by field."""
    problems: dict[str, str] = {}
    logo = None if wish.removes_logo else before.logo
    if wish.logo:
        try:
            logo = read_logo(wish.logo)
        except InvalidLogo as error:
            problems["logo"] = str(error)
    colours: dict[str, str | None] = {}
    for name, grounds in GROUNDS.items():
        typed = getattr(wish, name)
        colours[name] = read_colour(typed)
        if wrong := _wrong_colour(typed, grounds):
            problems[name] = wrong
    problems |= _wrong_sender(wish, settings)
    spoken = tuple(code for code in i18n.languages() if code in wish.languages)
    if len(spoken) != len(set(wish.languages)):
        problems["languages"] = _("This service does not speak one of these languages.")
    usual = above.languages or i18n.languages()
    decided = Branding(
        logo=logo,
        colour=colours["colour"],
        dark_colour=colours["dark_colour"],
        page_colour=colours["page_colour"],
        sender_name=wish.sender_name.strip() or None,
        sender_address=wish.sender_address.strip() or None,
        languages=() if spoken == usual else spoken,
    )
    return decided, problems


def _wrong_colour(typed: str, grounds: tuple[str, ...]) -> str:
    if not typed.strip():
        return ""
    colour = read_colour(typed)
    if colour is None:
        return _("A colour is written like #23408f.")
    worst = min(grounds, key=lambda ground: contrast(colour, ground))
    ratio = contrast(colour, worst)
    if ratio >= ENOUGH:
        return ""
    said = {
        "colour": colour,
        "ratio": f"{int(ratio * 100) / 100:g}",
        "ground": worst,
        "near": nearest(colour, grounds),
    }
    return (
        _(
            "%(colour)s on %(ground)s has a contrast of %(ratio)s:1 and cannot be read well; "
            "4.5:1 is needed. %(near)s is near it and passes."
        )
        % said
    )


def _wrong_sender(wish: Wish, settings: Settings) -> dict[str, str]:
    found = {}
    name, address = wish.sender_name.strip(), wish.sender_address.strip()
    if len(name) > MAX_NAME or not _can_be_written(to="a@b.example", sender_name=name):
        found["sender_name"] = _("A name is one line of at most 120 characters.")
    if not address:
        return found
    if not _can_be_written(to=address):
        return found | {"sender_address": _("Give one address, like awards@university.example.")}
    allowed = sender_domains(settings)
    if address.rpartition("@")[2].lower() not in allowed:
        found["sender_address"] = _(
            "This service may send mail from %(domains)s only: its operator can allow others "
            "(LEARNSEAL_SMTP_SENDER_DOMAINS)."
        ) % {"domains": ", ".join(sorted(allowed))}
    return found


def _can_be_written(*, to: str, sender_name: str = "") -> bool:
    try:
        Letter(to=to, subject="-", text="", sender_name=sender_name)
    except InvalidLetter:
        return False
    return True


def sender_domains(settings: Settings) -> frozenset[str]:
    """Return the domains organisations may send mail from: the service's own, and those allowed."""
    own = sender_of(settings).rpartition("@")[2]
    named = settings.smtp_sender_domains.replace(",", " ").split()
    return frozenset(domain.lower() for domain in (own, *named))


def decide(
    instance: Instance, connection: Connection, of: Organisation, decided: Branding, actor: str
) -> None:
    """Keep what an organisation decided, and tell the audit log which parts it changed."""
    before = store.read(connection, of.id)
    names = ("logo", *GROUNDS, "sender_name", "sender_address", "languages")
    changed = [name for name in names if getattr(before, name) != getattr(decided, name)]
    store.save(connection, of.id, decided)
    event = Event(actor, "branding.decided", of.did, {"changed": " ".join(changed)})
    append(connection, [event], instance.now())


def decide_mail(  # noqa: PLR0913 - one more than usual: the language
    instance: Instance,
    connection: Connection,
    of: Organisation,
    *,
    language: str,
    text: MailText | None,
    actor: str,
) -> None:
    """Keep an organisation's words of the mail with the link; None: the usual ones again."""
    if text is None:
        store.forget_mail(connection, of.id, language)
    else:
        store.save_mail(connection, of.id, language, text)
    detail: dict[str, str | int] = {"language": language, "own": int(text is not None)}
    append(connection, [Event(actor, "branding.mail_decided", of.did, detail)], instance.now())
