"""What a receiver may have signed in place of the body: the catalogue of mistakes about the message.

Decides which bytes come of each mistake. The likeliest stand first, since of two that lead to the same bytes the first is
told.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import unicodedata
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from urllib.parse import quote, quote_plus

from simulator.webhooks.misreadings.mistake import RAW, Mistake
from simulator.webhooks.misreadings.writing import writings
from simulator.wire import JSON, Headers, load

__all__ = ["altered", "ended", "parts", "rewritten", "together"]

_CONSUMED = "Read the body once, keep its bytes, and sign them; something that read the stream before leaves nothing of it."
_NEWLINE = (
    "Sign the bytes of the body and nothing else: echo and many editors add a newline, printf '%s' and curl "
    "--data-binary do not."
)
_ENDS = (
    "Sign the body with its ends as they arrived; to a file that holds it an editor may have added a newline that was never "
    "posted."
)
_BYTES = "Give the bytes themselves to the HMAC, without turning them into text and back."
_WHOLE = "Sign the whole body and nothing else."


def rewritten(body: bytes, *, most: int | None = None) -> Iterator[tuple[Mistake, bytes]]:
    """Yield what a receiver signs that parsed the body and wrote it again, in the first ``most`` ways or all."""
    for value in _parsed(body):
        for writing in writings(value, most=most):
            what = f"The JSON of the body was parsed and written again {writing.words}."
            yield Mistake("rewritten", what), writing.message
        for whose, text in (("Python", _python), ("Ruby", _ruby), ("JavaScript", _javascript)):
            what = f"The body was parsed, and what {whose} shows of an object was signed, not JSON."
            yield Mistake("object_as_text", what), text(value).encode("utf-8", "replace")


def altered(body: bytes) -> Iterator[tuple[Mistake, bytes]]:
    """Yield the body in another encoding or in a wrapping."""
    yield from chain(_recoded(body), _wrapped(body))


def together(body: bytes) -> Iterator[tuple[Mistake, bytes]]:
    """Yield a body, which somebody has written again already, as it is altered by what often comes on top."""
    yield from ended(body)
    for mistake, made in _recoded(body):
        if mistake.name in ("latin1", "mojibake", "utf16"):
            yield mistake, made


def parts(
    body: bytes, *, headers: Headers = (), url: str = "", others: Mapping[str, bytes]
) -> Iterator[tuple[Mistake, bytes]]:
    """Yield what else is near enough to be signed: nothing, a part, the body with something, another body."""
    yield Mistake("empty", "Nothing was signed: the body was empty.", _CONSUMED), b""
    for text in ("{}", "null", "undefined", "None", "[object Object]", '""'):
        what = f"In place of the body the text {text} was signed."
        yield Mistake("placeholder", what, _CONSUMED), text.encode()
    for name, other in others.items():
        what = f"It is the signature of {name}, not of this one."
        yield Mistake("other_body", what, "Keep body and header of one request together."), other
    yield from _inside(body)
    yield from _joined(body, headers, url)


def _parsed(body: bytes) -> Iterator[JSON]:
    try:
        yield load(body.removeprefix(b"\xef\xbb\xbf"))
    except ValueError:
        return


def _python(value: JSON) -> str:
    return str(value)


def _ruby(value: JSON) -> str:
    # No string is looked at: one that holds such a sign is shown otherwise, and then this explains nothing.
    return json.dumps(value, ensure_ascii=False, separators=(", ", "=>")).replace("=>null", "=>nil")


def _javascript(value: JSON) -> str:
    return "[object Object]" if isinstance(value, dict) else json.dumps(value)


def ended(body: bytes) -> Iterator[tuple[Mistake, bytes]]:
    """Yield the body with other beginnings, ends and ends of lines."""
    yield Mistake("newline", "A newline was signed behind the body.", _NEWLINE), body + b"\n"
    yield (
        Mistake("newline", "A carriage return and a newline were signed behind it.", _NEWLINE),
        body + b"\r\n",
    )
    what = "White space at the ends of the body was left out."
    yield Mistake("stripped", what, _ENDS), body.rstrip()
    yield Mistake("stripped", what, _ENDS), body.strip()
    lines = body.replace(b"\r\n", b"\n")
    yield Mistake("line_ends", "Ends of lines were changed to a newline alone."), lines
    what = "Ends of lines were changed to a carriage return and a newline."
    yield Mistake("line_ends", what), lines.replace(b"\n", b"\r\n")
    yield Mistake("bom", "A byte order mark was signed before the body.", _BYTES), b"\xef\xbb\xbf" + body
    what = "The byte order mark before the body was left out."
    yield Mistake("bom", what, _BYTES), body.removeprefix(b"\xef\xbb\xbf")
    yield Mistake("nul", "A zero byte was signed behind the body.", _BYTES), body + b"\0"


def _wrapped(body: bytes) -> Iterator[tuple[Mistake, bytes]]:
    """Yield the body inside something, or what stands for it."""
    text = body.decode("utf-8", "replace")
    yield Mistake("stripped", "All white space of the body was left out."), b"".join(body.split())
    what = "Python's b'...' around the body was signed: str() of bytes does not decode them."
    yield Mistake("bytes_as_text", what, _BYTES), str(body).encode()
    what = "The body was written as a JSON string once more, with quotes around it."
    yield Mistake("quoted", what), json.dumps(text).encode()
    yield Mistake("quoted", what), json.dumps(text, ensure_ascii=False).encode("utf-8", "replace")
    quoters: tuple[Callable[[bytes], str], ...] = (quote, quote_plus, _quote_all)
    for encode in quoters:
        yield Mistake("url_encoded", "The body was URL-encoded first."), encode(body).encode()
    yield Mistake("html_escaped", "The body was escaped for HTML first."), html.escape(text).encode()
    yield Mistake("base64_body", "The base64 of the body was signed."), base64.b64encode(body)
    yield Mistake("hex_body", "The hex digits of the body were signed."), body.hex().encode()
    digest = hashlib.sha256(body)
    what = "The body was hashed first, and the hash was signed."
    remedy = "An HMAC takes the body itself: leave out the hash before it."
    yield Mistake("hashed_first", what, remedy), digest.digest()
    yield Mistake("hashed_first", what, remedy), digest.hexdigest().encode()
    yield Mistake("hashed_first", what, remedy), base64.b64encode(digest.digest())
    yield Mistake("letter_case", "The body was changed to lower case."), text.lower().encode()
    yield Mistake("letter_case", "The body was changed to upper case."), text.upper().encode()


def _quote_all(body: bytes) -> str:
    return quote(body, safe="")


def _recoded(body: bytes) -> Iterator[tuple[Mistake, bytes]]:
    """Yield the body decoded as what it is not, or encoded as something else."""
    for name in ("latin-1", "cp1252"):
        what = f"The body was decoded as {_CODECS[name]} and encoded as UTF-8."
        yield Mistake("mojibake", what, _BYTES), body.decode(name, "replace").encode()
    text = body.decode("utf-8", "replace")
    for name in ("latin-1", "cp1252", "utf-16-le", "utf-16-be", "utf-16", "utf-32-le"):
        mistake = "latin1" if name in ("latin-1", "cp1252") else "utf16"
        what = f"The text of the body was encoded as {_CODECS[name]}, not as UTF-8."
        yield Mistake(mistake, what, _BYTES), text.encode(name, "replace")
    ascii_only = text.encode("ascii", "ignore")
    yield Mistake("ascii", "What is not ASCII was left out of the body.", _BYTES), ascii_only
    what = "Every byte that is not ASCII became a replacement character."
    yield Mistake("ascii", what, _BYTES), body.decode("ascii", "replace").encode()
    what = "Every character that is not ASCII became a question mark."
    yield Mistake("ascii", what, _BYTES), text.encode("ascii", "replace")
    what = "What is no UTF-8 became replacement characters."
    yield Mistake("ascii", what, _BYTES), text.encode()
    yield Mistake("ascii", "What is no UTF-8 was left out.", _BYTES), body.decode("utf-8", "ignore").encode()
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        what = f"The text of the body was normalised to Unicode's form {form}."
        yield Mistake("normalised", what, _BYTES), unicodedata.normalize(form, text).encode()


_CODECS: Mapping[str, str] = {
    "latin-1": "Latin-1",
    "cp1252": "Windows-1252",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16, big end first",
    "utf-16": "UTF-16 with a byte order mark",
    "utf-32-le": "UTF-32",
}


def _inside(body: bytes) -> Iterator[tuple[Mistake, bytes]]:
    """Yield the values inside the body: objects written again, texts as they are."""
    for value in _parsed(body):
        for path, inner in _named(value):
            what = f"Only {path} was signed, a part of the body."
            if isinstance(inner, str):
                yield Mistake("part", what, _WHOLE), inner.encode("utf-8", "replace")
            elif isinstance(inner, dict | list):
                for writing in writings(inner, most=_MOST_WRITERS):
                    told = f"Only {path} was signed, a part of the body, written again {writing.words}."
                    yield Mistake("part", told), writing.message


_MOST_WRITERS = 4
_MOST_PARTS = 40


def _named(value: JSON) -> Iterator[tuple[str, JSON]]:
    """Yield what is inside a value with its dotted name, the outermost first, and not too much of it."""
    queue = deque([("", value)])
    left = _MOST_PARTS
    while queue:
        path, outer = queue.popleft()
        for key, inner in _members(outer)[:left]:
            left -= 1
            name = f"{path}.{key}" if path else key
            yield name, inner
            queue.append((name, inner))


def _members(value: JSON) -> list[tuple[str, JSON]]:
    match value:
        case dict():
            return list(value.items())
        case list():
            return [(str(place), one) for place, one in enumerate(value[:2])]
        case _:
            return []


def _joined(body: bytes, headers: Headers, url: str) -> Iterator[tuple[Mistake, bytes]]:
    """Yield the body with what other services sign together with it: an id, a time, an address."""
    beside = {name: value for name, value in headers if name.lower().startswith(_JOINED)}
    beside |= {"the URL": url} if url else {}
    for name, value in beside.items():
        text = value.encode("utf-8", "replace")
        for sign in (b".", b"", b":", b"\n"):
            what = f"{name} was signed together with the body."
            yield Mistake("joined", what, _WHOLE), text + sign + body
            yield Mistake("joined", what, _WHOLE), body + sign + text
        yield Mistake("header", f"{name} was signed in place of the body.", RAW), text


_JOINED = ("x-scope-", "content-type", "date", "host", "webhook-", "x-request-")
"""How the names of headers begin that somebody might sign."""
