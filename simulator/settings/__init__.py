"""The settings of one simulator: a frozen value, the table that describes it, and the sources it is gathered from."""

from __future__ import annotations

from simulator.settings.forms import Form, Person
from simulator.settings.sources import CONFIG_VARIABLE, Origin, Resolved, resolve
from simulator.settings.table import FIELDS, Field, Settings, config_schema

__all__ = [
    "CONFIG_VARIABLE",
    "FIELDS",
    "Field",
    "Form",
    "Origin",
    "Person",
    "Resolved",
    "Settings",
    "config_schema",
    "resolve",
]
