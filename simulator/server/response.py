"""Reads the answer to a post from the bytes of a connection, however these are cut. Sans-IO.

Decides where an answer ends, how much of it is kept, and whether the connection can serve another post (RFC 9112). It must
not know what an answer means. Nothing is decoded but chunks: the body is as the receiver wrote it.

Theory: an answer is a head, then a body of one of three kinds: of a length that the head names, in chunks that each name
theirs, or up to the end of the connection. Heads before the last, such as ``100 Continue``, are passed over. Most answers
come in one piece and their heads are alike, so that what a head says is remembered by its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from simulator.values import dataclass

__all__ = ["MOST_ANSWER", "Head", "NotHttpError", "Response"]

MOST_ANSWER = 65_536
"""How many bytes of a receiver's answer are kept; the rest is not read."""

_MOST_HEAD = 65_536
_LONGEST_LINE = 4096
_SHORT = 2048
"""Bytes; longer heads are not worth the memory."""

_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_STATUS_LINE = re.compile(rb"HTTP/1\.(\d) ([1-9]\d\d)(?: .*)?", re.DOTALL)
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH = re.compile(r"\d{1,18}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?", re.DOTALL)


class NotHttpError(ValueError):
    """What came is no answer of HTTP/1."""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a body. ``headers`` have lower-case names; one that stands twice is joined by a comma.

    ``length`` is that of the body, None where it is in chunks or ends with the connection. ``keeps``: the receiver keeps
    the connection for another post.
    """

    status: int
    headers: Mapping[str, str]
    length: int | None
    chunked: bool
    keeps: bool


class Response:
    """One answer, as far as it has come. ``head`` is None before there is one, ``body`` what is kept of the body: at most
    ``most`` bytes."""

    __slots__ = ("_begun", "_chunks", "_most", "_whole", "body", "head")

    def __init__(self, most: int = MOST_ANSWER) -> None:
        self._most = most
        self.head: Head | None = None
        self.body: bytes | bytearray = b""
        self._begun = b""
        self._chunks: _Chunks | None = None
        self._whole = False

    @property
    def begun(self) -> bool:
        """Whether a byte of it has come."""
        return self.head is not None or self._begun != b""

    @property
    def keeps(self) -> bool:
        """Whether the connection can serve another post: the answer ended where it said, and nothing came after."""
        return self._whole and self.head is not None and self.head.keeps

    @property
    def cut_short(self) -> bool:
        """Whether some of it is missing, should nothing more come; an answer that ends with its connection never is."""
        head = self.head
        return not self._whole and (head is None or head.chunked or head.length is not None)

    def feed(self, data: bytes) -> bool:
        """Take what came next and say whether that was all, or all that is kept. NotHttpError while there is no head."""
        head = self.head
        if head is None:
            if self._begun:
                data = self._begun + data
            head, data = _find_head(data)
            if head is None:
                self._begun = data
                return False
            self.head = head
            if head.chunked:
                self._chunks = _Chunks()
            if len(data) == head.length:
                # As nearly every answer comes.
                self.body = data
                self._whole = True
                return len(data) <= self._most or self._cut()
            self.body = bytearray()
        if self._chunks is not None:
            return self._feed_chunks(self._chunks, data)
        self.body += data
        if head.length is not None and len(self.body) >= head.length:
            self._whole = len(self.body) == head.length
            self.body = self.body[: head.length]
            return len(self.body) <= self._most or self._cut()
        return len(self.body) > self._most and self._cut()

    def _feed_chunks(self, chunks: _Chunks, data: bytes) -> bool:
        try:
            ended = chunks.feed(data)
        except NotHttpError:
            # The status has come, and a body that breaks does not unsay it.
            ended, self._whole = True, False
        else:
            self._whole = ended and not chunks.rest
        self.body = chunks.body
        return (len(self.body) > self._most and self._cut()) or ended

    def _cut(self) -> bool:
        self.body = self.body[: self._most]
        self._whole = False
        return True


class _Chunks:
    """A body in chunks: ``body`` is what they held, ``rest`` what has come and is not yet understood."""

    __slots__ = ("_after", "_left", "_trailing", "body", "rest")

    def __init__(self) -> None:
        self.body = bytearray()
        self.rest = bytearray()
        self._left = 0
        self._after = self._trailing = False

    def feed(self, data: bytes) -> bool:
        """Take what came next and say whether the last chunk has ended."""
        rest = self.rest
        rest += data
        while True:
            if self._left:
                piece = rest[: self._left]
                del rest[: self._left]
                self.body += piece
                self._left -= len(piece)
                self._after = True
                if self._left:
                    return False
            end = rest.find(b"\n")
            if end < 0:
                if len(rest) > _LONGEST_LINE:
                    raise NotHttpError
                return False
            line = bytes(rest[:end]).removesuffix(b"\r")
            del rest[: end + 1]
            if self._line(line):
                return True

    def _line(self, line: bytes) -> bool:
        """Read a line between the chunks and say whether it was the last."""
        if self._trailing:
            return not line
        if self._after:
            if line:
                raise NotHttpError
            self._after = False
            return False
        size = _CHUNK.fullmatch(line)
        if size is None:
            raise NotHttpError
        self._left = int(size[1], 16)
        self._trailing = not self._left
        return False


def _find_head(data: bytes) -> tuple[Head | None, bytes]:
    """Return the last head and what follows it, or None and what must be looked at again when more has come."""
    while True:
        end = _END.search(data)
        if end is None:
            # What cannot become a status line need not be waited for.
            if len(data) > _MOST_HEAD or not (data.startswith(b"HTTP/1.") or b"HTTP/1.".startswith(data[:7])):
                raise NotHttpError
            return None, data
        text = data[: end.start()]
        head = _remembered(text) if len(text) <= _SHORT else _read_head(text)
        data = data[end.end() :]
        if head.status >= 200 or head.status == 101:
            return head, data


def _read_head(text: bytes) -> Head:
    first, *lines = (line.removesuffix(b"\r") for line in _FOLD.sub(b" ", text).split(b"\n"))
    said = _STATUS_LINE.fullmatch(first)
    if said is None:
        raise NotHttpError
    headers: dict[str, str] = {}
    for line in lines:
        raw, colon, rest = line.partition(b":")
        if not colon or _NAME.fullmatch(raw) is None:
            raise NotHttpError
        name = raw.decode().lower()
        value = rest.strip(b" \t").decode("utf-8", "surrogateescape")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    status = int(said[2])
    options = _tokens(headers.get("connection", ""))
    keeps = "close" not in options and (said[1] != b"0" or "keep-alive" in options)
    codings = _tokens(headers.get("transfer-encoding", ""))
    length: int | None = None
    if status < 200 or status in (204, 304):
        length, codings = 0, []
    elif not codings and "content-length" in headers:
        length = _length(headers["content-length"])
    # Of two framings the second is followed, but whoever sends both may mean either.
    keeps = keeps and status != 101 and not (codings and "content-length" in headers)
    return Head(status, headers, length, codings[-1:] == ["chunked"], keeps)


_remembered = lru_cache(maxsize=128)(_read_head)


def _length(text: str) -> int:
    """Return what a Content-Length says; the same said more than once counts once."""
    first, *others = _tokens(text) or [""]
    if _LENGTH.fullmatch(first) is None or set(others) - {first}:
        raise NotHttpError
    return int(first)


def _tokens(text: str) -> list[str]:
    return [token.strip().lower() for token in text.split(",") if token.strip()]
