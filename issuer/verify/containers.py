"""What holds a credential without being one: a photo of a QR code, a screenshot, a PDF file.

Shape: bytes in, and out either the credential's bytes or the address that a code leads to. Runs
only in the worker processes: what opens pictures and PDF files has had holes before.
Limits: pictures of at most `MAX_PIXELS`; of a PDF the attachments and the first pages.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, UnidentifiedImageError

from badges.baking import is_picture
from badges.baking.png import KEYWORD, is_png
from badges.errors import NotBaked
from issuer.verify.submission import link_in

__all__ = ["Carried", "is_container", "look_inside"]

MAX_PIXELS = 50_000_000
"""Largest photo we open: the cameras of telephones make them of 12 to 48 million."""

MAX_SIDE = 2_400
"""Pixels of the longer side on which codes are sought; larger photos are made smaller."""

MAX_ATTACHMENTS = 50
MAX_PAGES = 3
"""Pages of a PDF on which codes are sought."""

_FORMATS = ("PNG", "JPEG", "WEBP")
_TOKEN = re.compile(rb"[\w-]+\.[\w-]+\.[\w-]*(~[\w-]*)*", re.ASCII)
_QR = zxingcpp.barcode_formats_from_str("QRCode")
_OFFER = ("openid-credential-offer:", "openid4vp:", "haip:")


@dataclass(frozen=True, slots=True)
class Carried:
    """What was inside: a credential's bytes, or a link to it."""

    kind: str
    """``pdf`` or ``photo``."""

    data: bytes = b""
    link: str = ""


def is_container(data: bytes) -> bool:
    """Tell by its first bytes whether `data` is a PDF, or a picture without a baked credential."""
    if is_png(data):
        return KEYWORD not in data
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"%PDF-", b"\xff\xd8\xff"))


def look_inside(data: bytes) -> Carried:
    """Return the one thing that `data` carries.

    Raises:
        NotBaked: nothing or several things are in it, or it cannot be opened.
    """
    return _of_pdf(data) if data.startswith(b"%PDF-") else _of_photo(data)


def _of_photo(data: bytes) -> Carried:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise NotBaked("the picture is too large: make it smaller")
            picture.draft("L", (MAX_SIDE, MAX_SIDE))
            grey = picture.convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise NotBaked("the picture cannot be opened") from error
    except (ValueError, SyntaxError, TypeError, IndexError) as error:  # broken files, says Pillow
        raise NotBaked("the picture is broken") from error
    grey.thumbnail((MAX_SIDE, MAX_SIDE))
    return _of_codes("photo", _codes(grey))


def _codes(picture: Image.Image) -> Iterator[str]:
    for code in zxingcpp.read_barcodes(picture, formats=_QR):
        yield code.text


def _of_codes(kind: str, texts: Iterable[str]) -> Carried:
    found = list(dict.fromkeys(texts))
    useful = [text for text in found if link_in(text) or _is_credential(text.encode())]
    if len(useful) > 1:
        raise NotBaked("there are several codes in it: show one at a time")
    if not useful:
        if any(text.startswith(_OFFER) for text in found):
            raise NotBaked("this code is for a wallet: open it there, then send the credential")
        raise NotBaked("there is neither a credential in it nor a QR code that leads to one")
    link = link_in(useful[0])
    return Carried(kind, link=link) if link else Carried(kind, data=useful[0].encode())


def _is_credential(content: bytes) -> bool:
    """Tell whether `content` looks like one, before anybody reads it."""
    text = content.strip()
    return text[:1] == b"{" or _TOKEN.fullmatch(text) is not None or is_picture(content)


def _of_pdf(data: bytes) -> Carried:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise NotBaked("the PDF cannot be opened; if it has a password, save it without") from error
    try:
        attached = list(dict.fromkeys(filter(_is_credential, _attachments(document))))
        if len(attached) > 1:
            raise NotBaked("the PDF holds several credentials: check them one at a time")
        if attached:
            return Carried("pdf", data=attached[0])
        return _of_codes("pdf", _codes_of_pages(document))
    except pdfium.PdfiumError as error:
        raise NotBaked("the PDF is broken") from error
    finally:
        document.close()


def _attachments(document: pdfium.PdfDocument) -> Iterator[bytes]:
    count = document.count_attachments()
    if count > MAX_ATTACHMENTS:
        raise NotBaked(f"the PDF has more than {MAX_ATTACHMENTS} attachments")
    for index in range(count):
        yield bytes(document.get_attachment(index).get_data())


def _codes_of_pages(document: pdfium.PdfDocument) -> Iterator[str]:
    for index in range(min(len(document), MAX_PAGES)):
        page = document[index]
        longer = max(*page.get_size(), 1.0)
        picture = page.render(scale=min(3.0, MAX_SIDE / longer), grayscale=True).to_pil()
        yield from _codes(picture.convert("L"))
