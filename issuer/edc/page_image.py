"""The page of a credential as a picture: an EDC must carry one in each of its languages.

Shape: an A4 page upright, PNG with a palette; what does not fit is cut and counted. The page is
       made of bands; those that are the same for everybody are drawn once.
The words come from `page_text`; fonts lie beside this file (SIL Open Font License).
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Concatenate, ParamSpec, TypeAlias, cast

import segno
from PIL import Image, ImageColor, ImageDraw, ImageFont, UnidentifiedImageError

from issuer.edc.bands import Band, join, pack
from issuer.edc.page_text import PageText

__all__ = ["DEFAULT_ACCENT", "draw_page"]

P = ParamSpec("P")
Colour: TypeAlias = tuple[int, int, int]
Drawing: TypeAlias = Callable[Concatenate["Style", P], Image.Image]
Named: TypeAlias = tuple[str, tuple[str, ...]]
"""A heading and what stands under it."""

WIDTH, HEIGHT, MARGIN = 1240, 1754, 104
INK, MUTED, LINE, PAPER, GOLD = "#1b2335", "#525c70", "#dbd6c8", "#f7f6f2", "#c8962e"
ALERT, ALERT_WASH = "#9c1f27", "#fbe9e7"
DEFAULT_ACCENT = "#23408f"
MAX_LOGO_PIXELS = 20_000_000
FOOT = HEIGHT - 330
"""Where the foot with seal and QR code begins."""

NAME = HEIGHT - 52
"""Where the credential's id stands."""

_INKS = (
    (INK, "white", 12), (MUTED, "white", 12), ("", "white", 12), (INK, PAPER, 10),
    (MUTED, PAPER, 10), (ALERT, ALERT_WASH, 8), (LINE, "white", 4), (GOLD, "white", 4),
)  # fmt: skip
"""Ink (none: the accent), its ground, and how many steps smooth letters take between them."""

LOGO_COLOURS = 128
REMEMBERED = 256
"""Bands kept in memory, of each kind; a packed one has a few kilobytes."""


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    file = resources.files("issuer.edc") / "fonts" / f"SourceSansPro-{weight}.ttf"
    return ImageFont.truetype(
        io.BytesIO(file.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC
    )


@dataclass(slots=True)
class _Strip:
    """A strip of the page being drawn from top to bottom; `y` is where the next thing goes."""

    accent: str
    height: InitVar[int]
    image: Image.Image = field(init=False)
    y: int = 0

    def __post_init__(self, height: int) -> None:
        self.image = Image.new("RGB", (WIDTH, height), "white")

    @property
    def pen(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def write(  # noqa: PLR0913 - a text, where it goes and how it looks
        self, text: str, size: int, *, colour: str = INK, weight: str = "Regular",
        width: int = WIDTH - 2 * MARGIN, lines: int = 1, x: int = MARGIN, gap: float = 1.28,
    ) -> None:  # fmt: skip
        """Write a paragraph and move below it."""
        font = _font(weight, size)
        for line in _wrap(text, font, width, lines):
            self.pen.text((x, self.y), line, font=font, fill=colour)
            self.y += round(size * gap)

    def drawn(self) -> Image.Image:
        """Return the strip down to where it was drawn."""
        return self.image.crop((0, 0, WIDTH, self.y))


@dataclass(frozen=True, slots=True)
class Style:
    """How an organisation's pages look."""

    accent: str = DEFAULT_ACCENT
    logo: bytes | None = None


def draw_page(page: PageText, *, logo: bytes | None = None, accent: str = DEFAULT_ACCENT) -> bytes:
    """Draw a page and return it as PNG.

    What others' pages show as well is drawn and packed once: see `issuer.edc.bands`.
    """
    style = Style(accent, logo)
    bands = [
        _head(style, page.notice, page.awarded_by),
        _title(style, page.kind, page.title, page.awarded_to),
        pack(_learner(style, page.learner), _palette(style)),
        _description(style, page.description),
        _facts(style, page.facts),
    ]
    room = FOOT - sum(band.rows for band in bands)
    skills = (page.skills_heading, page.skills)
    outcomes = (page.outcomes_heading, page.outcomes)
    bands += [
        _contents(style, skills, outcomes, room),
        _foot(style, page.signatures[:3], page.url, page.check),
        pack(_name(style, page.credential_id), _palette(style)),
    ]
    return join(bands, _palette(style))


def _band(draw: Drawing[P]) -> Callable[Concatenate[Style, P], Band]:
    """Make a strip a band that is drawn and packed once for the same words and look."""

    def drawn(style: Style, *args: P.args, **kwargs: P.kwargs) -> Band:
        return pack(draw(style, *args, **kwargs), _palette(style))

    return cast("Callable[Concatenate[Style, P], Band]", lru_cache(REMEMBERED)(drawn))


@lru_cache(REMEMBERED)
def _palette(style: Style) -> Image.Image:
    """Return the colours of a page: every ink on every ground, smoothed, and those of the logo."""
    colours = [(0, 0, 0)]
    for ink, ground, steps in _INKS:
        thin, thick = ImageColor.getrgb(ground)[:3], ImageColor.getrgb(ink or style.accent)[:3]
        colours += [_between(thin, thick, step / steps) for step in range(steps + 1)]
    picture = _read_logo(style.logo)
    if picture:
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, (0, 0), picture)
        own = paper.quantize(LOGO_COLOURS, method=Image.Quantize.MEDIANCUT).getpalette("RGB") or []
        colours += [(own[at], own[at + 1], own[at + 2]) for at in range(0, len(own), 3)]
    made = Image.new("P", (1, 1))
    made.putpalette([part for colour in dict.fromkeys(colours) for part in colour])
    return made


def _between(thin: Colour, thick: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(thin, thick, strict=True))
    return red, green, blue


@_band
def _head(style: Style, notice: str, awarded_by: tuple[str, ...]) -> Image.Image:
    strip = _Strip(style.accent, MARGIN + 164, y=MARGIN + 164)
    strip.pen.rectangle((0, 0, WIDTH, 18), fill=style.accent)
    strip.pen.rectangle((0, 18, WIDTH, 24), fill=GOLD)
    if notice:
        strip.pen.rectangle((0, 24, WIDTH, 76), fill=ALERT_WASH)
        strip.pen.text(
            (WIDTH // 2, 50), notice, font=_font("Semibold", 26), fill=ALERT, anchor="mm"
        )
    picture = _read_logo(style.logo)
    if picture:
        strip.image.paste(picture, (MARGIN, MARGIN), picture)
    font = _font("Semibold", 30)
    left = MARGIN + (picture.width + 32 if picture else 0)
    rows = _wrap(" · ".join(awarded_by), font, WIDTH - MARGIN - left, 2)
    top = MARGIN + 60 - round(len(rows) * 38 / 2)
    for row, line in enumerate(rows):
        strip.pen.text((left, top + row * 38), line, font=font, fill=style.accent)
    return strip.drawn()


def _read_logo(logo: bytes | None) -> Image.Image | None:
    """Return the logo at 120 pixels high; a picture we cannot read is left out."""
    if not logo:
        return None
    try:
        opened = Image.open(io.BytesIO(logo), formats=("PNG", "JPEG"))
        if opened.width * opened.height > MAX_LOGO_PIXELS:
            return None
        picture = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    picture.thumbnail((420, 120), Image.Resampling.LANCZOS)
    return picture


@_band
def _title(style: Style, kind: str, title: str, awarded_to: str) -> Image.Image:
    strip = _Strip(style.accent, 480)
    strip.write(kind.upper(), 26, colour=style.accent, weight="Semibold")
    strip.y += 6
    size = 68 if len(title) < 60 else 54
    strip.write(title, size, weight="Semibold", lines=3, gap=1.12)
    strip.y += 22
    strip.pen.rectangle((MARGIN, strip.y, MARGIN + 120, strip.y + 5), fill=GOLD)
    strip.y += 38
    strip.write(awarded_to, 28, colour=MUTED)
    return strip.drawn()


def _learner(style: Style, name: str) -> Image.Image:
    strip = _Strip(style.accent, 160)
    strip.write(name, 52, weight="Semibold", lines=2, gap=1.15)
    strip.y += 18
    return strip.drawn()


@_band
def _description(style: Style, description: str) -> Image.Image:
    strip = _Strip(style.accent, 160)
    strip.write(description, 26, colour=MUTED, lines=3, gap=1.38)
    strip.y += 26
    return strip.drawn()


@_band
def _facts(style: Style, facts: tuple[tuple[str, str], ...]) -> Image.Image:
    columns, gap = 3, 2
    strip = _Strip(style.accent, 26 + 140 * -(-len(facts) // columns))
    cell = (WIDTH - 2 * MARGIN - (columns - 1) * gap) // columns
    for start in range(0, len(facts), columns):
        row = facts[start : start + columns]
        values = [_wrap(value, _font("Semibold", 28), cell - 48, 2) for _, value in row]
        height = 72 + 34 * max(map(len, values))
        for column, (label, _) in enumerate(row):
            left = MARGIN + column * (cell + gap)
            right = WIDTH - MARGIN if column == len(row) - 1 else left + cell
            strip.pen.rectangle((left, strip.y, right, strip.y + height - gap), fill=PAPER)
            label_font = _font("Regular", 22)
            name = _wrap(label, label_font, cell - 48, 1)[0]
            strip.pen.text((left + 24, strip.y + 16), name, font=label_font, fill=MUTED)
            for line, text in enumerate(values[column]):
                place = (left + 24, strip.y + 46 + 34 * line)
                strip.pen.text(place, text, font=_font("Semibold", 28), fill=INK)
        strip.y += height
    strip.y += 26
    return strip.drawn()


@_band
def _contents(style: Style, skills: Named, outcomes: Named, room: int) -> Image.Image:
    """Draw skills and outcomes in what is left between the facts and the foot."""
    strip = _Strip(style.accent, room)
    _skills(strip, *skills, most=2 if outcomes[1] else 5)
    _outcomes(strip, *outcomes)
    return strip.image


def _skills(strip: _Strip, heading: str, skills: Sequence[str], *, most: int) -> None:
    room = strip.image.height
    if not skills or room < 110:
        return
    strip.write(heading, 28, weight="Semibold", colour=strip.accent)
    strip.y += 8
    font, x, rows = _font("Regular", 24), MARGIN, 1
    for position, skill in enumerate(skills):
        text = _wrap(skill, font, WIDTH - 2 * MARGIN - 44, 1)[0]
        width = round(font.getlength(text)) + 44
        if x + width > WIDTH - MARGIN:
            rows, x, strip.y = rows + 1, MARGIN, strip.y + 58
            if rows > most or strip.y > room - 60:
                rest = f"+ {len(skills) - position}"
                strip.pen.text((x, strip.y), rest, font=font, fill=MUTED)
                break
        _chip(strip, text, x, width)
        x += width + 14
    strip.y += 70


def _chip(strip: _Strip, text: str, x: int, width: int) -> None:
    box = (x, strip.y, x + width, strip.y + 46)
    strip.pen.rounded_rectangle(box, radius=23, fill="white", outline=LINE, width=2)
    place = (x + width // 2, strip.y + 23)
    strip.pen.text(place, text, font=_font("Regular", 24), fill=INK, anchor="mm")


def _outcomes(strip: _Strip, heading: str, outcomes: Sequence[str]) -> None:
    room = strip.image.height
    if not outcomes or strip.y > room - 150:
        return
    strip.write(heading, 28, weight="Semibold", colour=strip.accent)
    strip.y += 6
    for position, outcome in enumerate(outcomes):
        if strip.y > room - 112:
            strip.write(f"+ {len(outcomes) - position}", 24, colour=MUTED)
            return
        strip.pen.ellipse((MARGIN + 2, strip.y + 13, MARGIN + 11, strip.y + 22), fill=GOLD)
        strip.write(outcome, 24, x=MARGIN + 30, width=WIDTH - 2 * MARGIN - 30, lines=2, gap=1.4)


@_band
def _foot(
    style: Style, signatures: tuple[tuple[str, str], ...], url: str, caption: str
) -> Image.Image:
    strip = _Strip(style.accent, NAME - FOOT, y=30)
    strip.pen.line((MARGIN, 0, WIDTH - MARGIN, 0), fill=LINE, width=2)
    side = 200 if url else 0
    width = WIDTH - 2 * MARGIN - side - 40
    for label, value in signatures:
        strip.write(label, 20, colour=MUTED, width=width, gap=1.2)
        strip.write(value, 25, weight="Semibold", width=width, gap=1.42)
    if url:
        _code(strip, url, WIDTH - MARGIN - side, 30, side)
        font = _font("Regular", 20)
        place = (WIDTH - MARGIN, 30 + side + 8)
        strip.pen.text(place, _wrap(caption, font, 300, 1)[0], font=font, fill=MUTED, anchor="ra")
    return strip.image


def _name(style: Style, credential_id: str) -> Image.Image:
    strip = _Strip(style.accent, HEIGHT - NAME)
    strip.write(credential_id, 18, colour=MUTED)
    return strip.image


def _code(strip: _Strip, content: str, x: int, y: int, side: int) -> None:
    """Draw a QR code with whole pixels per module; white paper is its quiet zone."""
    modules = [bytes(row) for row in segno.make(content, error="m", micro=False).matrix]
    size = max(2, side // len(modules))
    small = Image.new("L", (len(modules), len(modules)))
    small.putdata([0 if dark else 255 for row in modules for dark in row])
    drawn = small.resize((size * len(modules),) * 2, Image.Resampling.NEAREST)
    strip.image.paste(drawn.convert("RGB"), (x + side - drawn.width, y))


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int, lines: int) -> list[str]:
    """Break a text into at most `lines` lines; what is cut ends in an ellipsis."""
    done: list[str] = []
    rest = " ".join(text.split())
    while rest and len(done) < lines:
        cut = _fits(rest, font, width)
        if cut == len(rest) or len(done) < lines - 1:
            done.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        else:
            cut = _fits(rest, font, width - font.getlength("…"))
            done.append(rest[:cut].rstrip(" ,;.") + "…")
            rest = ""
    return done or [""]


def _fits(text: str, font: ImageFont.FreeTypeFont, width: float) -> int:
    """Return how many characters fit, at a word's end where there is one."""
    if font.getlength(text[:400]) <= width and len(text) <= 400:
        return len(text)
    low, high = 1, min(len(text), 400)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle - 1)
    word_end = text.rfind(" ", 0, low + 1)
    return word_end if word_end > 0 else low
