"""The settings of the world: every size has a flag, and no world is larger than its numbers allow."""

from __future__ import annotations

from simulator.settings.populating import FIELDS

SIZES = ["users", "groups", "catalogs", "scenarios", "sessions", "calls"]


def test_every_size_has_a_flag_and_the_same_bound():
    sizes = [field for field in FIELDS if field.name in SIZES]

    assert [(field.flag, field.form.schema["maximum"]) for field in sizes] == [
        (f"--{name}", 10_000_000) for name in SIZES
    ]
