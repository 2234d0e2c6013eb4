"""The page of a credential as a picture: an EDC must carry one in each of its languages.

Shape: an A4 page upright, PNG with at most 128 colours; what does not fit is cut and counted.
The words come from `page_text`; fonts lie beside this file (SIL Open Font License).
"""

import io
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import segno
from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from issuer.edc.page_text import PageText

__all__ = ["DEFAULT_ACCENT", "draw_page"]

WIDTH, HEIGHT, MARGIN = 1240, 1754, 104
INK, MUTED, LINE, PAPER, GOLD = "#1b2335", "#525c70", "#dbd6c8", "#f7f6f2", "#c8962e"
ALERT, ALERT_WASH = "#9c1f27", "#fbe9e7"
DEFAULT_ACCENT = "#23408f"
MAX_LOGO_PIXELS = 20_000_000
FOOT = HEIGHT - 330
"""Where the foot with seal and QR code begins."""


@cache
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    file = resources.files("issuer.edc") / "fonts" / f"SourceSansPro-{weight}.ttf"
    return ImageFont.truetype(
        io.BytesIO(file.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC
    )


@dataclass(slots=True)
class _Sheet:
    """A page being drawn from top to bottom; `y` is where the next thing goes."""

    accent: str
    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, HEIGHT), "white"))
    y: int = MARGIN

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


def draw_page(page: PageText, *, logo: bytes | None = None, accent: str = DEFAULT_ACCENT) -> bytes:
    """Draw a page and return it as PNG."""
    sheet = _Sheet(accent)
    _head(sheet, page, logo)
    _title(sheet, page)
    _facts(sheet, page)
    _skills(sheet, page)
    _outcomes(sheet, page)
    _foot(sheet, page)
    sample = sheet.image.resize((WIDTH // 4, HEIGHT // 4), Image.Resampling.NEAREST)
    colours = sample.quantize(128, method=Image.Quantize.MEDIANCUT)
    packed = sheet.image.quantize(palette=colours, dither=Image.Dither.NONE)
    out = io.BytesIO()
    packed.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _head(sheet: _Sheet, page: PageText, logo: bytes | None) -> None:
    sheet.pen.rectangle((0, 0, WIDTH, 18), fill=sheet.accent)
    sheet.pen.rectangle((0, 18, WIDTH, 24), fill=GOLD)
    if page.notice:
        sheet.pen.rectangle((0, 24, WIDTH, 76), fill=ALERT_WASH)
        sheet.pen.text(
            (WIDTH // 2, 50), page.notice, font=_font("Semibold", 26), fill=ALERT, anchor="mm"
        )
    picture = _read_logo(logo)
    if picture:
        sheet.image.paste(picture, (MARGIN, sheet.y), picture)
    name = " · ".join(page.awarded_by)
    font = _font("Semibold", 30)
    left = MARGIN + (picture.width + 32 if picture else 0)
    rows = _wrap(name, font, WIDTH - MARGIN - left, 2)
    top = sheet.y + 60 - round(len(rows) * 38 / 2)
    for row, line in enumerate(rows):
        sheet.pen.text((left, top + row * 38), line, font=font, fill=sheet.accent)
    sheet.y += 164


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


def _title(sheet: _Sheet, page: PageText) -> None:
    sheet.write(page.kind.upper(), 26, colour=sheet.accent, weight="Semibold")
    sheet.y += 6
    size = 68 if len(page.title) < 60 else 54
    sheet.write(page.title, size, weight="Semibold", lines=3, gap=1.12)
    sheet.y += 22
    sheet.pen.rectangle((MARGIN, sheet.y, MARGIN + 120, sheet.y + 5), fill=GOLD)
    sheet.y += 38
    sheet.write(page.awarded_to, 28, colour=MUTED)
    sheet.write(page.learner, 52, weight="Semibold", lines=2, gap=1.15)
    sheet.y += 18
    sheet.write(page.description, 26, colour=MUTED, lines=3, gap=1.38)
    sheet.y += 26


def _facts(sheet: _Sheet, page: PageText) -> None:
    columns, gap = 3, 2
    cell = (WIDTH - 2 * MARGIN - (columns - 1) * gap) // columns
    for start in range(0, len(page.facts), columns):
        row = page.facts[start : start + columns]
        values = [_wrap(value, _font("Semibold", 28), cell - 48, 2) for _, value in row]
        height = 72 + 34 * max(map(len, values))
        for column, (label, _) in enumerate(row):
            left = MARGIN + column * (cell + gap)
            right = WIDTH - MARGIN if column == len(row) - 1 else left + cell
            sheet.pen.rectangle((left, sheet.y, right, sheet.y + height - gap), fill=PAPER)
            label_font = _font("Regular", 22)
            name = _wrap(label, label_font, cell - 48, 1)[0]
            sheet.pen.text((left + 24, sheet.y + 16), name, font=label_font, fill=MUTED)
            for line, text in enumerate(values[column]):
                place = (left + 24, sheet.y + 46 + 34 * line)
                sheet.pen.text(place, text, font=_font("Semibold", 28), fill=INK)
        sheet.y += height
    sheet.y += 26


def _skills(sheet: _Sheet, page: PageText) -> None:
    if not page.skills or sheet.y > FOOT - 110:
        return
    sheet.write(page.skills_heading, 28, weight="Semibold", colour=sheet.accent)
    sheet.y += 8
    font, x, rows = _font("Regular", 24), MARGIN, 1
    most = 2 if page.outcomes else 5
    for position, skill in enumerate(page.skills):
        text = _wrap(skill, font, WIDTH - 2 * MARGIN - 44, 1)[0]
        width = round(font.getlength(text)) + 44
        if x + width > WIDTH - MARGIN:
            rows, x, sheet.y = rows + 1, MARGIN, sheet.y + 58
            if rows > most or sheet.y > FOOT - 60:
                rest = f"+ {len(page.skills) - position}"
                sheet.pen.text((x, sheet.y), rest, font=font, fill=MUTED)
                break
        _chip(sheet, text, x, width)
        x += width + 14
    sheet.y += 70


def _chip(sheet: _Sheet, text: str, x: int, width: int) -> None:
    box = (x, sheet.y, x + width, sheet.y + 46)
    sheet.pen.rounded_rectangle(box, radius=23, fill="white", outline=LINE, width=2)
    place = (x + width // 2, sheet.y + 23)
    sheet.pen.text(place, text, font=_font("Regular", 24), fill=INK, anchor="mm")


def _outcomes(sheet: _Sheet, page: PageText) -> None:
    if not page.outcomes or sheet.y > FOOT - 150:
        return
    sheet.write(page.outcomes_heading, 28, weight="Semibold", colour=sheet.accent)
    sheet.y += 6
    for position, outcome in enumerate(page.outcomes):
        if sheet.y > FOOT - 112:
            sheet.write(f"+ {len(page.outcomes) - position}", 24, colour=MUTED)
            return
        sheet.pen.ellipse((MARGIN + 2, sheet.y + 13, MARGIN + 11, sheet.y + 22), fill=GOLD)
        sheet.write(outcome, 24, x=MARGIN + 30, width=WIDTH - 2 * MARGIN - 30, lines=2, gap=1.4)


def _foot(sheet: _Sheet, page: PageText) -> None:
    sheet.pen.line((MARGIN, FOOT, WIDTH - MARGIN, FOOT), fill=LINE, width=2)
    side = 200 if page.url else 0
    width = WIDTH - 2 * MARGIN - side - 40
    sheet.y = FOOT + 30
    for label, value in page.signatures[:3]:
        sheet.write(label, 20, colour=MUTED, width=width, gap=1.2)
        sheet.write(value, 25, weight="Semibold", width=width, gap=1.42)
    if page.url:
        _code(sheet, page.url, WIDTH - MARGIN - side, FOOT + 30, side)
        font = _font("Regular", 20)
        caption = _wrap(page.check, font, 300, 1)[0]
        place = (WIDTH - MARGIN, FOOT + 30 + side + 8)
        sheet.pen.text(place, caption, font=font, fill=MUTED, anchor="ra")
    sheet.y = HEIGHT - 52
    sheet.write(page.credential_id, 18, colour=MUTED)


def _code(sheet: _Sheet, content: str, x: int, y: int, side: int) -> None:
    """Draw a QR code with whole pixels per module; white paper is its quiet zone."""
    modules = [bytes(row) for row in segno.make(content, error="m", micro=False).matrix]
    size = max(2, side // len(modules))
    small = Image.new("L", (len(modules), len(modules)))
    small.putdata([0 if dark else 255 for row in modules for dark in row])
    drawn = small.resize((size * len(modules),) * 2, Image.Resampling.NEAREST)
    sheet.image.paste(drawn.convert("RGB"), (x + side - drawn.width, y))


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
