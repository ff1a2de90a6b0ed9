"""The plainest attributes: what they say of themselves is what they do."""

from __future__ import annotations

from simulator.world.attributes import Field, NodeId, Word, time_field
from simulator.world.graph import ATTRIBUTES
from simulator.world.resources import Kind, Ref
from tests.world.worlds import Stage


def test_a_field_stands_as_it_is_or_as_it_is_written():
    stage = Stage()
    release = stage.view.get(Ref(Kind.RELEASE, 1))

    assert Field("version")(stage.view, release) == release.version
    assert Field("number", str)(stage.view, release) == "1"
    assert time_field("published_at")(stage.view, release).endswith(".000Z")


def test_a_time_that_is_not_known_stays_null():
    stage = Stage()
    ref = stage.do("create", Kind.SESSION)

    assert time_field("ended_at")(stage.view, stage.view.get(ref)) is None


def test_a_word_is_spelt_as_on_the_wire():
    stage = Stage(enum_names=(("ACTIVE", "active"),))
    licence = stage.view.get(Ref(Kind.LICENSE, 1))

    assert Word("LicenseStateEnum", "state")(stage.view, licence) == "active"


def test_every_kind_has_its_node_id():
    stage = Stage()
    for kind, attributes in ATTRIBUTES.items():
        number = next(iter(stage.world.after(kind, 0)), None)
        if number is not None:
            ref = Ref(kind, number)
            assert isinstance(attributes["id"], NodeId)
            assert attributes["id"](stage.view, stage.view.get(ref)) == stage.ids.encode(ref)
