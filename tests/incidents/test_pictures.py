"""Pictures that people attach, told from their bytes."""

from __future__ import annotations

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.incidents.images import GIF, JPEG, png, webp
from tocsin.incidents.pictures import MOST_BYTES, BadPicture, Picture, picture_of

LOSSY = webp(b"VP8 ", b"\x00\x00\x00\x9d\x01\x2a\x03\x00\x02\x00")
WHOLE = [
    (png(3, 2), "image/png"),
    (JPEG, "image/jpeg"),
    (GIF, "image/gif"),
    (webp(), "image/webp"),
    (LOSSY, "image/webp"),
]


@pytest.mark.parametrize(("content", "kind"), WHOLE)
def test_a_whole_picture_is_taken_with_its_size(content: bytes, kind: str) -> None:
    assert picture_of(content) == Picture(kind, 3, 2)


@pytest.mark.parametrize(("content", "kind"), WHOLE)
def test_a_picture_with_something_behind_it_is_refused(content: bytes, kind: str) -> None:
    with pytest.raises(BadPicture, match="more in it than a picture"):
        picture_of(content + b"<script>alert(1)</script>")


@pytest.mark.parametrize(("content", "kind"), WHOLE)
def test_a_picture_that_ends_too_early_is_refused(content: bytes, kind: str) -> None:
    for end in range(12, len(content)):
        with pytest.raises(BadPicture):
            picture_of(content[:end])


def test_an_svg_is_refused_with_the_reason() -> None:
    with pytest.raises(BadPicture, match="SVG can hold scripts"):
        picture_of(b'\n<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"%PDF-1.7", b"GIF89", b"<html>"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(BadPicture):
        picture_of(content)


def test_more_than_five_megabytes_are_refused_with_how_many_there_are() -> None:
    with pytest.raises(BadPicture, match=r"5\.0 MB; 5 MB at most"):
        picture_of(png() + b"x" * MOST_BYTES)


def test_a_small_file_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(BadPicture, match="50 million"):
        picture_of(png(30_000, 30_000))


def test_a_png_with_a_wrong_checksum_is_refused() -> None:
    with pytest.raises(BadPicture, match="damaged"):
        picture_of(png().replace(b"IHDR\x00\x00\x00\x01", b"IHDR\x00\x00\x00\x02"))


def test_a_moving_webp_has_the_size_of_its_canvas() -> None:
    content = webp(b"VP8X", bytes(4) + (2).to_bytes(3, "little") + (1).to_bytes(3, "little"))
    frame = b"ANMF" + struct.pack("<I", 0)
    moving = content[:4] + struct.pack("<I", len(content)) + content[8:] + frame
    assert picture_of(moving) == Picture("image/webp", 3, 2)


@given(st.sampled_from([content for content, _ in WHOLE]), st.binary(min_size=1, max_size=40), st.integers(0, 60))
def test_no_bytes_lead_to_anything_but_a_picture_or_a_reason(whole: bytes, noise: bytes, at: int) -> None:
    with suppress(BadPicture):
        picture_of(whole[:at] + noise + whole[at + len(noise) :])
