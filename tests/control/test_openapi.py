"""The description is OpenAPI 3.1, whole, and made of the contracts."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from simulator import __version__
from simulator.control import OPERATIONS, Ask, Stage, operation
from simulator.control.openapi import document

DOCUMENT = document(OPERATIONS)


def references(value: object):
    if isinstance(value, dict):
        for key, one in value.items():
            if key == "$ref":
                yield one
            else:
                yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_every_row_is_described_with_its_parameters_body_and_statuses():
    change = DOCUMENT["paths"]["/_simulator/resources/{resource}/{verb}"]["post"]

    assert change["operationId"] == "change_resource"
    assert [(one["in"], one["name"]) for one in change["parameters"]] == [
        ("path", "resource"),
        ("path", "verb"),
        ("query", "by"),
        ("query", "at"),
    ]
    assert change["requestBody"] == {
        "required": False,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/control_fields"}}},
    }
    assert sorted(change["responses"]) == [
        "200",
        "400",
        "401",
        "403",
        "404",
        "409",
        "413",
        "415",
        "422",
        "500",
    ]
    assert {row for path in DOCUMENT["paths"].values() for row in path} <= {
        "get",
        "post",
        "put",
        "patch",
        "delete",
    }


def test_script_may_be_yaml_and_answers_in_two_ways():
    play = DOCUMENT["paths"]["/_simulator/scripts"]["post"]

    assert sorted(play["requestBody"]["content"]) == ["application/json", "application/yaml"]
    assert {"200", "202"} <= set(play["responses"])


def test_operation_without_a_body_promises_no_status_about_bodies():
    assert sorted(DOCUMENT["paths"]["/_simulator/health"]["get"]["responses"]) == [
        "200",
        "400",
        "401",
        "403",
        "500",
    ]
    assert "content" not in DOCUMENT["paths"]["/_simulator/targets/{id}"]["delete"]["responses"]["204"]


def test_every_reference_leads_somewhere_in_the_document():
    found = set(references(DOCUMENT))

    assert found
    for reference in found:
        value = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            value = value[part.replace("~1", "/").replace("~0", "~")]


def test_every_component_is_a_valid_schema():
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_description_is_json_and_names_the_version():
    assert json.loads(json.dumps(DOCUMENT)) == DOCUMENT
    assert DOCUMENT["info"]["version"] == __version__
    assert operation("openapi").function(Stage(), Ask()).body == DOCUMENT
