"""The smallest pictures of each kind."""

import struct
import zlib


def chunk(kind, data=b"", checksum=None):
    checksum = zlib.crc32(kind + data) if checksum is None else checksum
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


HEADER = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
PIXELS = chunk(b"IDAT", zlib.compress(b"\0\xff\0\0"))
SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG = SIGNATURE + HEADER + PIXELS + chunk(b"IEND")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'
