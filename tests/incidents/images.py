"""The smallest whole pictures of each kind that is taken, and what is hidden in them."""

from __future__ import annotations

import struct
import zlib


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int = 1, height: int = 1) -> bytes:
    """A white PNG."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = _chunk(b"IDAT", zlib.compress((b"\x00" + b"\xff" * width) * min(height, 64)))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + _chunk(b"IEND", b"")


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00"
    b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x12\xff\x00\x34\xff\xd0\x56"
    b"\xff\xd9"
)
GIF = (
    b"GIF89a\x03\x00\x02\x00\x80\x00\x00" + b"\x00\x00\x00\xff\xff\xff" + b"\x21\xf9\x04\x00\x00\x00\x00\x00"
    b"\x2c\x00\x00\x00\x00\x03\x00\x02\x00\x00\x02\x02\x84\x51\x00\x3b"
)


def webp(kind: bytes = b"VP8L", content: bytes = b"\x2f\x02\x40\x00\x00\x00") -> bytes:
    """A WebP of one chunk; by default 3 by 2 pixels without loss."""
    chunk = kind + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk
