"""What the schema and the plans agree on."""

from __future__ import annotations

from types import SimpleNamespace

from simulator.graphql.plans.reading import Reading
from simulator.graphql.schema import executable_schema


def test_a_reading_is_a_resolver_too():
    info = SimpleNamespace(context=SimpleNamespace(view="view"))

    assert Reading(lambda view, record: (view, record))("record", info) == ("view", "record")


def test_attributes_and_single_records_are_only_read():
    fields = executable_schema().type_map["ScenarioSession"].fields

    read = {name for name, field in fields.items() if isinstance(field.resolve, Reading)}
    assert {"id", "state", "scenario", "createdBy"} <= read
    assert {"events", "steps", "parts", "checkboxes"} & read == set()
