"""Where the file of an attachment can be fetched, for how long, and what is in it.

An address holds the attachment's node id, when it expires and a signature, so that whoever has it can fetch the file without
a token, and nobody can make one up. [inferred] It is good from when it is read for as long as the setting file_lifetime
says. [chosen] The file itself is made when it is asked for; nothing is kept.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping

from simulator.clock import Moment, iso_millis, iso_seconds
from simulator.errors import PlatformError
from simulator.wire import JSON
from simulator.world.pictures import SIZE, picture
from simulator.world.resources import Attachment
from simulator.world.view import View

__all__ = ["CONTENT_TYPE", "FILE", "FILES", "fetch"]

FILES = "/files/"
"""The path below which files are fetched; the vendor's is not known. [chosen]"""
CONTENT_TYPE = "image/png"

_ADDRESS = re.compile(r"([^/]+)/([0-9]{1,15})/([^/]+)/([^/]+)")
_LAST = 253_402_300_799_000
"""The end of the year 9999, after which no time can be written."""


def fetch(view: View, written: str) -> bytes:
    """Return the file that the part of an address after ``FILES`` leads to.

    An address that nobody was given is answered with 404, an expired one with 403. [chosen]
    """
    parts = _ADDRESS.fullmatch(written)
    record = view.by_id(parts[1]) if parts else None
    if parts is None or not isinstance(record, Attachment):
        raise PlatformError(404, "There is no such file.")
    end = Moment(int(parts[2]) * 1000)
    if (parts[3], parts[4]) != (_signature(view, record.number, end // 1000), _name(record)):
        raise PlatformError(404, "There is no such file: its address was not read from the API.")
    if view.now >= end:
        raise PlatformError(403, f"The address expired at {iso_seconds(end)}; read it from the API again.")
    return _content(view, record)


def _name(attachment: Attachment) -> str:
    """A file is called by what was recorded and its number. [chosen]"""
    return f"{attachment.type.lower()}-{attachment.number}.png"


def _content(view: View, attachment: Attachment) -> bytes:
    """What a file shows is decided by the seed and its number. [chosen]"""
    return picture(view.world.base.seed.number("picture", attachment.number), attachment.number)


def _fingerprint(view: View, attachment: Attachment) -> str:
    """The fingerprint of a file is its MD5 digest in hexadecimal. [inferred]"""
    return hashlib.md5(_content(view, attachment), usedforsecurity=False).hexdigest()


def _expires(view: View) -> Moment:
    """Return when an address that is read now expires, in whole seconds."""
    return Moment(min(view.now + view.world.base.file_lifetime, _LAST) // 1000 * 1000)


def _url(view: View, attachment: Attachment) -> str:
    second = _expires(view) // 1000
    signature = _signature(view, attachment.number, second)
    return f"{view.base_url}{FILES}{view.id_of(attachment.ref)}/{second}/{signature}/{_name(attachment)}"


def _signature(view: View, number: int, second: int) -> str:
    digest = view.world.base.seed.digest("file", number, second)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


FILE: Mapping[str, Callable[[View, Attachment], JSON]] = {
    "name": lambda _, it: _name(it),
    "fileName": lambda _, it: _name(it),
    "fileContentType": lambda *_: CONTENT_TYPE,
    "fileSize": lambda *_: SIZE,
    "fileFingerprint": _fingerprint,
    "fileUpdatedAt": lambda _, it: iso_millis(it.updated_at),
    "fileDownloadCount": lambda *_: 0,
    "fileUrl": _url,
    "fileURL": _url,
    "fileURLExpiresAt": lambda view, _: iso_millis(_expires(view)),
}
"""The attributes of an attachment that tell of its file."""
