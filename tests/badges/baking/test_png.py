import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.baking import bake, is_picture, unbake
from badges.errors import NotBaked

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind, data=b"", crc=None):
    checksum = zlib.crc32(kind + data) if crc is None else crc
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
END = chunk(b"IEND")
PICTURE = SIGNATURE + HEADER + PIXELS + END


def text(content=b"{}", keyword=b"openbadgecredential", flags=b"\0\0", rest=b"\0\0"):
    return chunk(b"iTXt", keyword + b"\0" + flags + rest + content)


def picture(*chunks):
    return SIGNATURE + HEADER + b"".join(chunks) + PIXELS + END


@given(st.text(max_size=200))
def test_what_is_baked_comes_out(credential):
    assert unbake(bake(PICTURE, credential)) == credential


def test_the_picture_stays_a_picture():
    baked = bake(PICTURE, "{}")
    assert is_picture(baked)
    assert HEADER in baked
    assert baked[-len(PIXELS + END) :] == PIXELS + END


def test_baking_again_replaces():
    assert unbake(bake(bake(PICTURE, "{}"), '{"new": true}')) == '{"new": true}'


def test_other_texts_stay():
    other = text(b"by me", keyword=b"Author")
    assert other in bake(picture(other), "{}")


@pytest.mark.parametrize(
    "broken",
    [
        PICTURE,
        picture(text(), text()),
        picture(text(flags=b"\1\0")),
        picture(text(flags=b"\0\1")),
        picture(text(b"\xff")),
        picture(chunk(b"iTXt", b"openbadgecredential\0\0\0")),
        picture(chunk(b"tEXt", b"openbadgecredential\0{}")),
        picture(chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0{}", crc=1)),
        picture(text())[:-4],
        picture(text())[:40],
        PICTURE + text(),
        picture(text()) + b"x",
        SIGNATURE + text() + HEADER + PIXELS + END,
        SIGNATURE,
        SIGNATURE + struct.pack(">I", 2**31) + b"iTXt",
        b"GIF89a",
        b"",
    ],
    ids=[
        "nothing baked", "twice", "compressed", "method", "not text", "no end", "other chunk",
        "checksum", "cut at the end", "cut in the middle", "after the end", "trailing byte",
        "before the header", "empty", "huge length", "gif", "no bytes",
    ],
)  # fmt: skip
def test_v13_refuses_a_picture_that_is_not_baked_right(broken):
    with pytest.raises(NotBaked):
        unbake(broken)


@pytest.mark.parametrize("broken", [PICTURE[:30], PICTURE + b"x", b"GIF89a", SIGNATURE])
def test_v13_refuses_to_bake_into_a_broken_picture(broken):
    with pytest.raises(NotBaked):
        bake(broken, "{}")


@given(st.binary(max_size=200))
def test_v13_any_bytes_are_a_picture_or_a_refusal(data):
    for start in (b"", SIGNATURE, SIGNATURE + HEADER):
        with pytest.raises(NotBaked):
            unbake(start + data)
