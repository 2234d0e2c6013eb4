"""The reader's language: which one, its words, its dates.

Spec: RFC 9110 §12.5.4 (Accept-Language), GNU gettext catalogues, CLDR dates through Babel.
Shape: msgids are English; a catalogue is ``locale/<language>/LC_MESSAGES/learnseal.po``, read as
it is, so that a translator's file needs no build step. What a catalogue lacks is said in English.
"""

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

__all__ = [
    "DEFAULT",
    "day",
    "gettext",
    "language",
    "languages",
    "moment",
    "name_of",
    "ngettext",
    "preferred",
    "speak",
]

LOCALES = Path(__file__).parent / "locale"
DOMAIN = "learnseal"
DEFAULT = "en"
MAX_RANGES = 20
"""Most entries of an Accept-Language header we look at."""

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


@cache
def languages() -> tuple[str, ...]:
    """Every language the pages speak, English first."""
    found = sorted(path.parent.parent.name for path in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return (DEFAULT, *(code for code in found if code != DEFAULT))


@cache
def catalogue(code: str) -> NullTranslations:
    """Read the words of one language; English needs none."""
    path = LOCALES / code / "LC_MESSAGES" / f"{DOMAIN}.po"
    if not path.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def preferred(accept_language: str, known: Iterable[str]) -> str:
    """Pick the language of `known` the header likes best; English when none fits."""
    offered = tuple(known)
    wishes: list[tuple[float, int, str]] = []
    for position, item in enumerate(accept_language.split(",")[:MAX_RANGES]):
        tag, _, weight = item.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if quality > 0:
            wishes.append((-quality, position, tag.partition("-")[0].lower()))
    return next((tag for _, _, tag in sorted(wishes) if tag in offered), DEFAULT)


def speak(code: str) -> None:
    """Use language `code` for the rest of this request."""
    _language.set(code if code in languages() else DEFAULT)


def language() -> str:
    """Return the language of this request."""
    return _language.get()


def gettext(message: str) -> str:
    """Say `message` in the reader's language."""
    return str(catalogue(language()).gettext(message)) if message else ""


def ngettext(one: str, many: str, count: int) -> str:
    """Say the form of `one` or `many` that fits `count` in the reader's language."""
    return str(catalogue(language()).ngettext(one, many, count))


def name_of(code: str) -> str:
    """Return a language's own name for itself."""
    return (Locale.parse(code).get_display_name(code) or code).capitalize()


def day(value: date) -> str:
    """Write a date the way the reader's language does."""
    return format_date(value, format="long", locale=language())


def moment(value: datetime) -> str:
    """Write a point in time, in UTC, the way the reader's language does."""
    written = format_datetime(value.astimezone(UTC), "d MMMM y, HH:mm", locale=language())
    return f"{written} UTC"
