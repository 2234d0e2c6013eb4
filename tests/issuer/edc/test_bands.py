import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from issuer.edc.bands import _adler_of_both, join, pack

PALETTE = Image.new("P", (1, 1))
PALETTE.putpalette([255, 255, 255, 0, 0, 0, 200, 20, 20])


def strip(rows, colour="black", width=40):
    drawn = Image.new("RGB", (width, rows), "white")
    ImageDraw.Draw(drawn).rectangle((3, 0, 9, rows), fill=colour)
    return drawn


def read(octets):
    with Image.open(io.BytesIO(octets)) as picture:
        picture.load()
        return picture.convert("RGB")


def test_bands_stand_one_under_the_other():
    bands = [pack(strip(5), PALETTE), pack(strip(7, "#c81414"), PALETTE)]
    picture = read(join(bands, PALETTE))
    assert picture.size == (40, 12)
    assert [picture.getpixel((4, y)) for y in (0, 4, 5, 11)] == [(0,) * 3] * 2 + [(200, 20, 20)] * 2
    assert picture.getpixel((20, 6)) == (255, 255, 255)


def test_a_band_can_be_used_again():
    band = pack(strip(3), PALETTE)
    assert read(join([band] * 4, PALETTE)).size == (40, 12)


def test_every_checksum_of_the_picture_holds_and_a_change_breaks_it():
    octets = join([pack(strip(50), PALETTE), pack(strip(9), PALETTE)], PALETTE)
    Image.open(io.BytesIO(octets)).verify()
    start = octets.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", octets[start - 8 : start - 4])
    assert len(zlib.decompress(octets[start : start + length])) == 59 * 41
    changed = octets[: start + 9] + bytes([octets[start + 9] ^ 1]) + octets[start + 10 :]
    with pytest.raises((OSError, SyntaxError)):
        Image.open(io.BytesIO(changed)).verify()


@given(st.binary(max_size=70_000), st.binary(max_size=300))
def test_the_checksum_of_both_is_that_of_the_whole(first, second):
    both = _adler_of_both(zlib.adler32(first), zlib.adler32(second), len(second))
    assert both == zlib.adler32(first + second)
