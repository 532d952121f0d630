"""Pictures that people attach: what kind they are and how large, told from their bytes and never from their name. Pure.

A file is taken only if it is one whole picture from its first byte to its last: what follows a picture, or hides in a file
that only begins like one, could be read as something else elsewhere.
https://www.w3.org/TR/png-3/#5DataRep, https://www.w3.org/Graphics/JPEG/itu-t81.pdf (annex B),
https://www.w3.org/Graphics/GIF/spec-gif89a.txt, https://developers.google.com/speed/webp/docs/riff_container
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 5 * 1024 * 1024
# What a browser unpacks to show it: a small file may claim to be very large.
MOST_PIXELS = 50_000_000
TAKEN = "PNG, JPEG, WebP and GIF are taken"


class BadPicture(ValueError):
    """No picture that is taken; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What a file turned out to be; the size is in pixels."""

    media_type: str
    width: int
    height: int

    @property
    def extension(self) -> str:
        """What its name ends with: png, jpeg, webp or gif."""
        return self.media_type.partition("/")[2]


def too_large(size: int) -> str:
    """How a picture of so many bytes is refused."""
    return f"The picture has {size / 2**20:.1f} MB; {MOST_BYTES / 2**20:g} MB at most. Cut out what matters."


def picture_of(content: bytes) -> Picture:
    """The picture that `content` is. Raises BadPicture: too large, of another kind, damaged, or more than a picture."""
    if len(content) > MOST_BYTES:
        raise BadPicture(too_large(len(content)))
    try:
        found = _read(content)
    except (struct.error, IndexError) as error:
        raise BadPicture("The picture ends too early: it is damaged. Save it anew.") from error
    if not found.width or not found.height or found.width * found.height > MOST_PIXELS:
        raise BadPicture(f"The picture claims {found.width} × {found.height} pixels; 50 million at most.")
    return found


def _read(content: bytes) -> Picture:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith((b"GIF87a", b"GIF89a")):
        return _gif(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        raise BadPicture(f"An SVG can hold scripts, so it is not taken: make a screenshot of it. {TAKEN}.")
    raise BadPicture(f"That is no picture that browsers show: {TAKEN}.")


def _damaged(kind: str) -> BadPicture:
    return BadPicture(f"This is no whole {kind}: it is damaged, or there is more in it than a picture. Save it anew.")


def _png(content: bytes) -> Picture:
    kinds = []
    at = 8
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        if zlib.crc32(content[at + 4 : at + 8 + length]) != checksum:
            raise _damaged("PNG")
        kinds.append(kind)
        at += 12 + length
        if kind == b"IEND":
            break
    if at != len(content) or kinds[0] != b"IHDR" or kinds[-1] != b"IEND" or b"IDAT" not in kinds:
        raise _damaged("PNG")
    return Picture("image/png", *struct.unpack_from(">II", content, 16))


# Frames (SOF) but not the tables among their numbers: DHT, JPG, DAC.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_START_OF_SCAN, _END, _STUFFED, _RESTARTS = 0xDA, 0xD9, 0x00, range(0xD0, 0xD8)


def _jpeg(content: bytes) -> Picture:
    size, has_scan, at = (0, 0), False, 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # fills up, and means nothing
            at += 1
            continue
        if marker == _END:
            if at + 2 != len(content) or not has_scan:
                raise _damaged("JPEG")
            return Picture("image/jpeg", *size)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            size = (width, height)
        (length,) = struct.unpack_from(">H", content, at + 2)
        at += 2 + length
        if marker == _START_OF_SCAN:
            has_scan, at = True, _after_scan(content, at)
    raise _damaged("JPEG")


def _after_scan(content: bytes, at: int) -> int:
    """Where the marker stands that ends the compressed data from `at` on."""
    while (at := content.find(b"\xff", at)) >= 0:
        follows = content[at + 1]
        if follows != _STUFFED and follows not in _RESTARTS and follows != 0xFF:
            return at
        at += 1 if follows == 0xFF else 2
    raise _damaged("JPEG")


def _gif(content: bytes) -> Picture:
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    at, has_image = 13 + _colours(flags), False
    while (block := content[at]) != 0x3B:
        if block == 0x21:
            at = _after_blocks(content, at + 2)
        elif block == 0x2C:
            has_image, at = True, _after_blocks(content, at + 11 + _colours(content[at + 9]))
        else:
            raise _damaged("GIF")
    if at + 1 != len(content) or not has_image:
        raise _damaged("GIF")
    return Picture("image/gif", width, height)


def _colours(flags: int) -> int:
    """The size of the colour table that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    while length := content[at]:
        at += 1 + length
    return at + 1


def _webp(content: bytes) -> Picture:
    (size,) = struct.unpack_from("<I", content, 4)
    chunks = list(_webp_chunks(content))
    if size + 8 != len(content) or not any(kind in (b"VP8 ", b"VP8L", b"ANMF") for kind, _ in chunks):
        raise _damaged("WebP")
    kind, at = chunks[0]
    if kind == b"VP8X":
        width, height = (int.from_bytes(content[at + part : at + part + 3], "little") + 1 for part in (4, 7))
    elif kind == b"VP8L" and content[at] == 0x2F:
        (bits,) = struct.unpack_from("<I", content, at + 1)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 " and content[at + 3 : at + 6] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", content, at + 6))
    else:
        raise _damaged("WebP")
    return Picture("image/webp", width, height)


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, int]]:
    """The kind of each chunk, and where its content begins."""
    at = 12
    while at < len(content):
        kind, length = struct.unpack_from("<4sI", content, at)
        yield kind, at + 8
        at += 8 + length + length % 2
    if at != len(content):
        raise _damaged("WebP")
