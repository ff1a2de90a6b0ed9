"""Answers of every shape, cut at every place, and what is no answer at all."""

from __future__ import annotations

import pytest

from simulator.server.response import MOST_ANSWER, Head, NotHttpError, Response

WHOLE = {
    "length": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Seen: Yes\r\n\r\nok",
        Head(200, {"content-length": "2", "x-seen": "Yes"}, 2, chunked=False, keeps=True),
        b"ok",
    ),
    "nothing": (
        b"HTTP/1.1 202\r\nContent-Length: 0\r\n\r\n",
        Head(202, {"content-length": "0"}, 0, chunked=False, keeps=True),
        b"",
    ),
    "no-content": (
        b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
        Head(204, {"content-length": "5"}, 0, chunked=False, keeps=True),
        b"",
    ),
    "chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\nwebh\r\nB\r\nooks\r\nagain\r\n0\r\nX: y\r\n\r\n",
        Head(200, {"transfer-encoding": "chunked"}, None, chunked=True, keeps=True),
        b"webhooks\r\nagain",
    ),
    "interim": (
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        Head(200, {"content-length": "0"}, 0, chunked=False, keeps=True),
        b"",
    ),
    "bare-line-feeds": (
        b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
        Head(200, {"content-length": "2"}, 2, chunked=False, keeps=True),
        b"ok",
    ),
    "folded": (
        b"HTTP/1.1 200 OK\r\nX-Long: a\r\n\t b\r\nContent-Length: 0\r\n\r\n",
        Head(200, {"x-long": "a b", "content-length": "0"}, 0, chunked=False, keeps=True),
        b"",
    ),
    "twice": (
        b"HTTP/1.1 200 OK\r\nX: a\r\nx: b\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n.",
        Head(200, {"x": "a, b", "content-length": "1, 1"}, 1, chunked=False, keeps=True),
        b".",
    ),
    "other-bytes": (
        b"HTTP/1.1 200 OK\r\nX: \xc3\xa4\xff\r\nContent-Length: 0\r\n\r\n",
        Head(200, {"x": "\xe4\udcff", "content-length": "0"}, 0, chunked=False, keeps=True),
        b"",
    ),
    "old-and-kept": (
        b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n",
        Head(200, {"connection": "Keep-Alive", "content-length": "0"}, 0, chunked=False, keeps=True),
        b"",
    ),
    "long-head": (
        b"HTTP/1.1 200 OK\r\nX: %b\r\nContent-Length: 0\r\n\r\n" % (b"x" * 3000),
        Head(200, {"x": "x" * 3000, "content-length": "0"}, 0, chunked=False, keeps=True),
        b"",
    ),
}

LAST = {
    "old": (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 2, b"ok"),
    "closing": (b"HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 2\r\n\r\nok", 2, b"ok"),
    "two-framings": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        None,
        b"ok",
    ),
    "switching": (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", 0, b""),
    "surplus": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok...", 2, b"ok"),
    "surplus-of-nothing": (b"HTTP/1.1 204 No Content\r\n\r\n...", 0, b""),
    "surplus-after-chunks": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n...",
        None,
        b"ok",
    ),
}


def read(*pieces: bytes) -> tuple[Response, bool]:
    response = Response()
    ended = False
    for piece in pieces:
        assert not ended
        ended = response.feed(piece)
    return response, ended


@pytest.mark.parametrize(("text", "head", "body"), WHOLE.values(), ids=WHOLE)
def test_answer_is_read_alike_wherever_its_bytes_are_cut(text, head, body):
    cuts = [[text], [text[n : n + 1] for n in range(len(text))]]
    cuts += [[text[:n], text[n:]] for n in range(1, len(text), 1 + len(text) // 200)]
    for pieces in cuts:
        response, ended = read(*pieces)
        assert (response.head, bytes(response.body), ended, response.keeps) == (head, body, True, True)


@pytest.mark.parametrize(("text", "length", "body"), LAST.values(), ids=LAST)
def test_connection_of_some_answers_serves_no_other_post(text, length, body):
    response, ended = read(text)

    assert response.head is not None
    assert (response.head.length, bytes(response.body), ended, response.keeps) == (length, body, True, False)


def test_body_without_a_length_ends_with_the_connection():
    response, ended = read(b"HTTP/1.1 200 OK\r\n\r\nok", b", and more")

    assert (bytes(response.body), ended, response.keeps) == (b"ok, and more", False, False)


def test_nothing_has_begun_before_the_first_byte():
    response = Response()
    assert not response.begun

    response.feed(b"H")
    assert response.begun

    response.feed(b"TTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
    assert response.begun


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 100000\r\n", b"Content-Length: 65537\r\n", b"", b"Transfer-Encoding: chunked\r\n"],
    ids=["length", "one-more", "no-length", "chunks"],
)
@pytest.mark.parametrize("size", [1000, 65_537, 200_000], ids=["pieces", "one-piece", "too-much"])
def test_no_more_than_the_bound_is_kept(head, size):
    response = Response()
    response.feed(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + (b"186A0\r\n" if b"chunked" in head else b""))
    fed = 0
    while not response.feed(b"x" * size):
        fed += size

    assert fed <= MOST_ANSWER
    assert (bytes(response.body), response.keeps) == (b"x" * MOST_ANSWER, False)


def test_answer_in_one_piece_is_bounded_too():
    response, ended = read(b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70_000)

    assert (bytes(response.body), ended, response.keeps) == (b"x" * MOST_ANSWER, True, False)


def test_answer_of_just_the_bound_is_whole():
    response, ended = read(b"HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + b"x" * MOST_ANSWER)

    assert (len(response.body), ended, response.keeps) == (MOST_ANSWER, True, True)


@pytest.mark.parametrize(
    "chunks",
    [b"2\r\nok\r\nx\r\n", b"2\r\nokay\r\n", b"2\r\nok\r\n-1\r\n", b"2\r\nok\r\n" + b"1" * 5000],
    ids=["no-number", "more-than-said", "negative", "endless-line"],
)
def test_chunks_that_make_no_sense_end_an_answer_that_counts(chunks):
    response, ended = read(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks)

    assert response.head is not None
    assert (response.head.status, bytes(response.body), ended, response.keeps) == (200, b"ok", True, False)


@pytest.mark.parametrize(
    "text",
    [
        b"hello there\r\n\r\n",
        b"hello",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 099 OK\r\n\r\n",
        b"HTTP/1.1  200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n: y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: ,\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000,
    ],
)
def test_what_is_no_answer_is_refused(text):
    response = Response()
    with pytest.raises(NotHttpError):
        response.feed(text)

    assert response.head is None
