"""Pictures: real PNGs, the same everywhere, decided by a draw and a number."""

from __future__ import annotations

import hashlib
import struct
import zlib

import pytest

from simulator.world.pictures import HEIGHT, SIZE, WIDTH, picture


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Read a PNG's chunks, as any reader does: with their lengths and checksums."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(name + body),)
        found.append((name, body))
        at += 12 + length
    return found


def rows(data: bytes) -> list[bytes]:
    body = b"".join(body for name, body in chunks(data) if name == b"IDAT")
    pixels = zlib.decompress(body)
    width = WIDTH // 2 + 1
    return [pixels[at : at + width] for at in range(0, len(pixels), width)]


@pytest.mark.parametrize(("draw", "number"), [(0, 1), (2**64 - 1, 12_345_678_901_234), (0x5A5A5A5A5A5A, 90)])
def test_a_picture_is_a_png_that_can_be_read(draw: int, number: int) -> None:
    data = picture(draw, number)

    names = [name for name, _ in chunks(data)]
    header = struct.unpack(">IIBBBBB", chunks(data)[0][1])
    palette = len(chunks(data)[1][1]) // 3
    assert names == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert header == (WIDTH, HEIGHT, 4, 3, 0, 0, 0)
    assert len(rows(data)) == HEIGHT
    assert {row[0] for row in rows(data)} == {0}
    assert max(max(value >> 4, value & 15) for row in rows(data) for value in row[1:]) < palette
    assert len(data) == SIZE


def test_the_same_draw_and_number_give_the_same_bytes_on_every_machine() -> None:
    assert hashlib.md5(picture(7, 42)).hexdigest() == "b6d4d37581212087657a3b3296c9f861"


def test_another_draw_or_number_is_another_picture() -> None:
    assert len({picture(7, 42), picture(7, 43), picture(8, 42)}) == 3
