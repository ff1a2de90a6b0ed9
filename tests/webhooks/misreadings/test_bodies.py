"""Bodies: what comes of each mistake about the message."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest

from simulator.webhooks.misreadings.bodies import altered, ended, parts, rewritten, together

BODY = '{"data":{"id":"t5/A=","name":"Zoë","none":null}}'.encode()
MARK = b"\xef\xbb\xbf"


def made(found) -> dict[bytes, str]:
    """Return the bytes with the name of the first mistake that leads to them."""
    names: dict[bytes, str] = {}
    for mistake, message in found:
        names.setdefault(message, mistake.name)
    return names


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(json.loads(BODY)),
        json.dumps(json.loads(BODY), indent=2, ensure_ascii=False),
        '{"data":{"id":"t5\\/A=","name":"Zo\\u00eb","none":null}}',
    ],
)
def test_json_is_written_again(text):
    assert made(rewritten(BODY))[text.encode()] == "rewritten"


@pytest.mark.parametrize(
    "text",
    [
        "{'data': {'id': 't5/A=', 'name': 'Zoë', 'none': None}}",
        '{"data"=>{"id"=>"t5/A=", "name"=>"Zoë", "none"=>nil}}',
        "[object Object]",
    ],
)
def test_objects_are_shown_as_text(text):
    assert made(rewritten(BODY))[text.encode()] == "object_as_text"


def test_list_in_javascript_is_no_object():
    assert b"[1]" not in made(rewritten(b"[ 1]"))[b"[1]"].encode()


def test_what_is_no_json_is_not_written_again():
    assert list(rewritten(b"not json")) == []


def test_json_behind_a_byte_order_mark_is_read():
    assert json.dumps(json.loads(BODY)).encode() in made(rewritten(MARK + BODY))


@pytest.mark.parametrize(
    ("body", "message", "name"),
    [
        (BODY, BODY + b"\n", "newline"),
        (BODY, BODY + b"\r\n", "newline"),
        (BODY + b" \n", BODY, "stripped"),
        (b" " + BODY + b"\n", BODY, "stripped"),
        (b"{ }", b"{}", "stripped"),
        (b"{\r\n}", b"{\n}", "line_ends"),
        (b"{\n}", b"{\r\n}", "line_ends"),
        (BODY, MARK + BODY, "bom"),
        (MARK + BODY, BODY, "bom"),
        (BODY, BODY + b"\0", "nul"),
        (BODY, str(BODY).encode(), "bytes_as_text"),
        (BODY, json.dumps(BODY.decode()).encode(), "quoted"),
        (b"a b/c", b"a%20b/c", "url_encoded"),
        (b"a b/c", b"a+b%2Fc", "url_encoded"),
        (b"a b/c", b"a%20b%2Fc", "url_encoded"),
        (b'"a"', b"&quot;a&quot;", "html_escaped"),
        (BODY, base64.b64encode(BODY), "base64_body"),
        (BODY, BODY.hex().encode(), "hex_body"),
        (BODY, hashlib.sha256(BODY).digest(), "hashed_first"),
        (BODY, hashlib.sha256(BODY).hexdigest().encode(), "hashed_first"),
        (BODY, BODY.decode().lower().encode(), "letter_case"),
        (BODY, BODY.decode().upper().encode(), "letter_case"),
        (BODY, BODY.decode("latin-1").encode(), "mojibake"),
        ("“".encode(), "â€œ".encode(), "mojibake"),
        (BODY, BODY.decode().encode("latin-1"), "latin1"),
        ("“".encode(), b"\x93", "latin1"),
        (BODY, BODY.decode().encode("utf-16-le"), "utf16"),
        (BODY, BODY.decode().encode("utf-16"), "utf16"),
        ("Zoë".encode(), b"Zo", "ascii"),
        ("Zoë".encode(), b"Zo?", "ascii"),
        ("Zoë".encode(), "Zo\ufffd\ufffd".encode(), "ascii"),
        (b"Zo\xff", "Zo\ufffd".encode(), "ascii"),
        (b"\xffZo\xc3\xab", "Zoë".encode(), "ascii"),
        ("Zoë".encode(), "Zoe\u0308".encode(), "normalised"),
        ("Zoe\u0308".encode(), "Zoë".encode(), "normalised"),
    ],
)
def test_body_is_altered(body, message, name):
    assert made((*ended(body), *altered(body)))[message] == name


def test_what_comes_on_top_of_writing_again():
    assert {mistake.name for mistake, _ in together(BODY)} == {
        *("newline", "stripped", "line_ends", "bom", "nul", "mojibake", "latin1", "utf16"),
    }


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (b"", "empty"),
        (b"{}", "placeholder"),
        (b"[object Object]", "placeholder"),
        (b"another", "other_body"),
        ('{"id":"t5/A=","name":"Zoë","none":null}'.encode(), "part"),
        (b'{"id": "t5/A=", "name": "Zo\\u00eb", "none": null}', "part"),
        (b"t5/A=", "part"),
        (b"1d." + BODY, "joined"),
        (b"1d" + BODY, "joined"),
        (BODY + b"http://r/hook", "joined"),
        (b"1d", "header"),
    ],
)
def test_something_else_is_signed(message, name):
    headers = (("X-Scope-Webhook-Id", "1d"), ("Accept", "no"))

    found = made(parts(BODY, headers=headers, url="http://r/hook", others={"delivery 2": b"another"}))

    assert found[message] == name


def test_only_so_many_parts_are_looked_at():
    many = json.dumps({str(number): [str(number), {}, 3, 4] for number in range(100)}).encode()

    names = [mistake.what for mistake, _ in parts(many, others={}) if mistake.name == "part"]

    assert len({name.partition(",")[0] for name in names}) == 40


def test_parts_of_lists_are_named_by_their_place():
    told = [mistake.what for mistake, message in parts(b'[["x"]]', others={}) if message == b"x"]

    assert told == ["Only 0.0 was signed, a part of the body."]
