"""What an organisation decides of its look, and how it looks once everything unset is inherited."""

import hashlib
from dataclasses import dataclass, field

from issuer.organisations.branding.colour import mixed, nearest

__all__ = [
    "DARK",
    "LIGHT",
    "PAGE",
    "SEAL",
    "SEAL_ON_DARK",
    "Branding",
    "Look",
    "look_of",
    "offered",
    "stylesheet",
]

LIGHT = ("#e8ecf3", "#f7f6f2", "#ffffff")
"""What coloured text stands on in the light: notice, page and card of `learnseal.css`."""

DARK = ("#212e4a", "#19233b", "#10182a")
"""The same in the dark."""

PAGE = ("#f7f6f2", "#ffffff")
"""What it stands on on the page of an EDC."""

SEAL, SEAL_ON_DARK = "#23408f", "#aec4ff"
"""The colours of whoever chooses none."""


@dataclass(frozen=True, slots=True)
class Branding:
    """What one organisation decided; what is None or empty is as the organisation above has it."""

    logo: bytes | None = field(default=None, repr=False)
    """A PNG made here."""

    colour: str | None = None
    """On light pages, in PDF."""

    dark_colour: str | None = None
    page_colour: str | None = None
    """On the page of an EDC."""

    sender_name: str | None = None
    sender_address: str | None = None
    languages: tuple[str, ...] = ()

    def over(self, above: "Branding") -> "Branding":
        """Return this with what is unset taken from `above`; a colour brings its own shades."""
        mine = self if self.colour else above
        return Branding(
            logo=self.logo or above.logo,
            colour=mine.colour,
            dark_colour=self.dark_colour or mine.dark_colour,
            page_colour=self.page_colour or mine.page_colour,
            sender_name=self.sender_name or above.sender_name,
            sender_address=self.sender_address or above.sender_address,
            languages=self.languages or above.languages,
        )


@dataclass(frozen=True, slots=True)
class Look:
    """How an organisation appears, with nothing left open."""

    slug: str
    name: str
    colour: str
    dark_colour: str
    page_colour: str
    logo: bytes | None = field(default=None, repr=False)
    sender_name: str = ""
    sender_address: str = ""
    languages: tuple[str, ...] = ()
    """Those its learners are offered; none: every one this service speaks."""

    has_colour: bool = False
    """Somebody chose one."""

    @property
    def logo_url(self) -> str | None:
        """The logo's address, which changes with it."""
        if self.logo is None:
            return None
        return f"/o/{self.slug}/brand/logo-{hashlib.sha256(self.logo).hexdigest()[:16]}.png"

    @property
    def style_url(self) -> str | None:
        """The address of the stylesheet with its colours; None where it has none."""
        if not self.has_colour:
            return None
        return f"/o/{self.slug}/brand/{self.colour[1:]}-{self.dark_colour[1:]}.css"


def look_of(slug: str, name: str, decided: Branding) -> Look:
    """Return how an organisation looks; where only one colour is chosen, its shades follow."""
    colour = decided.colour or SEAL
    dark = nearest(colour, DARK) if decided.colour else SEAL_ON_DARK
    return Look(
        slug=slug,
        name=name,
        colour=colour,
        dark_colour=decided.dark_colour or dark,
        page_colour=decided.page_colour or colour,
        logo=decided.logo,
        sender_name=decided.sender_name or "",
        sender_address=decided.sender_address or "",
        languages=decided.languages,
        has_colour=bool(decided.colour or decided.dark_colour),
    )


def offered(look: Look, language: str) -> str:
    """Return a language if the organisation offers it, else the first it does."""
    return language if language in look.languages or not look.languages else look.languages[0]


def stylesheet(colour: str, dark_colour: str) -> str:
    """Return the tokens of `learnseal.css` in an organisation's colours."""
    deep, pale = mixed(colour, "#000000", 0.25), mixed(dark_colour, "#ffffff", 0.4)
    return (
        f':root:not([data-theme="dark"]) {{ --ls-seal: {colour}; --ls-seal-deep: {deep}; }}\n'
        "@media (prefers-color-scheme: dark) {\n"
        '  :root:not([data-theme="light"]):not([data-theme="dark"]) '
        f"{{ --ls-seal: {dark_colour}; --ls-seal-deep: {pale}; }}\n"
        "}\n"
    )
