"""The settings of one simulator: a frozen value, the table that describes it, and the sources it is gathered from."""

from __future__ import annotations

from simulator.settings.contract import config_schema
from simulator.settings.enums import ENUMS, EnumNames, Spelling, spelling
from simulator.settings.field import Field
from simulator.settings.files import TextFile
from simulator.settings.forms import Form
from simulator.settings.people import Person
from simulator.settings.sources import CONFIG_VARIABLE, Origin, Resolved, resolve
from simulator.settings.table import FIELDS, Settings
from simulator.settings.topics import TOPICS, Topic, read_topic

__all__ = [
    "CONFIG_VARIABLE",
    "ENUMS",
    "FIELDS",
    "TOPICS",
    "EnumNames",
    "Field",
    "Form",
    "Origin",
    "Person",
    "TextFile",
    "Resolved",
    "Settings",
    "Spelling",
    "Topic",
    "config_schema",
    "read_topic",
    "resolve",
    "spelling",
]
