"""The contract of a configuration file, made from the table of settings; ``schemas/settings.schema.json`` is its copy."""

from __future__ import annotations

from simulator.settings.table import FIELDS, Settings
from simulator.wire import JSON

__all__ = ["config_schema"]


def config_schema() -> dict[str, JSON]:
    """Return the JSON Schema of a configuration file."""
    properties: dict[str, JSON] = {}
    for field in FIELDS.values():
        default = getattr(Settings(), field.name)
        # The default of a mapping is the empty one, which need not be shown.
        hidden = default is None or field.form.schema.get("type") == "object"
        shown: dict[str, JSON] = {} if hidden else {"default": field.form.write(default)}
        properties[field.name] = {
            "title": field.name.replace("_", " ").capitalize(),
            "description": field.description,
            **field.form.schema,
            **shown,
            "examples": [field.in_json],
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings",
        "description": "A configuration file, as TOML. Flags and the environment outrank it; it outranks scripts.",
        "examples": [
            {"seed": 7, "speed": "max", "targets": ["http://127.0.0.1:8000/hooks/scopear"], "timeout": "10s"}
        ],
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
