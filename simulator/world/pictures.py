"""The pictures that photos show: a control panel with lamps, a gauge and a number, made from nothing but a draw.

Decides the pixels and the PNG around them; the same draw and number give the same bytes on every machine, since the data
is stored, not compressed. A picture is 320 by 240 pixels in sixteen colours, a few dozen kilobytes. [chosen]
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache

__all__ = ["HEIGHT", "SIZE", "WIDTH", "picture"]

WIDTH, HEIGHT = 320, 240
SIZE = 107 + HEIGHT * (WIDTH // 2 + 1)
"""How many bytes every picture has."""

_WALLS = ((88, 96, 105), (110, 98, 84), (72, 92, 88), (120, 112, 100))
_PANELS = ((196, 200, 204), (168, 186, 204), (204, 196, 172), (150, 168, 150))
_BLACK, _WHITE, _DARK, _RED, _GREEN, _AMBER, _SHADE = range(2, 9)
_COMMON = (
    (20, 22, 24),
    (244, 244, 240),
    (64, 70, 76),
    (208, 52, 44),
    (46, 160, 78),
    (232, 168, 40),
    (124, 130, 136),
)
_GLYPHS = (
    *((7, 5, 5, 5, 7), (2, 6, 2, 2, 7), (7, 1, 7, 4, 7), (7, 1, 7, 1, 7), (5, 5, 7, 1, 1)),
    *((7, 4, 7, 1, 7), (7, 4, 7, 5, 7), (7, 1, 2, 2, 2), (7, 5, 7, 5, 7), (7, 5, 7, 1, 7)),
)
"""The ten digits, five rows of three bits each."""


@lru_cache(maxsize=64)
def picture(draw: int, number: int) -> bytes:
    """Return a PNG that shows ``number``; ``draw`` decides all else."""
    canvas = _Canvas()
    canvas.box(30, 24, 260, 186, 1)
    canvas.box(30, 206, 260, 4, _SHADE)
    for place in range(3):
        colour = (_GREEN, _GREEN, _AMBER, _RED)[draw >> 2 * place & 3]
        canvas.disc(70 + 44 * place, 62, 15, _DARK)
        canvas.disc(70 + 44 * place, 62, 12, colour)
    canvas.disc(222, 104, 48, _DARK)
    canvas.disc(222, 104, 43, _WHITE)
    _needle(canvas, draw >> 6 & 63)
    canvas.disc(222, 104, 6, _BLACK)
    for place in range(2 + (draw >> 12 & 1)):
        canvas.box(56 + 36 * place, 94, 22, 34, _DARK)
        canvas.box(61 + 36 * place, 98 + 14 * (draw >> 13 + place & 1), 12, 12, _SHADE)
    _plate(canvas, str(number))
    return _png(canvas, (_WALLS[draw >> 16 & 3], _PANELS[draw >> 18 & 3], *_COMMON))


class _Canvas:
    """Rows of pixels, each the hexadecimal digit of its colour, so that a row is packed by reading it as such."""

    def __init__(self) -> None:
        self.rows = [bytearray(b"0" * WIDTH) for _ in range(HEIGHT)]

    def box(self, left: int, top: int, width: int, height: int, colour: int) -> None:
        span = b"%x" % colour * width
        for row in self.rows[top : top + height]:
            row[left : left + width] = span

    def disc(self, x: int, y: int, radius: int, colour: int) -> None:
        for dy in range(-radius, radius + 1):
            half = int((radius * radius - dy * dy) ** 0.5)
            self.box(x - half, y + dy, 2 * half + 1, 1, colour)


def _needle(canvas: _Canvas, position: int) -> None:
    """Draw the gauge's needle from left (0) over the top to right (63), along the edge of a square."""
    across, up = -32 + position, 36 - abs(position - 32) // 2
    for step in range(1, 13):
        canvas.disc(222 + across * step // 12, 104 - up * step // 12, 2, _RED)


def _plate(canvas: _Canvas, text: str) -> None:
    """Write a number of up to eleven digits on a plate."""
    digits = text[-11:]
    canvas.box(46, 158, 20 * len(digits) + 11, 44, _WHITE)
    for place, digit in enumerate(digits):
        for line, bits in enumerate(_GLYPHS[int(digit)]):
            for column in range(3):
                if bits & 4 >> column:
                    canvas.box(54 + 20 * place + 5 * column, 165 + 6 * line, 5, 6, _BLACK)


def _png(canvas: _Canvas, palette: tuple[tuple[int, int, int], ...]) -> bytes:
    rows = b"".join(b"\0" + bytes.fromhex(row.decode()) for row in canvas.rows)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 4, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(map(bytes, palette))),
            _chunk(b"IDAT", _stored(rows)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _stored(data: bytes) -> bytes:
    """Return a zlib stream of one stored block, which holds up to 65,535 bytes."""
    size = len(data)
    return (
        b"\x78\x01\x01"
        + struct.pack("<HH", size, size ^ 0xFFFF)
        + data
        + struct.pack(">I", zlib.adler32(data))
    )
