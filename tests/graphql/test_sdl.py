"""The SDL as a user has it: the file's, or with enums respelt and all else the same."""

from __future__ import annotations

from graphql import build_schema, print_schema, validate_schema

from simulator.bundled import read_sdl
from simulator.graphql.sdl import OURS, Dialect, sdl, sdl_document
from simulator.world.resources import Kind
from tests.graphql.asking import ask
from tests.world.worlds import Stage

NAMES = (("FINISHED", "completed"), ("PERSISTENT", "persistent"), ("PHOTO", "photo"))


def test_without_names_it_is_the_file() -> None:
    assert sdl(OURS) == read_sdl()


def test_respelt_values_keep_their_place_and_their_description() -> None:
    respelt = build_schema(sdl(Dialect(NAMES)))

    assert validate_schema(respelt) == []
    assert print_schema(respelt) == print_schema(build_schema(read_sdl())).replace(
        "\n  FINISHED\n", "\n  completed\n"
    ).replace("\n  PERSISTENT\n", "\n  persistent\n").replace("\n  PHOTO\n", "\n  photo\n")
    assert len(sdl_document(NAMES).definitions) == len(sdl_document(()).definitions)


def test_a_respelt_world_is_asked_and_answers_in_its_own_words() -> None:
    names = {"FINISHED": "completed", "PHOTO": "photo", "PERSISTENT": "persistent"}
    stage = Stage(enum_names=names)
    first = stage.do("create", Kind.SESSION, {"sessionType": "persistent"})
    second = stage.do("create", Kind.SESSION, {"sessionType": "PERSISTENT"})
    stage.do("record", first, {"type": "photo"})
    stage.do("record", first, {"type": "PHOTO"})
    stage.do("finish", first)
    query = """query($id: ID!, $types: [ScenarioStepItemTypeEnum!]) {
      node(id: $id) { ... on ScenarioSession { state sessionType } }
      scenarioSessionEvents(scenarioSessionId: $id, valueTypes: $types) { nodes { type attachments { nodes { type } } } }
    }"""

    told = ask(stage, query, {"id": stage.ids.encode(first), "types": ["photo"]}, enum_names=names)
    strange = ask(stage, query, {"id": "x", "types": ["PHOTO"]}, enum_names=names)
    plain = ask(Stage(), query, {"id": "x", "types": ["PHOTO"]})

    event = {"type": "photo", "attachments": {"nodes": [{"type": "photo"}]}}
    assert told == {
        "data": {
            "node": {"state": "completed", "sessionType": "persistent"},
            "scenarioSessionEvents": {"nodes": [event, event]},
        }
    }
    assert stage.read(second)["sessionType"] == "persistent"
    assert "was provided invalid value" in strange["errors"][0]["message"]
    assert "errors" not in plain
