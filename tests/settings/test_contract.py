"""The contract of a configuration file follows the table."""

from __future__ import annotations

import json
from pathlib import Path

from simulator.contracts import problems
from simulator.settings import FIELDS, config_schema

SCHEMA = Path(__file__).parent.parent.parent / "schemas" / "settings.schema.json"


def test_shipped_schema_is_made_from_the_table():
    assert json.loads(SCHEMA.read_text("utf-8")) == config_schema()


def test_every_setting_is_a_key_and_nothing_else_is():
    assert list(config_schema()["properties"]) == list(FIELDS)
    assert [str(one.error("x")) for one in problems("settings", {"sede": 1})] == [
        "x: /sede: unknown key 'sede'. Did you mean seed?"
    ]
