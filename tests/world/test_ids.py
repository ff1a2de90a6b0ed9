"""Node ids: opaque, deterministic, reversible, in the vendor's shape."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.seeds import Seed
from simulator.world.ids import IdCode
from simulator.world.resources import Kind, Ref

CODE = IdCode(Seed(1))


@given(st.sampled_from(list(Kind)), st.integers(0, 2**63))
def test_every_id_leads_back_to_its_record(kind: Kind, number: int) -> None:
    text = CODE.encode(Ref(kind, number))

    assert CODE.decode(text) == Ref(kind, number)
    assert re.fullmatch(r"[A-Za-z0-9_-]+=?", text)


def test_organization_and_first_group_have_short_ids_all_others_long_ones() -> None:
    lengths = {kind: len(CODE.encode(Ref(kind, 1))) for kind in Kind}

    assert {kind for kind, length in lengths.items() if length == 44} == {Kind.ORGANIZATION, Kind.GROUP}
    assert set(lengths.values()) == {44, 64}
    assert len(CODE.encode(Ref(Kind.GROUP, 2))) == 64


def test_ids_depend_on_the_seed_and_on_nothing_else() -> None:
    ref = Ref(Kind.SESSION, 7)

    assert CODE.encode(ref) == IdCode(Seed(1)).encode(ref)
    assert CODE.encode(ref) != IdCode(Seed(2)).encode(ref)
    assert IdCode(Seed(2)).decode(CODE.encode(ref)) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("135395", id="a databaseId"),
        pytest.param("x" * 64, id="right length, unknown kind"),
        pytest.param("!" * 64, id="not base64"),
        pytest.param("é" * 64, id="not ASCII"),
        pytest.param("A" + CODE.encode(Ref(Kind.CALL, 1))[1:], id="damaged block"),
        pytest.param(CODE.encode(Ref(Kind.GROUP, 1))[:-2] + "9=", id="other spelling of the same bytes"),
        pytest.param(IdCode(Seed(1)).encode(Ref(Kind.CALL, 3))[:44], id="cut off"),
    ],
)
def test_text_that_is_no_id_of_ours_decodes_to_nothing(text: str) -> None:
    assert CODE.decode(text) is None
