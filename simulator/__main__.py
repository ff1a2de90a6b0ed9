"""``python -m simulator`` is the same as ``scope-simulator``."""

from __future__ import annotations

from simulator.cli import entry

__all__: list[str] = []

entry()
