"""Addresses of files: read from the API, good for a while, and nobody's to make up."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from simulator.clock import Moment, iso_millis
from simulator.errors import PlatformError
from simulator.world import graph
from simulator.world.files import CONTENT_TYPE, FILES, fetch
from simulator.world.pictures import picture
from simulator.world.resources import Attachment, Kind, Ref
from simulator.world.view import View
from tests.world.worlds import MINUTE, Stage


def photo(stage: Stage) -> Ref:
    """Take a photo."""
    session = stage.do("create", Kind.SESSION)
    stage.do("record", session, {"type": "PHOTO"})
    return Ref(Kind.ATTACHMENT, stage.world.count(Kind.EVENT))


def view(stage: Stage) -> View:
    return replace(stage.view, base_url="http://scope")


def address(stage: Stage, ref: Ref) -> str:
    """Return the address as the API tells it, without the host and the path of all files."""
    told = graph.attributes(view(stage), stage.world.need(Attachment, ref.number))["fileUrl"]
    assert isinstance(told, str)
    assert told.startswith(f"http://scope{FILES}")
    return told.removeprefix(f"http://scope{FILES}")


def test_a_photo_tells_its_file() -> None:
    stage = Stage()
    ref = photo(stage)
    number = ref.number
    content = picture(stage.base.seed.number("picture", number), number)

    told = graph.attributes(view(stage), stage.world.need(Attachment, number))

    assert told == {
        "id": stage.ids.encode(ref),
        "databaseId": str(number),
        "type": "PHOTO",
        "name": f"photo-{number}.png",
        "fileName": f"photo-{number}.png",
        "fileContentType": CONTENT_TYPE,
        "fileSize": len(content),
        "fileFingerprint": hashlib.md5(content).hexdigest(),
        "fileUpdatedAt": iso_millis(stage.now),
        "fileDownloadCount": 0,
        "fileUrl": told["fileURL"],
        "fileURL": f"http://scope/files/{address(stage, ref)}",
        "fileURLExpiresAt": "2021-03-01T09:00:00.000Z",
    }
    assert fetch(stage.view, address(stage, ref)) == content


def test_an_address_expires_on_the_simulators_clock_and_another_can_be_read() -> None:
    stage = Stage(file_lifetime="10m")
    ref = photo(stage)
    first = address(stage, ref)

    stage.wait(10 - 1 / MINUTE)
    still = fetch(stage.view, first)
    stage.wait(1 / MINUTE)
    with pytest.raises(PlatformError) as caught:
        fetch(stage.view, first)

    assert (caught.value.status, caught.value.message) == (
        403,
        "The address expired at 2021-03-01T08:10:00Z; read it from the API again.",
    )
    assert fetch(stage.view, address(stage, ref)) == still


def test_an_address_ends_with_the_year_9999_at_the_latest() -> None:
    stage = Stage(file_lifetime="36525d")
    stage.now = Moment(253_402_300_000_000)

    assert stage.read(photo(stage))["fileURLExpiresAt"] == "9999-12-31T23:59:59.000Z"


def changed(text: str, place: int) -> str:
    """Return an address with one part changed."""
    parts = text.split("/")
    parts[place] = parts[place][:-1] + ("A" if parts[place][-1] != "A" else "B")
    return "/".join(parts)


@pytest.mark.parametrize("place", [0, 2, 3], ids=["id", "signature", "name"])
def test_an_address_that_was_changed_leads_nowhere(place: int) -> None:
    stage = Stage()
    text = changed(address(stage, photo(stage)), place)

    with pytest.raises(PlatformError, match=r"^There is no such file") as caught:
        fetch(stage.view, text)

    assert caught.value.status == 404


def test_a_longer_life_cannot_be_made_up() -> None:
    stage = Stage()
    node_id, second, signature, name = address(stage, photo(stage)).split("/")

    with pytest.raises(PlatformError) as caught:
        fetch(stage.view, f"{node_id}/{int(second) + 1}/{signature}/{name}")

    assert caught.value.message == "There is no such file: its address was not read from the API."


@pytest.mark.parametrize("text", ["", "x", "a/1/b", "a/b/c/d", "a/1/b/c", "a/" + "9" * 99 + "/b/c"])
def test_a_text_that_is_no_address_leads_nowhere(text: str) -> None:
    with pytest.raises(PlatformError) as caught:
        fetch(Stage().view, text)

    assert (caught.value.status, caught.value.message) == (404, "There is no such file.")


def test_the_id_of_something_else_leads_nowhere() -> None:
    stage = Stage()
    rest = address(stage, photo(stage)).partition("/")[2]

    with pytest.raises(PlatformError, match=r"^There is no such file\.$"):
        fetch(stage.view, f"{stage.ids.encode(Ref(Kind.SESSION, 1))}/{rest}")


def test_a_file_goes_with_its_session() -> None:
    stage = Stage()
    session = stage.do("create", Kind.SESSION)
    stage.do("record", session)
    text = address(stage, Ref(Kind.ATTACHMENT, stage.world.count(Kind.EVENT)))

    stage.do("delete", session)

    with pytest.raises(PlatformError, match=r"^There is no such file\.$"):
        fetch(stage.view, text)


@pytest.mark.parametrize(("type_", "files"), [("PHOTO", 1), ("VIDEO", 0), ("TEXT", 0)])
def test_only_photos_have_a_file(type_: str, files: int) -> None:
    stage = Stage()
    session = stage.do("create", Kind.SESSION)
    stage.do("record", session, {"type": type_})
    event = stage.view.get(Ref(Kind.EVENT, stage.world.count(Kind.EVENT)))

    shown = graph.MANY[Kind.EVENT]["attachments"](stage.view, event)

    assert len(shown) == files
    assert (graph.ONE[Kind.EVENT]["photo"](stage.view, event) is not None) == bool(files)
